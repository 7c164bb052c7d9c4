"""What the recorded uses of a year say of how a unit opened its instruments.

Minutes are whole; the year is of the city's days. What a unit's own people use counts as effective time; what others
use counts as time for others too. The books know no work that was never recorded, and no standby: a department sees
what there is, and scores by it and by what else it knows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ledger.executor.reading import Reader


@dataclass(frozen=True, slots=True)
class InstrumentYear:
    """One instrument's recorded year; one that nobody used has noughts."""

    instrument: str
    unit: str
    name: str
    original_value_fen: int
    uses: int
    effective_minutes: int
    external_minutes: int
    internal_income_fen: int
    external_income_fen: int
    """Billed, VAT included, less what red invoices took back in full."""

    def facts(self) -> Mapping[str, int]:
        """For the calculator `evaluation/indicators`."""
        return {
            "effective_minutes": self.effective_minutes,
            "external_minutes": self.external_minutes,
            "internal_income_fen": self.internal_income_fen,
            "external_income_fen": self.external_income_fen,
            "original_value_fen": self.original_value_fen,
        }


@dataclass(frozen=True, slots=True)
class UnitYear:
    """All instruments of a unit together."""

    unit: str
    instruments: int
    uses: int
    effective_minutes: int
    external_minutes: int
    users: int
    """How many others used them."""


_OF_THE_YEAR = (
    "u.started_at >= make_date(%s, 1, 1)::timestamp AT TIME ZONE 'Asia/Shanghai' "
    "AND u.started_at < make_date(%s + 1, 1, 1)::timestamp AT TIME ZONE 'Asia/Shanghai'"
)


def instruments_year(
    reader: Reader, unit: str, year: int, after: str = "", limit: int | None = None
) -> Sequence[InstrumentYear]:
    """A unit's instruments that were registered by the end of a year, by code."""
    rows = reader.rows(
        "SELECT i.code, i.unit, i.name, i.original_value_fen, coalesce(t.uses, 0), coalesce(t.effective, 0), "  # noqa: S608  our own words
        "coalesce(t.external, 0), coalesce(t.own_income, 0), coalesce(t.income, 0) FROM instrument i "
        "LEFT JOIN LATERAL (SELECT count(*)::int AS uses, sum(u.minutes)::int8 AS effective, "
        "  coalesce(sum(u.minutes) FILTER (WHERE u.used_by <> u.unit), 0)::int8 AS external, "
        "  coalesce(sum(b.fen) FILTER (WHERE u.used_by = u.unit), 0)::int8 AS own_income, "
        "  coalesce(sum(b.fen) FILTER (WHERE u.used_by <> u.unit), 0)::int8 AS income "
        "  FROM fee_use u LEFT JOIN LATERAL (SELECT sum(l.quantity * l.price_fen)::int8 AS fen FROM fee_bill_line l "
        "    WHERE l.book = u.book AND l.charged_use = u.number AND NOT EXISTS (SELECT FROM fee_credit c "
        "      WHERE c.book = l.book AND c.bill = l.bill AND c.whole)) b ON true "
        f"  WHERE u.book = i.book AND u.instrument = i.code AND {_OF_THE_YEAR}) t ON true "
        "WHERE i.book = %s AND i.unit = %s AND i.registered_on <= make_date(%s, 12, 31) AND i.code > %s "
        "ORDER BY i.code LIMIT %s",
        year,
        year,
        reader.book,
        unit,
        year,
        after,
        limit,
    )
    return [InstrumentYear(*row) for row in rows]


def units_year(reader: Reader, year: int, after: str = "", limit: int | None = None) -> Sequence[UnitYear]:
    """Every unit with instruments, by code, with the sums of its recorded year."""
    rows = reader.rows(
        "SELECT i.unit, i.instruments, coalesce(t.uses, 0), coalesce(t.effective, 0), "  # noqa: S608  our own words
        "coalesce(t.external, 0), coalesce(t.users, 0) FROM (SELECT unit, count(*)::int AS instruments FROM instrument "
        "  WHERE book = %s AND registered_on <= make_date(%s, 12, 31) AND unit > %s "
        "  GROUP BY unit ORDER BY unit LIMIT %s) i "
        "LEFT JOIN LATERAL (SELECT count(*)::int AS uses, sum(u.minutes)::int8 AS effective, "
        "  coalesce(sum(u.minutes) FILTER (WHERE u.used_by <> u.unit), 0)::int8 AS external, "
        "  count(DISTINCT u.used_by) FILTER (WHERE u.used_by <> u.unit)::int AS users "
        f"  FROM fee_use u WHERE u.book = %s AND u.unit = i.unit AND {_OF_THE_YEAR}) t ON true ORDER BY i.unit",
        reader.book,
        year,
        after,
        limit,
        reader.book,
        year,
        year,
    )
    return [UnitYear(*row) for row in rows]
