"""What people and programs look at: rounds, their grades, a unit's scores and objections, rectifications."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ledger.evaluation.store import RECTIFICATIONS
from ledger.evaluation.values import Grade, Rectification, RectificationState
from ledger.executor.listing import Place, newest
from ledger.executor.reading import Reader


@dataclass(frozen=True, slots=True)
class RoundShown:
    """A round and the grades that are published of it."""

    id: str
    system: str
    year: int
    commission: str
    opened_on: date
    version: int | None
    """Of the published grades; None: none are."""
    published_on: date | None
    reason: str
    """Why this version replaced the one before."""
    synthetic: bool | None
    grades: Mapping[str, int]
    """Units by grade."""
    left_out: int


_ROUNDS = """
    SELECT v.id, v.system, v.year, v.commission, v.opened_on, p.version, p.ended_on, coalesce(r.reason, ''),
           r.synthetic,
           (SELECT jsonb_object_agg(g.grade, g.units) FROM (
               SELECT grade, count(*) AS units FROM evaluation_grade
                WHERE book = v.book AND evaluation = v.id AND version = p.version GROUP BY grade) g),
           (SELECT count(*)::int FROM evaluation_left_out
             WHERE book = v.book AND evaluation = v.id AND version = p.version)
      FROM evaluation v
      LEFT JOIN LATERAL (SELECT version, ended_on FROM evaluation_result_end
                          WHERE book = v.book AND evaluation = v.id AND outcome = 'published'
                          ORDER BY version DESC LIMIT 1) p ON true
      LEFT JOIN evaluation_result r ON r.book = v.book AND r.evaluation = v.id AND r.version = p.version
     WHERE v.book = %s
"""


def rounds_page(reader: Reader, after: Place, limit: int) -> list[RoundShown]:
    """Rounds, those opened last first."""
    rows = reader.rows(
        f"{_ROUNDS} AND (v.opened_on, v.id) < (%s, %s) ORDER BY v.opened_on DESC, v.id DESC LIMIT %s",
        reader.book,
        *after,
        limit,
    )
    return [_round(row) for row in rows]


def round_shown(reader: Reader, id_: str) -> RoundShown:
    """One round, which is there."""
    (row,) = reader.rows(f"{_ROUNDS} AND v.id = %s", reader.book, id_)
    return _round(row)


def _round(row: tuple[Any, ...]) -> RoundShown:
    id_, system, year, commission, opened_on, version, published_on, reason, synthetic, grades, left_out = row
    return RoundShown(
        id=id_,
        system=system,
        year=year,
        commission=commission,
        opened_on=opened_on,
        version=version,
        published_on=published_on,
        reason=reason,
        synthetic=synthetic,
        grades={grade.value: (grades or {}).get(grade.value, 0) for grade in Grade},
        left_out=left_out,
    )


@dataclass(frozen=True, slots=True)
class GradeShown:
    """One line of the published grades."""

    unit: str
    name: str
    grade: str
    rank: int
    total_hundredths: int
    sharing_hundredths: int
    reason: str


def grades_page(reader: Reader, evaluation: str, after: tuple[int, str], limit: int) -> list[GradeShown]:
    """The published grades of a round, by rank; none where none are published."""
    rows = reader.rows(
        "SELECT g.unit, coalesce(n.name, ''), g.grade, g.rank, g.total_hundredths, g.sharing_hundredths, g.reason "
        "FROM evaluation_grade g LEFT JOIN party n ON n.book = g.book AND n.code = g.unit "
        "WHERE g.book = %s AND g.evaluation = %s AND (g.rank, g.unit) > (%s, %s) AND g.version = ("
        "  SELECT max(version) FROM evaluation_result_end "
        "  WHERE book = g.book AND evaluation = g.evaluation AND outcome = 'published') "
        "ORDER BY g.rank, g.unit LIMIT %s",
        reader.book,
        evaluation,
        *after,
        limit,
    )
    return [GradeShown(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class ScoreShown:
    """One version of a unit's score."""

    unit: str
    version: int
    department: str
    scores: list[dict[str, Any]]
    total_hundredths: int
    sharing_hundredths: int
    calculation: str
    reason: str
    scored_on: date
    objection: str | None
    objected: str
    """What the unit objects."""
    upheld: bool | None
    """None: there is no objection, or it is not answered."""
    answer: str


def scores_page(
    reader: Reader, evaluation: str, after: tuple[str, int], limit: int, *, unit: str | None = None
) -> list[ScoreShown]:
    """Scores of a round with the objections to them, by unit and version, as far as the reader may see."""
    rows = reader.rows(
        "SELECT s.unit, s.version, s.department, s.scores, s.total_hundredths, s.sharing_hundredths, "
        "s.calculation::text, s.reason, s.scored_on, o.number, coalesce(o.reason, ''), a.upheld, "
        "coalesce(a.reason, '') "
        "FROM evaluation_score s "
        "LEFT JOIN evaluation_objection o ON o.book = s.book AND o.evaluation = s.evaluation AND o.unit = s.unit "
        "  AND o.score_version = s.version "
        "LEFT JOIN evaluation_objection_answer a ON a.book = o.book AND a.objection = o.number "
        "WHERE s.book = %s AND s.evaluation = %s AND s.unit = coalesce(%s, s.unit) AND (s.unit, s.version) > (%s, %s) "
        "ORDER BY s.unit, s.version LIMIT %s",
        reader.book,
        evaluation,
        unit,
        *after,
        limit,
    )
    return [ScoreShown(*row) for row in rows]


def rectifications_page(
    reader: Reader, after: Place, limit: int, *, unit: str | None = None, open_only: bool = False
) -> list[Rectification]:
    """What units have to mend, the newest first."""
    where = (
        "AND NOT EXISTS (SELECT FROM evaluation_rectification_step s WHERE s.book = t.book "
        "AND s.rectification = t.number AND s.step IN ('accepted', 'lifted'))"
    )
    return newest(
        reader,
        RECTIFICATIONS,
        "evaluation_rectification",
        "opened_on",
        after,
        limit,
        where if open_only else "",
        unit=unit,
    )


@dataclass(frozen=True, slots=True)
class StepShown:
    step: RectificationState
    evidence_digest: str
    words: str
    taken_on: date


def steps_of(reader: Reader, rectification: str) -> list[StepShown]:
    """What was done about a rectification, in order."""
    rows = reader.rows(
        "SELECT step, evidence_digest, words, taken_on FROM evaluation_rectification_step "
        "WHERE book = %s AND rectification = %s ORDER BY position",
        reader.book,
        rectification,
    )
    return [StepShown(RectificationState(step), *rest) for step, *rest in rows]


@dataclass(frozen=True, slots=True)
class FlaggedShown:
    """An instrument that was registered while its unit was to mend something."""

    instrument: str
    name: str
    asset_number: str
    original_value_fen: int
    unit: str
    rectification: str
    flagged_on: date
    cited: str


def flagged_page(
    reader: Reader, after: Place, limit: int, *, unit: str | None = None, rectification: str | None = None
) -> list[FlaggedShown]:
    """Flagged instruments, those flagged last first, as far as the reader may see."""
    rows = reader.rows(
        "SELECT f.instrument, i.name, i.asset_number, i.original_value_fen, f.unit, f.rectification, f.flagged_on, "
        "f.cited FROM evaluation_flagged_purchase f "
        "JOIN instrument i ON i.book = f.book AND i.code = f.instrument "
        "WHERE f.book = %s AND (f.flagged_on, f.instrument) < (%s, %s) AND f.unit = coalesce(%s, f.unit) "
        "AND f.rectification = coalesce(%s, f.rectification) ORDER BY f.flagged_on DESC, f.instrument DESC LIMIT %s",
        reader.book,
        *after,
        unit,
        rectification,
        limit,
    )
    return [FlaggedShown(*row) for row in rows]
