"""Tables of what is set off against what a payee owes, and of the batches that pay the rest."""

from datetime import date

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, SmallInteger
from sqlmodel import Field

from ledger.journal.tables import EventRow


class PayableOffsetTable(EventRow, table=True):
    """A part of a payable is set off against what its payee owes, and is not paid any more.

    The n-th names the one before with all that was set off by then, so the sums cannot drift.
    """

    __tablename__ = "payable_offset"
    tells_of = ("payable", "payable")
    __table_args__ = (
        Index("uq_payable_offset_sum", "payable", "position", "offset_fen", "book", unique=True),
        ForeignKeyConstraint(
            ["book", "payable", "payable_fen"],
            ["payable.book", "payable.number", "payable.amount_fen"],
            name="fk_payable_offset_payable",
        ),
        ForeignKeyConstraint(
            ["book", "payable", "position_before", "offset_before_fen"],
            ["payable_offset.book", "payable_offset.payable", "payable_offset.position", "payable_offset.offset_fen"],
            name="fk_payable_offset_before",
        ),
    )

    payable: str = Field(primary_key=True)
    position: int = Field(primary_key=True, sa_type=SmallInteger, sa_column_kwargs={"autoincrement": False})
    """1 for the first."""
    position_before: int | None = Field(default=None, sa_type=SmallInteger)
    payable_fen: int = Field(sa_type=BigInteger)
    offset_before_fen: int = Field(sa_type=BigInteger)
    amount_fen: int = Field(sa_type=BigInteger)
    offset_fen: int = Field(sa_type=BigInteger)
    """All that is set off with this one."""
    ground: str
    offset_on: date


class PaymentBatchLineOffsetTable(EventRow, table=True):
    """How much of a line's payable had been set off when the batch was composed: the bank pays the rest."""

    __tablename__ = "payment_batch_line_offset"
    __table_args__ = (
        ForeignKeyConstraint(
            ["book", "batch", "payable"],
            ["payment_batch_line.book", "payment_batch_line.batch", "payment_batch_line.payable"],
            name="fk_payment_batch_line_offset_line",
        ),
        ForeignKeyConstraint(
            ["book", "payable", "position", "offset_fen"],
            ["payable_offset.book", "payable_offset.payable", "payable_offset.position", "payable_offset.offset_fen"],
            name="fk_payment_batch_line_offset_sum",
        ),
    )

    batch: str = Field(primary_key=True)
    payable: str = Field(primary_key=True)
    position: int = Field(sa_type=SmallInteger)
    offset_fen: int = Field(sa_type=BigInteger)


TABLES: tuple[type[EventRow], ...] = (PayableOffsetTable, PaymentBatchLineOffsetTable)
