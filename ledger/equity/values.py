"""Agreements, conversions and holdings as decisions see them.  (pure)"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

OTHERS = "others"
"""The holder of all registered capital that no unit of the books holds."""


class Supply(StrEnum):
    """What the firm pays for, as value-added tax tells it apart."""

    SERVICE = "service"
    LEASE = "lease"
    """Rent of movable property."""


class AgreementState(StrEnum):
    DRAFT = "draft"
    UNIT_DECIDED = "unit-decided"
    """Feasibility studied, decided collectively; with the department and finance."""
    DEPT_REVIEWED = "department-reviewed"
    FINANCE_APPROVED = "finance-approved"
    SIGNED = "signed"
    """By both; fees may be counted under it."""
    ACCRUING = "accruing"
    """Signed, and some fee is counted."""
    SUSPENDED = "suspended"
    SETTLED_IN_CASH = "settled-in-cash"
    TERMINATED = "terminated"


ENDED = frozenset({AgreementState.SETTLED_IN_CASH, AgreementState.TERMINATED})


class ConversionState(StrEnum):
    APPRAISED = "appraised"
    RESOLVED = "resolved"
    CONVERTED = "converted"
    REGISTERED = "registered"
    HELD = "held"
    """Registered and published."""
    VOID = "void"
    """Given up before anything was converted."""


BEFORE_CONVERTED = frozenset({ConversionState.APPRAISED, ConversionState.RESOLVED})


class ExitKind(StrEnum):
    SALE = "sale"
    """The capital goes to another holder."""
    REDUCTION = "reduction"
    """The firm reduces its capital: what is held ceases to be."""


@dataclass(frozen=True, slots=True)
class NamedInstrument:
    """An instrument under an agreement."""

    instrument: str
    minutes_max: int
    """Machine time that is open to the firm under the agreement, once the unit's own need is met."""


@dataclass(frozen=True, slots=True)
class CountedUse:
    """A use whose fee counts under an agreement."""

    use: str
    instrument: str
    minutes: int
    first_on: date
    last_on: date
    amount_fen: int
    """What the bill charges for it, VAT included."""
    taken_back: bool = False
    """Its record was reversed after it was counted."""


@dataclass(frozen=True, slots=True)
class Accrual:
    """A bill that is counted under an agreement; it stays open, and payable, until it converts."""

    number: str
    agreement: str
    bill: str
    accrued_on: date
    uses: tuple[CountedUse, ...]

    @property
    def eligible_fen(self) -> int:
        """Of the bill, VAT included, for the use of the agreement's instruments."""
        return sum(use.amount_fen for use in self.uses)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """A firm's fees for these instruments may become a share in it."""

    number: str
    """`EA-…`"""
    version: int
    unit: str
    firm: str
    document_number: str
    supply: Supply
    share_max: str
    """As decimal text, e.g. `0.1`: the largest share the unit may come to hold."""
    vat_in_cash: bool
    related: bool
    """A founder of the firm is on the unit's staff, or they are related otherwise: one more person signs."""
    valid_from: date
    valid_until: date
    named: tuple[NamedInstrument, ...]
    submitted_on: date
    """In its first version."""
    state: AgreementState = AgreementState.DRAFT
    steps: int = 0
    feasibility_number: str = ""
    decision_number: str = ""
    signed: Mapping[str, date] = field(default_factory=dict)
    """Day of the signature by party."""
    accruals: tuple[Accrual, ...] = ()
    """Those that were not released, the oldest first."""
    conversions: tuple[str, ...] = ()

    @property
    def in_force(self) -> bool:
        return self.state in {AgreementState.SIGNED, AgreementState.ACCRUING}

    @property
    def signed_on(self) -> date | None:
        """Day from which uses count: when the second party signed."""
        return max(self.signed.values()) if {self.unit, self.firm} <= set(self.signed) else None

    def named_as(self, instrument: str) -> NamedInstrument | None:
        return next((one for one in self.named if one.instrument == instrument), None)

    def accrual_of(self, bill: str) -> Accrual | None:
        return next((one for one in self.accruals if one.bill == bill), None)


@dataclass(frozen=True, slots=True)
class Resolution:
    """The firm's members have resolved to take the unit in."""

    number: str
    resolved_on: date
    registered_fen: int
    """Registered capital before."""


@dataclass(frozen=True, slots=True)
class ConvertedBill:
    """What of one bill is to convert, or has."""

    bill: str
    accrual: str
    convertible_fen: int
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """What two people of the unit are to sign."""

    version: int
    maker: str
    fee_fen: int
    """What may convert of the bills together, and is not above the appraisal."""
    converted_fen: int
    new_registered_fen: int
    reserve_fen: int
    bills: tuple[ConvertedBill, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """One conversion under an agreement, from the appraisal to the published share."""

    number: str
    """`EC-…`"""
    agreement: str
    unit: str
    firm: str
    report_number: str
    filing_number: str
    """Under which the appraisal is filed for record (备案)."""
    appraised_on: date
    valid_until: date
    """Last day on which the appraisal is good."""
    appraised_fen: int
    """What the claim on the firm is worth."""
    pre_money_fen: int
    """What the firm is worth before."""
    recorded_on: date
    state: ConversionState = ConversionState.APPRAISED
    steps: int = 0
    resolution: Resolution | None = None
    proposal: Proposal | None = None
    """The latest."""
    days: Mapping[ConversionState, date] = field(default_factory=dict)
    """When each state was reached."""


@dataclass(frozen=True, slots=True)
class Valuation:
    """What a firm was worth, as far as the books know."""

    value_fen: int
    on: date
    document_number: str


@dataclass(frozen=True, slots=True)
class Company:
    """A firm's registered capital as the books know it, and who holds it."""

    firm: str
    steps: int = 0
    """How often its capital was recorded."""
    registered_fen: int = 0
    held_fen: Mapping[str, int] = field(default_factory=dict)
    """By holder; `others` for all whom the books do not know."""
    pending_fen: Mapping[str, int] = field(default_factory=dict)
    """Converted and not registered yet, by unit."""
    cost_fen: Mapping[str, int] = field(default_factory=dict)
    """What the holding has cost, by unit."""
    disposal_fen: Mapping[str, int] = field(default_factory=dict)
    """Cost of what is to be written off, by unit."""
    valuation: Valuation | None = None
    """The latest."""

    def held_by(self, holder: str) -> int:
        return self.held_fen.get(holder, 0)

    def pending_of(self, unit: str) -> int:
        return self.pending_fen.get(unit, 0)

    def cost_of(self, unit: str) -> int:
        return self.cost_fen.get(unit, 0)


@dataclass(frozen=True, slots=True)
class Dividend:
    number: str
    """`ED-…`"""
    firm: str
    unit: str
    dividend_fen: int
    remitted: bool
    """It goes on to the treasury."""
    received_fen: int
    recorded_on: date
    references: frozenset[str]
    """Of the unit's bank, for what has come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exit:
    """A holding, or a part of it, that is sold or ceases with a reduction of the capital."""

    number: str
    """`EE-…`"""
    firm: str
    unit: str
    kind: ExitKind
    sold_fen: int
    """Registered capital."""
    price_fen: int
    buyer: str
    """Its name; of a reduction empty."""
    appraisal_number: str
    notified_on: date | None
    """When the other members were told; None where nobody has a right of priority."""
    retained_document: str
    """Approval by which the gain may be kept; empty: all proceeds go to the treasury."""
    maker: str
    proposed_on: date
    outcome: str | None = None
    """approved, refused, completed; None: it waits."""


@dataclass(frozen=True, slots=True)
class WriteDown:
    """Cost of a holding that is given up, because the firm cannot pay or is worth less."""

    number: str
    firm: str
    unit: str
    amount_fen: int
    document_number: str
    reason: str
    proposed_on: date
    outcome: str | None = None
    """approved, refused; None: it waits."""
