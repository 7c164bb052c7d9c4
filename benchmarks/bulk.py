"""100,000 transfers through `journal.post`; beside COPY into a bare table, and into one with the same indexes."""

import time
from collections.abc import Sequence
from datetime import date
from uuid import uuid4

from psycopg import Connection as Driver
from sqlalchemy import Engine

from benchmarks.house import redemption
from ledger.assembly import BOOK, BOOK_CODE, House
from ledger.executor.clock import SystemClock, today
from ledger.journal.post import ACCEPTED, Decided, Journal

TRANSFERS = 100_000
PER_ENTRY = 4
ENTRIES_PER_COMMAND = 100
ENTRIES_PER_POST = 5_000


def post(engine: Engine, house: House, first: int) -> float:
    """Transfers a second through `journal.post`, every entry against the hot budget; durable commits."""
    journal = Journal(BOOK, BOOK_CODE, house.chart, house.templates, SystemClock().now)
    day = today(SystemClock())
    numbers = list(range(first, first + TRANSFERS // PER_ENTRY))
    posts = [_commands(numbers[at : at + ENTRIES_PER_POST], day) for at in range(0, len(numbers), ENTRIES_PER_POST)]
    started = time.perf_counter()
    for commands in posts:
        with engine.begin() as connection:
            posted = journal.post(connection, commands, day)
        assert all(outcome.status == ACCEPTED for outcome in posted.outcomes), posted.outcomes[0].answer
    return TRANSFERS / (time.perf_counter() - started)


def _commands(numbers: Sequence[int], day: date) -> list[Decided]:
    return [
        Decided(
            id=uuid4(),
            tenant="K",
            key=f"bulk-{uuid4()}",
            kind="bench.bulk",
            actor="bench",
            request={},
            status=ACCEPTED,
            answer={},
            entries=tuple(redemption(number, 1, day) for number in numbers[at : at + ENTRIES_PER_COMMAND]),
        )
        for at in range(0, len(numbers), ENTRIES_PER_COMMAND)
    ]


def copy(driver: Driver, *, indexes: bool) -> float:
    """Rows a second through COPY into a table shaped like `transfer`, rows made beforehand; one commit."""
    driver.execute("DROP TABLE IF EXISTS bare_copy")
    driver.execute(f"CREATE TABLE bare_copy (LIKE transfer {'INCLUDING ALL' if indexes else ''})".encode())
    driver.commit()
    rows = [
        (BOOK, number // PER_ENTRY, number % PER_ENTRY, number % 9_973, 10_000 + number % 9_901, "VOUCHER", 100, None)
        for number in range(TRANSFERS)
    ]
    started = time.perf_counter()
    with driver.cursor() as cursor, cursor.copy("COPY bare_copy FROM STDIN") as out:
        for row in rows:
            out.write_row(row)
    driver.commit()
    return TRANSFERS / (time.perf_counter() - started)
