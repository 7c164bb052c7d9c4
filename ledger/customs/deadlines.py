"""Days that are coming up, or have passed without what they ask: supervisions, consents, moves, reports."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ledger.executor.reading import Reader


class DeadlineKind(StrEnum):
    SUPERVISION_ENDS = "supervision-ends"
    CONSENT_ENDS = "consent-ends"
    MOVE_PLANNED = "move-planned"
    """Approved, and not made yet."""
    REPORT_DUE = "report-due"
    """Not filed yet."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """One day with what it is for."""

    on: date
    kind: DeadlineKind
    subject: str
    """The item, consent or move; of a report its year."""
    unit: str
    instrument: str | None


def deadlines_page(  # bounds, by name
    reader: Reader,
    after: tuple[date, str, str],
    limit: int,
    *,
    since: date,
    until: date,
    reports: Mapping[int, date],
    unit: str | None = None,
) -> list[Deadline]:
    """Days from `since` to `until` behind this day, kind and subject, the nearest first.

    `reports` has the last day for the report on each year.
    """
    rows = reader.rows(
        "WITH day AS ("
        "  SELECT least(i.supervised_until, e.ended_on) AS due_on, 'supervision-ends' AS kind, i.number AS subject, "
        "         i.unit, NULL AS instrument FROM customs_item i "
        "    LEFT JOIN customs_item_end e ON e.book = i.book AND e.item = i.number "
        "   WHERE i.book = %s AND e.item IS NULL "
        "  UNION ALL SELECT c.valid_until, 'consent-ends', c.number, c.unit, c.instrument FROM ("
        "    SELECT DISTINCT ON (number) * FROM customs_consent WHERE book = %s ORDER BY number, version DESC) c "
        "   WHERE (SELECT s.state FROM customs_consent_step s WHERE s.book = c.book AND s.consent = c.number "
        "           ORDER BY s.step DESC LIMIT 1) IN ('granted', 'suspended') "
        "  UNION ALL SELECT m.planned_on, 'move-planned', m.number, m.unit, m.instrument FROM customs_move m "
        "   WHERE m.book = %s AND (SELECT s.state FROM customs_move_step s WHERE s.book = m.book AND s.move = m.number "
        "           ORDER BY s.step DESC LIMIT 1) = 'approved' "
        "  UNION ALL SELECT DISTINCT w.due_on, 'report-due', w.year::text, i.unit, NULL FROM customs_item i "
        "    JOIN unnest(%s::int4[], %s::date[]) AS w (year, due_on) ON i.released_on <= make_date(w.year, 12, 31) "
        "    LEFT JOIN customs_item_end e ON e.book = i.book AND e.item = i.number "
        "   WHERE i.book = %s AND least(i.supervised_until, e.ended_on) >= make_date(w.year, 1, 1) "
        "     AND NOT EXISTS (SELECT FROM customs_report r "
        "                      WHERE r.book = i.book AND r.unit = i.unit AND r.year = w.year)) "
        "SELECT due_on, kind, subject, unit, instrument FROM day "
        "WHERE due_on BETWEEN %s AND %s AND unit = coalesce(%s, unit) "
        "AND (due_on, kind, subject || ' ' || unit) > (%s, %s, %s) "
        "ORDER BY due_on, kind, subject || ' ' || unit LIMIT %s",
        reader.book,
        reader.book,
        reader.book,
        list(reports),
        list(reports.values()),
        reader.book,
        since,
        until,
        unit,
        *after,
        limit,
    )
    return [Deadline(on, DeadlineKind(kind), subject, owner, machine) for on, kind, subject, owner, machine in rows]
