"""Tables of the vouchers that were issued before the books began."""

from datetime import date

from sqlalchemy import BigInteger, Index, SmallInteger
from sqlmodel import Field

from ledger.journal.tables import EventRow


class VoucherOpeningTable(EventRow, table=True):
    """A voucher as a list says; it stands in the books once the list is signed."""

    __tablename__ = "voucher_opening"
    __table_args__ = (
        Index("ix_voucher_opening_list", "list_number", "book"),
        Index("ix_voucher_opening_legacy", "legacy_number", "scheme", "book"),
    )

    number: str = Field(primary_key=True)
    list_number: str
    scheme: str
    year: int = Field(sa_type=SmallInteger)
    operator: str
    holder: str
    body: str | None = None
    controller: str
    legacy_number: str
    budget_line: str
    face_fen: int = Field(sa_type=BigInteger)
    redeemed_fen: int = Field(sa_type=BigInteger)
    open_fen: int = Field(sa_type=BigInteger)
    denomination_fen: int | None = Field(default=None, sa_type=BigInteger)
    issued_on: date
    expires_on: date
    recorded_on: date
    person: str


class VoucherOpeningListTable(EventRow, table=True):
    """A list as it was proposed: nothing is added to it any more."""

    __tablename__ = "voucher_opening_list"

    list_number: str = Field(primary_key=True)
    operator: str
    voucher_count: int
    lines_hash: str
    maker: str
    proposed_on: date


class VoucherOpeningListEndTable(EventRow, table=True):
    """A list was signed and posted, or refused."""

    __tablename__ = "voucher_opening_list_end"

    list_number: str = Field(primary_key=True)
    outcome: str
    ended_on: date
    person: str
    reason: str


TABLES: tuple[type[EventRow], ...] = (VoucherOpeningTable, VoucherOpeningListTable, VoucherOpeningListEndTable)
