"""Rounds of evaluation: opened, scored by departments, objected to by units, graded; what recorded uses say."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Request, Response, status
from pydantic import Field

from api.answers import APPROVAL_EXAMPLE, PROOF_EXAMPLE, ApprovalAsked, Written
from api.bodies import Body, Filter, Line, Shown, Text, Year, example
from api.dependencies import Reading, Sending
from api.paging import Page, Paging, document, whole_in
from api.routing import SliceRouter
from ledger.evaluation.answer_objection import AnswerScoreObjection
from ledger.evaluation.indicators import units_year
from ledger.evaluation.listing import GradeShown, grades_page, round_shown, rounds_page, scores_page
from ledger.evaluation.object_to_score import ObjectToScore
from ledger.evaluation.open_evaluation import OpenEvaluation
from ledger.evaluation.propose_grades import ProposeGrades
from ledger.evaluation.score_units import ScoreUnits
from ledger.evaluation.values import Grade, IndicatorScore, NotEvaluated, UnitGrade, UnitScores

router = SliceRouter("/v1/evaluations", tag="evaluations")

UNITS_MAX = 2_000
"""Of one list: more than every unit that was ever evaluated together."""
_UNIT = "12331122MA0000232L"
_ROUND = {
    "id": "national-2026:2026",
    "system": "national-2026",
    "year": 2026,
    "commission": "11331122MA0000002X",
    "opened_on": "2026-03-02",
    "version": 1,
    "published_on": "2026-04-20",
    "reason": "",
    "synthetic": True,
    "grades": {"优秀": 50, "良好": 100, "合格": 189, "较差": 5},
    "left_out": 2,
}
_GRADE = {
    "unit": _UNIT,
    "name": "理化实验室",
    "grade": "优秀",
    "rank": 1,
    "total_hundredths": 9_120,
    "sharing_hundredths": 3_710,
    "reason": "",
}
_INDICATOR = {"indicator": "运行机时", "score_hundredths": 8_800}
_SCORE = {
    "unit": _UNIT,
    "version": 1,
    "department": "11331122MA0000029B",
    "scores": [_INDICATOR],
    "total_hundredths": 9_120,
    "sharing_hundredths": 3_710,
    "calculation": "0f0b2f5e-8a5d-5b3e-9b43-0c2f7f7d3c11",
    "reason": "",
    "scored_on": "2026-03-10",
    "objection": None,
    "objected": "",
    "upheld": None,
    "answer": "",
}


class EvaluationShown(Shown):
    model_config = example(_ROUND)

    id: str
    system: str = Field(description="Its indicators: the calculator `evaluation/<system>`")
    year: int = Field(description="In which units are evaluated, of the year before")
    commission: str
    opened_on: date
    version: int | None = Field(description="Of the published grades; null: none are")
    published_on: date | None
    reason: str = Field(description="Why this version replaced the one before")
    synthetic: bool | None = Field(description="True: weights that nobody published were made up")
    grades: dict[str, int] = Field(description="Units by grade")
    left_out: int = Field(description="Members without a grade")


class EvaluationPage(Page[EvaluationShown]):
    model_config = example({"items": [_ROUND], "next": None})


class PublishedGradeShown(Shown):
    model_config = example(_GRADE)

    unit: str
    name: str
    grade: Grade
    rank: int
    total_hundredths: int
    sharing_hundredths: int
    reason: str = Field(description="Why the grade does not follow from the rank, where it does not")


class GradePage(Page[PublishedGradeShown]):
    model_config = example({"items": [_GRADE], "next": None})


class IndicatorScoreShown(Shown):
    model_config = example(_INDICATOR)

    indicator: str
    score_hundredths: int


class UnitScoreShown(Shown):
    model_config = example(_SCORE)

    unit: str
    version: int = Field(description="The last stands")
    department: str
    scores: list[IndicatorScoreShown]
    total_hundredths: int
    sharing_hundredths: int
    calculation: UUID
    reason: str
    scored_on: date
    objection: str | None
    objected: str = Field(description="What the unit objects")
    upheld: bool | None = Field(description="Null: no objection, or none that was answered")
    answer: str


class ScorePage(Page[UnitScoreShown]):
    model_config = example({"items": [_SCORE], "next": None})


_YEAR = {
    "unit": _UNIT,
    "instruments": 140,
    "uses": 1_402,
    "effective_minutes": 12_692_400,
    "external_minutes": 2_150_400,
    "users": 61,
}


class UnitYearShown(Shown):
    """What was recorded of a unit's instruments in the year that is evaluated."""

    model_config = example(_YEAR)

    unit: str
    instruments: int
    uses: int
    effective_minutes: int = Field(description="Of all users")
    external_minutes: int = Field(description="Of users other than the unit")
    users: int = Field(description="How many others used them")


class UnitYearPage(Page[UnitYearShown]):
    model_config = example({"items": [_YEAR], "next": None})


@router.get("", summary="Rounds, the newest first")
def evaluations(reader: Reading, paging: Paging) -> EvaluationPage:
    found = rounds_page(reader, paging.newest(), paging.look_ahead)
    return paging.page(EvaluationPage, found, EvaluationShown.of, lambda one: (one.opened_on, one.id))


@router.get("/{id}", summary="A round with its published grades, counted", response_model=EvaluationShown)
def evaluation(id: str, request: Request, reader: Reading) -> Response:  # noqa: A002  the path's word
    return document(request, EvaluationShown.of(round_shown(reader, id)))


@router.get("/{id}/grades", summary="Its published grades, by rank")
def grades(id: str, reader: Reading, paging: Paging) -> GradePage:  # noqa: A002  the path's word
    start = paging.start(2)
    after = (whole_in(start[0]), start[1]) if start else (0, "")
    found = grades_page(reader, id, after, paging.look_ahead)
    return paging.page(GradePage, found, PublishedGradeShown.of, _grade_place)


def _grade_place(line: GradeShown) -> tuple[object, ...]:
    return line.rank, line.unit


@router.get("/{id}/scores", summary="Scores with the objections to them; a unit sees its own")
def scores(id: str, reader: Reading, paging: Paging, unit: Filter | None = None) -> ScorePage:  # noqa: A002
    start = paging.start(2)
    after = (start[0], whole_in(start[1])) if start else ("", 0)
    found = scores_page(reader, id, after, paging.look_ahead, unit=unit)
    return paging.page(ScorePage, found, UnitScoreShown.of, lambda one: (one.unit, one.version))


@router.get("/{id}/indicators", summary="What recorded uses say of each unit in the year before")
def indicators(id: str, reader: Reading, paging: Paging) -> UnitYearPage:  # noqa: A002  the path's word
    """Of one instrument and year, `evaluation/indicators` among the calculators makes utilisation and sharing rate."""
    start = paging.start(1)
    year = round_shown(reader, id).year - 1
    found = units_year(reader, year, start[0] if start else "", paging.look_ahead)
    return paging.page(UnitYearPage, found, UnitYearShown.of, lambda one: (one.unit,))


# -- what is done ------------------------------------------------------------------------------------------------------


class NewEvaluation(Body):
    model_config = example({"system": "national-2026", "year": 2026})

    system: Line
    year: Year


class EvaluationOpened(Written):
    model_config = example(
        {
            "evaluation": "national-2026:2026",
            "score_by": "2026-01-31",
            "publish_by": "2026-04-30",
            "indicators": ["运行机时", "共享机时"],
            "synthetic": True,
            "proof": PROOF_EXAMPLE,
        }
    )

    evaluation: str
    score_by: date = Field(description="Last day by which departments have scored")
    publish_by: date
    indicators: list[str]
    synthetic: bool


@router.post("", status_code=status.HTTP_201_CREATED, summary="Open a round")
async def open_evaluation(body: NewEvaluation, sender: Sending) -> EvaluationOpened:
    """By an operator of the commission, in the year of the round or the one after it."""
    command = OpenEvaluation(**sender.signed, system=body.system, year=body.year)
    return EvaluationOpened.told(await sender.send(command))


class IndicatorScored(Body):
    model_config = example(_INDICATOR)

    indicator: Line
    score_hundredths: Annotated[int, Field(strict=True, ge=0, le=10_000, description="Hundredths of a point")]


class UnitScored(Body):
    model_config = example({"unit": _UNIT, "scores": [_INDICATOR]})

    unit: Line
    scores: list[IndicatorScored] = Field(min_length=1, max_length=50)


class NewScores(Body):
    model_config = example({"units": [{"unit": _UNIT, "scores": [_INDICATOR]}], "reason": "漏计机时"})

    units: list[UnitScored] = Field(min_length=1, max_length=UNITS_MAX)
    reason: Text | None = Field(default=None, description="Why a unit is scored anew")


class UnitScoreGiven(Shown):
    unit: str
    version: int
    total_hundredths: int
    sharing_hundredths: int
    calculation: UUID


class ScoresGiven(Written):
    model_config = example(
        {
            "evaluation": "national-2026:2026",
            "synthetic": True,
            "units": [
                {
                    "unit": _UNIT,
                    "version": 1,
                    "total_hundredths": 9_120,
                    "sharing_hundredths": 3_710,
                    "calculation": "0f0b2f5e-8a5d-5b3e-9b43-0c2f7f7d3c11",
                }
            ],
            "proof": PROOF_EXAMPLE,
        }
    )

    evaluation: str
    synthetic: bool
    units: list[UnitScoreGiven]


@router.post("/{id}/scores", status_code=status.HTTP_201_CREATED, summary="Score units, all of a list or none")
async def score_units(id: str, body: NewScores, sender: Sending) -> ScoresGiven:  # noqa: A002  the path's word
    """By an officer of the department that supervises them, or by the commission."""
    units = tuple(
        UnitScores(one.unit, tuple(IndicatorScore(s.indicator, s.score_hundredths) for s in one.scores))
        for one in body.units
    )
    command = ScoreUnits(**sender.signed, evaluation=id, units=units, reason=body.reason or "")
    return ScoresGiven.told(await sender.send(command))


class NewScoreObjection(Body):
    model_config = example({"unit": _UNIT, "reason": "未计大型设备机时"})

    unit: Line
    reason: Text


class ScoreObjectionRaised(Written):
    model_config = example(
        {
            "objection": "EO-1A2B-3C4D-5E6F7",
            "evaluation": "national-2026:2026",
            "unit": _UNIT,
            "proof": PROOF_EXAMPLE,
        }
    )

    objection: str
    evaluation: str
    unit: str


@router.post("/{id}/objections", status_code=status.HTTP_201_CREATED, summary="Object to your unit's score")
async def object_to_score(id: str, body: NewScoreObjection, sender: Sending) -> ScoreObjectionRaised:  # noqa: A002
    """By an officer of the unit, once for each version of its score."""
    command = ObjectToScore(**sender.signed, evaluation=id, unit=body.unit, reason=body.reason)
    return ScoreObjectionRaised.told(await sender.send(command))


class ScoreObjectionAnswer(Body):
    model_config = example({"upheld": True, "reason": "补计大型设备机时"})

    upheld: bool
    reason: Text = Field(description="What the unit is told")


class ScoreObjectionAnswered(Written):
    model_config = example({"objection": "EO-1A2B-3C4D-5E6F7", "upheld": True, "proof": PROOF_EXAMPLE})

    objection: str
    upheld: bool


@router.post(
    "/{id}/objections/{objection}/answer", status_code=status.HTTP_201_CREATED, summary="Answer a unit's objection"
)
async def answer_score_objection(
    id: str,  # noqa: A002  the path's word
    objection: str,
    body: ScoreObjectionAnswer,
    sender: Sending,
) -> ScoreObjectionAnswered:
    """By the department that gave the score, or by the commission. If it is upheld, the unit is scored anew."""
    command = AnswerScoreObjection(
        **sender.signed, evaluation=id, objection=objection, upheld=body.upheld, reason=body.reason
    )
    return ScoreObjectionAnswered.told(await sender.send(command))


class GradeGiven(Body):
    model_config = example({"unit": _UNIT, "grade": "优秀"})

    unit: Line
    grade: Grade
    reason: Text | None = Field(default=None, description="Where the grade does not follow from the order of scores")


class UnitNotEvaluated(Body):
    model_config = example({"unit": _UNIT, "reason": "筹建中"})

    unit: Line
    reason: Text


class NewGrades(Body):
    model_config = example({"grades": [{"unit": _UNIT, "grade": "优秀"}], "not_evaluated": [], "reason": "复核后更正"})

    grades: list[GradeGiven] = Field(max_length=UNITS_MAX)
    not_evaluated: list[UnitNotEvaluated] = Field(default_factory=list, max_length=UNITS_MAX)
    reason: Text | None = Field(default=None, description="Why published grades are replaced")


class GradesProposed(Written):
    model_config = example(
        {
            "evaluation": "national-2026:2026",
            "version": 1,
            "grades": {"优秀": 50, "良好": 100, "合格": 189, "较差": 5},
            "left_out": 2,
            "approval": APPROVAL_EXAMPLE | {"kind": "evaluation.grades", "subject": "national-2026:2026"},
            "proof": PROOF_EXAMPLE,
        }
    )

    evaluation: str
    version: int
    grades: dict[str, int]
    left_out: int
    approval: ApprovalAsked


@router.post("/{id}/grades", status_code=status.HTTP_201_CREATED, summary="Propose all grades of a round")
async def propose_grades(id: str, body: NewGrades, sender: Sending) -> GradesProposed:  # noqa: A002  the path's word
    """By an operator; published and locked once finance has signed. Units in rectification are left out by themselves.

    Published grades are replaced by a whole new version, with the reason.
    """
    command = ProposeGrades(
        **sender.signed,
        evaluation=id,
        grades=tuple(UnitGrade(one.unit, one.grade, one.reason or "") for one in body.grades),
        not_evaluated=tuple(NotEvaluated(one.unit, one.reason) for one in body.not_evaluated),
        reason=body.reason or "",
    )
    return GradesProposed.told(await sender.send(command))
