"""Claims with their lines, what was paid of them and what came of them. Amounts are whole fen.  (pure)"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from ledger.vouchers.refusal_reasons import RefusalReason
from ledger.vouchers.states import (
    ClaimState,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimLine:
    """What one contract brings into a claim."""

    contract: str
    voucher: str
    holder: str
    unit: str
    bill: str
    amount_fen: int
    budget_line: str
    calculation: UUID | None = None
    """The stored calculation that gave its amount, when the service was accepted."""
    citation: str = ""
    """What that rests on."""
    recovered: Mapping["Charge", int] = field(default_factory=dict)
    """Of what it was paid, what was decided to be owed back, by the budget that had paid it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """What one budget has paid for a contract."""

    contract: str
    voucher: str
    holder: str
    body: str | None
    """That settles for a startup team."""
    unit: str
    bill: str
    operator: str
    scheme: str
    year: int
    """Of the budget that has paid."""
    budget_line: str
    share_fen: int
    """Paid, and not owed back."""
    accepted_on: date
    unit_was_paid: bool
    """Otherwise the firm was, which had paid the whole bill."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedLine:
    """A line that was refused for good: it stays in sight, with its reason."""

    line: ClaimLine
    reason: RefusalReason
    sentence: str
    """What the reason means in this case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What a claim corrects: an earlier one that was sent back."""

    claim: str
    """The earlier one."""
    sent_back: str
    """Why it was sent back."""
    statement: str
    """What the unit has corrected."""


@dataclass(frozen=True, slots=True)
class Charge:
    """The budget that pays."""

    year: int
    budget_line: str


@dataclass(frozen=True, slots=True)
class SetOff:
    """A part of a line that was settled by what its payee owed, and the budget that bore it."""

    contract: str
    charge: Charge
    amount_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What an expert thinks of one line of a claim, or of a claim that it corrects."""

    contract: str
    expert: str
    claim: str
    """The claim for which it was given."""
    supports: bool
    reason: str
    given_on: date


@dataclass(frozen=True, slots=True)
class Objection:
    """What somebody has against a claim that is on public notice."""

    number: str
    file_number: str
    """Of the paper in the commission's files, which say who objects."""
    reason: str
    raised_on: date
    upheld: bool | None = None
    answer: str = ""
    answered_on: date | None = None
    """None: nobody has answered it yet."""


@dataclass(frozen=True, slots=True)
class ClaimPayable:
    """What is to be paid of a claim under one budget line."""

    number: str
    budget_line: str
    """Of the vouchers whose lines it pays."""
    paid: bool
    """Confirmed by the bank, and not sent back since."""
    charge: Charge
    """What has paid it, or pays it now: the budget of its vouchers, or a later one when a payment came back after its
    year; as carried over by then."""
    open_in: int
    """Year in which what is open of that budget stands now: it pays again what comes back."""
    bounces: int = 0
    """How often a payment of it came back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What one unit claims of one scheme and year; or one firm, where the scheme pays the firm."""

    number: str
    unit: str
    """Who claims and is paid."""
    on_bill: bool
    """Whether it is the unit, whose bills wait for the vouchers."""
    scheme: str
    year: int
    """Whose budget bore its vouchers when it was filed."""
    budget_year: int
    """Whose budget bears what is not paid of it now."""
    operator: str
    filed_on: date
    state: ClaimState
    steps: int
    """How many steps it has taken; the next is one more."""
    notice_until: date | None
    """Last day of the public notice; before its end finance cannot approve."""
    lines: tuple[ClaimLine, ...]
    """Those that go on: what was refused is no longer among them."""
    refused: tuple[RefusedLine, ...] = ()
    opinions: tuple[Opinion, ...] = ()
    """Of experts, the latest of each on each line; those on the claim that it corrects among them."""
    review: str = ""
    """What the reviewer said when it was passed."""
    reviewer: str | None = None
    """Who has passed it."""
    corrects: Correction | None = None
    sent_back: str = ""
    """Why it was sent back."""
    correct_until: date | None = None
    """Of one that was sent back: the last day on which it may be corrected."""
    corrected_by: str | None = None
    """The claim that corrects it."""
    payables: tuple[ClaimPayable, ...] = ()
    set_off: tuple[SetOff, ...] = ()

    @property
    def amount_fen(self) -> int:
        return sum(line.amount_fen for line in self.lines)

    @property
    def refused_fen(self) -> int:
        return sum(refused.line.amount_fen for refused in self.refused)

    def under(self, budget_line: str) -> tuple[ClaimLine, ...]:
        return tuple(line for line in self.lines if line.budget_line == budget_line)

    def paid_by(self, payable: ClaimPayable) -> "Claim":
        """The part of it that one payable pays, under the budget that has paid it or pays it now."""
        charge = payable.charge
        lines = tuple(replace(line, budget_line=charge.budget_line) for line in self.under(payable.budget_line))
        return replace(self, budget_year=charge.year, lines=lines)

    def between(self, from_fen: int, until_fen: int) -> "Claim":
        """The part of it that lies between two amounts, its lines laid end to end in their order."""
        lines, begins = [], 0
        for line in self.lines:
            part_fen = min(begins + line.amount_fen, until_fen) - max(begins, from_fen)
            begins += line.amount_fen
            if part_fen > 0:
                lines.append(replace(line, amount_fen=part_fen))
        return replace(self, lines=tuple(lines))

    def paid_for(self, contract: str) -> Mapping[Charge, int]:
        """What each budget has paid for a contract: by setting off, and for the rest by the bank."""
        line = next(line for line in self.lines if line.contract == contract)
        payable = next(payable for payable in self.payables if payable.budget_line == line.budget_line)
        found: dict[Charge, int] = {}
        for part in self.set_off:
            if part.contract == contract:
                found[part.charge] = found.get(part.charge, 0) + part.amount_fen
        rest_fen = line.amount_fen - sum(found.values())
        if payable.paid and rest_fen:
            found[payable.charge] = found.get(payable.charge, 0) + rest_fen
        return found

    def payable(self, number: str) -> ClaimPayable:
        return next(payable for payable in self.payables if payable.number == number)

    @property
    def by_budget_line(self) -> Mapping[str, int]:
        """Amount by budget line, in the order of the lines' codes."""
        codes = sorted({line.budget_line for line in self.lines})
        return {code: sum(line.amount_fen for line in self.under(code)) for code in codes}
