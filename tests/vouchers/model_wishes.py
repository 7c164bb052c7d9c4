"""What people ask of the books, sensible or not: a command, and what the model says to it when its turn comes.

Each verb is one method. Without a twist it asks for something that can be done, or gives None where there is nothing of
the kind to do; a twist makes one thing of it wrong, or at least unusual.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import count
from random import Random
from typing import TypeVar

from model_city import (
    AMOUNT_MAX,
    CAP,
    HOLD_DAYS,
    SCHEMES,
    SIZES,
    STARTS_AT,
    TOKEN,
    Batch,
    Bill,
    City,
    Contract,
    Request,
    Verdict,
    Voucher,
    Year,
    identity,
    up_to_tokens,
    year_of,
)
from programme import BUREAU, COMMISSION, LINE

from ledger.approvals.approve import Approve
from ledger.approvals.declare_interest import DeclareInterest
from ledger.approvals.reject import Reject
from ledger.bookkeeping.close_period import ClosePeriod
from ledger.bookkeeping.open_period import OpenPeriod
from ledger.bookkeeping.reverse_entry import ReverseEntry
from ledger.budgets.appropriate import ProposeAppropriation
from ledger.budgets.end_year import ProposeYearEnd
from ledger.executor.clock import CITY
from ledger.executor.commands import Command
from ledger.fees.credit_bill import CreditBill
from ledger.fees.dispute_bill import DisputeBill
from ledger.fees.issue_bill import IssueBill
from ledger.fees.receive_payment import ReceivePayment
from ledger.fees.record_use import RecordUse
from ledger.fees.repay_payer import RepayPayer
from ledger.fees.values import BillLine, RedInvoice
from ledger.payments.compose_batch import ComposeBatch
from ledger.payments.confirm import ConfirmPayment
from ledger.payments.fail_payment import FailPayment
from ledger.payments.return_payment import ReturnPayment
from ledger.payments.set_payee_account import ProposePayeeAccount
from ledger.registry.declare_controller import DeclareController
from ledger.registry.declare_relation import DeclareRelation
from ledger.registry.declare_size import DeclareSize
from ledger.vouchers.accept import Accept
from ledger.vouchers.answer_objection import AnswerObjection
from ledger.vouchers.apply import Apply
from ledger.vouchers.correct_claim import CorrectClaim
from ledger.vouchers.credit_bill import CreditContractBill
from ledger.vouchers.decide_application import DecideApplication
from ledger.vouchers.expire import ExpireDue, ExpireVoucher
from ledger.vouchers.file_claim import FileClaim
from ledger.vouchers.raise_objection import RaiseObjection
from ledger.vouchers.refuse_lines import LineRefusal
from ledger.vouchers.release import ReleaseHold
from ledger.vouchers.reserve import Reserve
from ledger.vouchers.review_claim import ReviewClaim
from ledger.vouchers.withdraw_claim import WithdrawClaim

T = TypeVar("T")

NOWHERE = "X-0000-0000-0000"
AMOUNTS = ("zero", "negative", "too much", "absurd")
TWISTS: dict[str, tuple[str, ...]] = {
    "propose": ("stranger", *AMOUNTS, "cut", "cut", "cut too deep", "last year", "same paper", "other bureau"),
    "sign": ("anybody", "maker", "stale", "old", "nowhere"),
    "say_no": ("anybody", "maker", "stale", "old", "no reason"),
    "apply": ("stranger", *AMOUNTS, "anyone", "nowhere"),
    "decide": ("stranger", *AMOUNTS, "old", "nowhere", "no", "no reason"),
    "reserve": (
        *("stranger", *AMOUNTS, "over share", "no fee", "odd", "old", "nowhere"),
        *("too long", "over", "same paper", "not a unit"),
    ),
    "release": ("stranger", "operator", "old", "no reason", "nowhere"),
    "record_use": ("stranger", "zero", "negative", "too long", "late", "late alone", "tomorrow", "nowhere"),
    "issue_bill": (
        *("stranger", *AMOUNTS, "lower", "lower", "higher", "same invoice", "tomorrow", "old day"),
        *("other payer", "other paper", "any use", "old"),
    ),
    "accept": ("stranger", "old", "any bill", "nowhere"),
    "receive": ("stranger", *AMOUNTS, "same slip", "nowhere"),
    "credit": (
        *("stranger", *AMOUNTS, "same invoice", "tomorrow", "old day"),
        *("any contract", "bill alone", "bill alone", "nowhere"),
    ),
    "repay": ("stranger", *AMOUNTS, "same slip", "nowhere"),
    "dispute": ("stranger", "again"),
    "file_claim": ("stranger", "old", "twice", "mixed", "none", "other unit", "nowhere"),
    "review": (
        *("stranger", "old", "return", "return", "no reason", "nowhere"),
        *("refuse", "refuse", "refuse all", "refuse any"),
    ),
    "raise_objection": ("stranger", "old", "same paper", "nowhere"),
    "answer_objection": ("stranger", "reviewer", "old", "upheld", "nowhere"),
    "withdraw": ("stranger", "old", "nowhere"),
    "correct": ("stranger", "old", "other unit", "nowhere"),
    "compose": ("stranger", "old", "twice", "none", "nowhere"),
    "confirm": ("stranger", "maker", "old", "any line", "twice", "none", "tomorrow", "earlier", "nowhere"),
    "return_payment": ("stranger", "maker", "any line", "again", "tomorrow", "earlier", "no reason", "nowhere"),
    "fail_payment": ("stranger", "maker", "old", "any line", "again", "tomorrow", "earlier", "nowhere"),
    "expire": ("stranger", "any", "nowhere"),
    "expire_due": ("stranger", "earlier", "tomorrow", "own bureau", "other bureau"),
    "declare_size": ("stranger", "large", "unknown sector", "not a firm"),
    "declare_controller": ("stranger", "itself", "unit", "nobody"),
    "declare_relation": ("stranger", "itself", "end"),
    "propose_account": ("stranger", "short", "team"),
    "reverse": ("alone", "no reason", "again", "earlier", "tomorrow", "a step", "a step", "nowhere"),
    "open_period": ("same code", "overlap", "backwards"),
    "close_period": ("alone", "again", "any"),
    "end_year": ("stranger", "this year", "any year", "any year", "no document", "other bureau"),
    "declare_interest": ("again", "nowhere"),
}
"""What may be odd about each verb."""

STRAIGHT = (
    *("confirm", "compose", "sign", "review", "file_claim", "accept", "issue_bill", "reserve", "decide", "apply"),
    *("answer_objection", "correct", "expire", "close_period", "end_year", "propose", "receive"),
)
"""The verbs of the straight road, from its end to its beginning, and what clears up beside it."""

DETOURS = (
    *(("review", "return"), ("review", "refuse"), ("withdraw", ""), ("decide", "no"), ("say_no", ""), ("release", "")),
    *(("issue_bill", "lower"), ("issue_bill", "higher"), ("propose", "cut"), ("dispute", ""), ("reverse", "")),
    *(("raise_objection", ""), ("raise_objection", ""), ("answer_objection", ""), ("answer_objection", "upheld")),
    *(("credit", ""), ("credit", ""), ("repay", ""), ("repay", "")),
    *(
        ("record_use", ""),
        ("record_use", "late"),
        ("confirm", "earlier"),
        ("expire_due", ""),
        ("expire_due", "earlier"),
    ),
    *(("return_payment", ""), ("return_payment", ""), ("fail_payment", "")),
)
"""What also happens on it, and is nobody's mistake."""


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
    """Name of who acts for a holder or a unit, by its code."""
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    # -- drawing ------------------------------------------------------------------------------------------------------

    def draw(self, r: Random, verb: str, twist: str = "") -> Wish | None:
        made: Wish | None = getattr(self, verb)(r, twist)
        return made

    def next_step(self, r: Random) -> Wish | None:
        """Something that can be done now; as often as not what is nearest to the end of the road."""
        steps = [(verb, "") for verb in STRAIGHT]
        if r.random() < 0.5:
            r.shuffle(steps)
        if r.random() < 0.2:
            steps.insert(0, r.choice(DETOURS))
        wishes = (self.draw(r, *step) for step in steps)
        return next((wish for wish in wishes if wish and not wish.judge().against), None)

    def somebody(self, r: Random, twist: str, *right: str) -> str:
        """One of these people, by name; with a twist anybody, registered or not."""
        if twist in {"stranger", "anybody"}:
            return r.choice([*sorted(self.people.values()), "P-0000-0000-0000", "system"])
        return self.people[r.choice(right)]

    @staticmethod
    def one_of(r: Random, fit: Iterable[T], others: Iterable[T], *, loose: bool) -> T | None:
        choices = list(others) if loose else list(fit)
        return r.choice(choices) if choices else None

    @staticmethod
    def amount(twist: str, right: int, most: int) -> int:
        return {"zero": 0, "negative": -right, "too much": most + 1, "absurd": AMOUNT_MAX + 1}.get(twist, right)

    def ask(self, kind: type[Command], actor: str, tenant: str = COMMISSION, **facts: object) -> Command:
        return kind(tenant=tenant, key=f"m{next(self._numbers)}", actor=actor, **facts)

    def rival(self, command: Command) -> Command:
        """The same by somebody else, or by the same person once more: another key."""
        return replace(command, key=f"m{next(self._numbers)}")

    def of_kind(self, *kinds: str) -> list[str]:
        return [code for code, party in self.city.parties.items() if party.kind in kinds]

    # -- budget and signatures ----------------------------------------------------------------------------------------

    def propose(self, r: Random, twist: str) -> Wish | None:
        city, year = self.city, self.city.today.year
        of = (r.choice(sorted(SCHEMES)), year - (twist == "last year"))
        budget = city.budgets.get(of)
        left = sum(line.available for line in budget.lines) if budget else 0
        asked = sum(x.state == "proposed" for x in city.letters.values())
        if not twist and (left > CAP // 2 or asked):
            return None
        amount, cut = r.choice([40_000_00, 120_000_00, 260_000_00]) + r.randint(0, 99), None
        if twist.startswith("cut"):
            if not budget:
                return None
            line = r.choice(budget.lines)
            cut = r.choice([line.code, line.code, NOWHERE])
            amount = line.available + 1 if twist == "cut too deep" else r.randint(1, line.available // 2 + 1)
        paper = f"财预〔{year}〕{next(self._numbers)}号"
        if twist == "same paper" and city.letters:
            known = r.choice(list(city.letters.values()))
            of, paper = known.of, known.paper
        tenant = BUREAU if twist == "other bureau" and budget else COMMISSION
        actor = self.somebody(r, twist, "finance" if tenant == BUREAU else "operator")
        amount = self.amount(twist, amount, AMOUNT_MAX)
        facts = {"scheme": of[0], "year": of[1], "letter_number": paper, "amount_fen": amount}
        command = self.ask(ProposeAppropriation, actor, tenant, **facts, line=None if cut else LINE, cut=cut)
        return Wish(command, lambda: city.propose(actor, tenant, of, paper, amount, cut))

    def _to_sign(self, r: Random, twist: str) -> tuple[Request, str, str] | None:
        """A request, who answers it, and the hash that was shown."""
        city = self.city
        waiting = [x for x in city.requests.values() if x.waits and (twist or self._ripe(x))]
        request = self.one_of(r, waiting, city.requests.values(), loose=twist == "old")
        if request is None:
            return None
        known = request.content_hash
        fit = [code for code in sorted(city.people) if not city.cannot_sign(code, request, known) - {"NotAwaiting"}]
        actor = request.maker if twist == "maker" or not fit else r.choice(fit)
        if twist == "anybody":
            actor = self.somebody(r, twist)
        shown = r.choice([*request.earlier, "0" * 64]) if twist == "stale" else known
        return request, actor, shown

    def _ripe(self, request: Request) -> bool:
        """Whether signing it now would help."""
        if request.kind == "voucher.issue":
            return self.city.applications[request.subject].state == "granted"
        if request.kind == "voucher.year-end":
            of = year_of(request.subject)
            return self.city.stands(of) == self.city.proposed_ends[of] and not self.city.cannot_end(of)
        if request.kind != "voucher.claim" or len(request.signers) + 1 < request.needed:
            return True
        claim = self.city.claims[request.subject]
        return claim.notice_until is not None and self.city.today > claim.notice_until and not claim.contested

    def sign(self, r: Random, twist: str) -> Wish | None:
        city = self.city
        kind, subject, actor, shown = "voucher.claim", NOWHERE, self.people["finance"], "0" * 64
        if twist != "nowhere":
            found = self._to_sign(r, twist)
            if not found:
                return None
            kind, subject, actor, shown = found[0].kind, found[0].subject, *found[1:]
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
        if city.requests:
            about = r.choice([about, ":".join(r.choice(sorted(city.requests)))])
        if twist == "again" and city.interests:
            actor, about = r.choice(sorted(city.interests))
        if twist == "nowhere":
            about = NOWHERE
        command = self.ask(DeclareInterest, actor, person=actor, about=about, nature="亲属任职")
        return Wish(command, lambda: city.declare_interest(actor, about))

    # -- applications -------------------------------------------------------------------------------------------------

    def apply(self, r: Random, twist: str) -> Wish | None:
        city = self.city
        scheme = r.choice(sorted(SCHEMES))
        busy = {a.holder for a in city.applications.values() if a.open and a.of[0] == scheme}
        live = sum(a.open for a in city.applications.values())
        live += sum(voucher.valid(city.today) and voucher.available > 0 for voucher in city.vouchers.values())
        fit = [x for x in self.of_kind("firm", "team") if x not in busy and not city.ineligible(x)]
        holder = self.one_of(r, fit, city.parties, loose=twist == "anyone")
        if holder is None or (not twist and live > 2):
            return None
        actor = self.somebody(r, twist, self.acts_for.get(holder, "operator"))
        requested = self.amount(twist, r.choice([TOKEN, 3 * TOKEN, 10 * TOKEN, CAP]) + r.randint(0, 1) * 77, CAP)
        holder = NOWHERE if twist == "nowhere" else holder
        facts = {"holder": holder, "scheme": scheme, "requested_fen": requested, "purpose": "新产品性能测试"}
        return Wish(self.ask(Apply, actor, **facts), lambda: city.apply(actor, holder, scheme, requested))

    def decide(self, r: Random, twist: str) -> Wish | None:
        city = self.city
        waiting = [number for number, a in city.applications.items() if a.state == "submitted" and a.of in city.budgets]
        undecided = [number for number, a in city.applications.items() if a.open]
        number = self.one_of(r, waiting, undecided if twist.startswith("no") else city.applications, loose=bool(twist))
        if number is None:
            return None
        application = city.applications[number]
        counted = city.counted(application.of, controller=application.controller, but=application)
        first = not city.ever(application.of[0], application.holder, application)
        most = city.grantable(application.of[0], application.requested, counted, first=first)
        part = TOKEN if SCHEMES[application.of[0]].token else 1
        right = most if r.random() < 0.8 else r.randint(0, most) // part * part or most
        grant = None if twist.startswith("no") else self.amount(twist, right, most)
        reason = "不符合条件" if twist == "no" else ""
        actor = self.somebody(r, twist, "operator", "third operator")
        number = NOWHERE if twist == "nowhere" else number
        command = self.ask(DecideApplication, actor, application=number, grant_fen=grant, reason=reason)
        return Wish(command, lambda: city.decide_application(actor, number, grant, reason))

    # -- use ----------------------------------------------------------------------------------------------------------

    def reserve(self, r: Random, twist: str) -> Wish | None:
        city = self.city
        usable = [v for v in city.vouchers.values() if v.valid(city.today) and v.available]
        voucher = self.one_of(r, usable, city.vouchers.values(), loose=twist == "old")
        if voucher is None:
            return None
        units = [unit for unit in self.of_kind("unit") if not city.related(voucher.holder, unit)]
        unit = self.one_of(r, units or self.of_kind("unit"), self.of_kind("firm", "body"), loose=twist == "not a unit")
        assert unit
        fee, amount = self._terms(r, twist, voucher)
        until = min(city.today + timedelta(HOLD_DAYS), voucher.expires_on)
        ends_on = max(city.today, min(city.today + timedelta(r.choice([0, 10, 40, HOLD_DAYS])), until))
        ends_on = {"too long": until + timedelta(1), "over": city.today - timedelta(1)}.get(twist, ends_on)
        paper = f"HT-{next(self._numbers)}"
        if twist == "same paper" and city.contracts:
            known = r.choice(list(city.contracts.values()))
            unit, paper = (
                known.unit,
                r.choice([known.paper, known.paper.lower(), f"  {known.paper} ", "ＨＴ" + known.paper[2:]]),
            )
        actor = self.somebody(r, twist, self.acts_for[voucher.holder])
        number = NOWHERE if twist == "nowhere" else voucher.number
        command = self.ask(
            Reserve,
            actor,
            voucher=number,
            unit=unit,
            contract_number=paper,
            service="性能测试",
            fee_fen=fee,
            amount_fen=amount,
            service_ends_on=ends_on,
        )
        return Wish(command, lambda: city.reserve(actor, number, unit, paper, fee, amount, ends_on))

    def _terms(self, r: Random, twist: str, voucher: Voucher) -> tuple[int, int]:
        """Fee agreed and face value to set aside."""
        part = voucher.terms.token or 1
        parts = max(1, voucher.available // part)
        right = r.choice([parts, max(1, parts // 2), r.randint(1, parts)]) * part
        amount = self.amount(twist, right, voucher.available) + (twist == "odd")
        if twist == "too much":
            amount = up_to_tokens(amount, voucher.terms)
        fee = right * 100 // voucher.terms.percent + r.choice([0, 1, 999_99])
        if twist == "over share":
            fee = max(1, (right - part) * 100 // voucher.terms.percent)
        return 0 if twist == "no fee" else fee, amount

    def release(self, r: Random, twist: str) -> Wish | None:
        city = self.city
        held = [c for c in city.contracts.values() if c.state == "reserved"]
        contract = self.one_of(r, held, city.contracts.values(), loose=twist == "old")
        if contract is None:
            return None
        holder = city.vouchers[contract.voucher].holder
        actor = self.somebody(r, twist, "operator" if twist == "operator" else self.acts_for[holder])
        reason = " " if twist == "no reason" else "合同取消"
        number = NOWHERE if twist == "nowhere" else contract.number
        return Wish(
            self.ask(ReleaseHold, actor, contract=number, reason=reason), lambda: city.release(actor, number, reason)
        )

    def accept(self, r: Random, twist: str) -> Wish | None:
        city = self.city
        reserved = [
            contract
            for contract in city.contracts.values()
            if contract.state == "reserved"
            and city.today <= contract.hold_until
            and city.vouchers[contract.voucher].valid(city.today)
            and self._bills_for(contract)
        ]
        contract = self.one_of(r, reserved, city.contracts.values(), loose=twist in {"old", "any bill"})
        if contract is None:
            return None
        bills = [] if twist == "any bill" else self._bills_for(contract)
        bill = r.choice(bills or list(city.bills)) if city.bills else NOWHERE
        holder = city.vouchers[contract.voucher].holder
        actor = self.somebody(r, twist, self.acts_for[holder])
        number = NOWHERE if twist == "nowhere" else contract.number
        command = self.ask(Accept, actor, contract=number, bill=bill)
        return Wish(command, lambda: city.accept(actor, number, bill))

    def _bills_for(self, contract: Contract) -> list[str]:
        """Bills that fit it and are still to be used."""
        city = self.city
        holder = city.vouchers[contract.voucher].holder
        payers = {holder, city.parties[holder].body}
        return [
            bill.number
            for bill in city.bills.values()
            if (bill.unit, identity(bill.paper or "")) == (contract.unit, identity(contract.paper))
            and bill.payer in payers
            and bill.fee
            and ("invoice", bill.invoice) not in city.evidence
        ]

    def expire(self, r: Random, twist: str) -> Wish | None:
        city, today = self.city, self.city.today
        due = [v for v in city.vouchers.values() if city.is_over(v, today)]
        voucher = self.one_of(r, due, city.vouchers.values(), loose=twist == "any")
        if voucher is None:
            return None
        actor = self.somebody(r, twist, "operator")
        number = NOWHERE if twist == "nowhere" else voucher.number
        return Wish(self.ask(ExpireVoucher, actor, voucher=number), lambda: city.expire(actor, number))

    def expire_due(self, r: Random, twist: str) -> Wish | None:
        city = self.city
        scheme = r.choice(sorted(SCHEMES))
        days = {"earlier": -r.randint(1, 200), "tomorrow": 1}.get(twist, 0)
        on = city.today + timedelta(days)
        actor = self.somebody(r, twist, "operator", "second operator")
        operator = {"own bureau": COMMISSION, "other bureau": BUREAU}.get(twist)
        return Wish(
            self.ask(ExpireDue, actor, scheme=scheme, on=on, operator=operator),
            lambda: city.expire_due(actor, scheme, on, operator),
        )

    # -- fees ---------------------------------------------------------------------------------------------------------

    def record_use(self, r: Random, twist: str) -> Wish | None:
        city = self.city
        instrument = r.choice(sorted(city.instruments))
        officer = self.acts_for[city.instruments[instrument]]
        late = twist.startswith("late")
        days = -r.randint(1, 40) if late else 1 if twist == "tomorrow" else 0
        used_on = city.today + timedelta(days)
        minutes = {"zero": 0, "negative": -60, "too long": 10_000}.get(twist, 60 * r.randint(1, 8))
        second = {"late": self.people["two hats"], "late alone": r.choice(["", self.people[officer]])}.get(twist, "")
        actor, user = self.somebody(r, twist, officer), r.choice(self.of_kind("firm", "team"))
        instrument = NOWHERE if twist == "nowhere" else instrument
        operator = self.people[officer]
        command = self.ask(
            RecordUse,
            actor,
            instrument=instrument,
            user=user,
            operator=operator,
            started_at=datetime(used_on.year, used_on.month, used_on.day, STARTS_AT // 60, tzinfo=CITY),
            minutes=minutes,
            purpose="测试",
            late_reason="漏登" if late else "",
            second_person=second,
        )
        return Wish(command, lambda: city.record_use(actor, instrument, user, operator, used_on, minutes, second))

    def issue_bill(self, r: Random, twist: str) -> Wish | None:
        city = self.city
        waiting = [c for c in city.contracts.values() if c.state == "reserved" and not self._bills_for(c)]
        contract = self.one_of(r, waiting, city.contracts.values(), loose=twist == "old")
        if contract is None:
            return None
        holder = city.vouchers[contract.voucher].holder
        payer = r.choice([holder, city.parties[holder].body or holder])
        if twist == "other payer":
            payer = r.choice(sorted(city.parties))
        gross = r.choice([contract.fee, r.randint(contract.fee // 2 + 1, contract.fee)])
        if twist in {"lower", "higher"}:
            gross = r.choice([1, r.randint(1, gross)]) if twist == "lower" else gross + r.randint(1, 1_000_00)
        lines = self._lines(r, twist, contract.unit, payer, self.amount(twist, gross, AMOUNT_MAX))
        invoice, day = f"{city.today.year}{next(self._numbers):016d}", city.today
        if twist == "same invoice" and city.bills:
            invoice = r.choice(list(city.bills.values())).invoice
        day += timedelta({"tomorrow": 1, "old day": -r.randint(1, 60)}.get(twist, 0))
        paper = (
            r.choice([None, "HT-0"]) if twist == "other paper" else r.choice([contract.paper, contract.paper.lower()])
        )
        actor = self.somebody(r, twist, self.acts_for[contract.unit])
        unit = contract.unit
        command = self.ask(
            IssueBill,
            actor,
            unit=unit,
            payer=payer,
            invoice_number=invoice,
            invoice_date=day,
            lines=tuple(BillLine("性能测试", *line) for line in lines),
            vat_rate="0.06",
            contract=paper,
        )
        return Wish(command, lambda: city.issue_bill(actor, unit, payer, invoice, day, lines, paper))

    def _lines(self, r: Random, twist: str, unit: str, payer: str, gross: int) -> list[tuple[str | None, int, int]]:
        """Use charged, quantity and price; together the gross amount."""
        city = self.city
        uses = [
            use
            for use, (instrument, user, _) in city.uses.items()
            if city.instruments[instrument] == unit
            and payer in {user, city.parties[user].body}
            and use not in city.billed_uses
        ]
        if twist == "any use":
            uses = [*city.uses, NOWHERE]
        if not uses or gross < 2:
            return [(None, 1, gross)]
        first = r.randint(1, gross - 1)
        lines = [(r.choice(uses), 1, first), (None, 1, gross - first)]
        return [*lines, lines[0]] if twist == "any use" and r.random() < 0.2 else lines

    def receive(self, r: Random, twist: str) -> Wish | None:
        city = self.city
        own_part = [bill for bill in city.bills.values() if bill.open and self._settled(bill)]
        bill = self.one_of(r, own_part, city.bills.values(), loose=bool(twist))
        if bill is None:
            return None
        amount = self.amount(twist, r.choice([bill.open, r.randint(1, bill.open or 1)]) or 1, bill.open)
        slip = f"收{next(self._numbers)}"
        if twist == "same slip" and bill.slips:
            slip = r.choice(sorted(bill.slips))
        actor = self.somebody(r, twist, self.acts_for[bill.unit])
        number = NOWHERE if twist == "nowhere" else bill.number
        command = self.ask(ReceivePayment, actor, bill=number, amount_fen=amount, bank_reference=slip)
        return Wish(command, lambda: city.receive(actor, number, amount, slip))

    def _settled(self, bill: Bill) -> bool:
        """Whether no voucher is still to pay a part of it."""
        return not any(
            c.state == "reserved" and bill.number in self._bills_for(c) for c in self.city.contracts.values()
        )

    def credit(self, r: Random, twist: str) -> Wish | None:
        """Of a bill alone, or through the contract that has accepted it."""
        city = self.city
        accepted = {c.bill: c for c in city.contracts.values() if c.bill and c.state == "accepted"}
        live = {c.bill for c in city.contracts.values() if c.state in {"in-claim", "approved", "paid"}}
        fit = [bill for bill in city.bills.values() if bill.fee and bill.number not in live]
        bill = self.one_of(r, fit, city.bills.values(), loose=bool(twist))
        if bill is None:
            return None
        whole = r.choice([bill.fee, r.randint(1, bill.fee or 1), r.randint(1, bill.fee or 1)]) or 1
        amount = self.amount(twist, whole, bill.fee)
        invoice, day = f"{city.today.year}{next(self._numbers):016d}", city.today
        if twist == "same invoice":
            invoice = r.choice([other.invoice for other in city.bills.values()] + sorted(bill.red))
        day = {"tomorrow": day + timedelta(1), "old day": bill.invoice_date - timedelta(1)}.get(twist, day)
        actor = self.somebody(r, twist, self.acts_for[bill.unit])
        red = RedInvoice(invoice, day, amount, "数量有误")
        contract = accepted.get(bill.number)
        if twist == "any contract":
            contract = self.one_of(r, city.contracts.values(), (), loose=False) or contract
        if contract is None or twist == "bill alone":
            number = NOWHERE if twist == "nowhere" else bill.number
            command = self.ask(CreditBill, actor, bill=number, red=red)
            return Wish(command, lambda: city.credit(actor, number, invoice, day, amount))
        through = NOWHERE if twist == "nowhere" else contract.number
        command = self.ask(CreditContractBill, actor, contract=through, red=red)
        return Wish(command, lambda: city.credit_contract(actor, through, invoice, day, amount))

    def repay(self, r: Random, twist: str) -> Wish | None:
        city = self.city
        bill = self.one_of(r, [b for b in city.bills.values() if b.owed], city.bills.values(), loose=bool(twist))
        if bill is None:
            return None
        amount = self.amount(twist, r.choice([bill.owed, r.randint(1, bill.owed or 1)]) or 1, bill.owed)
        slip = f"退{next(self._numbers)}"
        if twist == "same slip" and bill.slips_back:
            slip = r.choice(sorted(bill.slips_back))
        actor = self.somebody(r, twist, self.acts_for[bill.unit])
        number = NOWHERE if twist == "nowhere" else bill.number
        command = self.ask(RepayPayer, actor, bill=number, amount_fen=amount, bank_reference=slip)
        return Wish(command, lambda: city.repay(actor, number, amount, slip))

    def dispute(self, r: Random, twist: str) -> Wish | None:
        city = self.city
        bill = self.one_of(r, city.bills.values(), city.bills.values(), loose=True)
        if bill is None:
            return None
        settled = bill.disputed is not (twist == "again")
        actor = self.somebody(r, twist, self.acts_for.get(bill.payer, "operator"), "operator")
        command = self.ask(DisputeBill, actor, bill=bill.number, reason="数量不符", settled=settled)
        return Wish(command, lambda: city.dispute(actor, bill.number, settled=settled))

    # -- claims and payment -------------------------------------------------------------------------------------------

    def file_claim(self, r: Random, twist: str) -> Wish | None:
        city = self.city
        accepted = [
            c
            for c in city.contracts.values()
            if c.state == "accepted" and c.redeemable and c.claim_until and city.today <= c.claim_until
        ]
        first = self.one_of(r, accepted, city.contracts.values(), loose=twist in {"old", "mixed", "nowhere"})
        if first is None:
            return None
        of = city.vouchers[first.voucher].of
        alike = [c.number for c in accepted if c.unit == first.unit and city.vouchers[c.voucher].of == of]
        if not twist and len(alike) == 1 and r.random() < 0.5:
            return None  # The unit waits for more to claim at once.
        numbers = {
            "": r.choice([(first.number,), tuple(alike), tuple(alike)]),
            "twice": (first.number, first.number),
            "mixed": tuple({first.number, r.choice(list(city.contracts))}),
            "none": (),
            "nowhere": (first.number, NOWHERE),
        }.get(twist, (first.number,))
        unit = r.choice(self.of_kind("unit")) if twist == "other unit" else first.unit
        actor = self.somebody(r, twist, self.acts_for[unit])
        command = self.ask(FileClaim, actor, unit=unit, contracts=numbers)
        return Wish(command, lambda: city.file_claim(actor, unit, numbers))

    def withdraw(self, r: Random, twist: str) -> Wish | None:
        city = self.city
        filed = [number for number, claim in city.claims.items() if claim.state == "filed"]
        number = self.one_of(r, filed, city.claims, loose=twist == "old")
        if number is None:
            return None
        actor = self.somebody(r, twist, self.acts_for[city.claims[number].unit])
        number = NOWHERE if twist == "nowhere" else number
        command = self.ask(WithdrawClaim, actor, claim=number, reason="发票有误")
        return Wish(command, lambda: city.withdraw(actor, number))

    def correct(self, r: Random, twist: str) -> Wish | None:
        city = self.city
        back = [
            number
            for number, claim in city.claims.items()
            if not city.correct(self.people[self.acts_for[claim.unit]], claim.unit, number).against
        ]
        number = self.one_of(r, back, city.claims, loose=twist == "old")
        if number is None:
            return None
        unit = r.choice(self.of_kind("unit")) if twist == "other unit" else city.claims[number].unit
        actor = self.somebody(r, twist, self.acts_for[unit])
        number = NOWHERE if twist == "nowhere" else number
        command = self.ask(CorrectClaim, actor, unit=unit, corrects=number, statement="已更正")
        return Wish(command, lambda: city.correct(actor, unit, number))

    def review(self, r: Random, twist: str) -> Wish | None:
        city = self.city
        filed = [number for number, claim in city.claims.items() if claim.state == "filed"]
        number = self.one_of(r, filed, city.claims, loose=twist == "old")
        if number is None:
            return None
        passed = twist not in {"return", "no reason"}
        reason = "发票不清" if twist == "return" else ""
        actor = self.somebody(r, twist, "operator", "second operator")
        lines = sorted(city.claims[number].lines) or [NOWHERE]
        refused = {
            "refuse": (r.choice(lines),),
            "refuse all": tuple(lines),
            "refuse any": (r.choice([NOWHERE, *city.contracts]),),
        }.get(twist, ())
        number = NOWHERE if twist == "nowhere" else number
        lines_refused = tuple(LineRefusal(contract, "paid-twice", "已获区级补贴") for contract in refused)
        command = self.ask(ReviewClaim, actor, claim=number, passed=passed, reason=reason, refused=lines_refused)
        return Wish(command, lambda: city.review(actor, number, passed=passed, reason=reason, refused=refused))

    def raise_objection(self, r: Random, twist: str) -> Wish | None:
        city = self.city
        noticed = [
            n for n, c in city.claims.items() if c.state == "passed" and city.today <= (c.notice_until or city.today)
        ]
        number = self.one_of(r, noticed, city.claims, loose=twist in {"old", "same paper"})
        if number is None:
            return None
        paper = f"信访{next(self._numbers)}号"
        if twist == "same paper" and city.claims[number].objections:
            paper = r.choice(sorted(city.claims[number].objections.values()))
        actor = self.somebody(r, twist, "operator", "second operator")
        number = NOWHERE if twist == "nowhere" else number
        command = self.ask(RaiseObjection, actor, claim=number, file_number=paper, reason="已获区级补贴")
        return Wish(command, lambda: city.raise_objection(actor, number, paper))

    def answer_objection(self, r: Random, twist: str) -> Wish | None:
        city = self.city
        contested = [number for number, claim in city.claims.items() if claim.contested and claim.state == "passed"]
        number = self.one_of(r, contested, city.claims, loose=twist in {"old", "nowhere"})
        if number is None:
            return None
        claim = city.claims[number]
        waiting = sorted(claim.objections.keys() - claim.answered)
        objection = r.choice(sorted(claim.objections) if twist == "old" and claim.objections else waiting or [NOWHERE])
        others = [name for name in ("operator", "second operator") if self.people[name] != claim.reviewer]
        actor = claim.reviewer if twist == "reviewer" and claim.reviewer else self.somebody(r, twist, *others)
        upheld = r.random() < 0.3 or twist == "upheld"
        objection = NOWHERE if twist == "nowhere" else objection
        facts = {"claim": number, "objection": objection, "upheld": upheld, "reason": "已核查"}
        return Wish(
            self.ask(AnswerObjection, actor, **facts),
            lambda: city.answer_objection(actor, number, objection, upheld=upheld),
        )

    def compose(self, r: Random, twist: str) -> Wish | None:
        city = self.city
        free = [number for number, payable in city.payables.items() if not payable.paid and not payable.batch]
        paid_to = {unit for unit in self.of_kind("unit") if city.parties[unit].account_on(city.today)}
        ready = [number for number in free if city.payables[number].payee in paid_to]
        choices = list(city.payables) if twist == "old" else free if twist else ready
        if not choices:
            return None
        first = r.choice(choices)
        numbers = {"twice": (first, first), "none": (), "nowhere": (first, NOWHERE)}.get(twist)
        numbers = r.choice([(first,), tuple(choices)]) if numbers is None else numbers
        actor = self.somebody(r, twist, "finance", "second finance", "treasury", "deputy")
        command = self.ask(ComposeBatch, actor, payables=numbers)
        return Wish(command, lambda: city.compose(actor, numbers))

    def confirm(self, r: Random, twist: str) -> Wish | None:
        city = self.city
        released = [number for number, batch in city.batches.items() if batch.state == "released" and not batch.settled]
        number = self.one_of(r, released, city.batches, loose=twist == "old")
        if number is None:
            return None
        batch = city.batches[number]
        lines = self._slips(r, twist, batch)
        actor = self._not_the_maker(r, twist, batch)
        paid_on = city.today + timedelta({"tomorrow": 1, "earlier": -r.randint(1, 6)}.get(twist, 0))
        number = NOWHERE if twist == "nowhere" else number
        slips = tuple((payable, f"回单{next(self._numbers)}") for payable in lines)
        command = self.ask(ConfirmPayment, actor, batch=number, paid_on=paid_on, lines=slips)
        return Wish(command, lambda: city.confirm(actor, number, paid_on, lines))

    def _slips(self, r: Random, twist: str, batch: Batch) -> tuple[str, ...]:
        answered = {*batch.confirmed, *batch.failed}
        open_lines = [payable for payable in batch.payables if payable not in answered] or list(batch.payables)
        first = r.choice(open_lines)
        if twist in {"twice", "none", "any line"}:
            others = [*self.city.payables, NOWHERE]
            return {"twice": (first, first), "none": (), "any line": (r.choice(others),)}[twist]
        return r.choice([(first,), tuple(open_lines)])

    def return_payment(self, r: Random, twist: str) -> Wish | None:
        city = self.city
        made = [(n, p) for n, batch in city.batches.items() for p in batch.confirmed if p not in batch.returned]
        again = [(n, p) for n, batch in city.batches.items() for p in batch.returned]
        lines = [(n, p) for n in city.batches for p in (*city.payables, NOWHERE)]
        found = self.one_of(r, again if twist == "again" else made, lines, loose=twist == "any line")
        if found is None:
            return None
        number, payable = found
        batch = city.batches[number]
        first = (city.today - batch.confirmed.get(payable, city.today)).days
        days = {"tomorrow": 1, "earlier": -first - r.randint(1, 40)}.get(twist, -r.choice([0, 0, r.randint(0, first)]))
        on, reason = city.today + timedelta(days), " " if twist == "no reason" else "户名不符"
        actor = self._not_the_maker(r, twist, batch)
        number = NOWHERE if twist == "nowhere" else number
        facts = {"batch": number, "payable": payable, "returned_on": on, "reason": reason}
        command = self.ask(ReturnPayment, actor, **facts, bank_reference=f"退票{next(self._numbers)}")
        return Wish(command, lambda: city.return_payment(actor, number, payable, on, reason))

    def fail_payment(self, r: Random, twist: str) -> Wish | None:
        city = self.city
        open_lines = [
            (number, payable)
            for number, batch in city.batches.items()
            if batch.state == "released"
            for payable in batch.payables
            if payable not in {*batch.confirmed, *batch.failed}
        ]
        again = [(number, payable) for number, batch in city.batches.items() for payable in batch.failed]
        lines = [(number, payable) for number in city.batches for payable in (*city.payables, NOWHERE)]
        fit = again if twist == "again" else open_lines
        found = self.one_of(r, fit, lines, loose=twist in {"old", "any line"})
        if found is None:
            return None
        number, payable = found
        on = city.today + timedelta({"tomorrow": 1, "earlier": -r.randint(1, 6)}.get(twist, 0))
        actor = self._not_the_maker(r, twist, city.batches[number])
        number = NOWHERE if twist == "nowhere" else number
        command = self.ask(FailPayment, actor, batch=number, payable=payable, failed_on=on, reason="账户冻结")
        return Wish(command, lambda: city.fail_payment(actor, number, payable, on))

    def _not_the_maker(self, r: Random, twist: str, batch: Batch) -> str:
        """Who may say what the bank did with a batch."""
        people = ["treasury", "finance", "second finance", "third finance"]
        fit = [name for name in people if not self.city.counts_as(self.people[name]) & self.city.counts_as(batch.maker)]
        return batch.maker if twist == "maker" else self.somebody(r, twist, *fit)

    # -- parties ------------------------------------------------------------------------------------------------------

    def declare_size(self, r: Random, twist: str) -> Wish | None:
        city = self.city
        firm = r.choice(self.of_kind("unit", "team", "bureau") if twist == "not a firm" else self.of_kind("firm"))
        small = [facts for facts, size in SIZES.items() if size in {"small", "micro"}]
        facts = r.choice(list(SIZES) if twist == "large" else small)
        if twist == "unknown sector":
            facts = ("astrology", *facts[1:])
        actor = self.somebody(r, twist, self.acts_for.get(firm, "operator"), "operator")
        sector, employees, revenue = facts
        command = self.ask(DeclareSize, actor, firm=firm, sector=sector, employees=employees, revenue_fen=revenue)
        return Wish(command, lambda: city.declare_size(actor, firm, facts))

    def declare_controller(self, r: Random, twist: str) -> Wish | None:
        city = self.city
        party = r.choice(self.of_kind("unit" if twist == "unit" else "firm"))
        controller: str | None = r.choice(self.of_kind("firm"))
        if twist in {"itself", "nobody"}:
            controller = party if twist == "itself" else None
        actor = self.somebody(r, twist, self.acts_for[party], "operator", "operator")
        command = self.ask(DeclareController, actor, party=party, controller=controller)
        return Wish(command, lambda: city.declare_controller(actor, party, controller))

    def declare_relation(self, r: Random, twist: str) -> Wish | None:
        city = self.city
        party, other = r.choice(self.of_kind("firm", "body", "team")), r.choice(self.of_kind("unit"))
        standing = [sorted(pair) for pair, stands in city.relations.items() if stands]
        if twist == "end" and standing:
            party, other = r.choice(standing)
        other = party if twist == "itself" else other
        actor = self.somebody(r, twist, self.acts_for.get(party, "operator"), "operator", "operator")
        stands = twist != "end"
        facts = {"party": party, "other": other, "ground": "共同董事", "stands": stands}
        return Wish(
            self.ask(DeclareRelation, actor, **facts),
            lambda: city.declare_relation(actor, party, other, stands=stands),
        )

    def propose_account(self, r: Random, twist: str) -> Wish | None:
        city = self.city
        party = r.choice(self.of_kind("team" if twist == "team" else "unit"))
        actor = self.somebody(r, twist, "finance", self.acts_for[party])
        number = "123" if twist == "short" else f"6222{next(self._numbers):08d}"
        facts = {"party": party, "account_name": "实验室", "bank": "中国银行", "cnaps": "104343912345"}
        command = self.ask(ProposePayeeAccount, actor, **facts, account_number=number)
        return Wish(command, lambda: city.propose_account(actor, party, number))

    # -- the books ----------------------------------------------------------------------------------------------------

    def reverse(self, r: Random, twist: str) -> Wish | None:
        city = self.city
        fit = [seq for seq, x in city.entries.items() if x.about and not x.reverses and not x.reversed_by]
        fit = [seq for seq in fit if not city.cannot_undo(city.entries[seq])] or fit
        steps = [seq for seq, x in city.entries.items() if not x.about]
        done = [seq for seq, x in city.entries.items() if x.reverses or x.reversed_by]
        seq = self.one_of(r, {"a step": steps, "again": done}.get(twist, fit), (), loose=False)
        if seq is None:
            return None
        entry = city.entries[seq]
        first = (city.today - entry.on).days
        on = city.today - timedelta(r.choice([0, 0, r.randint(0, first)]))
        on = {"earlier": entry.on - timedelta(1), "tomorrow": city.today + timedelta(1)}.get(twist, on)
        actor, second = self.people["finance"], self.people["second finance"]
        second = r.choice(["", actor]) if twist == "alone" else second
        reason = " " if twist == "no reason" else "记错"
        seq = 10**9 if twist == "nowhere" else seq
        command = self.ask(ReverseEntry, actor, seq=seq, effective_on=on, reason=reason, second_person=second)
        return Wish(command, lambda: city.reverse(actor, seq, on, reason, second))

    def open_period(self, r: Random, twist: str) -> Wish | None:
        city = self.city
        year = max(period.ends for period in city.periods.values()).year + 1
        starts, ends, code = date(year, 1, 1), date(year, 12, 31), str(year)
        if twist == "backwards":
            starts, ends = ends, starts
        elif twist == "same code":
            code = r.choice(sorted(city.periods))
        elif twist == "overlap":
            starts = date(year - 1, r.randint(1, 12), 5)
        command = self.ask(OpenPeriod, self.people["finance"], period=code, starts_on=starts, ends_on=ends)
        return Wish(command, lambda: city.open_period(code, starts, ends))

    def end_year(self, r: Random, twist: str) -> Wish | None:
        city, today = self.city, self.city.today
        over = [of for of in city.years_not_ended(date(today.year - 1, 12, 31)) if not city.cannot_end(of)]
        waits = [of for of in over if not self._awaits_its_end(of)]
        of = self.one_of(r, waits, {*city.budgets, *city.ended}, loose=twist == "any year")
        if twist == "this year":
            of = (r.choice(sorted(SCHEMES)), today.year)
        if of is None:
            return None
        tenant = BUREAU if twist == "other bureau" else COMMISSION
        actor = self.somebody(r, twist, "finance" if tenant == BUREAU else "operator")
        document = " " if twist == "no document" else f"财结〔{today.year}〕{next(self._numbers)}号"
        facts = {"scheme": of[0], "year": of[1], "document_number": document}
        command = self.ask(ProposeYearEnd, actor, tenant, **facts)
        return Wish(command, lambda: city.propose_year_end(actor, tenant, of, document))

    def _awaits_its_end(self, of: Year) -> bool:
        """It was proposed with the figures of today, and waits for a signature."""
        request = self.city.requests.get(("voucher.year-end", f"{of[0]}:{of[1]}"))
        return request is not None and request.waits and self._ripe(request)

    def close_period(self, r: Random, twist: str) -> Wish | None:
        city = self.city
        over = [code for code, x in sorted(city.periods.items()) if x.ends < city.today and x.status != "closed"]
        code = self.one_of(r, over[:1], [*city.periods, NOWHERE], loose=twist == "any")
        if code is None:
            return None
        status = city.periods[code].status if code in city.periods else "open"
        to = {"open": "adjusting", "adjusting": "closed"}.get(status, "closed")
        ends = city.periods[code].ends if code in city.periods else city.today
        if not twist and to == "closed" and (city.unfinished(ends) or city.years_not_ended(ends)):
            return None
        to = status if twist == "again" else to
        actor, second = self.people["finance"], self.people["second finance"]
        second = r.choice(["", actor]) if twist == "alone" else second
        command = self.ask(ClosePeriod, actor, period=code, to=to, second_person=second)
        return Wish(command, lambda: city.close_period(actor, code, to, second))
