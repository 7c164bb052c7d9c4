"""What is owed back to a bureau, and the steps by which it is settled, as decisions see them. In fen.  (pure)"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from policies.kernel.words import Words
from policies.obligations.terms import SettlesFirst


class StepKind(StrEnum):
    """What can happen to an obligation after it was decided; each takes two people."""

    RECEIPT = "receipt"
    """The debtor has paid, all or a part."""
    OFFSET = "offset"
    """A part of what the debtor is to be paid is kept instead."""
    WRITE_OFF = "write-off"
    """It will not be had."""
    INTEREST = "interest"
    """Being late has made it more."""
    REMITTANCE = "remittance"
    """What belongs to the treasury was handed over to it."""


SETTLING = frozenset({StepKind.RECEIPT, StepKind.OFFSET, StepKind.WRITE_OFF})
"""Steps that take from what is open."""


class StepState(StrEnum):
    PROPOSED = "proposed"
    POSTED = "posted"
    REFUSED = "refused"


class ObligationState(StrEnum):
    OPEN = "open"
    OVERDUE = "overdue"
    SETTLED = "settled"
    """Nothing is open: it was paid, set off or written off."""


WORDS: Mapping[StrEnum, Words] = {
    StepKind.RECEIPT: Words("收款", "receipt"),
    StepKind.OFFSET: Words("抵扣", "offset"),
    StepKind.WRITE_OFF: Words("核销", "write-off"),
    StepKind.INTEREST: Words("逾期加收", "late interest"),
    StepKind.REMITTANCE: Words("上缴财政", "remittance"),
    StepState.PROPOSED: Words("待复核", "awaiting the second signature"),
    StepState.POSTED: Words("已入账", "posted"),
    StepState.REFUSED: Words("已驳回", "refused"),
    ObligationState.OPEN: Words("未到期", "open"),
    ObligationState.OVERDUE: Words("已逾期", "overdue"),
    ObligationState.SETTLED: Words("已了结", "settled"),
}


class Parts(NamedTuple):
    """An amount by what it settles."""

    principal_fen: int
    interest_fen: int


NOTHING = Parts(0, 0)


class Remittable(NamedTuple):
    """What belongs to the treasury and is still with the bureau, by how it came."""

    bank_fen: int
    """Received in the bank."""
    kept_fen: int
    """Set off: the treasury paid so much less for the award, and has it already."""

    @property
    def total_fen(self) -> int:
        return self.bank_fen + self.kept_fen


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What happens to an obligation: proposed by one person, posted when another has signed."""

    number: str
    obligation: str
    creditor: str
    kind: StepKind
    amount_fen: int
    dated_on: date | None = None
    """The bank's or the treasury's date; of interest, its last day. None: the day of the signature."""
    reference: str = ""
    """Of the bank's slip or of the remittance; of the others, the number of the decision."""
    payable: str | None = None
    """Against what is set off."""
    reason: str = ""
    calculation: UUID | None = None
    maker: str
    state: StepState = StepState.PROPOSED
    posted_on: date | None = None
    """Its legal date."""
    parts: Parts = NOTHING
    """What it settled."""
    bank_fen: int = 0
    """Of a remittance: how much of it had come by bank."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Obligation:
    """What a debtor owes back to a bureau, by a decision; its life follows from its steps."""

    number: str
    debtor: str
    creditor: str
    subject_kind: str
    """What was paid and is recovered, e.g. `voucher.refund`: a reaction knows its own by it."""
    subject: str
    ground: str
    """Why, as a word of the slice that decided it."""
    decision_number: str
    citation: str
    """The article it rests on, as `source#article`."""
    amount_fen: int
    """Principal."""
    decided_on: date
    due_on: date
    """Last day to pay without being late."""
    due_provisional: bool
    """The due date runs into days whose notice is not published: it may move."""
    scheme: str
    year: int
    """Of the budget that was spent."""
    budget_line: str
    policy: str
    """Whose terms hold for it, e.g. `obligations/default`."""
    debtor_keeps_books: bool
    """Whether the debtor's side stands in its own accounts here."""
    steps: tuple[Step, ...] = ()
    """In the order in which they were proposed."""

    def posted(self, *kinds: StepKind) -> Iterator[Step]:
        return (step for step in self.steps if step.state is StepState.POSTED and step.kind in kinds)

    def proposed(self, *kinds: StepKind) -> Iterator[Step]:
        return (step for step in self.steps if step.state is StepState.PROPOSED and step.kind in kinds)

    def total_fen(self, *kinds: StepKind) -> int:
        return sum(step.amount_fen for step in self.posted(*kinds))

    @property
    def interest_fen(self) -> int:
        """Charged for being late."""
        return self.total_fen(StepKind.INTEREST)

    @property
    def open_parts(self) -> Parts:
        """What is still owed."""
        settled = [step.parts for step in self.posted(*SETTLING)]
        return Parts(
            self.amount_fen - sum(parts.principal_fen for parts in settled),
            self.interest_fen - sum(parts.interest_fen for parts in settled),
        )

    @property
    def open_fen(self) -> int:
        return sum(self.open_parts)

    @property
    def pending_fen(self) -> int:
        """Of what is open, spoken for by steps that wait for a signature."""
        return sum(step.amount_fen for step in self.proposed(*SETTLING))

    def state(self, today: date) -> ObligationState:
        if not self.open_fen:
            return ObligationState.SETTLED
        return ObligationState.OVERDUE if today > self.due_on else ObligationState.OPEN

    def parts_of(self, amount_fen: int, first: SettlesFirst) -> Parts:
        """What an amount settles, at most what is open."""
        principal, interest = self.open_parts
        if first is SettlesFirst.INTEREST:
            on_interest = min(amount_fen, interest)
            return Parts(amount_fen - on_interest, on_interest)
        on_principal = min(amount_fen, principal)
        return Parts(on_principal, amount_fen - on_principal)

    def late_fen_days(self, until: date) -> int:
        """Principal open on each day after the due date up to a day, added up; a part counts on its last day too."""

        def days_late(settled_on: date) -> int:
            return max(0, (min(settled_on, until) - self.due_on).days)

        settled = [(step.parts.principal_fen, step.posted_on or until) for step in self.posted(*SETTLING)]
        return sum(fen * days_late(on) for fen, on in [*settled, (self.open_parts.principal_fen, until)])

    def came_in_its_year(self, on: date) -> bool:
        """What comes back in the year of its budget may be spent again; what comes later belongs to the treasury."""
        return on.year == self.year

    @property
    def charged_to_its_year(self) -> bool:
        """Decided while the year of its budget lasted: then the expense of that year was taken back."""
        return self.came_in_its_year(self.decided_on)

    @property
    def remittable(self) -> Remittable:
        """What came in and belongs to the treasury, less what was handed over or is about to be."""
        bank = sum(self._for_treasury(step) for step in self.posted(StepKind.RECEIPT))
        kept = sum(self._for_treasury(step) for step in self.posted(StepKind.OFFSET))
        gone = [*self.posted(StepKind.REMITTANCE), *self.proposed(StepKind.REMITTANCE)]
        from_bank = sum(step.bank_fen for step in gone)
        return Remittable(bank - from_bank, kept - (sum(step.amount_fen for step in gone) - from_bank))

    def _for_treasury(self, step: Step) -> int:
        of_year = step.posted_on is not None and self.came_in_its_year(step.posted_on)
        return step.parts.interest_fen + (0 if of_year else step.parts.principal_fen)
