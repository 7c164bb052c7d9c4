"""Uses of instruments, bills and evidence, as decisions see them.  (pure)"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum


class PurposeClass(StrEnum):
    """What a use was for, as customs and the national platform tell purposes apart."""

    RESEARCH = "research"
    DEVELOPMENT = "development"
    TEACHING = "teaching"
    PRODUCTION = "production"
    TESTING = "testing"
    """Paid routine testing, for trade and not for research."""
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Use:
    """One use of an instrument by one user."""

    number: str
    instrument: str
    unit: str
    user: str
    """Code of the firm, team or other party that used it."""
    operator: str
    """The natural person who ran it."""
    started_at: datetime
    minutes: int
    purpose: str
    service: str
    bill: str | None = None
    """The bill that charges it; once that is credited in full, it may be billed anew."""
    purpose_class: PurposeClass | None = None
    """None: not stated."""
    place: str = ""
    """Where the instrument stood meanwhile; empty: not stated."""

    @property
    def ended_at(self) -> datetime:
        return self.started_at + timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True)
class BillLine:
    """One line of a bill: so many units of something at a price."""

    description: str
    use: str | None
    """Number of the use it charges; None for what is no machine time (samples prepared, a report)."""
    quantity: int
    price_fen: int
    """Per unit, VAT included."""

    @property
    def amount_fen(self) -> int:
        return self.quantity * self.price_fen


@dataclass(frozen=True, slots=True)
class Bill:
    """A bill and where each of its fen stands: billed = open + cash + voucher + equity + written off + credited."""

    number: str
    unit: str
    payer: str
    contract: str | None
    invoice_number: str
    invoice_date: date
    issued_on: date
    gross_fen: int
    net_fen: int
    vat_fen: int
    lines: tuple[BillLine, ...] = ()
    open_fen: int = 0
    """Owed by the payer."""
    cash_fen: int = 0
    """Paid by the payer."""
    voucher_fen: int = 0
    """Borne by vouchers, whether the bureau has paid it or not."""
    voucher_due_fen: int = 0
    """The part of `voucher_fen` that the bureau has not paid yet: what stands on `fees:voucher:<bill>`."""
    equity_fen: int = 0
    written_off_fen: int = 0
    credited_fen: int = 0
    disputed: bool = False
    """The payer contests it; what is contested stays open."""
    vat_rate: str = ""
    """E.g. `0.06`."""
    owed_fen: int = 0
    """Paid, then credited, and not yet paid back: no fen of the bill any more."""

    @property
    def fee_fen(self) -> int:
        """What the service costs now: credited is what was billed and does not stand."""
        return self.gross_fen - self.credited_fen

    @property
    def uses(self) -> tuple[str, ...]:
        """Numbers of the uses it charges."""
        return tuple(line.use for line in self.lines if line.use)


@dataclass(frozen=True, slots=True)
class Credits:
    """What the red invoices of one bill have credited so far."""

    count: int = 0
    gross_fen: int = 0
    net_fen: int = 0
    references: frozenset[str] = frozenset()
    """Of the unit's bank, for what it has paid back."""


@dataclass(frozen=True, slots=True)
class RedInvoice:
    """A red invoice (红字发票) as the unit states it."""

    invoice_number: str
    invoice_date: date
    amount_fen: int
    """What it takes back, VAT included: positive."""
    reason: str


@dataclass(frozen=True, slots=True)
class Credit:
    """What a red invoice credits."""

    net_fen: int
    vat_fen: int
    owed_fen: int
    """The part that the payer has paid already."""
    reason: str

    @property
    def gross_fen(self) -> int:
        return self.net_fen + self.vat_fen


class Funding(StrEnum):
    """Kinds of public money; the same evidence supports one live claim for each."""

    VOUCHER = "voucher"
    EQUITY = "equity"
    SUBSIDY = "subsidy"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A piece of evidence under one kind of funding, claimed or not; one never claimed before has no claims."""

    funding: Funding
    digest: str
    """SHA-256 of the evidence, 64 hex digits."""
    claims: int = 0
    """Claims so far, released ones included."""
    subject_kind: str | None = None
    subject: str | None = None
    """What claims it now; None: free."""

    @property
    def key(self) -> str:
        return f"{self.funding}:{self.digest}"
