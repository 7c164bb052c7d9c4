"""The yearly reports: how they are drafted from the records, and what was filed."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from ledger.customs.values import Report, ReportLine
from ledger.executor.commands import Aggregate
from ledger.executor.listing import details
from ledger.executor.reading import Reader

REPORT_LINES = """
    WITH taken_back AS MATERIALIZED (
        SELECT e.command, e.effective_on FROM entry x JOIN entry e ON e.book = x.book AND e.seq = x.reverses
         WHERE x.book = %s AND x.reverses IS NOT NULL AND e.template IN ('fee.use', 'fee.log')),
    used AS (
        SELECT w.unit, w.year, s.item, s.instrument, f.number, f.minutes, f.used_by, j.in_scope
          FROM unnest(%s::text[], %s::int4[]) AS w (unit, year)
          JOIN customs_item i ON i.unit = w.unit
          JOIN customs_item_share s ON s.book = i.book AND s.item = i.number
          CROSS JOIN LATERAL (SELECT make_date(w.year, 1, 1)::timestamp AT TIME ZONE 'Asia/Shanghai' AS since,
                                     make_date(w.year + 1, 1, 1)::timestamp AT TIME ZONE 'Asia/Shanghai' AS until) y
          JOIN customs_use j ON j.book = s.book AND j.instrument = s.instrument
               AND j.started_at >= y.since AND j.started_at < y.until
          JOIN fee_use f ON f.book = j.book AND f.number = j.recorded_use AND f.instrument = s.instrument
               AND f.started_at >= y.since AND f.started_at < y.until
         WHERE i.book = %s AND NOT EXISTS (SELECT FROM taken_back t WHERE t.command = f.command AND t.effective_on =
               ((f.started_at + (f.minutes - 1) * interval '1 minute') AT TIME ZONE 'Asia/Shanghai')::date))
    SELECT i.unit, i.number, s.instrument, s.value_fen,
           coalesce((SELECT m.place FROM customs_move m
                       JOIN customs_move_step t ON t.book = m.book AND t.move = m.number
                      WHERE m.book = i.book AND m.instrument = s.instrument AND t.state = 'moved'
                        AND t.since <= y.ends_on AND NOT EXISTS (
                            SELECT FROM customs_move_step b WHERE b.book = t.book AND b.move = t.move
                                           AND b.state = 'returned' AND b.since <= y.ends_on)
                      ORDER BY t.since DESC LIMIT 1), i.place) AS place,
           CASE WHEN e.ended_on <= y.ends_on THEN e.outcome
                WHEN i.supervised_until < y.ends_on THEN 'expired' ELSE 'supervised' END AS state,
           count(f.number)::int AS uses,
           coalesce(sum(f.minutes) FILTER (WHERE f.used_by = i.unit AND f.in_scope), 0)::int8 AS own,
           coalesce(sum(f.minutes) FILTER (WHERE f.used_by <> i.unit AND f.in_scope), 0)::int8 AS shared,
           coalesce(sum(f.minutes) FILTER (WHERE NOT f.in_scope), 0)::int8 AS outside
      FROM customs_item i
      JOIN customs_item_share s ON s.book = i.book AND s.item = i.number
      JOIN unnest(%s::text[], %s::int4[]) AS w (unit, year) ON w.unit = i.unit
      CROSS JOIN LATERAL (SELECT make_date(w.year, 1, 1) AS begins_on, make_date(w.year, 12, 31) AS ends_on) y
      LEFT JOIN customs_item_end e ON e.book = i.book AND e.item = i.number
      LEFT JOIN used f ON f.unit = w.unit AND f.year = w.year AND f.item = s.item AND f.instrument = s.instrument
     WHERE i.book = %s AND i.released_on <= y.ends_on AND least(i.supervised_until, e.ended_on) >= y.begins_on
     GROUP BY i.book, i.unit, i.number, s.instrument, s.value_fen, y.ends_on, e.ended_on, e.outcome, i.place,
              i.supervised_until
     ORDER BY i.unit, i.number, s.instrument
"""
"""How each supervised instrument of a unit was used in a year: uses that began in it and were not taken back."""


def report_key(unit: str, year: int) -> str:
    return f"{unit}|{year}"


def load_reports(reader: Reader, keys: Collection[str]) -> Mapping[str, Report]:
    """The report of each unit and year asked for, filed or not."""
    found = {}
    for key in keys:
        unit, year = key.split("|")
        draft = tuple(ReportLine(*row[1:]) for row in _drafted(reader, unit, int(year)))
        filings = reader.rows(
            "SELECT version, filed_on FROM customs_report WHERE book = %s AND unit = %s AND year = %s ORDER BY version",
            reader.book,
            unit,
            int(year),
        )
        lines = reader.rows(
            "SELECT item, instrument, value_fen, place, state, uses, own_minutes, shared_minutes, outside_minutes "
            "FROM customs_report_line WHERE book = %s AND unit = %s AND year = %s AND version = %s "
            "ORDER BY item, instrument",
            reader.book,
            unit,
            int(year),
            filings[-1][0] if filings else 0,
        )
        found[key] = Report(
            unit,
            int(year),
            draft,
            len(filings),
            tuple(ReportLine(*line) for line in lines),
            filings[0][1] if filings else None,
        )
    return found


def _drafted(reader: Reader, unit: str, year: int) -> list[tuple[Any, ...]]:
    of = ([unit], [year])
    return reader.rows(REPORT_LINES, reader.book, *of, reader.book, *of, reader.book)


def _heads(reader: Reader, units: Collection[str], year: int) -> list[Report]:
    """Who has filed, without drawing up what the records say: a year of a unit may be thousands of uses."""
    filed = {
        unit: (versions, filed_on)
        for unit, versions, filed_on in reader.rows(
            "SELECT unit, count(*)::int, min(filed_on) FROM customs_report "
            "WHERE book = %s AND unit = ANY(%s) AND year = %s GROUP BY unit",
            reader.book,
            list(units),
            year,
        )
    }
    found = []
    for unit in units:
        versions, filed_on = filed.get(unit, (0, None))
        found.append(Report(unit, year, None, versions, filed_on=filed_on))
    return found


def reports_page(  # filters, by name
    reader: Reader,
    year: int,
    after: str,
    limit: int,
    *,
    unit: str | None = None,
    overdue_since: date | None = None,
    today: date,
) -> list[Report]:
    """The reports on a year of the units behind this one that had goods under supervision in it, filed or not.

    Only of one unit that is named the draft is drawn up; of goods in another district the reader sees no line.
    `overdue_since`: only those that were due on that day, and are late today.
    """
    units = reader.rows(
        "SELECT DISTINCT i.unit FROM customs_item i "
        "LEFT JOIN customs_item_end e ON e.book = i.book AND e.item = i.number "
        "WHERE i.book = %s AND i.unit > %s AND i.unit = coalesce(%s, i.unit) "
        "AND i.released_on <= make_date(%s, 12, 31) "
        "AND least(i.supervised_until, e.ended_on) >= make_date(%s, 1, 1) "
        "AND (%s::date IS NULL OR %s > %s AND NOT EXISTS (SELECT FROM customs_report r "
        "     WHERE r.book = i.book AND r.unit = i.unit AND r.year = %s)) ORDER BY i.unit LIMIT %s",
        reader.book,
        after,
        unit,
        year,
        year,
        overdue_since,
        today,
        overdue_since,
        year,
        limit,
    )
    if unit is None:
        return _heads(reader, [code for (code,) in units], year)
    shown = {
        number
        for (number,) in reader.rows(
            "SELECT number FROM customs_item WHERE book = %s AND unit = ANY(%s)",
            reader.book,
            [code for (code,) in units],
        )
    }
    found = details(reader, REPORTS, [report_key(code, year) for (code,) in units])
    return [
        replace(
            one,
            draft=tuple(line for line in one.draft or () if line.item in shown),
            filed=tuple(line for line in one.filed if line.item in shown),
        )
        for one in found
    ]


REPORTS = Aggregate[Report]("customs-report", load_reports, what="使用状况报告/report")
"""By unit and year."""
