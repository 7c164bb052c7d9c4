"""Tells the story of a September: five institutes that earned in 2025, graded in 2026, and a budget that is too small.

Accounts are named in words: `budget committed 2026`, `award A payable 2303`, `Institute A subsidy 4601`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from office import COMMISSION
from season import GIVEN, SCHEME, UNITS, Season
from telling import ENDINGS, NOTHING, Telling, fen

from ledger.approvals.approve import Approve
from ledger.approvals.reject import Reject
from ledger.budgets.end_year import KIND as YEAR_END
from ledger.budgets.end_year import ProposeYearEnd
from ledger.executor.commands import Answer
from ledger.fees.store import BILLS
from ledger.obligations.offset import OffsetRecovery
from ledger.obligations.receive import ReceiveRecovery
from ledger.obligations.steps import subject_kind
from ledger.obligations.values import StepKind
from ledger.payments.compose_batch import ComposeBatch
from ledger.payments.confirm import ConfirmPayment
from ledger.payments.return_payment import ReturnPayment
from ledger.payments.values import PAYMENT_BATCH
from ledger.subsidies.claw_back import KIND as CLAW_BACK
from ledger.subsidies.claw_back import ProposeSubsidyClawBack
from ledger.subsidies.compute import ComputeSubsidy
from ledger.subsidies.exclude_bill import ExcludeBill
from ledger.subsidies.objections import AnswerSubsidyObjection, ObjectToSubsidy
from ledger.subsidies.review import ReviewSubsidy
from ledger.subsidies.top_up import TopUpSubsidy
from ledger.subsidies.values import BATCH
from ledger.subsidies.void import VoidSubsidy

INSTITUTES = {f"Institute {'ABCDE'[n]}": unit for n, unit in enumerate(UNITS)}
SUBJECTS = {
    "batch": BATCH,
    "payment": PAYMENT_BATCH,
    "claw-back": CLAW_BACK,
    "year-end": YEAR_END,
    **{kind.value: subject_kind(kind) for kind in StepKind},
}


@dataclass
class SeptemberTeller(Telling[Season]):
    def __post_init__(self) -> None:
        self.numbers |= {"commission": COMMISSION, **INSTITUTES}

    def _name(self, address: str, names: Mapping[str, str]) -> str:
        head, _, rest = address.partition(":")
        parts = [names.get(part, part) for part in rest.split(":")]
        if head == "budget":
            of = "" if parts[1] == SCHEME else f"{parts[1]} "
            return f"{of}budget {parts[0]} {parts[2]}"
        if head == "payable":
            return f"{parts[0]} payable 2303"
        if head == "subsidy-income":
            return f"{parts[0]} subsidy 4601"
        return f"{parts[0]} {ENDINGS.get(head, head)}"

    # -- before the batch ---------------------------------------------------------------------------------------------

    def grade(self) -> Answer:
        """A excellent, B and C good, D qualified, E poor: published."""
        self.programme.grade(GIVEN)
        return NOTHING

    def letter(self, amount: str, year: int = 2026, scheme: str = SCHEME) -> Answer:
        """Proposed by the commission and signed by finance."""
        self.programme.letter(fen(amount), self.paper("财预"), scheme=scheme, year=year)
        return NOTHING

    def exclude(self, of: str, reason: str, *, excluded: bool = True) -> Answer:
        """The institute's first bill counts for no subsidy; or it counts again."""
        rows = self.programme.rows("SELECT number FROM fee_bill WHERE unit = :unit ORDER BY 1", unit=self.numbers[of])
        bill = self.programme.load(BILLS, rows[0][0])[rows[0][0]]
        return self.programme.run(ExcludeBill, "operator", bill=bill.number, excluded=excluded, reason=reason)

    # -- a batch ------------------------------------------------------------------------------------------------------

    def compute(self, batch: str, pool: str = "", reason: str = "", scheme: str = SCHEME) -> Answer:
        """Its awards are called `award A` and so on."""
        asked = {"pool_fen": fen(pool) if pool else None, "reason": reason, "scheme": scheme}
        asked |= {} if scheme == SCHEME else {"evaluation": ""}
        answer = self.named(batch, "batch", ComputeSubsidy, "operator", **self.programme.computation(**asked))
        if answer.accepted:
            of = "" if scheme == SCHEME else f"{scheme} "
            names = {unit: name for name, unit in INSTITUTES.items()}
            for award in self.programme.batch(self.numbers[batch]).awards:
                self.numbers[f"{of}award {names[award.unit][-1]}"] = award.number
        return answer

    def top_up(self, batch: str, reason: str, pool: str = "", budget: int = 2026) -> Answer:
        """The awards of `second` are called `second for A` and so on."""
        paper = {"decision_number": self.paper("京科决"), "reason": reason, "pool_fen": fen(pool) if pool else None}
        facts = {"scheme": SCHEME, "year": 2026, "budget_year": budget}
        answer = self.named(batch, "batch", TopUpSubsidy, "operator", **facts, **paper)
        if answer.accepted:
            names = {unit: name for name, unit in INSTITUTES.items()}
            for award in self.programme.batch(self.numbers[batch]).awards:
                self.numbers[f"{batch} for {names[award.unit][-1]}"] = award.number
        return answer

    def review(self, batch: str, by: str = "second operator") -> Answer:
        return self.programme.run(ReviewSubsidy, by, batch=self.numbers[batch])

    def object(self, objection: str, batch: str, reason: str) -> Answer:
        facts = {"batch": self.numbers[batch], "file_number": self.paper("异议"), "reason": reason}
        return self.named(objection, "objection", ObjectToSubsidy, "operator", **facts)

    def answer(self, objection: str, batch: str, reason: str, by: str = "third operator", *, upheld: bool) -> Answer:
        facts = {"batch": self.numbers[batch], "objection": self.numbers[objection]}
        return self.programme.run(AnswerSubsidyObjection, by, **facts, upheld=upheld, reason=reason)

    def withdraw(self, batch: str, reason: str) -> Answer:
        return self.programme.run(VoidSubsidy, "operator", batch=self.numbers[batch], reason=reason)

    def sign(self, what: str, name: str, by: str) -> Answer:
        """One signature on what is requested now."""
        subject = self.numbers.get(name, name)
        shown = self.programme.request(SUBJECTS[what], subject).content_hash
        facts = {"subject_kind": SUBJECTS[what], "subject": subject, "content_hash": shown}
        answer = self.programme.run(Approve, by, **facts)
        if answer.accepted and what == "claw-back":
            (self.numbers[f"debt of {name}"],) = answer.body["obligations"]
        return answer

    def say_no(self, what: str, name: str, by: str, reason: str) -> Answer:
        subject = self.numbers[name]
        shown = self.programme.request(SUBJECTS[what], subject).content_hash
        facts = {"subject_kind": SUBJECTS[what], "subject": subject, "content_hash": shown}
        return self.programme.run(Reject, by, **facts, reason=reason)

    # -- money --------------------------------------------------------------------------------------------------------

    def _payable(self, award: str) -> str:
        rows = self.programme.rows("SELECT payable FROM subsidy_payable WHERE award = :one", one=self.numbers[award])
        return str(rows[0][0])

    def list_payments(self, payment: str, awards: Sequence[str], by: str = "finance") -> Answer:
        """A payment list, composed; another officer of finance releases it."""
        return self.named(payment, "batch", ComposeBatch, by, payables=tuple(map(self._payable, awards)))

    def confirm(self, payment: str, awards: Sequence[str]) -> Answer:
        """The bank has paid them today."""
        lines = tuple((self._payable(award), self.paper("回单")) for award in awards)
        facts = {"batch": self.numbers[payment], "paid_on": self.programme.today, "lines": lines}
        return self.programme.run(ConfirmPayment, "treasury", **facts)

    def come_back(self, payment: str, award: str, reason: str) -> Answer:
        facts = {"batch": self.numbers[payment], "payable": self._payable(award), "returned_on": self.programme.today}
        return self.programme.run(ReturnPayment, "treasury", **facts, bank_reference=self.paper("退票"), reason=reason)

    def claw_back(self, ruling: str, award: str, amount: str, ground: str, appeal_until: date) -> Answer:
        facts = {"award": self.numbers[award], "amount_fen": fen(amount), "ground": ground, "reason": "查实"}
        days = {"decided_on": appeal_until - timedelta(days=60), "appeal_until": appeal_until}
        paper = self.paper("京科决")
        return self.named(
            ruling, "claw_back", ProposeSubsidyClawBack, "operator", **facts, **days, decision_number=paper
        )

    def receive(self, receipt: str, debt: str, amount: str) -> Answer:
        slip = {"amount_fen": fen(amount), "received_on": self.programme.today, "bank_reference": self.paper("缴")}
        return self.named(receipt, "step", ReceiveRecovery, "operator", obligation=self.numbers[debt], **slip)

    def offset(self, offset: str, debt: str, award: str, amount: str) -> Answer:
        facts = {"obligation": self.numbers[debt], "payable": self._payable(award), "amount_fen": fen(amount)}
        paper = {"decision_number": self.paper("抵"), "reason": "抵扣"}
        return self.named(offset, "step", OffsetRecovery, "operator", **facts, **paper)

    def end_year(self, year: int) -> Answer:
        facts = {"scheme": SCHEME, "year": year, "document_number": self.paper("财结")}
        answer = self.programme.run(ProposeYearEnd, "operator", **facts)
        return answer if not answer.accepted else self.sign("year-end", f"{SCHEME}:{year}", "finance")
