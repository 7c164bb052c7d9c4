"""Event rows of changes of a subsidy's policy or budget, with the impact run that was signed."""

from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKeyConstraint, SmallInteger
from sqlmodel import Field

from ledger.journal.tables import EventRow

_CHANGE = ["subsidy_policy_change.book", "subsidy_policy_change.number"]


class SubsidyPolicyChangeTable(EventRow, table=True):
    """Another policy or another budget is proposed, and what it would have done to one batch."""

    __tablename__ = "subsidy_policy_change"
    __table_args__ = (
        ForeignKeyConstraint(
            ["book", "batch"], ["subsidy_batch.book", "subsidy_batch.number"], name="fk_subsidy_policy_change_batch"
        ),
    )

    number: str = Field(primary_key=True)
    batch: str
    operator: str
    block: int = Field(sa_type=BigInteger)
    """Up to which the records were read."""
    last_seq: int = Field(sa_type=BigInteger)
    block_hash: str
    document_number: str
    """Of the paper that changes the policy."""
    reason: str
    proposed_on: date
    maker: str


class SubsidyPolicyChangeSideTable(EventRow, table=True):
    """Rules and pool on one of two sides, `before` or `after`, and what they give in all."""

    __tablename__ = "subsidy_policy_change_side"
    __table_args__ = (ForeignKeyConstraint(["book", "change"], _CHANGE, name="fk_subsidy_policy_change_side"),)

    change: str = Field(primary_key=True)
    side: str = Field(primary_key=True)
    scheme: str
    rules_on: date
    policy: str
    policy_version: str
    synthetic: bool
    base_year: int = Field(sa_type=SmallInteger)
    evaluation: str
    evaluation_version: int = Field(sa_type=SmallInteger)
    pool_fen: int = Field(sa_type=BigInteger)
    entitled_fen: int = Field(sa_type=BigInteger)
    awarded_fen: int = Field(sa_type=BigInteger)
    units: int


class SubsidyPolicyChangeLineTable(EventRow, table=True):
    """One unit under both. Null: it is left out."""

    __tablename__ = "subsidy_policy_change_line"
    __table_args__ = (ForeignKeyConstraint(["book", "change"], _CHANGE, name="fk_subsidy_policy_change_line"),)

    change: str = Field(primary_key=True)
    unit: str = Field(primary_key=True)
    grade: str
    awarded_fen: int | None = Field(default=None, sa_type=BigInteger)
    before_fen: int | None = Field(default=None, sa_type=BigInteger)
    after_fen: int | None = Field(default=None, sa_type=BigInteger)
    before_base_calculation: UUID | None = None
    before_calculation: UUID | None = None
    after_base_calculation: UUID | None = None
    after_calculation: UUID | None = None


class SubsidyPolicyChangeEndTable(EventRow, table=True):
    """Two officers of finance have signed it, or one has refused."""

    __tablename__ = "subsidy_policy_change_end"
    __table_args__ = (ForeignKeyConstraint(["book", "change"], _CHANGE, name="fk_subsidy_policy_change_end"),)

    change: str = Field(primary_key=True)
    outcome: str
    ended_on: date
    person: str
    reason: str


TABLES: tuple[type[EventRow], ...] = (
    SubsidyPolicyChangeTable,
    SubsidyPolicyChangeSideTable,
    SubsidyPolicyChangeLineTable,
    SubsidyPolicyChangeEndTable,
)
