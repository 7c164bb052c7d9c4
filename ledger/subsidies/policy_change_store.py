"""How decisions load proposed changes of a policy, and the grades that a year's batch rests on."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from ledger.evaluation.store import EVALUATIONS
from ledger.executor.commands import Aggregate, Keys
from ledger.executor.reading import Reader
from ledger.subsidies.impact import ChangeState, Impact, ImpactLine, PolicyChange, Side

_SIDE = (
    "scheme",
    "on",
    "policy",
    "policy_version",
    "synthetic",
    "base_year",
    "evaluation",
    "evaluation_version",
    "pool_fen",
    "entitled_fen",
    "awarded_fen",
    "units",
)


def load_policy_changes(reader: Reader, numbers: Collection[str]) -> Mapping[str, PolicyChange]:
    """Changes with both sides and every line, in three statements."""
    wanted = list(numbers)
    sides, lines = _sides(reader, wanted), _lines(reader, wanted)
    rows = reader.rows(
        "SELECT c.number, b.scheme, b.year, c.batch, c.operator, c.block, c.last_seq, c.block_hash, "
        "c.document_number, c.reason, c.maker, c.proposed_on, coalesce(e.outcome, 'proposed') "
        "FROM subsidy_policy_change c JOIN subsidy_batch b ON b.book = c.book AND b.number = c.batch "
        "LEFT JOIN subsidy_policy_change_end e ON e.book = c.book AND e.change = c.number "
        "WHERE c.book = %s AND c.number = ANY(%s)",
        reader.book,
        wanted,
    )
    found = {}
    for number, scheme, year, batch, operator, block, last_seq, block_hash, *paper, state in rows:
        document, reason, maker, proposed_on = paper
        impact = Impact(
            scheme=scheme,
            year=year,
            batch=batch,
            block=block,
            last_seq=last_seq,
            block_hash=block_hash,
            before=sides[number, "before"],
            after=sides[number, "after"],
            lines=tuple(lines[number]),
        )
        found[number] = PolicyChange(
            number=number,
            operator=operator,
            document_number=document,
            reason=reason,
            maker=maker,
            proposed_on=proposed_on,
            impact=impact,
            state=ChangeState(state),
        )
    return found


def _sides(reader: Reader, changes: list[str]) -> dict[tuple[str, str], Side]:
    rows = reader.rows(
        "SELECT change, side, scheme, rules_on, policy, policy_version, synthetic, base_year, evaluation, "
        "evaluation_version, pool_fen, entitled_fen, awarded_fen, units FROM subsidy_policy_change_side "
        "WHERE book = %s AND change = ANY(%s)",
        reader.book,
        changes,
    )
    return {(change, side): Side(**dict(zip(_SIDE, row, strict=True))) for change, side, *row in rows}


def _lines(reader: Reader, changes: list[str]) -> dict[str, list[ImpactLine]]:
    found: dict[str, list[ImpactLine]] = defaultdict(list)
    for change, *row in reader.rows(
        "SELECT change, unit, grade, awarded_fen, before_fen, after_fen FROM subsidy_policy_change_line "
        "WHERE book = %s AND change = ANY(%s) ORDER BY change, unit",
        reader.book,
        changes,
    ):
        found[change].append(ImpactLine(*row))
    return found


def _evaluations(reader: Reader, years: Collection[str]) -> dict[str, tuple[str, ...]]:
    rows: list[tuple[Any, ...]] = reader.rows(
        "SELECT scheme || ':' || year, array_agg(DISTINCT evaluation) FROM subsidy_batch "
        "WHERE book = %s AND scheme || ':' || year = ANY(%s) AND evaluation <> '' GROUP BY 1",
        reader.book,
        list(years),
    )
    return dict.fromkeys(years, ()) | {year: tuple(found) for year, found in rows}


def _follow_evaluations(reader: Reader, years: Collection[str]) -> Mapping[str, Keys]:
    return {year: EVALUATIONS.keys(*found) for year, found in _evaluations(reader, years).items() if found}


def _follow_changes(reader: Reader, numbers: Collection[str]) -> Mapping[str, Keys]:
    return {
        change: EVALUATIONS.keys(evaluation)
        for change, evaluation in reader.rows(
            "SELECT change, evaluation FROM subsidy_policy_change_side "
            "WHERE book = %s AND change = ANY(%s) AND side = 'after' AND evaluation <> ''",
            reader.book,
            list(numbers),
        )
    }


POLICY_CHANGES = Aggregate[PolicyChange](
    "subsidy-policy-change", load_policy_changes, _follow_changes, what="政策调整/change of policy"
)
"""The round whose grades would count is followed."""
GRADES_OF_YEARS = Aggregate[tuple[str, ...]](
    "subsidy-grades", _evaluations, _follow_evaluations, what="年度补贴/subsidy of the year", locked=False
)
"""By `year_id(scheme, year)`: the rounds whose grades its batches rest on, which are followed."""

AGGREGATES: tuple[Aggregate[Any], ...] = (POLICY_CHANGES, GRADES_OF_YEARS)
