"""Tables of payables, batches and what the bank said of them. What has happened is which rows are there."""

from datetime import date

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index
from sqlmodel import Field

from ledger.journal.tables import EventRow


class PayableTable(EventRow, table=True):
    """Something approved for payment; written by the slice that has the approval for it."""

    __tablename__ = "payable"
    tells_of = ("payable", "number")
    __table_args__ = (
        Index("ix_payable_book_subject", "subject_kind", "subject", "book"),
        Index("ix_payable_book_payee", "payee", "book"),
        Index("uq_payable_amount", "number", "amount_fen", "book", unique=True),
    )

    number: str = Field(primary_key=True)
    subject_kind: str
    subject: str
    payer: str
    payee: str
    amount_fen: int = Field(sa_type=BigInteger)
    budget_line: str
    purpose: str
    created_on: date


class PaymentBatchTable(EventRow, table=True):
    """A frozen list with its control totals."""

    __tablename__ = "payment_batch"
    tells_of = ("batch", "number")
    __table_args__ = (Index("uq_payment_batch_maker", "number", "maker", "book", unique=True),)

    number: str = Field(primary_key=True)
    payer: str
    maker: str
    composed_on: date
    line_count: int
    total_fen: int = Field(sa_type=BigInteger)
    content_hash: str
    """SHA-256 over the canonical list, 64 hex digits; the approval is bound to it."""


class PaymentBatchLineTable(EventRow, table=True):
    """One payment as it will be made.

    Its amount is the payable's, by a foreign key. The n-th attempt to pay a payable needs the row that freed it from
    the attempt before, so it is in one live batch.
    """

    __tablename__ = "payment_batch_line"
    __table_args__ = (
        Index("uq_payment_batch_line_payable", "batch", "payable", "book", unique=True),
        Index("uq_payment_batch_line_attempt", "payable", "attempt", "book", unique=True),
        Index("ix_payment_batch_line_account", "account_number", "book"),
        ForeignKeyConstraint(
            ["book", "payable", "amount_fen"],
            ["payable.book", "payable.number", "payable.amount_fen"],
            name="fk_payment_batch_line_payable",
        ),
        ForeignKeyConstraint(
            ["book", "batch"],
            ["payment_batch.book", "payment_batch.number"],
            name="fk_payment_batch_line_batch",
            deferrable=True,
            initially="DEFERRED",
        ),
        ForeignKeyConstraint(
            ["book", "payable", "freed_attempt"],
            ["payable_freed.book", "payable_freed.payable", "payable_freed.attempt"],
            name="fk_payment_batch_line_freed",
        ),
    )

    batch: str = Field(primary_key=True)
    line: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    payable: str
    attempt: int
    freed_attempt: int | None = None
    """The attempt before, which a row of `payable_freed` ended; none for the first."""
    payee_name: str
    account_name: str
    bank: str
    account_number: str
    cnaps: str
    amount_fen: int = Field(sa_type=BigInteger)
    document_number: str


class PayableFreedTable(EventRow, table=True):
    """The end of an attempt that did not pay: the payable may enter another batch."""

    __tablename__ = "payable_freed"
    __table_args__ = (
        ForeignKeyConstraint(
            ["book", "payable", "attempt"],
            ["payment_batch_line.book", "payment_batch_line.payable", "payment_batch_line.attempt"],
            name="fk_payable_freed_line",
            use_alter=True,
        ),
    )

    payable: str = Field(primary_key=True)
    attempt: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    reason: str


class PaymentReleaseTable(EventRow, table=True):
    """A batch that the second person has approved."""

    __tablename__ = "payment_release"
    tells_of = ("batch", "batch")
    __table_args__ = (
        Index("uq_payment_release_day", "batch", "released_on", "book", unique=True),
        ForeignKeyConstraint(
            ["book", "batch"],
            ["payment_batch.book", "payment_batch.number"],
            name="fk_payment_release_batch",
        ),
    )

    batch: str = Field(primary_key=True)
    released_on: date
    signers: str
    """Codes of the people who approved, with commas between."""


class PaymentRefusalTable(EventRow, table=True):
    """A batch that somebody rejected; its payables are free again."""

    __tablename__ = "payment_refusal"
    tells_of = ("batch", "batch")
    __table_args__ = (
        ForeignKeyConstraint(
            ["book", "batch"],
            ["payment_batch.book", "payment_batch.number"],
            name="fk_payment_refusal_batch",
        ),
    )

    batch: str = Field(primary_key=True)
    refused_on: date
    person: str
    reason: str


class PaymentConfirmationTable(EventRow, table=True):
    """The bank has paid a line. Maker and day of release stand here too, so that CHECKs can compare with them."""

    __tablename__ = "payment_confirmation"
    tells_of = ("payable", "payable")
    __table_args__ = (
        Index("uq_payment_confirmation_day", "batch", "payable", "paid_on", "maker", "book", unique=True),
        ForeignKeyConstraint(
            ["book", "batch", "payable"],
            ["payment_batch_line.book", "payment_batch_line.batch", "payment_batch_line.payable"],
            name="fk_payment_confirmation_line",
        ),
        ForeignKeyConstraint(
            ["book", "batch", "maker"],
            ["payment_batch.book", "payment_batch.number", "payment_batch.maker"],
            name="fk_payment_confirmation_maker",
        ),
        ForeignKeyConstraint(
            ["book", "batch", "released_on"],
            ["payment_release.book", "payment_release.batch", "payment_release.released_on"],
            name="fk_payment_confirmation_release",
        ),
    )

    batch: str = Field(primary_key=True)
    payable: str = Field(primary_key=True)
    released_on: date
    paid_on: date
    bank_reference: str
    maker: str
    person: str


class PaymentReturnTable(EventRow, table=True):
    """The bank has sent a confirmed payment back: once per line, by a person other than the maker."""

    __tablename__ = "payment_return"
    tells_of = ("payable", "payable")
    __table_args__ = (
        ForeignKeyConstraint(
            ["book", "batch", "payable", "paid_on", "maker"],
            [
                "payment_confirmation.book",
                "payment_confirmation.batch",
                "payment_confirmation.payable",
                "payment_confirmation.paid_on",
                "payment_confirmation.maker",
            ],
            name="fk_payment_return_confirmation",
        ),
    )

    batch: str = Field(primary_key=True)
    payable: str = Field(primary_key=True)
    paid_on: date
    returned_on: date
    bank_reference: str
    reason: str
    maker: str
    person: str


class PaymentFailureTable(EventRow, table=True):
    """A line that the bank did not carry out, and will not: nothing left the account."""

    __tablename__ = "payment_failure"
    tells_of = ("payable", "payable")
    __table_args__ = (
        ForeignKeyConstraint(
            ["book", "batch", "payable"],
            ["payment_batch_line.book", "payment_batch_line.batch", "payment_batch_line.payable"],
            name="fk_payment_failure_line",
        ),
        ForeignKeyConstraint(
            ["book", "batch", "maker"],
            ["payment_batch.book", "payment_batch.number", "payment_batch.maker"],
            name="fk_payment_failure_maker",
        ),
        ForeignKeyConstraint(
            ["book", "batch", "released_on"],
            ["payment_release.book", "payment_release.batch", "payment_release.released_on"],
            name="fk_payment_failure_release",
        ),
    )

    batch: str = Field(primary_key=True)
    payable: str = Field(primary_key=True)
    released_on: date
    failed_on: date
    reason: str
    maker: str
    person: str


class PayableBudgetLineTable(EventRow, table=True):
    """From the attempt after this one on, another budget line pays."""

    __tablename__ = "payable_budget_line"
    __table_args__ = (
        ForeignKeyConstraint(
            ["book", "payable", "attempt"],
            ["payable_freed.book", "payable_freed.payable", "payable_freed.attempt"],
            name="fk_payable_budget_line_freed",
            deferrable=True,
            initially="DEFERRED",
        ),
    )

    payable: str = Field(primary_key=True)
    attempt: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    budget_line: str


TABLES: tuple[type[EventRow], ...] = (
    PayableTable,
    PaymentBatchTable,
    PaymentBatchLineTable,
    PayableFreedTable,
    PaymentReleaseTable,
    PaymentRefusalTable,
    PaymentConfirmationTable,
    PaymentReturnTable,
    PaymentFailureTable,
    PayableBudgetLineTable,
)
