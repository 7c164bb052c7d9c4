"""Budget years: what stands in one when it ends, and which ones are not settled when a period closes."""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date

from ledger.budgets.store import budget_id
from ledger.budgets.values import BudgetYear, LineStanding
from ledger.executor.commands import Aggregate
from ledger.executor.reading import Reader

_YEAR = re.compile(r"(.+):([0-9]{4})")

_STANDING = """
    SELECT w.id, a.entity, split_part(a.address, ':', 2), leg.budget_line, sum(leg.fen)::int8
      FROM unnest(%s::text[]) AS w (id)
      JOIN account a ON a.book = %s AND a.address = ANY (ARRAY[
           'budget:available:' || w.id, 'budget:committed:' || w.id, 'budget:obligated:' || w.id])
     CROSS JOIN LATERAL (
           SELECT budget_line, amount AS fen FROM transfer WHERE book = a.book AND debit = a.id
           UNION ALL SELECT budget_line, -amount FROM transfer WHERE book = a.book AND credit = a.id) leg
     GROUP BY 1, 2, 3, 4 ORDER BY 1, 4
"""
"""What stands under each line of a year, by bucket."""

_EARLIER = """
    SELECT w.id, min(split_part(a.address, ':', 4)::int)
      FROM unnest(%s::text[], %s::text[], %s::int[]) AS w (id, scheme, year)
      JOIN account a ON a.book = %s AND a.owner LIKE 'scheme:' || w.scheme || ':%%'
       AND split_part(a.address, ':', 2) IN ('available', 'committed', 'obligated')
       AND split_part(a.address, ':', 4)::int < w.year AND a.address LIKE 'budget:%%'
      JOIN balance b ON b.book = a.book AND b.account = a.id AND b.debits <> b.credits
     GROUP BY 1
"""
"""The first earlier year in which something stands."""


def load_budget_years(reader: Reader, ids: Collection[str]) -> Mapping[str, BudgetYear]:
    """Years that ever had a budget, appropriated or carried in, as they stand; in four statements."""
    named = {id_: (parts[1], int(parts[2])) for id_ in ids if (parts := _YEAR.fullmatch(id_))}
    wanted = (list(named), [scheme for scheme, _ in named.values()], [year for _, year in named.values()])
    operators: dict[str, str] = {}
    standing: dict[str, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    for id_, operator, bucket, line, fen in reader.rows(_STANDING, list(named), reader.book):
        operators[id_] = operator
        standing[id_][line][bucket] = fen
    earlier: dict[str, int] = dict(reader.rows(_EARLIER, *wanted, reader.book))
    proposals: dict[str, tuple[int, str]] = {
        id_: (version, document)
        for id_, version, document in reader.rows(
            "SELECT DISTINCT ON (1) scheme || ':' || year, version, document_number FROM voucher_year_end_proposal "
            "WHERE book = %s AND scheme || ':' || year = ANY(%s) ORDER BY 1, version DESC",
            reader.book,
            list(named),
        )
    }
    ended: dict[str, date] = dict(
        reader.rows(
            "SELECT scheme || ':' || year, ended_on FROM voucher_year_end "
            "WHERE book = %s AND scheme || ':' || year = ANY(%s)",
            reader.book,
            list(named),
        )
    )
    return {
        id_: BudgetYear(
            scheme=named[id_][0],
            year=named[id_][1],
            operator=operator,
            lines=tuple(_line(code, fen) for code, fen in standing[id_].items() if any(fen.values())),
            versions=proposals.get(id_, (0, ""))[0],
            document_number=proposals.get(id_, (0, ""))[1],
            ended_on=ended.get(id_),
            earlier=earlier.get(id_),
        )
        for id_, operator in operators.items()
    }


def _line(code: str, fen: Mapping[str, int]) -> LineStanding:
    return LineStanding(code, fen.get("available", 0), fen.get("committed", 0), fen.get("obligated", 0))


def load_years_not_ended(reader: Reader, periods: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """Budget years, as `budget_id`, that are over by the end of each period and not settled; for every period asked."""
    found: dict[str, tuple[str, ...]] = dict.fromkeys(periods, ())
    for period, scheme, year in reader.rows(
        "SELECT DISTINCT p.code, split_part(a.address, ':', 3), split_part(a.address, ':', 4)::int FROM period p "
        "JOIN account a ON a.book = p.book AND a.owner LIKE 'scheme:%%' AND a.address LIKE 'budget:%%' "
        "AND split_part(a.address, ':', 2) IN ('available', 'committed', 'obligated') "
        "AND make_date(split_part(a.address, ':', 4)::int, 12, 31) <= p.ends_on "
        "AND EXISTS (SELECT FROM voucher_appropriation v WHERE v.book = a.book "
        "AND v.scheme = split_part(a.address, ':', 3)) "
        "JOIN balance b ON b.book = a.book AND b.account = a.id AND b.debits <> b.credits "
        "WHERE p.book = %s AND p.code = ANY(%s) ORDER BY 1, 3, 2",
        reader.book,
        list(periods),
    ):
        found[period] += (budget_id(scheme, year),)
    return found


BUDGET_YEARS = Aggregate[BudgetYear]("voucher-budget-year", load_budget_years, what="年度预算/budget of the year")
"""By `budget_id(scheme, year)`."""
UNSETTLED_YEARS = Aggregate[tuple[str, ...]](
    "voucher-unsettled-years", load_years_not_ended, what="未结转的年度/years not ended", locked=False
)
"""By period."""
