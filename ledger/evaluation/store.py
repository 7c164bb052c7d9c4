"""How decisions load what is known of evaluations: set-based, a constant number of statements for one or many."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from ledger.evaluation.values import (
    ENDED,
    Evaluation,
    Grade,
    Graded,
    LeftOut,
    Member,
    Objection,
    Rectification,
    RectificationState,
    Result,
    ResultState,
    Score,
    Ungraded,
)
from ledger.executor.commands import Aggregate, Keys
from ledger.executor.reading import Reader

_MEMBERS = """
    SELECT DISTINCT ON (unit) unit, step, stands, department, joined_on
      FROM evaluation_member WHERE book = %s AND (%s::text[] IS NULL OR unit = ANY(%s)) ORDER BY unit, step DESC
"""

_STATE = """
    CASE s.step WHEN 'filed' THEN 'filed' WHEN 'accepted' THEN 'accepted' WHEN 'lifted' THEN 'lifted' ELSE 'open' END
"""

_RECTIFICATIONS = f"""
    SELECT r.number, r.evaluation, r.unit, r.opened_on, r.due_on, {_STATE}, coalesce(s.position, 0)
      FROM evaluation_rectification r
      LEFT JOIN LATERAL (SELECT step, position FROM evaluation_rectification_step
                          WHERE book = r.book AND rectification = r.number ORDER BY position DESC LIMIT 1) s ON true
     WHERE r.book = %s
"""  # noqa: S608  our own words


def load_members(reader: Reader, units: Collection[str]) -> Mapping[str, Member]:
    """For every unit asked, on the platform or not."""
    found = {unit: Member(unit) for unit in units}
    wanted = list(units)
    found.update((row[0], Member(*row)) for row in reader.rows(_MEMBERS, reader.book, wanted, wanted))
    return found


def load_all_members(reader: Reader) -> dict[str, Member]:
    """Units on the platform now."""
    members = (Member(*row) for row in reader.rows(_MEMBERS, reader.book, None, None))
    return {member.unit: member for member in members if member.stands}


def load_evaluations(reader: Reader, ids: Collection[str]) -> Mapping[str, Evaluation]:
    """Rounds with members, scores, objections, results and rectifications under way, in nine statements."""
    wanted = list(ids)
    heads = reader.rows(
        "SELECT id, system, year, commission, opened_on FROM evaluation WHERE book = %s AND id = ANY(%s)",
        reader.book,
        wanted,
    )
    if not heads:
        return {}
    members = load_all_members(reader)
    rectifying = {
        one.unit: one
        for row in reader.rows(_RECTIFICATIONS, reader.book)
        if (one := _rectification(row)).state not in ENDED
    }
    scores = _scores(reader, wanted)
    objections = _objections(reader, wanted)
    results = load_results(reader, wanted)
    return {
        id_: Evaluation(
            id=id_,
            system=system,
            year=year,
            commission=commission,
            opened_on=opened_on,
            members=members,
            scores=scores[id_],
            objections=tuple(objections[id_]),
            latest=results[id_][-1] if results[id_] else None,
            published=next((one for one in reversed(results[id_]) if one.state is ResultState.PUBLISHED), None),
            rectifying=rectifying,
        )
        for id_, system, year, commission, opened_on in heads
    }


def _scores(reader: Reader, ids: list[str]) -> dict[str, dict[str, Score]]:
    found: dict[str, dict[str, Score]] = defaultdict(dict)
    for id_, *rest in reader.rows(
        "SELECT DISTINCT ON (evaluation, unit) evaluation, unit, version, department, total_hundredths, "
        "sharing_hundredths FROM evaluation_score WHERE book = %s AND evaluation = ANY(%s) "
        "ORDER BY evaluation, unit, version DESC",
        reader.book,
        ids,
    ):
        score = Score(*rest)
        found[id_][score.unit] = score
    return found


def _objections(reader: Reader, ids: list[str]) -> dict[str, list[Objection]]:
    found: dict[str, list[Objection]] = defaultdict(list)
    for id_, *rest in reader.rows(
        "SELECT o.evaluation, o.number, o.unit, o.score_version, o.raised_on, a.answered_on "
        "FROM evaluation_objection o "
        "LEFT JOIN evaluation_objection_answer a ON a.book = o.book AND a.objection = o.number "
        "WHERE o.book = %s AND o.evaluation = ANY(%s) ORDER BY o.raised_on, o.number",
        reader.book,
        ids,
    ):
        found[id_].append(Objection(*rest))
    return found


def load_results(reader: Reader, ids: Collection[str]) -> dict[str, list[Result]]:
    """Every version of the grades of each round, the first first."""
    wanted = list(ids)
    grades: dict[tuple[str, int], list[Graded]] = defaultdict(list)
    for id_, version, unit, grade, *rest in reader.rows(
        "SELECT evaluation, version, unit, grade, rank, total_hundredths, sharing_hundredths, reason "
        "FROM evaluation_grade WHERE book = %s AND evaluation = ANY(%s) ORDER BY evaluation, version, rank, unit",
        reader.book,
        wanted,
    ):
        grades[id_, version].append(Graded(unit, Grade(grade), *rest))
    left_out: dict[tuple[str, int], list[Ungraded]] = defaultdict(list)
    for id_, version, unit, why, reason in reader.rows(
        "SELECT evaluation, version, unit, why, reason FROM evaluation_left_out "
        "WHERE book = %s AND evaluation = ANY(%s) ORDER BY evaluation, version, unit",
        reader.book,
        wanted,
    ):
        left_out[id_, version].append(Ungraded(unit, LeftOut(why), reason))
    found: dict[str, list[Result]] = defaultdict(list)
    for id_, version, reason, proposed_on, synthetic, outcome in reader.rows(
        "SELECT r.evaluation, r.version, r.reason, r.proposed_on, r.synthetic, e.outcome FROM evaluation_result r "
        "LEFT JOIN evaluation_result_end e "
        "ON e.book = r.book AND e.evaluation = r.evaluation AND e.version = r.version "
        "WHERE r.book = %s AND r.evaluation = ANY(%s) ORDER BY r.evaluation, r.version",
        reader.book,
        wanted,
    ):
        found[id_].append(
            Result(
                version,
                reason,
                proposed_on,
                synthetic,
                ResultState(outcome or ResultState.PROPOSED),
                tuple(grades[id_, version]),
                tuple(left_out[id_, version]),
            )
        )
    return found


def load_rectifications(reader: Reader, numbers: Collection[str]) -> Mapping[str, Rectification]:
    return {
        row[0]: _rectification(row)
        for row in reader.rows(f"{_RECTIFICATIONS} AND r.number = ANY(%s)", reader.book, list(numbers))
    }


def _rectification(row: tuple[Any, ...]) -> Rectification:
    number, evaluation, unit, opened_on, due_on, state, steps = row
    return Rectification(number, evaluation, unit, opened_on, due_on, RectificationState(state), steps)


def load_rectifying_units(reader: Reader, units: Collection[str]) -> Mapping[str, str]:
    """For every unit asked: the rectification that it has under way, or an empty text."""
    found = dict.fromkeys(units, "")
    for row in reader.rows(f"{_RECTIFICATIONS} AND r.unit = ANY(%s) ORDER BY r.opened_on", reader.book, list(units)):
        one = _rectification(row)
        if one.state not in ENDED:
            found[one.unit] = one.number
    return found


def follow_rectifications(reader: Reader, numbers: Collection[str]) -> Mapping[str, Keys]:
    """The round in which the unit was graded, and its membership."""
    return {
        number: EVALUATIONS.keys(evaluation) | MEMBERS.keys(unit)
        for number, evaluation, unit in reader.rows(
            "SELECT number, evaluation, unit FROM evaluation_rectification WHERE book = %s AND number = ANY(%s)",
            reader.book,
            list(numbers),
        )
    }


MEMBERS = Aggregate[Member]("evaluation-member", load_members, what="平台成员/member of the platform")
EVALUATIONS = Aggregate[Evaluation]("evaluation", load_evaluations, what="评价考核/evaluation")
"""By `evaluation_id(system, year)`."""
RECTIFICATIONS = Aggregate[Rectification](
    "rectification", load_rectifications, follow_rectifications, what="整改事项/rectification"
)
RECTIFYING_UNITS = Aggregate[str]("rectifying-unit", load_rectifying_units, what="整改事项/rectification", locked=False)

PLATFORM = Aggregate[Mapping[str, Member]](
    "evaluation-platform",
    lambda reader, ids: dict.fromkeys(ids, load_all_members(reader)),
    what="平台/platform",
    locked=False,
)
"""One per book, under the id `book`: its members by unit."""

AGGREGATES: tuple[Aggregate[Any], ...] = (MEMBERS, EVALUATIONS, RECTIFICATIONS, RECTIFYING_UNITS, PLATFORM)
