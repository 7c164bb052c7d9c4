"""Members, scores, grades and rectifications, as decisions see them. Points are whole hundredths.  (pure)"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Grade(StrEnum):
    """考核等次, as published."""

    EXCELLENT = "优秀"
    GOOD = "良好"
    QUALIFIED = "合格"
    POOR = "较差"


GRADE_EN = {
    Grade.EXCELLENT: "excellent",
    Grade.GOOD: "good",
    Grade.QUALIFIED: "qualified",
    Grade.POOR: "poor",
}
ORDER = tuple(Grade)
"""The best first."""


@dataclass(frozen=True, slots=True)
class Member:
    """A unit on the platform; `stands` False: it was never there, or has left."""

    unit: str
    step: int = 0
    stands: bool = False
    department: str = ""
    """The bureau that supervises it (主管部门)."""
    joined_on: date | None = None


@dataclass(frozen=True, slots=True)
class IndicatorScore:
    """What a unit gets under one indicator of the second level."""

    indicator: str
    score_hundredths: int


@dataclass(frozen=True, slots=True)
class UnitScores:
    """All indicators of one unit, as its department scores them."""

    unit: str
    scores: tuple[IndicatorScore, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """The score of a unit that stands: its last version."""

    unit: str
    version: int
    department: str
    total_hundredths: int
    sharing_hundredths: int
    """Of it, what sharing (共享服务) brings."""


@dataclass(frozen=True, slots=True)
class Objection:
    """A unit's objection to its score."""

    number: str
    unit: str
    score_version: int
    raised_on: date
    answered_on: date | None = None


@dataclass(frozen=True, slots=True)
class UnitGrade:
    """The grade that is given to a unit; `reason` where it does not follow from the order of scores."""

    unit: str
    grade: Grade
    reason: str = ""


@dataclass(frozen=True, slots=True)
class NotEvaluated:
    """A member that gets no grade this time, and why."""

    unit: str
    reason: str


class LeftOut(StrEnum):
    """Why a member has no grade."""

    NOT_EVALUATED = "not-evaluated"
    IN_RECTIFICATION = "in-rectification"


@dataclass(frozen=True, slots=True)
class Graded:
    """One line of a result."""

    unit: str
    grade: Grade
    rank: int
    total_hundredths: int
    sharing_hundredths: int
    reason: str


@dataclass(frozen=True, slots=True)
class Ungraded:
    """A member without a grade, in a result."""

    unit: str
    why: LeftOut
    reason: str


class ResultState(StrEnum):
    PROPOSED = "proposed"
    PUBLISHED = "published"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Result:
    """One version of all grades of a round."""

    version: int
    reason: str
    """Why a published version is replaced; empty for the first."""
    proposed_on: date
    synthetic: bool
    state: ResultState
    grades: tuple[Graded, ...] = ()
    left_out: tuple[Ungraded, ...] = ()

    def grade_of(self, unit: str) -> Grade | None:
        return next((line.grade for line in self.grades if line.unit == unit), None)


class RectificationState(StrEnum):
    OPEN = "open"
    FILED = "filed"
    """The unit says that it has mended what was wrong; its department has not judged yet."""
    ACCEPTED = "accepted"
    LIFTED = "lifted"
    """A later version of the grades no longer calls the unit poor."""


ENDED = frozenset({RectificationState.ACCEPTED, RectificationState.LIFTED})


@dataclass(frozen=True, slots=True)
class Rectification:
    """限期整改: what a unit graded poor has to mend, and until when."""

    number: str
    """`RF-…`"""
    evaluation: str
    unit: str
    opened_on: date
    due_on: date
    state: RectificationState
    steps: int = 0

    def overdue_on(self, day: date) -> bool:
        return self.state not in ENDED and day > self.due_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """A year's round under one indicator system, with all that stands in it."""

    id: str
    """`<system>:<year>`"""
    system: str
    year: int
    commission: str
    opened_on: date
    members: Mapping[str, Member] = field(default_factory=dict)
    """Units on the platform now."""
    scores: Mapping[str, Score] = field(default_factory=dict)
    objections: tuple[Objection, ...] = ()
    latest: Result | None = None
    """The version proposed last, whatever became of it."""
    published: Result | None = None
    """The version that is published and not replaced."""
    rectifying: Mapping[str, Rectification] = field(default_factory=dict)
    """Rectifications under way of this round and of every other, by unit."""

    @property
    def open_objections(self) -> tuple[Objection, ...]:
        return tuple(one for one in self.objections if one.answered_on is None)

    @property
    def awaits_signature(self) -> bool:
        return self.latest is not None and self.latest.state is ResultState.PROPOSED


def evaluation_id(system: str, year: int) -> str:
    return f"{system}:{year}"
