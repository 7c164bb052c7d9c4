"""Tables of bank statements, their lines, and what was done with each line."""

from datetime import date

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, SmallInteger
from sqlmodel import Field

from ledger.journal.tables import EventRow


class BankStatementTable(EventRow, table=True):
    """A statement as imported; the same number of the bank for one account only once."""

    __tablename__ = "bank_statement"
    tells_of = ("bank-statement", "number")
    __table_args__ = (Index("uq_bank_statement_reference", "account_number", "reference", "book", unique=True),)

    number: str = Field(primary_key=True)
    payer: str
    account_number: str
    reference: str
    """The bank's own number of it."""
    imported_on: date
    line_count: int
    """In the file."""
    new_count: int
    """Of them not known from another statement: the rows of `bank_line`."""
    person: str


class BankLineTable(EventRow, table=True):
    """A booked line; the bank's reference and the direction name it within its account, so it counts once."""

    __tablename__ = "bank_line"
    tells_of = ("bank-line", "number")
    __table_args__ = (
        Index("uq_bank_line_reference", "account_number", "reference", "direction", "book", unique=True),
        Index("uq_bank_line_importer", "number", "importer", "book", unique=True),
        Index("ix_bank_line_statement", "statement", "book"),
        ForeignKeyConstraint(
            ["book", "statement"],
            ["bank_statement.book", "bank_statement.number"],
            name="fk_bank_line_statement",
            deferrable=True,
            initially="DEFERRED",
        ),
    )

    number: str = Field(primary_key=True)
    statement: str
    payer: str
    account_number: str
    reference: str
    direction: str
    amount_fen: int = Field(sa_type=BigInteger)
    booked_on: date
    our_id: str
    returned: bool
    return_reason: str
    counterparty_account: str
    counterparty_name: str
    purpose: str
    importer: str


class BankLineStepTable(EventRow, table=True):
    """What was done with a line; each step but the first names the one it follows, so that there is one last."""

    __tablename__ = "bank_line_step"
    tells_of = ("bank-line", "line")
    __table_args__ = (
        Index("uq_bank_line_step_kind", "line", "position", "step", "book", unique=True),
        ForeignKeyConstraint(
            ["book", "line", "importer"],
            ["bank_line.book", "bank_line.number", "bank_line.importer"],
            name="fk_bank_line_step_importer",
        ),
        ForeignKeyConstraint(
            ["book", "line", "position_before", "step_before"],
            ["bank_line_step.book", "bank_line_step.line", "bank_line_step.position", "bank_line_step.step"],
            name="fk_bank_line_step_before",
        ),
    )

    line: str = Field(primary_key=True)
    position: int = Field(primary_key=True, sa_type=SmallInteger, sa_column_kwargs={"autoincrement": False})
    position_before: int | None = Field(default=None, sa_type=SmallInteger)
    step: str
    step_before: str | None = None
    taken_on: date
    reason: str
    person: str
    importer: str


class BankLinePaymentTable(EventRow, table=True):
    """A line is the evidence of a payment, or of its return; each has one line at most."""

    __tablename__ = "bank_line_payment"
    tells_of = ("payable", "payable")
    __table_args__ = (
        Index("ix_bank_line_payment_line", "line", "book"),
        ForeignKeyConstraint(
            ["book", "line", "position"],
            ["bank_line_step.book", "bank_line_step.line", "bank_line_step.position"],
            name="fk_bank_line_payment_step",
            deferrable=True,
            initially="DEFERRED",
        ),
        ForeignKeyConstraint(
            ["book", "batch", "payable"],
            ["payment_confirmation.book", "payment_confirmation.batch", "payment_confirmation.payable"],
            name="fk_bank_line_payment_confirmation",
            deferrable=True,
            initially="DEFERRED",
        ),
    )

    batch: str = Field(primary_key=True)
    payable: str = Field(primary_key=True)
    what: str = Field(primary_key=True)
    line: str
    position: int = Field(sa_type=SmallInteger)
    """Of the step by which the line was matched."""


class BankLineProposalTable(EventRow, table=True):
    """What one person proposed about a line that is no longer waiting; another signs it, or does not."""

    __tablename__ = "bank_line_proposal"
    tells_of = ("bank-line", "line")
    __table_args__ = (
        ForeignKeyConstraint(
            ["book", "line", "importer"],
            ["bank_line.book", "bank_line.number", "bank_line.importer"],
            name="fk_bank_line_proposal_importer",
        ),
    )

    line: str = Field(primary_key=True)
    version: int = Field(primary_key=True, sa_type=SmallInteger, sa_column_kwargs={"autoincrement": False})
    decision: str
    reason: str
    proposed_on: date
    maker: str
    importer: str


TABLES: tuple[type[EventRow], ...] = (
    BankStatementTable,
    BankLineTable,
    BankLineStepTable,
    BankLinePaymentTable,
    BankLineProposalTable,
)
