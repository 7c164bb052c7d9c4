"""Event rows of subsidies. A state is never written down: it follows from which rows are there."""

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, SmallInteger
from sqlmodel import Field

from ledger.journal.columns import counted, fen
from ledger.journal.tables import EventRow


class SubsidyExcludedBillTable(EventRow, table=True):
    """A bill that counts for no subsidy, such as one for statutory work; or counts again."""

    __tablename__ = "subsidy_excluded_bill"
    __table_args__ = (
        ForeignKeyConstraint(["book", "bill"], ["fee_bill.book", "fee_bill.number"], name="fk_subsidy_excluded_bill"),
    )

    bill: str = Field(primary_key=True)
    step: int = counted()
    excluded: bool
    reason: str
    recorded_on: date
    person: str


class SubsidyBatchTable(EventRow, table=True):
    """One version of a subsidy's awards of a year, as computed."""

    __tablename__ = "subsidy_batch"
    tells_of = ("subsidy-batch", "number")
    __table_args__ = (Index("uq_subsidy_batch_version", "scheme", "year", "version", "book", unique=True),)

    number: str = Field(primary_key=True)
    scheme: str
    year: int = Field(sa_type=SmallInteger)
    version: int = Field(sa_type=SmallInteger)
    operator: str
    evaluation: str
    evaluation_version: int = Field(sa_type=SmallInteger)
    pool_fen: int = fen()
    base_year: int = Field(sa_type=SmallInteger)
    block: int = fen()
    """Up to which the records were read."""
    last_seq: int = fen()
    block_hash: str
    policy: str
    policy_version: str
    synthetic: bool
    reason: str
    maker: str
    computed_on: date


class SubsidyAwardTable(EventRow, table=True):
    """One line of a batch."""

    __tablename__ = "subsidy_award"
    tells_of = ("subsidy-award", "number")
    __table_args__ = (
        Index("uq_subsidy_award_unit", "batch", "unit", "book", unique=True),
        Index("ix_subsidy_award_unit", "unit", "book"),
        ForeignKeyConstraint(
            ["book", "batch"],
            ["subsidy_batch.book", "subsidy_batch.number"],
            name="fk_subsidy_award_batch",
            deferrable=True,
            initially="DEFERRED",
        ),
    )

    number: str = Field(primary_key=True)
    batch: str
    unit: str
    grade: str
    base_fen: int = fen()
    entitled_fen: int = fen()
    awarded_fen: int = fen()
    base_calculation: UUID
    calculation: UUID
    bills: int
    billed_fen: int = fen()
    excluded_fen: int = fen()
    uses: int
    minutes: int = fen()


class SubsidyTopUpTable(EventRow, table=True):
    """A batch that adds to the one that stands, by a decision."""

    __tablename__ = "subsidy_top_up"
    tells_of = ("subsidy-batch", "tops_up")
    __table_args__ = (
        ForeignKeyConstraint(
            ["book", "batch"],
            ["subsidy_batch.book", "subsidy_batch.number"],
            name="fk_subsidy_top_up_batch",
            deferrable=True,
            initially="DEFERRED",
        ),
        ForeignKeyConstraint(
            ["book", "tops_up"], ["subsidy_batch.book", "subsidy_batch.number"], name="fk_subsidy_top_up_of"
        ),
    )

    batch: str = Field(primary_key=True)
    tops_up: str
    """The batch that stands for the year."""
    decision_number: str
    change: str
    """Signed change of policy; empty: none."""
    budget_year: int = Field(sa_type=SmallInteger)
    rules_on: date
    known_on: date


class SubsidyTopUpAwardTable(EventRow, table=True):
    """What is due to a unit, and what it was awarded before."""

    __tablename__ = "subsidy_top_up_award"
    __table_args__ = (
        ForeignKeyConstraint(
            ["book", "award"],
            ["subsidy_award.book", "subsidy_award.number"],
            name="fk_subsidy_top_up_award",
            deferrable=True,
            initially="DEFERRED",
        ),
    )

    award: str = Field(primary_key=True)
    due_fen: int = fen()
    had_fen: int = fen()
    calculation: UUID


class SubsidyExclusionTable(EventRow, table=True):
    """A unit that a batch leaves out, and why."""

    __tablename__ = "subsidy_exclusion"
    tells_of = ("subsidy-batch", "batch")
    __table_args__ = (
        ForeignKeyConstraint(
            ["book", "batch"],
            ["subsidy_batch.book", "subsidy_batch.number"],
            name="fk_subsidy_exclusion_batch",
            deferrable=True,
            initially="DEFERRED",
        ),
    )

    batch: str = Field(primary_key=True)
    unit: str = Field(primary_key=True)
    why: str
    detail: str
    base_fen: int = fen()


class SubsidyBatchStepTable(EventRow, table=True):
    """Publicised, approved, refused, void, superseded."""

    __tablename__ = "subsidy_batch_step"
    tells_of = ("subsidy-batch", "batch")
    __table_args__ = (
        ForeignKeyConstraint(
            ["book", "batch"], ["subsidy_batch.book", "subsidy_batch.number"], name="fk_subsidy_batch_step"
        ),
    )

    batch: str = Field(primary_key=True)
    position: int = counted()
    step: str
    taken_on: date
    person: str
    reason: str
    notice_until: date | None = None
    """Of a batch that is publicised: last day of the public notice."""


class SubsidyAwardPartTable(EventRow, table=True):
    """What one budget line bears of an award; written when the batch is publicised."""

    __tablename__ = "subsidy_award_part"
    __table_args__ = (
        ForeignKeyConstraint(
            ["book", "award"], ["subsidy_award.book", "subsidy_award.number"], name="fk_subsidy_award_part"
        ),
    )

    award: str = Field(primary_key=True)
    budget_line: str = Field(primary_key=True)
    amount_fen: int = fen()


class SubsidyPayableTable(EventRow, table=True):
    """The payable of a part; written when finance has approved."""

    __tablename__ = "subsidy_payable"
    __table_args__ = (
        Index("uq_subsidy_payable_part", "award", "budget_line", "book", unique=True),
        ForeignKeyConstraint(
            ["book", "award", "budget_line"],
            ["subsidy_award_part.book", "subsidy_award_part.award", "subsidy_award_part.budget_line"],
            name="fk_subsidy_payable_part",
        ),
    )

    payable: str = Field(primary_key=True)
    award: str
    budget_line: str


class SubsidyOwnBudgetTable(EventRow, table=True):
    """An award that is paid through its unit's own budget; written when finance has approved."""

    __tablename__ = "subsidy_own_budget"
    __table_args__ = (
        ForeignKeyConstraint(
            ["book", "award"], ["subsidy_award.book", "subsidy_award.number"], name="fk_subsidy_own_budget_award"
        ),
    )

    award: str = Field(primary_key=True)
    certificate: str
    """`CT-…`: the paper that says so."""


class SubsidyPaymentTable(EventRow, table=True):
    """The bank has confirmed a payment."""

    __tablename__ = "subsidy_payment"
    tells_of = ("subsidy-award", "award")
    __table_args__ = (
        ForeignKeyConstraint(
            ["book", "payable"], ["subsidy_payable.book", "subsidy_payable.payable"], name="fk_subsidy_payment"
        ),
    )

    payable: str = Field(primary_key=True)
    payment_batch: str = Field(primary_key=True)
    award: str
    paid_on: date
    bank_reference: str


class SubsidyBounceTable(EventRow, table=True):
    """A confirmed payment came back."""

    __tablename__ = "subsidy_bounce"
    tells_of = ("subsidy-award", "award")
    __table_args__ = (
        ForeignKeyConstraint(
            ["book", "payable", "payment_batch"],
            ["subsidy_payment.book", "subsidy_payment.payable", "subsidy_payment.payment_batch"],
            name="fk_subsidy_bounce_payment",
        ),
    )

    payable: str = Field(primary_key=True)
    payment_batch: str = Field(primary_key=True)
    award: str
    bounced_on: date
    bank_reference: str
    reason: str
    charged_year: int | None = Field(default=None, sa_type=SmallInteger)
    """Of what came back in a later year than it was paid in: the year whose budget bears it from then on."""
    charged_line: str | None = None


class SubsidyObjectionTable(EventRow, table=True):
    """Somebody objects to a batch during its public notice. Who, stands in the commission's files."""

    __tablename__ = "subsidy_objection"
    tells_of = ("subsidy-batch", "batch")
    __table_args__ = (
        Index("uq_subsidy_objection_file", "batch", "file_number", "book", unique=True),
        ForeignKeyConstraint(
            ["book", "batch"], ["subsidy_batch.book", "subsidy_batch.number"], name="fk_subsidy_objection_batch"
        ),
    )

    number: str = Field(primary_key=True)
    batch: str
    file_number: str
    reason: str
    raised_on: date
    person: str


class SubsidyObjectionAnswerTable(EventRow, table=True):
    __tablename__ = "subsidy_objection_answer"
    __table_args__ = (
        ForeignKeyConstraint(
            ["book", "objection"],
            ["subsidy_objection.book", "subsidy_objection.number"],
            name="fk_subsidy_objection_answer",
        ),
    )

    objection: str = Field(primary_key=True)
    upheld: bool
    reason: str
    answered_on: date
    person: str


class SubsidyClawBackTable(EventRow, table=True):
    """By a ruling, so much of a paid award is to be taken back: proposed."""

    __tablename__ = "subsidy_claw_back"
    tells_of = ("subsidy-award", "award")
    __table_args__ = (
        ForeignKeyConstraint(
            ["book", "award"], ["subsidy_award.book", "subsidy_award.number"], name="fk_subsidy_claw_back_award"
        ),
    )

    number: str = Field(primary_key=True)
    award: str
    amount_fen: int = fen()
    ground: str
    decision_number: str
    reason: str
    decided_on: date
    """Of the ruling."""
    appeal_until: date
    proposed_on: date
    maker: str


class SubsidyClawBackEndTable(EventRow, table=True):
    """Another officer of the commission has signed it, or has not."""

    __tablename__ = "subsidy_claw_back_end"
    __table_args__ = (
        ForeignKeyConstraint(
            ["book", "claw_back"],
            ["subsidy_claw_back.book", "subsidy_claw_back.number"],
            name="fk_subsidy_claw_back_end",
        ),
    )

    claw_back: str = Field(primary_key=True)
    outcome: str
    ended_on: date
    person: str
    reason: str


class SubsidyRecoveryTable(EventRow, table=True):
    """An obligation, and what of an award it takes back."""

    __tablename__ = "subsidy_recovery"
    tells_of = ("subsidy-award", "award")
    __table_args__ = (
        ForeignKeyConstraint(
            ["book", "claw_back"], ["subsidy_claw_back.book", "subsidy_claw_back.number"], name="fk_subsidy_recovery"
        ),
        ForeignKeyConstraint(
            ["book", "obligation"],
            ["obligation.book", "obligation.number"],
            name="fk_subsidy_recovery_obligation",
            deferrable=True,
            initially="DEFERRED",
        ),
        Index("ix_subsidy_recovery_award", "award", "book"),
    )

    obligation: str = Field(primary_key=True)
    claw_back: str
    award: str
    year: int = Field(sa_type=SmallInteger)
    """With the line: the budget that had paid it."""
    budget_line: str
    amount_fen: int = fen()


TABLES: tuple[type[EventRow], ...] = (
    SubsidyExcludedBillTable,
    SubsidyBatchTable,
    SubsidyAwardTable,
    SubsidyTopUpTable,
    SubsidyTopUpAwardTable,
    SubsidyExclusionTable,
    SubsidyBatchStepTable,
    SubsidyAwardPartTable,
    SubsidyPayableTable,
    SubsidyOwnBudgetTable,
    SubsidyPaymentTable,
    SubsidyBounceTable,
    SubsidyClawBackTable,
    SubsidyClawBackEndTable,
    SubsidyRecoveryTable,
    SubsidyObjectionTable,
    SubsidyObjectionAnswerTable,
)
