"""What people ask of the books, sensible or not: a command, and what the model says to it when its turn comes.

Each verb is one method. Without a twist it asks for something that can be done, or gives None where there is nothing of
the kind to do; a twist makes one thing of it wrong.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count
from random import Random
from typing import Any, TypeVar

from model_city import AMOUNT_MAX, CAP, SCHEMES, SIZES, TOKEN, City, Contract, Request, Verdict, Voucher, up_to_tokens
from programme import BUREAU, COMMISSION, LINE

from ledger.approvals.approve import Approve
from ledger.approvals.declare_interest import DeclareInterest
from ledger.approvals.reject import Reject
from ledger.bookkeeping.close_period import ClosePeriod
from ledger.bookkeeping.open_period import OpenPeriod
from ledger.bookkeeping.reverse_entry import ReverseEntry
from ledger.executor.clock import CITY
from ledger.executor.commands import Command
from ledger.fees.dispute_bill import DisputeBill
from ledger.fees.issue_bill import IssueBill
from ledger.fees.receive_payment import ReceivePayment
from ledger.fees.record_use import RecordUse
from ledger.fees.values import BillLine
from ledger.payments.compose_batch import ComposeBatch
from ledger.payments.confirm import ConfirmPayment
from ledger.registry.declare_controller import DeclareController
from ledger.registry.declare_relation import DeclareRelation
from ledger.registry.declare_size import DeclareSize
from ledger.registry.set_payee_account import SetPayeeAccount
from ledger.vouchers.accept import Accept
from ledger.vouchers.apply import Apply
from ledger.vouchers.appropriate import ProposeAppropriation
from ledger.vouchers.decide_application import DecideApplication
from ledger.vouchers.expire import ExpireDue, ExpireVoucher
from ledger.vouchers.file_claim import FileClaim
from ledger.vouchers.release import ReleaseHold
from ledger.vouchers.reserve import Reserve
from ledger.vouchers.review_claim import ReviewClaim

T = TypeVar("T")

NOWHERE = "X-0000-0000-0000"
AMOUNTS = ("zero", "negative", "too much", "absurd")
TWISTS: dict[str, tuple[str, ...]] = {
    "propose": ("stranger", *AMOUNTS, "cut", "cut", "cut too deep", "last year", "same paper", "other bureau"),
    "sign": ("anybody", "maker", "stale", "old", "nowhere"),
    "say_no": ("anybody", "maker", "stale", "old", "no reason"),
    "apply": ("stranger", *AMOUNTS, "anyone", "nowhere"),
    "decide": ("stranger", *AMOUNTS, "old", "nowhere", "reject", "no reason"),
    "reserve": ("stranger", *AMOUNTS, "over share", "no fee", "old", "nowhere", "too long", "over", "same paper", "firm"),
    "release": ("stranger", "operator", "old", "no reason", "nowhere"),
    "record_use": ("stranger", "zero", "negative", "too long", "late", "late alone", "tomorrow", "nowhere"),
    "issue_bill": ("stranger", *AMOUNTS, "lower", "higher", "same invoice", "tomorrow", "old day", "other payer", "old"),
    "accept": ("stranger", "old", "any bill", "nowhere"),
    "receive": ("stranger", *AMOUNTS, "same slip", "old", "nowhere"),
    "dispute": ("stranger", "again"),
    "file_claim": ("stranger", "old", "twice", "several", "mixed", "none", "other unit", "nowhere"),
    "review": ("stranger", "old", "return", "no reason", "nowhere"),
    "compose": ("stranger", "old", "twice", "none", "nowhere"),
    "confirm": ("stranger", "maker", "old", "not mine", "twice", "none", "tomorrow", "yesterday", "nowhere"),
    "expire": ("stranger", "any", "nowhere"),
    "expire_due": ("stranger", "earlier", "tomorrow"),
    "declare_size": ("stranger", "large", "unknown sector", "not a firm"),
    "declare_controller": ("stranger", "itself", "unit", "nobody"),
    "declare_relation": ("stranger", "itself", "end", "again"),
    "set_account": ("stranger", "alone", "deputy", "short", "team"),
    "reverse": ("alone", "no reason", "again", "earlier", "tomorrow", "a step", "nowhere"),
    "open_period": ("same code", "overlap", "backwards"),
    "close_period": ("alone", "again", "any"),
    "declare_interest": ("again", "nowhere"),
}


@dataclass(frozen=True, slots=True)
class Wish:
    command: Command
    judge: Callable[[], Verdict]


@dataclass
class Wishes:
    """Somebody who draws what to ask next."""

    city: City
    people: dict[str, str]
    """Number of each person, by name."""
    acts_for: dict[str, str]
    """Who acts for a holder or a unit, by its code."""
    key: Callable[[], str]
    _papers: Any = field(default_factory=lambda: count(1))

    # -- drawing ------------------------------------------------------------------------------------------------------

    def draw(self, r: Random, verb: str, twist: str = "") -> Wish | None:
        made: Wish | None = getattr(self, verb)(r, twist)
        return made

    def next_step(self, r: Random) -> Wish | None:
        """Something that is to be done now on the straight road."""
        verbs = [
            *("confirm", "compose", "sign", "review", "file_claim", "accept", "issue_bill", "reserve", "decide", "apply"),
            *("propose", "receive"),
        ]
        r.shuffle(verbs)
        return next((wish for verb in verbs if (wish := self.draw(r, verb))), None)

    def somebody(self, r: Random, twist: str, *right: str) -> str:
        """One of these people; with a twist anybody, registered or not."""
        if twist in {"stranger", "anybody"}:
            return r.choice([*sorted(self.people.values()), "P-0000-0000-0000", "system"])
        return r.choice([self.people.get(name, name) for name in right])

    @staticmethod
    def one_of(r: Random, right: Iterable[T], any_of: Iterable[T], twist: str, *loose: str) -> T | None:
        """One of those that fit; with one of the loose twists, of all."""
        choices = list(any_of) if twist in loose else list(right)
        return r.choice(choices) if choices else None

    @staticmethod
    def amount(twist: str, right: int, most: int) -> int:
        return {"zero": 0, "negative": -right, "too much": most + 1, "absurd": AMOUNT_MAX + 1}.get(twist, right)

    def wish(self, judge: Callable[..., Verdict], kind: type[Command], actor: str, tenant: str = COMMISSION, **facts: object) -> Wish:  # noqa: E501
        raise NotImplementedError

    def ask(self, kind: type[Command], actor: str, tenant: str = COMMISSION, **facts: object) -> Command:
        return kind(tenant=tenant, key=self.key(), actor=actor, **facts)

    # -- budget and signatures ----------------------------------------------------------------------------------------

    def propose(self, r: Random, twist: str) -> Wish | None:
        city = self.city
        year = city.today.year
        of = (r.choice(sorted(SCHEMES)), year - 1 if twist == "last year" else year)
        budget = city.budgets.get(of)
        if not twist and (len(city.letters) > 5 or (budget and sum(x.available for x in budget.lines) > 2 * CAP)):  # noqa: PLR2004
            return None
        amount = r.choice([60_000_00, 150_000_00, 500_000_00]) + r.randint(0, 99)
        cut = None
        if twist.startswith("cut"):
            if not budget:
                return None
            line = r.choice(budget.lines)
            cut = line.code
            amount = line.available + 1 if twist == "cut too deep" else r.randint(1, max(1, line.available // 2))
        paper = f"财预〔{year}〕{next(self._papers)}号"
        if twist == "same paper" and city.letters:
            known = r.choice(list(city.letters.values()))
            of, paper = known.of, known.paper
        tenant = BUREAU if twist == "other bureau" and budget else COMMISSION
        actor = self.somebody(r, twist, "finance" if tenant == BUREAU else "operator")
        amount = self.amount(twist, amount, AMOUNT_MAX)
        command = self.ask(
            ProposeAppropriation,
            actor,
            tenant,
            scheme=of[0],
            year=of[1],
            letter_number=paper,
            amount_fen=amount,
            line=None if cut else LINE,
            cut=cut,
        )
        return Wish(command, lambda: city.propose(actor, tenant, of, paper, amount, cut))

    def _to_sign(self, r: Random, twist: str) -> tuple[Request, str, str] | None:
        """A request, who answers it, and the hash that was shown."""
        city = self.city
        waiting = [x for x in city.requests.values() if x.waits and (twist or self._ripe(x))]
        request = self.one_of(r, waiting, city.requests.values(), twist, "old")
        if request is None:
            return None
        fit = [
            code
            for code in sorted(city.people)
            if not city.cannot_sign(code, request, request.content_hash) - {"NotAwaiting"}
        ]
        actor = request.maker if twist == "maker" or not fit else r.choice(fit)
        if twist == "anybody":
            actor = self.somebody(r, twist)
        shown = r.choice([*request.earlier, "0" * 64]) if twist == "stale" else request.content_hash
        return request, actor, shown

    def _ripe(self, request: Request) -> bool:
        """Whether signing it now would help."""
        if request.kind != "voucher.claim" or len(request.signers) + 1 < request.needed:
            return True
        until = self.city.claims[request.subject].notice_until
        return until is not None and self.city.today > until

    def sign(self, r: Random, twist: str) -> Wish | None:
        city = self.city
        if twist == "nowhere":
            kind, subject, actor, shown = "voucher.claim", NOWHERE, self.people["finance"], "0" * 64
        elif found := self._to_sign(r, twist):
            kind, subject, actor, shown = found[0].kind, found[0].subject, *found[1:]
        else:
            return None
        command = self.ask(Approve, actor, subject_kind=kind, subject=subject, content_hash=shown)
        return Wish(command, lambda: city.approve(actor, kind, subject, shown))

    def say_no(self, r: Random, twist: str) -> Wish | None:
        found = self._to_sign(r, twist)
        if not found:
            return None
        request, actor, shown = found
        reason = "" if twist == "no reason" else "材料不全"
        facts = {"subject_kind": request.kind, "subject": request.subject, "content_hash": shown, "reason": reason}
        command = self.ask(Reject, actor, **facts)
        return Wish(command, lambda: self.city.reject(actor, request.kind, request.subject, shown, reason))

    def declare_interest(self, r: Random, twist: str) -> Wish | None:
        city = self.city
        actor, about = self.people["third finance"], r.choice(sorted(city.parties))
        if city.requests and r.random() < 0.7:  # noqa: PLR2004
            about = ":".join(r.choice(sorted(city.requests)))
        if twist == "again" and city.interests:
            actor, about = r.choice(sorted(city.interests))
        if twist == "nowhere":
            about = NOWHERE
        command = self.ask(DeclareInterest, actor, person=actor, about=about, nature="亲属任职")
        return Wish(command, lambda: city.declare_interest(actor, about))
