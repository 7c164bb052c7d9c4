"""A September of 1,000 units, 50,000 instruments and 3,000,000 uses: computed by a command, beside the bare sums.

Units, grades, bills and a first ten thousand uses come by commands, as in the demo. The rest of the instruments and
uses is copied into the tables, without commands behind them: what is measured reads them all the same.
"""

import gc
import resource
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime

from psycopg import Connection as Driver
from sqlalchemy import Engine

from ledger.assembly import BOOK, Books, house
from ledger.demo.season import BASE_YEAR, BUDGET_FEN, season
from ledger.demo.september import COMPUTED_ON, SCHEME, September
from ledger.demo.stage import Stage
from ledger.evaluation.store import EVALUATIONS, PLATFORM
from ledger.evaluation.values import Grade
from ledger.executor.clock import CITY, SimulatedClock
from ledger.executor.reading import Reader
from ledger.reports.pdf.subsidy import approval_sheet
from ledger.reports.subsidy import SubsidySheet, subsidy_sheet
from ledger.reports.subsidy_files import award_list
from ledger.subsidies.bases import BASES, bases_id
from ledger.subsidies.shares import shares
from policies.subsidies.schemes import subsidy

UNITS, INSTRUMENTS, USES = 1_000, 50_000, 3_000_000
OUT = 10
"""Units that are graded poor and left out."""
_SHARES = {Grade.EXCELLENT: 145, Grade.GOOD: 290, Grade.QUALIFIED: UNITS - 145 - 290, Grade.POOR: OUT}
"""About as published of 2024; 1,000 units get an award."""

_MORE_INSTRUMENTS = """
    INSERT INTO instrument (book, command, code, unit, name, category, asset_number, original_value_fen, registered_on)
    SELECT i.book, i.command, i.code || '-' || n, i.unit, i.name, i.category, i.asset_number || '-' || n,
           i.original_value_fen, i.registered_on
      FROM (SELECT *, row_number() OVER (ORDER BY code) AS place FROM instrument WHERE book = %(book)s) i,
           generate_series(1, %(times)s) n
     WHERE (n - 1) * %(have)s + i.place <= %(more)s
"""
_MORE_USES = """
    INSERT INTO fee_use (book, command, number, instrument, unit, used_by, operator, started_at, minutes, purpose,
                         service)
    SELECT u.book, u.command, u.number || '-' || n, u.instrument, u.unit, u.used_by, u.operator,
           u.started_at + n * interval '1 hour', 60 + (u.minutes + n) %% 600, u.purpose, u.service
      FROM (SELECT *, row_number() OVER (ORDER BY number) AS place FROM fee_use WHERE book = %(book)s) u,
           generate_series(1, %(times)s) n
     WHERE (n - 1) * %(have)s + u.place <= %(more)s
"""
_BARE = """
    SELECT unit, count(*), sum(minutes)::int8 FROM fee_use
     WHERE book = %s AND used_by <> unit
       AND started_at >= make_date(%s, 1, 1)::timestamp AT TIME ZONE 'Asia/Shanghai'
       AND started_at < make_date(%s + 1, 1, 1)::timestamp AT TIME ZONE 'Asia/Shanghai'
     GROUP BY unit
"""


@dataclass
class Autumn:
    """Books with a year of use, ready for the computation."""

    engine: Engine
    driver: Driver
    """The owner's: it copies what no command recorded."""
    books: Books = field(init=False)
    story: September = field(init=False)
    computed: int = 0

    def __post_init__(self) -> None:
        clock = SimulatedClock(datetime(BASE_YEAR, 1, 1, tzinfo=CITY).astimezone(UTC))
        self.books = Books(self.engine, clock=clock, built=house())
        plan = season(dict(_SHARES), UNITS + OUT)
        self.story = September(Stage(self.books.executor, clock, lambda _: None), plan)
        self.story.until_appropriated()
        clock.move_to(COMPUTED_ON, 9)
        for table, statement, wanted in (
            ("instrument", _MORE_INSTRUMENTS, INSTRUMENTS),
            ("fee_use", _MORE_USES, USES),
        ):
            ((have,),) = self.driver.execute(f"SELECT count(*) FROM {table} WHERE book = {BOOK}".encode())
            more = {"book": BOOK, "have": have, "more": wanted - have, "times": -(-wanted // have)}
            self.driver.execute(statement.encode(), more)
        self.driver.commit()
        self.driver.autocommit = True
        self.driver.execute(b"VACUUM ANALYZE fee_use")
        self.driver.autocommit = False
        # What the stocking left in memory would be walked again by every collection while the clock runs.
        gc.collect()
        gc.freeze()

    def bare(self) -> float:
        """Seconds of the sums alone, one statement over the same table."""
        started = time.perf_counter()
        rows = self.driver.execute(_BARE.encode(), (BOOK, BASE_YEAR, BASE_YEAR)).fetchall()
        self.driver.commit()
        assert len(rows) == UNITS + OUT
        return time.perf_counter() - started

    def compute(self) -> float:
        """Seconds from the command to its durable answer: all that `share` does, with 1,001 derivations kept."""
        self.computed += 1
        command = self.story.computation(f"bench-{self.computed}", "bench" if self.computed > 1 else "")
        started = time.perf_counter()
        answer = self.books.executor.run(command)
        seconds = time.perf_counter() - started
        assert answer.accepted, answer.body
        assert answer.body["units"] == UNITS
        self.batch = str(answer.body["batch"])
        return seconds

    def share(self) -> float:
        """Seconds from the records to every unit's amount: the sums of the year, and what each gets of the pool."""
        rules = subsidy(SCHEME, COMPUTED_ON, COMPUTED_ON)
        round_ = self.story.computation().evaluation
        started = time.perf_counter()
        with self.engine.connect() as connection:
            reader = Reader(connection, BOOK)
            (bases,) = BASES.load(reader, [bases_id(BASE_YEAR)]).values()
            members = PLATFORM.load(reader, ["book"])["book"]
            evaluation = EVALUATIONS.load(reader, [round_])[round_]
        found = shares(rules, bases, members, evaluation, BUDGET_FEN)
        seconds = time.perf_counter() - started
        assert len(found.lines) == UNITS
        return seconds

    def sheet(self) -> SubsidySheet:
        with self.engine.connect() as connection:
            return subsidy_sheet(Reader(connection, BOOK), self.batch)


def printed(sheet: SubsidySheet) -> tuple[float, int]:
    """Seconds for the approval sheet of all lines, and how many pages it has."""
    pages: list[int] = []
    started = time.perf_counter()
    approval_sheet(sheet, progress=pages.append)
    return time.perf_counter() - started, len(pages)


def listed(sheet: SubsidySheet) -> float:
    """Seconds for the same lines as a spreadsheet."""
    started = time.perf_counter()
    award_list(sheet)
    return time.perf_counter() - started


def peak_mib() -> int:
    """The most memory that this process ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
