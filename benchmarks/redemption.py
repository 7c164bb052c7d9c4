"""64 callers redeem against one hot, limited budget account; beside bare inserts of the very same rows."""

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count

from psycopg import Connection as Driver
from sqlalchemy import Engine

from benchmarks.house import Prepare, Redeem, bench_house, open_year
from ledger.assembly import BOOK, Books

CALLERS = 64
VOUCHERS = 6_000
FEN = 100

ROWS = (
    ("entry", "book, seq, id, command, position, template, effective_on, actor, citation, memo"),
    ("transfer", "book, seq, line, debit, credit, asset, amount, budget_line"),
    ("command", "book, id, tenant, key, kind, actor, request, status, answer, block, position"),
    ("block", "book, number, first_seq, last_seq, leaves, recorded_at, merkle_root, previous_hash, hash, hash_version"),
)
"""What a redemption writes; balances are updates and stand in the executor's time only."""


class Redemptions:
    """A book with vouchers waiting to be redeemed, and callers who do it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.books = Books(engine, built=bench_house())
        self._next = count()
        self.books.executor.run(open_year(datetime.now(UTC).year))
        for first in range(0, VOUCHERS, 1_000):
            answer = self.books.executor.run(
                Prepare(tenant="K", key=f"prepare-{first}", actor="bench", first=first, count=1_000, fen=FEN)
            )
            assert answer.accepted, answer.body

    def run(self, commands: int) -> float:
        """Redemptions a second with 64 callers, each waiting for its answer before the next."""
        numbers = iter([next(self._next) for _ in range(commands)])
        gate = threading.Lock()
        started = time.perf_counter()
        threads = [threading.Thread(target=self._call, args=(numbers, gate)) for _ in range(CALLERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return commands / (time.perf_counter() - started)

    def _call(self, numbers: Iterator[int], gate: threading.Lock) -> None:
        while True:
            with gate:
                number = next(numbers, None)
            if number is None:
                return
            answer = self.books.executor.run(
                Redeem(tenant="K", key=f"redeem-{number}", actor="bench", voucher=number, fen=FEN)
            )
            assert answer.accepted, answer.body

    def bare(self, driver: Driver, commands: int) -> float:
        """Redemptions a second when the same rows are only inserted: no lock, no check, no hash, no balance.

        The newest rows are copied aside, then inserted into tables of the same shape and indexes, with as many
        commits as the executor made blocks.
        """
        blocks = self._blocks_of(driver, commands)
        for table, _ in ROWS:
            driver.execute(f"DROP TABLE IF EXISTS bare_{table}".encode())
            driver.execute(f"CREATE TABLE bare_{table} (LIKE {table} INCLUDING ALL)".encode())
        driver.commit()
        batches = [self._rows_of(driver, block) for block in blocks]
        driver.commit()
        started = time.perf_counter()
        for batch in batches:
            for (table, columns), rows in zip(ROWS, batch, strict=True):
                with driver.cursor() as cursor:
                    marks = ", ".join(["%s"] * len(columns.split(", ")))
                    cursor.executemany(f"INSERT INTO bare_{table} ({columns}) VALUES ({marks})".encode(), rows)
            driver.commit()
        return sum(len(batch[2]) for batch in batches) / (time.perf_counter() - started)

    @staticmethod
    def _blocks_of(driver: Driver, commands: int) -> list[int]:
        rows = driver.execute(
            "SELECT number FROM (SELECT number, sum(leaves) OVER (ORDER BY number DESC) - leaves AS newer "
            "FROM block WHERE book = %s) b WHERE newer < %s ORDER BY number",
            [BOOK, commands],
        )
        return [number for (number,) in rows]

    @staticmethod
    def _rows_of(driver: Driver, block: int) -> list[list[tuple[object, ...]]]:
        where = {
            "entry": "command IN (SELECT id FROM command WHERE book = %(book)s AND block = %(block)s)",
            "transfer": "seq BETWEEN (SELECT first_seq FROM block WHERE book = %(book)s AND number = %(block)s) "
            "AND (SELECT last_seq FROM block WHERE book = %(book)s AND number = %(block)s)",
            "command": "block = %(block)s",
            "block": "number = %(block)s",
        }
        found = []
        for table, columns in ROWS:
            listed = columns.replace("request", "request::text").replace("answer", "answer::text")
            rows = driver.execute(
                f"SELECT {listed} FROM {table} WHERE book = %(book)s AND {where[table]}".encode(),
                {"book": BOOK, "block": block},
            )
            found.append(rows.fetchall())
        return found
