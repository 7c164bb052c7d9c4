"""Tables of the other roads of a claim."""

from datetime import date

from sqlalchemy import Index
from sqlmodel import Field

from ledger.journal.tables import EventRow


class VoucherClaimReturnTable(EventRow, table=True):
    """Until when a claim that was sent back may be corrected; why, its step says."""

    __tablename__ = "voucher_claim_return"

    claim: str = Field(primary_key=True)
    correct_until: date


class VoucherClaimCorrectionTable(EventRow, table=True):
    """A claim that corrects one that was sent back; each is corrected once."""

    __tablename__ = "voucher_claim_correction"
    tells_of = ("claim", "corrects")
    __table_args__ = (Index("uq_voucher_claim_correction_corrects", "corrects", "book", unique=True),)

    claim: str = Field(primary_key=True)
    corrects: str
    statement: str


CLAIM_TABLES: tuple[type[EventRow], ...] = (
    VoucherClaimReturnTable,
    VoucherClaimCorrectionTable,
)
