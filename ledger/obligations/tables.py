"""Tables of obligations and of the steps by which they are settled. A status follows from which rows are there."""

from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, SmallInteger, text
from sqlmodel import Field

from ledger.journal.tables import EventRow


class ObligationTable(EventRow, table=True):
    """What is owed back, as decided; written by the slice that has the decision."""

    __tablename__ = "obligation"
    tells_of = ("obligation", "number")
    __table_args__ = (
        Index("uq_obligation_creditor", "number", "creditor", "book", unique=True),
        Index("ix_obligation_debtor", "debtor", "book"),
        Index("ix_obligation_subject", "subject", "subject_kind", "book"),
        Index("ix_obligation_due_on", "due_on", "book"),
    )

    number: str = Field(primary_key=True)
    debtor: str
    creditor: str
    subject_kind: str
    subject: str
    ground: str
    decision_number: str
    citation: str
    amount_fen: int = Field(sa_type=BigInteger)
    decided_on: date
    due_on: date
    due_provisional: bool
    scheme: str
    year: int = Field(sa_type=SmallInteger)
    budget_line: str
    policy: str
    debtor_keeps_books: bool


class ObligationStepTable(EventRow, table=True):
    """A receipt, an offset, a write-off, interest or a remittance, as proposed.

    A bank's slip counts once for a bureau: it may be recorded again, as the next attempt, when it was refused before.
    """

    __tablename__ = "obligation_step"
    tells_of = ("obligation", "obligation")
    __table_args__ = (
        Index(
            "uq_obligation_step_slip",
            "reference",
            "creditor",
            "attempt",
            "book",
            unique=True,
            postgresql_where=text("kind = 'receipt'"),
        ),
        Index("uq_obligation_step_maker", "number", "maker", "book", unique=True),
        Index("ix_obligation_step_obligation", "obligation", "book"),
        ForeignKeyConstraint(
            ["book", "obligation", "creditor"],
            ["obligation.book", "obligation.number", "obligation.creditor"],
            name="fk_obligation_step_obligation",
        ),
    )

    number: str = Field(primary_key=True)
    obligation: str
    creditor: str
    kind: str
    amount_fen: int = Field(sa_type=BigInteger)
    bank_fen: int = Field(sa_type=BigInteger)
    """Of a remittance: how much of it had come by bank; otherwise nought."""
    dated_on: date | None = None
    reference: str
    attempt: int = Field(sa_type=SmallInteger)
    """1 but for a slip that was refused before."""
    payable: str | None = None
    reason: str
    calculation: UUID | None = None
    maker: str
    proposed_on: date


class ObligationStepEndTable(EventRow, table=True):
    """The second person has signed, or refused. The maker stands here too, so that a CHECK can compare."""

    __tablename__ = "obligation_step_end"
    tells_of = ("obligation", "obligation")
    __table_args__ = (
        ForeignKeyConstraint(
            ["book", "step", "maker"],
            ["obligation_step.book", "obligation_step.number", "obligation_step.maker"],
            name="fk_obligation_step_end_step",
        ),
    )

    step: str = Field(primary_key=True)
    obligation: str
    outcome: str
    posted_on: date | None = None
    """Legal date of its entry."""
    principal_fen: int = Field(sa_type=BigInteger)
    interest_fen: int = Field(sa_type=BigInteger)
    reason: str
    maker: str
    person: str


TABLES: tuple[type[EventRow], ...] = (ObligationTable, ObligationStepTable, ObligationStepEndTable)
