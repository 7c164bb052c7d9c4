"""`python -m benchmarks.customs [ROWS]`: what customs asks of ten million uses, beside a primary-key look-up.

The rows are made up in bulk, past the executor: it is the queries that are measured, as the reader role and behind the
walls, in one run with the look-up. `docs/customs-queries.md` keeps what it printed, with the planner's output.
"""

import json
import platform
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from psycopg import Connection as Driver
from sqlalchemy import Engine, event

from benchmarks.house import open_year
from ledger.assembly import BOOK, Books, house
from ledger.customs.deadlines import deadlines_page
from ledger.customs.listing import (
    BEFORE_THE_FIRST_USE,
    ItemFilter,
    UseFilter,
    consents_page,
    exposures_page,
    goods_page,
    items_page,
    moves_page,
    risk_by,
    usage_page,
)
from ledger.customs.report_store import reports_page
from ledger.database import migrate
from ledger.database.embedded import embedded
from ledger.database.engine import connect, read_only_session, reader_engine, writer_engine
from ledger.database.walls import act_for
from ledger.equity.encumbrances import encumbrances
from ledger.executor.listing import NEWEST
from ledger.executor.reading import Reader
from ledger.reports.changes import START, changes

ROWS = 10_000_000
INSTRUMENTS, UNITS, DISTRICTS = 4_000, 400, 20
OUT_OF_SCOPE_EACH = 100
CALLS = 200
WARM_UP = 20
"""Calls that fill the caches before any is counted."""
PAGE = 51
SINCE = datetime(2023, 1, 1, tzinfo=UTC)
TODAY = date(2026, 1, 1)
OFFICE, DISTRICT = "11999999000000010X", "0107"

STOCK = """
INSERT INTO customs_office (book, command, bureau, step, district, document_number, recorded_on, person)
SELECT 1, gen_random_uuid(), '{office}', 1, '{district}', '1', '2023-01-01', 'P';
INSERT INTO instrument (book, command, code, unit, name, category, asset_number, original_value_fen, registered_on)
SELECT 1, gen_random_uuid(), 'I-' || n, 'U-' || n % {units}, 'x', 'x', 'A-' || n, 1, '2023-01-01'
  FROM generate_series(0, {instruments} - 1) n;
INSERT INTO customs_item (book, command, number, unit, certificate_number, declaration_number, line, hs_code,
       policy_document, kind, value_fen, duty_rate, vat_rate, consumption_rate, released_on, supervision_years,
       supervised_until, article, district, place, capacity, recorded_on, person)
SELECT 1, gen_random_uuid(), 'CI-' || n, 'U-' || n % {units}, 'Z' || lpad(n::text, 11, '0'),
       '011320231' || lpad(n::text, 9, '0'), 1, lpad((n % 97)::text, 10, '9'), 'x', 'other', 100000000, '0.05', '0.13',
       '0', '2023-01-01', 3, '2026-01-01', 'x', '01' || lpad((n % {districts})::text, 2, '0'), 'x', 1, '2023-01-01', 'P'
  FROM generate_series(0, {instruments} - 1) n;
INSERT INTO customs_item_share (book, command, item, instrument, value_fen)
SELECT 1, gen_random_uuid(), 'CI-' || n, 'I-' || n, 100000000 FROM generate_series(0, {instruments} - 1) n;
INSERT INTO customs_consent (book, command, number, version, instrument, unit, route, document_number, purposes, place,
       minutes, valid_from, valid_until, submitted_on, person)
SELECT 1, gen_random_uuid(), 'CS-' || n, 1, 'I-' || n, 'U-' || n % {units}, 'case', 'x', 'research', 'x', 600000,
       '2023-01-01', '2025-12-31', '2023-01-01', 'P' FROM generate_series(0, {instruments} - 1) n;
INSERT INTO customs_consent_step (book, command, consent, step, state, since, document_number, reason, recorded_on,
       person)
SELECT 1, gen_random_uuid(), 'CS-' || n, 1, 'granted', '2023-01-01', 'x', 'x', '2023-01-01', 'P'
  FROM generate_series(0, {instruments} - 1) n;
INSERT INTO customs_move (book, command, number, instrument, unit, place, district, planned_on, reason, applied_on,
       person)
SELECT 1, gen_random_uuid(), 'CM-' || n, 'I-' || n, 'U-' || n % {units}, 'x',
       '01' || lpad((n % {districts})::text, 2, '0'), '2024-01-01', 'x', '2023-12-01', 'P'
  FROM generate_series(0, {instruments} - 1) n;
INSERT INTO fee_bill (book, command, number, unit, payer, invoice_number, invoice_date, issued_on, gross_fen, net_fen,
       vat_fen, vat_rate, calculation)
SELECT 1, gen_random_uuid(), 'BL-' || n, 'U-' || n % {units}, 'F-' || n % 997, lpad(n::text, 20, '0'), '2023-01-01',
       '2023-01-01', 100, 94, 6, '0.06', gen_random_uuid() FROM generate_series(0, {rows} / 100 - 1) n;
"""
USES = """
INSERT INTO fee_use (book, command, number, instrument, unit, used_by, operator, started_at, minutes, purpose, service)
SELECT 1, gen_random_uuid(), 'U-' || g, 'I-' || g % {instruments}, 'U-' || g % {instruments} % {units}, 'F-' || g % 997,
       'P', timestamptz '2023-01-01 00:00+08' + (g / {instruments}) * interval '10 hours', 120, 'x', 'x'
  FROM generate_series({low}, {high}) g;
INSERT INTO fee_use_circumstance (book, command, recorded_use, purpose_class, place)
SELECT 1, gen_random_uuid(), 'U-' || g, 'research', 'x' FROM generate_series({low}, {high}) g;
INSERT INTO customs_use (book, command, recorded_use, instrument, unit, district, started_at, ended_at, in_scope,
       reasons, consent, judged_on)
SELECT 1, gen_random_uuid(), 'U-' || g, 'I-' || g % {instruments}, 'U-' || g % {instruments} % {units},
       '01' || lpad((g % {instruments} % {districts})::text, 2, '0'),
       timestamptz '2023-01-01 00:00+08' + (g / {instruments}) * interval '10 hours',
       timestamptz '2023-01-01 02:00+08' + (g / {instruments}) * interval '10 hours',
       hash % {each} <> 0, CASE WHEN hash % {each} <> 0 THEN '' ELSE 'NO_CONSENT' END,
       CASE WHEN hash % {each} <> 0 THEN 'CS-' || g % {instruments} END, '2023-01-01'
  FROM generate_series({low}, {high}) g, LATERAL (SELECT abs(hashint8(g)) AS hash) h;
INSERT INTO fee_bill_line (book, command, bill, line, description, charged_use, quantity, price_fen)
SELECT 1, gen_random_uuid(), 'BL-' || g / 100, 1 + g % 100, 'x', 'U-' || g, 2, 60000
  FROM generate_series({low}, {high}) g WHERE g % 3 = 0;
"""
EXPOSURES = """
INSERT INTO command (book, id, tenant, key, kind, actor, request, status, answer, block, position)
SELECT 1, md5(recorded_use)::uuid, 'bench', recorded_use, 'fee.record-use', 'P', '{{}}', 'accepted', '{{}}', 1,
       row_number() OVER () FROM customs_use WHERE NOT in_scope;
INSERT INTO customs_exposure (book, command, number, recorded_use, instrument, unit, district, reasons, first_on,
       last_on, rate_on, detected_on)
SELECT 1, md5(u.recorded_use)::uuid, 'EX-' || u.recorded_use, u.recorded_use, u.instrument, u.unit, u.district,
       u.reasons, d, d, d, d
  FROM customs_use u, LATERAL (SELECT (u.started_at AT TIME ZONE 'Asia/Shanghai')::date AS d) x
 WHERE NOT u.in_scope;
INSERT INTO customs_exposure_step (book, command, exposure, step, state, duty_fen, vat_fen, consumption_fen,
       document_number, reason, taken_on, person)
SELECT 1, command, number, 1, 'detected', 16667, 45500, 0, '', '', detected_on, 'P' FROM customs_exposure;
INSERT INTO customs_exposure_tax (book, command, exposure, step, item, days, base_fen, duty_fen, vat_fen,
       consumption_fen, calculation)
SELECT 1, command, number, 1, 'CI-' || substr(instrument, 3), 1, 333333, 16667, 45500, 0, gen_random_uuid()
  FROM customs_exposure;
"""


@dataclass
class Measured:
    p50_ms: float
    p99_ms: float
    rows: int
    statement: str = ""
    parameters: object = None
    plan: str = ""


def main(rows: int) -> None:
    with tempfile.TemporaryDirectory(prefix="vledger-bench-") as folder, embedded(Path(folder) / "data") as server:
        migrate.upgrade(server.urls.owner)
        writer, reader = writer_engine(server.urls.writer), reader_engine(server.urls.reader)
        with Books(writer, built=house()) as books:
            assert books.executor.run(open_year(TODAY.year)).accepted
        with connect(server.urls.owner, autocommit=True) as driver:
            _stock(driver, rows)
            version = driver.info.server_version
        found = _measure(reader, rows)
        writer.dispose()
        reader.dispose()
    print(json.dumps(_report(found, rows, version), indent=1, ensure_ascii=False))


def _stock(driver: Driver, rows: int) -> None:
    """In bulk; foreign keys and checks are the executor's business."""
    facts: dict[str, object] = {
        "rows": rows,
        "instruments": INSTRUMENTS,
        "units": UNITS,
        "districts": DISTRICTS,
        "each": OUT_OF_SCOPE_EACH,
        "office": OFFICE,
        "district": DISTRICT,
    }
    for table, name in driver.execute(
        "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype IN ('c', 'f')"
    ).fetchall():
        if table.startswith(("fee_", "customs_", "instrument")):
            driver.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name} CASCADE")
    driver.execute(STOCK.format_map(facts))
    step = 500_000
    for low in range(0, rows, step):
        driver.execute(USES.format_map(facts | {"low": low, "high": min(low + step, rows) - 1}))
        print(f"  {min(low + step, rows):,} uses", file=sys.stderr)
    driver.execute(EXPOSURES.format_map(facts))
    driver.execute("VACUUM (ANALYZE)")


def _queries(rows: int) -> dict[str, Callable[[Reader, random.Random], Sequence[object]]]:
    """By the number in the list of what customs asks; each call of other goods, in the office's own district."""

    def own(chance: random.Random) -> int:
        return int(DISTRICT[2:]) + DISTRICTS * chance.randrange(INSTRUMENTS // DISTRICTS)

    def a_month(chance: random.Random) -> tuple[datetime, datetime]:
        since = SINCE + timedelta(days=chance.randrange(1_000))
        return since, since + timedelta(days=30)

    def uses(wanted: Callable[[random.Random], UseFilter]) -> Callable[[Reader, random.Random], Sequence[object]]:
        return lambda reader, chance: usage_page(reader, BEFORE_THE_FIRST_USE, PAGE, wanted(chance))

    def items(wanted: Callable[[random.Random], ItemFilter]) -> Callable[[Reader, random.Random], Sequence[object]]:
        return lambda reader, chance: items_page(reader, NEWEST, PAGE, wanted(chance))

    return {
        "primary key": lambda reader, chance: reader.rows(
            "SELECT * FROM customs_use WHERE book = 1 AND recorded_use = %s", f"U-{chance.randrange(rows)}"
        ),
        "1 goods by certificate": items(lambda c: ItemFilter(certificate_number=f"Z{own(c):011d}")),
        "1 goods by declaration": items(lambda c: ItemFilter(declaration_number=f"011320231{own(c):09d}")),
        "1 goods by HS code": items(lambda c: ItemFilter(hs_code=f"{own(c) % 97}".rjust(10, "9"))),
        "1 goods by asset number": items(lambda c: ItemFilter(asset_number=f"A-{own(c)}")),
        "2 supervised on a day, of a unit": items(
            lambda c: ItemFilter(unit=f"U-{own(c) % UNITS}", supervised_on=date(2024, 6, 1))
        ),
        "2 ending in a period": items(lambda _: ItemFilter(ends_from=date(2025, 12, 1), ends_until=date(2026, 1, 31))),
        "3 consents of an instrument": lambda reader, c: consents_page(reader, NEWEST, PAGE, instrument=f"I-{own(c)}"),
        "3 consents that hold on a day": lambda reader, _: consents_page(
            reader, NEWEST, PAGE, valid_on=date(2024, 6, 1)
        ),
        "4 uses of an instrument in a month": uses(
            lambda c: UseFilter(instrument=f"I-{own(c)}", since=(m := a_month(c))[0], until=m[1])
        ),
        "4 uses of a unit in a month": uses(
            lambda c: UseFilter(unit=f"U-{own(c) % UNITS}", since=(m := a_month(c))[0], until=m[1])
        ),
        "4 uses of the district, the latest": uses(lambda _: UseFilter()),
        "5 uses out of scope of an instrument": uses(lambda c: UseFilter(instrument=f"I-{own(c)}", in_scope=False)),
        "5 uses out of scope of the district": uses(lambda _: UseFilter(in_scope=False)),
        "5 exposures of an instrument": lambda reader, c: exposures_page(
            reader, NEWEST, PAGE, instrument=f"I-{own(c)}"
        ),
        "5 exposures of the district": lambda reader, _: exposures_page(reader, NEWEST, PAGE),
        "6 tax at risk by instrument": lambda reader, _: risk_by(reader, "instrument", TODAY, "", PAGE),
        "6 tax at risk by unit": lambda reader, _: risk_by(reader, "unit", TODAY, "", PAGE),
        "6 tax at risk of the district": lambda reader, _: risk_by(reader, "district", TODAY, "", PAGE),
        "7 moves of an instrument": lambda reader, c: moves_page(reader, NEWEST, PAGE, instrument=f"I-{own(c)}"),
        "8 yearly reports": lambda reader, _: reports_page(reader, 2024, "", PAGE, today=TODAY),
        "8 the draft of a unit": lambda reader, c: reports_page(
            reader, 2024, "", PAGE, unit=f"U-{own(c) % UNITS}", today=TODAY
        ),
        "9 encumbrances": lambda reader, c: list(
            encumbrances(reader, [one.instrument for one in goods_page(reader, f"I-{own(c)}", PAGE)])
        ),
        "10 changes": lambda reader, _: changes(reader.connection, BOOK, house().attested, START).changes,
        "deadlines": lambda reader, _: deadlines_page(
            reader, (date.min, "", ""), PAGE, since=TODAY - timedelta(days=60), until=TODAY, reports={}
        ),
    }


def _measure(engine: Engine, rows: int) -> dict[str, Measured]:
    queries, seen = _queries(rows), list[tuple[str, Any]]()
    event.listen(engine, "before_cursor_execute", lambda _c, _cur, sql, parameters, *_: seen.append((sql, parameters)))
    chance = random.Random(1)  # noqa: S311  which goods are asked for
    times: dict[str, list[float]] = {name: [] for name in queries}
    counted: dict[str, int] = {}
    asked: dict[str, list[tuple[str, Any]]] = {}
    for n in range(CALLS + WARM_UP):  # interleaved, so that a slow minute hits all of them
        for name, query in queries.items():
            with read_only_session(engine) as session:
                act_for(session.connection(), OFFICE)
                seen.clear()
                started = time.perf_counter()
                found = query(Reader(session.connection(), BOOK), chance)
                if n >= WARM_UP:
                    times[name].append((time.perf_counter() - started) * 1000)
                counted[name], asked[name] = len(found), list(seen)
    return {name: _told(engine, sorted(times[name]), counted[name], asked[name]) for name in queries}


def _told(engine: Engine, times: list[float], rows: int, asked: list[tuple[str, Any]]) -> Measured:
    """With the plan of the statement that found the rows: the longest of them."""
    sql, parameters = max((one for one in asked if "set_config" not in one[0]), key=lambda one: len(one[0]))
    with engine.connect() as connection:
        act_for(connection, OFFICE)
        plan = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) {sql}", parameters)
        lines = [str(line) for (line,) in plan.all()]
    p99 = times[int(len(times) * 0.99) - 1]
    return Measured(statistics.median(times), p99, rows, sql, parameters, "\n".join(lines))


def _report(found: dict[str, Measured], rows: int, version: int) -> dict[str, object]:
    key = found["primary key"]
    return {
        "uses": rows,
        "machine": {"python": platform.python_version(), "postgresql": version},
        "queries": {
            name: {
                "p50_ms": round(one.p50_ms, 2),
                "p99_ms": round(one.p99_ms, 2),
                "p99 / p99 of a primary-key look-up": round(one.p99_ms / key.p99_ms, 1),
                "rows": one.rows,
            }
            for name, one in found.items()
        },
        "plans": {name: one.plan for name, one in found.items()},
    }


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
