"""Event rows of evaluation. A state is never written down: it follows from which rows are there."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ForeignKeyConstraint, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from ledger.journal.columns import counted, small
from ledger.journal.tables import EventRow


class EvaluationMemberTable(EventRow, table=True):
    """A unit joins the platform, changes its department, or leaves."""

    __tablename__ = "evaluation_member"

    unit: str = Field(primary_key=True)
    step: int = counted()
    stands: bool
    department: str
    joined_on: date
    document_number: str
    recorded_on: date
    person: str


class EvaluationTable(EventRow, table=True):
    """A round is open."""

    __tablename__ = "evaluation"
    tells_of = ("evaluation", "id")

    id: str = Field(primary_key=True)
    """`<system>:<year>`"""
    system: str
    year: int = small()
    commission: str
    opened_on: date
    person: str


class EvaluationScoreTable(EventRow, table=True):
    """A unit's score; the last version stands."""

    __tablename__ = "evaluation_score"
    tells_of = ("evaluation", "evaluation")
    __table_args__ = (
        Index("ix_evaluation_score_unit", "unit", "book"),
        ForeignKeyConstraint(["book", "evaluation"], ["evaluation.book", "evaluation.id"], name="fk_evaluation_score"),
    )

    evaluation: str = Field(primary_key=True)
    unit: str = Field(primary_key=True)
    version: int = counted()
    department: str
    scores: list[dict[str, Any]] = Field(sa_column=Column(JSONB, nullable=False))
    """`{"indicator": …, "score_hundredths": …}`, in the order of the system."""
    total_hundredths: int
    sharing_hundredths: int
    calculation: UUID
    reason: str
    """Why a score is given anew."""
    scored_on: date
    person: str


class EvaluationObjectionTable(EventRow, table=True):
    """A unit objects to its score."""

    __tablename__ = "evaluation_objection"
    tells_of = ("evaluation", "evaluation")
    __table_args__ = (
        Index("uq_evaluation_objection", "evaluation", "unit", "score_version", "book", unique=True),
        ForeignKeyConstraint(
            ["book", "evaluation", "unit", "score_version"],
            [
                "evaluation_score.book",
                "evaluation_score.evaluation",
                "evaluation_score.unit",
                "evaluation_score.version",
            ],
            name="fk_evaluation_objection_score",
        ),
    )

    number: str = Field(primary_key=True)
    evaluation: str
    unit: str
    score_version: int = small()
    reason: str
    raised_on: date
    person: str


class EvaluationObjectionAnswerTable(EventRow, table=True):
    """The department's answer."""

    __tablename__ = "evaluation_objection_answer"
    __table_args__ = (
        ForeignKeyConstraint(
            ["book", "objection"],
            ["evaluation_objection.book", "evaluation_objection.number"],
            name="fk_evaluation_objection_answer",
        ),
    )

    objection: str = Field(primary_key=True)
    upheld: bool
    reason: str
    answered_on: date
    person: str


class EvaluationResultTable(EventRow, table=True):
    """All grades of a round, as proposed."""

    __tablename__ = "evaluation_result"
    __table_args__ = (
        ForeignKeyConstraint(["book", "evaluation"], ["evaluation.book", "evaluation.id"], name="fk_evaluation_result"),
    )

    evaluation: str = Field(primary_key=True)
    version: int = counted()
    reason: str
    synthetic: bool
    calculation: UUID | None = None
    """Of the order of units, where the system orders ties."""
    maker: str
    proposed_on: date


class EvaluationGradeTable(EventRow, table=True):
    """One unit's grade in a version."""

    __tablename__ = "evaluation_grade"
    __table_args__ = (
        Index("ix_evaluation_grade_unit", "unit", "book"),
        ForeignKeyConstraint(
            ["book", "evaluation", "version"],
            ["evaluation_result.book", "evaluation_result.evaluation", "evaluation_result.version"],
            name="fk_evaluation_grade_result",
            deferrable=True,
            initially="DEFERRED",
        ),
    )

    evaluation: str = Field(primary_key=True)
    version: int = counted()
    unit: str = Field(primary_key=True)
    grade: str
    rank: int = small()
    total_hundredths: int
    sharing_hundredths: int
    reason: str


class EvaluationLeftOutTable(EventRow, table=True):
    """One member without a grade in a version."""

    __tablename__ = "evaluation_left_out"
    __table_args__ = (
        ForeignKeyConstraint(
            ["book", "evaluation", "version"],
            ["evaluation_result.book", "evaluation_result.evaluation", "evaluation_result.version"],
            name="fk_evaluation_left_out_result",
            deferrable=True,
            initially="DEFERRED",
        ),
    )

    evaluation: str = Field(primary_key=True)
    version: int = counted()
    unit: str = Field(primary_key=True)
    why: str
    reason: str


class EvaluationResultEndTable(EventRow, table=True):
    """Finance has signed, and the version is published and locked; or has refused."""

    __tablename__ = "evaluation_result_end"
    tells_of = ("evaluation", "evaluation")
    __table_args__ = (
        ForeignKeyConstraint(
            ["book", "evaluation", "version"],
            ["evaluation_result.book", "evaluation_result.evaluation", "evaluation_result.version"],
            name="fk_evaluation_result_end",
        ),
    )

    evaluation: str = Field(primary_key=True)
    version: int = counted()
    outcome: str
    ended_on: date
    person: str
    reason: str


class EvaluationRectificationTable(EventRow, table=True):
    """A unit was published as poor: it has until a day to mend what is wrong."""

    __tablename__ = "evaluation_rectification"
    tells_of = ("rectification", "number")
    __table_args__ = (
        Index("ix_evaluation_rectification_unit", "unit", "book"),
        ForeignKeyConstraint(
            ["book", "evaluation", "version", "unit"],
            [
                "evaluation_grade.book",
                "evaluation_grade.evaluation",
                "evaluation_grade.version",
                "evaluation_grade.unit",
            ],
            name="fk_evaluation_rectification_grade",
        ),
    )

    number: str = Field(primary_key=True)
    evaluation: str
    version: int = small()
    unit: str
    opened_on: date
    due_on: date


class EvaluationRectificationStepTable(EventRow, table=True):
    """Filed by the unit; accepted or sent back by its department; lifted by a later version of the grades."""

    __tablename__ = "evaluation_rectification_step"
    tells_of = ("rectification", "rectification")
    __table_args__ = (
        ForeignKeyConstraint(
            ["book", "rectification"],
            ["evaluation_rectification.book", "evaluation_rectification.number"],
            name="fk_evaluation_rectification_step",
        ),
    )

    rectification: str = Field(primary_key=True)
    position: int = counted()
    step: str
    evidence_digest: str
    """SHA-256 of the unit's report, 64 hex digits; empty where none belongs to the step."""
    words: str
    taken_on: date
    person: str


class EvaluationFlaggedPurchaseTable(EventRow, table=True):
    """An instrument that its unit registered while it was to mend something."""

    __tablename__ = "evaluation_flagged_purchase"
    tells_of = ("rectification", "rectification")
    __table_args__ = (
        Index("ix_evaluation_flagged_purchase", "rectification", "book"),
        ForeignKeyConstraint(
            ["book", "rectification"],
            ["evaluation_rectification.book", "evaluation_rectification.number"],
            name="fk_evaluation_flagged_purchase_rectification",
        ),
    )

    instrument: str = Field(primary_key=True)
    rectification: str
    unit: str
    flagged_on: date
    cited: str
    """`source#article`"""


TABLES: tuple[type[EventRow], ...] = (
    EvaluationMemberTable,
    EvaluationTable,
    EvaluationScoreTable,
    EvaluationObjectionTable,
    EvaluationObjectionAnswerTable,
    EvaluationResultTable,
    EvaluationGradeTable,
    EvaluationLeftOutTable,
    EvaluationResultEndTable,
    EvaluationRectificationTable,
    EvaluationRectificationStepTable,
    EvaluationFlaggedPurchaseTable,
)
