"""What stood on an account, by legal date and as known at an instant: compared with a sum over every transfer."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count

import pytest
import toy
from databases import Cluster, Database
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from ledger.assembly import BOOK, Books
from ledger.bookkeeping.open_book import OpenBook
from ledger.database.engine import read_only_session
from ledger.errors import NotFound
from ledger.executor.clock import SimulatedClock
from ledger.executor.commands import Command
from ledger.journal.balances import balance, trial_balance
from ledger.journal.statements import statement

FIRST_DAY = date(2017, 1, 1)
HOT = ("toy:fund", "toy:spent")
ORDINARY = ("toy:source", "toy:purse:a", "toy:purse:b", "toy:held:a", "toy:held:b", "toy:bank:U", "toy:income:U")


@dataclass(frozen=True, slots=True)
class Past:
    """Books into which each example enters more, much of it late; nothing is ever taken out."""

    database: Database
    books: Books
    clock: SimulatedClock
    keys: Iterator[int] = field(default_factory=count)

    def enter(self, commands: list[tuple[type[Command], dict[str, object], int]]) -> None:
        """Commands with the days by which each is late."""
        today = self.clock.now().date()
        submitted = []
        for kind, fields, late in commands:
            when = (
                {"effective_on": max(FIRST_DAY, today - timedelta(days=late)), "second_person": "P-2"} if late else {}
            )
            submitted.append(kind(**toy.by("P-1", str(next(self.keys))), **fields, **when))
        for answer in self.books.executor.submit_all(submitted):
            answer.result()


@pytest.fixture(scope="module")
def past(cluster: Cluster) -> Iterator[Past]:
    clock = toy.clock_at(date(2017, 3, 1))
    with cluster.database() as database, Books(database.writer, clock=clock, built=toy.toy_house()) as books:
        long = OpenBook(**toy.by("P-1", "open"), period="all", starts_on=FIRST_DAY, ends_on=date(2099, 12, 31))
        books.executor.run(long)
        yield Past(database, books, clock)


amounts = st.integers(1, 50)
purses = st.sampled_from("ab")
late = st.one_of(st.just(0), st.integers(1, 400))
entered = st.one_of(
    st.tuples(st.just(toy.Fund), st.fixed_dictionaries({"amount": st.integers(1, 500)}), late),
    *(
        st.tuples(st.just(kind), st.fixed_dictionaries({"purse": purses, "amount": amounts}), late)
        for kind in (toy.Grant, toy.Grant, toy.Hold, toy.Spend, toy.Release)
    ),
)
histories = st.lists(st.tuples(st.lists(entered, min_size=1, max_size=6), st.integers(0, 60)), min_size=1, max_size=4)


@dataclass(frozen=True, slots=True)
class Moved:
    """A transfer as the naive sum sees it."""

    seq: int
    line: int
    debit: str
    credit: str
    amount: int
    effective_on: date
    recorded_at: datetime


def everything_moved(connection: Connection) -> list[Moved]:
    rows = connection.execute(
        text(
            "SELECT t.seq, t.line, d.address, c.address, t.amount, e.effective_on, b.recorded_at FROM transfer t "
            "JOIN entry e USING (book, seq) JOIN command k ON k.id = e.command JOIN block b ON b.number = k.block "
            "JOIN account d ON d.id = t.debit JOIN account c ON c.id = t.credit ORDER BY t.seq, t.line"
        )
    )
    return [Moved(*row) for row in rows]


def naive(moved: list[Moved], address: str, day: date | None, instant: datetime | None) -> tuple[int, int]:
    counted = [m for m in moved if (day is None or m.effective_on <= day) and (not instant or m.recorded_at <= instant)]
    return (
        sum(m.amount for m in counted if m.debit == address),
        sum(m.amount for m in counted if m.credit == address),
    )


questions = st.lists(
    st.tuples(st.none() | st.integers(0), st.none() | st.integers(0), st.sampled_from([-1, 0, 1])),
    min_size=1,
    max_size=9,
)
"""Which day, which block's instant (none: all of them), and how many microseconds beside it."""


@given(histories, questions)
@settings(max_examples=30)
def test_balances_and_trial_balances_are_the_sums_of_what_was_dated_and_known_by_then(
    past: Past,
    history: list[tuple[list[tuple[type[Command], dict[str, object], int]], int]],
    asked: list[tuple[int | None, int | None, int]],
) -> None:
    for commands, days in history:
        past.enter(commands)
        past.clock.move_to(past.clock.now().date() + timedelta(days=days))

    with read_only_session(past.database.reader) as session:
        connection = session.connection()
        connection.execute(text("SELECT set_config('ledger.party', '*', true)"))
        moved = everything_moved(connection)
        opened = {address for m in moved for address in (m.debit, m.credit)}
        every_day = [FIRST_DAY, *sorted({m.effective_on for m in moved}), past.clock.now().date()]
        every_instant = [past.clock.now(), *sorted({m.recorded_at for m in moved})]
        for n, instant_n, beside in asked:
            day = None if n is None else every_day[n % len(every_day)]
            instant = None if instant_n is None else every_instant[instant_n % len(every_instant)]
            instant = instant and instant + timedelta(microseconds=beside)
            sums = {address: naive(moved, address, day, instant) for address in opened}
            for address in opened:
                found = balance(connection, BOOK, address, day, instant)
                assert (found.debits, found.credits) == sums[address], (address, day, instant)
            lines = {
                line.address: (line.debits, line.credits) for line in trial_balance(connection, BOOK, day, instant)
            }
            assert lines == {address: both for address, both in sums.items() if any(both)}


# -- statements --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", [*HOT, *ORDINARY])
@pytest.mark.parametrize("limit", [1, 2, 7, 1_000])
def test_pages_of_a_statement_follow_without_a_gap_and_end_at_the_balance(past: Past, address: str, limit: int) -> None:
    past.enter([(toy.Fund, {"amount": 20}, 0)])
    past.enter([(kind, {"purse": p, "amount": 2}, 0) for kind in (toy.Grant, toy.Hold) for p in "ab"])
    past.enter([(toy.Spend, {"purse": p, "amount": 1}, 9) for p in "ab"])
    with past.database.owner.connect() as connection:
        moved = [m for m in everything_moved(connection) if address in (m.debit, m.credit)]
        stands = balance(connection, BOOK, address).standing

        lines, after, opening = [], 0, 0
        while True:
            page = statement(connection, BOOK, address, after, limit)
            assert page.opening == opening
            assert len({line.seq for line in page.lines}) == min(limit, len({m.seq for m in moved if m.seq > after}))
            lines += page.lines
            if page.more_after is None:
                break
            assert page.more_after > after
            after, opening = page.more_after, page.closing

    assert page.closing == stands
    assert [(x.seq, x.line, x.effective_on, x.recorded_at, x.debit, x.credit, x.counterpart) for x in lines] == [
        (
            *(m.seq, m.line, m.effective_on, m.recorded_at),
            *((m.amount, 0, m.credit) if m.debit == address else (0, m.amount, m.debit)),
        )
        for m in moved
    ]


def test_a_party_s_statement_shows_what_others_caused_and_ends_at_the_balance(past: Past) -> None:
    """Its lines come from commands and, on the other side, accounts that it may not see itself."""
    past.enter([(toy.Fund, {"amount": 20}, 0), (toy.Grant, {"purse": "a", "amount": 5}, 0)])
    past.enter([(toy.Hold, {"purse": "a", "amount": 5}, 0)])
    past.enter([(toy.Spend, {"purse": "a", "amount": 3}, 0)])
    with past.database.owner.connect() as connection:
        whole = statement(connection, BOOK, "toy:bank:U", limit=10_000)
    with read_only_session(past.database.reader) as session:
        connection = session.connection()
        connection.execute(text("SELECT set_config('ledger.party', 'U', true)"))
        seen = statement(connection, BOOK, "toy:bank:U", limit=10_000)
        with pytest.raises(NotFound):
            statement(connection, BOOK, "toy:fund")
        with pytest.raises(NotFound):
            balance(connection, BOOK, "toy:fund")

    assert len(whole.lines) > 0
    assert seen == whole


def test_an_account_that_nobody_opened_has_no_statement(past: Past) -> None:
    with past.database.owner.connect() as connection, pytest.raises(NotFound, match="no account “toy:purse:nobody”"):
        statement(connection, BOOK, "toy:purse:nobody")
