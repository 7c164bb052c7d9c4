"""One batch: many commands, one transaction, one block; what one of them does wrong is nobody else's."""

import threading
import time
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import ClassVar

import psycopg
import pytest
import toy
from databases import Database
from plugs import TODAY, Gate, Opener, Plugs
from reading_back import everything, one, rows, standing, verify
from sqlalchemy.exc import DBAPIError

from ledger.assembly import Books
from ledger.bookkeeping.close_period import ClosePeriod
from ledger.bookkeeping.open_period import OpenPeriod
from ledger.bookkeeping.reverse_entry import ReverseEntry
from ledger.errors import Refused
from ledger.executor.clock import CITY, SimulatedClock, today
from ledger.executor.commands import Aggregate, Answer, Command, Effects, Event, Keys, Reaction, State, UseCase
from ledger.executor.executor import ExecutorClosed
from ledger.executor.slices import Slice
from ledger.executor.typed import FieldUnreadable
from ledger.journal.entries import entry, move
from ledger.journal.templates import Undeclared
from policies.kernel.policies import Policies


def grant(key: str, purse: str = "a", amount: int = 1, **more: object) -> toy.Grant:
    return toy.Grant(**toy.by("P-1", key), purse=purse, amount=amount, **more)


def burst(books: Books, gate: Gate, commands: list[Command]) -> "list[Future[Answer]]":
    """Hand commands over while the executor is held up by another batch: the next batch finds them all waiting."""
    books.executor.submit(toy.Introduce(**toy.by("P-9", f"held-up-by-{commands[0].key}"), name="gate"))
    assert gate.reached.wait(30)
    futures = books.executor.submit_all(commands)
    gate.open()
    return futures


@pytest.fixture
def gate() -> Gate:
    return Gate()


@pytest.fixture
def books(open_books: Opener, gate: Gate) -> Books:
    """Two commands are in; the third batch waits at the gate."""
    batches = iter(range(1_000))
    books = open_books(Plugs(after_locks=lambda: gate() if next(batches) == 2 else None))
    books.executor.run(toy.a_year())
    books.executor.run(toy.Fund(**toy.by("P-1", "fund"), amount=1_000_00))
    return books


# -- one block ---------------------------------------------------------------------------------------------------------


def test_what_is_waiting_becomes_one_block_in_its_order(books: Books, gate: Gate, database: Database) -> None:
    answers = [future.result() for future in burst(books, gate, [grant(f"g-{n}", f"p{n}") for n in range(40)])]

    assert {answer.block for answer in answers} == {4}
    assert rows(database, "SELECT first_seq, last_seq, leaves FROM block WHERE number = 4") == [(2, 41, 40)]
    keys = rows(database, "SELECT c.key FROM entry e JOIN command c ON c.id = e.command WHERE e.seq > 1 ORDER BY e.seq")
    assert keys == [(f"g-{n}",) for n in range(40)]
    assert verify(database).ok


def test_a_refusal_within_a_batch_leaves_no_gap_and_touches_nobody(
    books: Books, gate: Gate, database: Database
) -> None:
    amounts = [1, 999_999_00, 2, 999_999_00, 3]
    answers = [f.result() for f in burst(books, gate, [grant(f"g-{n}", f"p{n}", a) for n, a in enumerate(amounts)])]

    assert [answer.accepted for answer in answers] == [True, False, True, False, True]
    assert {answer.block for answer in answers} == {4}
    assert rows(database, "SELECT seq FROM entry ORDER BY seq") == [(1,), (2,), (3,), (4,)]
    assert standing(database)["toy:fund"] == 1_000_00 - 6
    assert verify(database).ok


def test_a_limit_holds_within_a_batch_against_the_running_balance(books: Books, gate: Gate, database: Database) -> None:
    """A hot fund does not split the batch: what it cannot pay any more is refused, and what comes later may fit."""
    amounts = [600_00, 600_00, 300_00, 200_00, 100_00]
    answers = [f.result() for f in burst(books, gate, [grant(f"g-{n}", f"p{n}", a) for n, a in enumerate(amounts)])]

    assert [answer.accepted for answer in answers] == [True, False, True, False, True]
    assert [a.body["facts"]["available"] for a in answers if not a.accepted] == ["400.00", "100.00"]
    assert {answer.block for answer in answers} == {4}
    assert standing(database)["toy:fund"] == 0


def test_an_account_opened_by_a_refused_command_is_opened_by_the_next_that_is_accepted(
    books: Books, gate: Gate, database: Database
) -> None:
    futures = burst(books, gate, [grant("too-much", "new", 999_999_00), grant("fits", "new", 1)])

    assert [future.result().accepted for future in futures] == [False, True]
    opener = "SELECT c.key FROM account a JOIN command c ON c.id = a.command WHERE a.address = 'toy:purse:new'"
    assert rows(database, opener) == [("fits",)]
    assert verify(database).ok


def test_replays_and_faults_alone_write_no_block(books: Books, gate: Gate, database: Database) -> None:
    gate.open()
    books.executor.run(grant("once"))
    before = everything(database)

    futures = books.executor.submit_all([grant("once"), toy.Explode(**toy.by("P-1", "x")), grant("once", amount=7)])

    assert futures[0].result().replayed
    assert isinstance(futures[1].exception(), ZeroDivisionError)
    assert futures[2].exception() is not None
    assert everything(database) == before


def test_hot_accounts_are_written_once_per_batch(books: Books, gate: Gate, database: Database) -> None:
    burst(books, gate, [grant(f"g-{n}", f"p{n}") for n in range(30)])[-1].result()

    assert (
        one(database, "SELECT version FROM balance b JOIN account a ON a.id = b.account WHERE address = 'toy:fund'")
        == 2
    )
    assert (
        one(database, "SELECT version FROM balance b JOIN account a ON a.id = b.account WHERE address = 'toy:purse:p7'")
        == 1
    )


# -- order -------------------------------------------------------------------------------------------------------------


def test_commands_on_one_thing_are_decided_in_the_order_in_which_they_came(
    books: Books, gate: Gate, database: Database
) -> None:
    """Each sees what the one before it did; what shares nothing overtakes them."""
    steps: list[Command] = []
    for n in range(8):
        steps += [
            grant(f"grant-{n}", amount=10),
            toy.Hold(**toy.by("P-1", f"hold-{n}"), purse="a", amount=10),
            toy.Spend(**toy.by("P-1", f"spend-{n}"), purse="a", amount=7),
        ]
    steps.append(grant("another", "b"))
    answers = [future.result() for future in burst(books, gate, steps)]

    assert all(answer.accepted for answer in answers)
    assert [a.body["left"] for a in answers if "left" in a.body] == [3 * (n + 1) for n in range(8)]
    blocks = [answer.block for answer in answers]
    assert blocks[:-1] == list(range(4, 28))
    assert blocks[-1] == 4
    assert verify(database).ok


def test_the_same_key_twice_in_a_burst_is_executed_and_replayed(books: Books, gate: Gate) -> None:
    answers = [future.result() for future in burst(books, gate, [grant("twice"), grant("twice"), grant("twice")])]

    assert [answer.replayed for answer in answers] == [False, True, True]


# -- what one does wrong -----------------------------------------------------------------------------------------------


def test_a_decision_that_fails_fails_alone(books: Books, gate: Gate, database: Database) -> None:
    commands: list[Command] = [grant(f"g-{n}", f"p{n}") for n in range(6)]
    commands[3] = toy.Explode(**toy.by("P-1", "explode"))
    futures = burst(books, gate, commands)

    assert isinstance(futures[3].exception(), ZeroDivisionError)
    assert {future.result().block for n, future in enumerate(futures) if n != 3} == {4}
    assert one(database, "SELECT count(*) FROM command WHERE key = 'explode'") == 0
    assert verify(database).ok


@pytest.mark.parametrize(
    ("poison", "fault"),
    [
        pytest.param(toy.Misfile(**toy.by("P-1", "bad")), psycopg.errors.CheckViolation, id="a CHECK"),
        pytest.param(toy.Misfile(**toy.by("P-1", "bad"), status="open"), psycopg.errors.UniqueViolation, id="a key"),
        pytest.param(toy.Misfile(**toy.by("P-1", "bad"), status="\x00"), FieldUnreadable, id="a NUL"),
        pytest.param(grant("bad\x00"), FieldUnreadable, id="a key with a NUL"),
        pytest.param(toy.Introduce(**toy.by("P-1", "bad"), name="\x00"), FieldUnreadable, id="a name with a NUL"),
        pytest.param(
            toy.Introduce(**toy.by("P-1", "bad"), name="x", purpose="\ud800"), FieldUnreadable, id="half a letter"
        ),
        pytest.param(toy.AddBudgetLine(**toy.by("P-1", "bad"), code="x" * 10_000_000), psycopg.Error, id="a huge code"),
        pytest.param(toy.Stray(**toy.by("P-1", "bad")), Undeclared, id="an undeclared posting"),
    ],
)
def test_a_command_that_the_database_or_the_journal_cannot_take_is_found_and_fails_alone(
    books: Books, gate: Gate, database: Database, poison: Command, fault: type[Exception]
) -> None:
    """Its batch runs again one by one; the others never learn of it."""
    commands = [grant(f"g-{n}", f"p{n}") for n in range(6)]
    futures = burst(books, gate, [*commands[:3], poison, *commands[3:]])

    found = futures[3].exception()
    assert isinstance(found.orig if isinstance(found, DBAPIError) else found, fault)
    assert all(future.result().accepted for n, future in enumerate(futures) if n != 3)
    assert one(database, "SELECT count(*) FROM command WHERE key LIKE 'bad%'") == 0
    assert standing(database)["toy:fund"] == 1_000_00 - 6
    assert verify(database).ok


def test_what_a_command_reads_can_fail_for_it_alone(books: Books, gate: Gate) -> None:
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Unheard(Command):
        kind: ClassVar[str] = "toy.unheard"

    futures = burst(books, gate, [Unheard(**toy.by("P-1", "unheard")), grant("heard")])

    assert "no slice declares Unheard" in str(futures[0].exception())
    assert futures[1].result().accepted


def test_the_executor_goes_on_after_every_fault(books: Books, gate: Gate) -> None:
    gate.open()
    for n in range(3):
        with pytest.raises(ZeroDivisionError):
            books.executor.run(toy.Explode(**toy.by("P-1", f"x-{n}")))
        with pytest.raises(DBAPIError):
            books.executor.run(toy.Misfile(**toy.by("P-1", f"m-{n}")))
        assert books.executor.run(grant(f"g-{n}")).accepted


def test_a_caller_who_no_longer_waits_takes_nobody_with_him(books: Books, gate: Gate, database: Database) -> None:
    """A connection that hangs up cancels what it waited for; the command was taken, and is decided like any other."""
    books.executor.submit(toy.Introduce(**toy.by("P-9", "held up"), name="gate"))
    assert gate.reached.wait(30)
    futures = books.executor.submit_all([grant(f"g-{n}", f"p{n}") for n in range(5)])
    cancelled = futures[2].cancel()
    gate.open()

    assert not cancelled
    assert all(future.result().accepted for future in futures)
    assert standing(database)["toy:fund"] == 1_000_00 - 5


# -- alone -------------------------------------------------------------------------------------------------------------


def test_what_others_rely_on_changes_in_a_block_of_its_own(database: Database) -> None:
    gate, batches = Gate(), iter(range(1_000))
    clock = toy.clock_at(date(2018, 1, 2))
    with Books(
        database.writer,
        clock=clock,
        faults=Plugs(after_locks=lambda: gate() if next(batches) == 3 else None),
        built=toy.toy_house(),
    ) as books:
        books.executor.run(toy.a_year())
        open_2018 = {"period": "2018", "starts_on": date(2018, 1, 1), "ends_on": date(2018, 12, 31)}
        books.executor.run(OpenPeriod(**toy.by("P-1", "2018"), **open_2018))
        books.executor.run(toy.Fund(**toy.by("P-1", "fund"), amount=100))
        adjust = ClosePeriod(**toy.by("P-1", "adjust"), period="2017", to="adjusting", second_person="P-2")
        close = ClosePeriod(**toy.by("P-1", "close"), period="2017", to="closed", second_person="P-2")
        late = {"effective_on": date(2017, 12, 1), "second_person": "P-2"}
        futures = burst(
            books,
            gate,
            [grant("g-1", "a"), adjust, grant("g-2", "b"), close, grant("g-3", "c"), grant("g-4", "d", **late)],
        )
        answers = {future.result().command: future.result() for future in futures}
        blocks = [future.result().block for future in futures]

    assert blocks.count(blocks[1]) == blocks.count(blocks[3]) == 1
    assert blocks[1] < blocks[3]
    assert sum(answer.accepted for answer in answers.values()) >= 5
    assert verify(database).ok


def test_a_second_executor_notices_that_a_period_was_closed_under_it(database: Database) -> None:
    """It has decided and waits for the head; what it relied on has changed, and it decides again."""
    clock = toy.clock_at(date(2018, 1, 2))
    gate, batches = Gate(), iter(range(1_000))
    plugs = Plugs(before_head=lambda: gate() if next(batches) == 1 else None)
    late = {"effective_on": date(2017, 12, 1), "second_person": "P-2"}
    with (
        Books(database.writer, clock=clock, built=toy.toy_house()) as keeper,
        Books(database.writer, clock=clock, faults=plugs, built=toy.toy_house()) as clerk,
    ):
        keeper.executor.run(toy.a_year())
        assert clerk.executor.run(toy.Fund(**toy.by("P-1", "before"), amount=1, **late)).accepted
        waiting = clerk.executor.submit(toy.Fund(**toy.by("P-1", "meanwhile"), amount=1, **late))
        assert gate.reached.wait(30)
        for to in ("adjusting", "closed"):
            step = ClosePeriod(**toy.by("P-1", to), period="2017", to=to, second_person="P-2")
            assert keeper.executor.run(step).accepted
        gate.open()
        answer = waiting.result()

    assert (answer.accepted, answer.body["code"]) == (False, "PeriodClosed")
    assert plugs.reached["before-head"] == 3, "decided once more"
    assert verify(database).ok


def test_a_second_executor_notices_that_an_account_was_opened_under_it(database: Database) -> None:
    """It found no fund and refuses; what is not there cannot be locked, so it looks again."""
    clock, gate = toy.clock_at(TODAY), Gate()
    with (
        Books(database.writer, clock=clock, built=toy.toy_house()) as keeper,
        Books(database.writer, clock=clock, faults=Plugs(before_head=gate), built=toy.toy_house()) as clerk,
    ):
        keeper.executor.run(toy.a_year())
        waiting = clerk.executor.submit(grant("from-an-empty-fund"))
        assert gate.reached.wait(30)
        filled = keeper.executor.run(toy.Fund(**toy.by("P-1", "fund"), amount=100))
        gate.open()

        assert filled.accepted
        assert (waiting.result().accepted, waiting.result().block) == (True, filled.block + 1)
    assert verify(database).ok


def test_a_second_executor_notices_that_an_account_was_closed_under_it(
    books: Books, gate: Gate, open_books: Opener
) -> None:
    gate.open()
    books.executor.run(grant("fill"))
    books.executor.run(toy.Hold(**toy.by("P-1", "empty"), purse="a", amount=1))
    second, batches = Gate(), iter(range(1_000))
    clerk = open_books(Plugs(before_head=lambda: second() if next(batches) == 1 else None))
    assert clerk.executor.run(grant("knows-the-account-now", amount=1)).accepted
    books.executor.run(toy.Hold(**toy.by("P-1", "empty-again"), purse="a", amount=1))

    waiting = clerk.executor.submit(
        ReverseEntry(**toy.by("P-1", "back"), seq=3, effective_on=TODAY, reason="r", second_person="P-2")
    )
    assert second.reached.wait(30)
    # The other holds the row of the balance until it commits: closing, which reads only, does not wait for it.
    closing = toy.CloseAccount(**toy.by("P-1", "close"), address="toy:purse:a", reason="unused")
    assert books.executor.run(closing).accepted
    second.open()

    assert (waiting.result().accepted, waiting.result().body["code"]) == (False, "AccountClosed")


def held_back(books: Books) -> ReverseEntry:
    """60 were held and 20 of them released; the release is to be taken back: 60 are held again."""
    for command in (
        grant("grant", amount=100),
        toy.Hold(**toy.by("P-1", "hold"), purse="a", amount=60),
        toy.Release(**toy.by("P-1", "release"), purse="a", amount=20),
    ):
        assert books.executor.run(command).accepted
    correction = {"effective_on": TODAY, "reason": "released by mistake", "second_person": "P-2"}
    return ReverseEntry(**toy.by("P-1", "take-back"), seq=4, **correction)


SPEND = toy.Spend(**toy.by("P-1", "spend"), purse="a", amount=10)


def test_a_reversal_touches_what_it_does_not_name_so_nobody_decides_beside_it(
    open_books: Opener, database: Database
) -> None:
    """Spending gives back all that is held: in whichever order the two come, it sees what there is."""
    gate, batches = Gate(), iter(range(1_000))
    books = open_books(Plugs(after_locks=lambda: gate() if next(batches) == 5 else None))
    books.executor.run(toy.a_year())
    books.executor.run(toy.Fund(**toy.by("P-1", "fund"), amount=1_000))
    futures = burst(books, gate, [held_back(books), SPEND])

    assert all(future.result().accepted for future in futures)
    assert standing(database)["toy:held:a"] == 0
    assert standing(database)["toy:spent"] == 10


def test_a_second_executor_that_has_read_meanwhile_reads_again_after_a_reversal(
    open_books: Opener, database: Database
) -> None:
    keeper, gate = open_books(), Gate()
    keeper.executor.run(toy.a_year())
    keeper.executor.run(toy.Fund(**toy.by("P-1", "fund"), amount=1_000))
    take_back = held_back(keeper)
    batches = iter(range(1_000))
    clerk = open_books(Plugs(after_load=lambda: gate() if next(batches) == 1 else None))
    clerk.executor.run(toy.Introduce(**toy.by("P-1", "knows the ground"), name="clerk"))

    spending = clerk.executor.submit(SPEND)
    assert gate.reached.wait(30)
    assert keeper.executor.run(take_back).accepted
    gate.open()

    assert spending.result().accepted
    assert standing(database)["toy:held:a"] == 0
    assert verify(database).ok


# -- reactions ---------------------------------------------------------------------------------------------------------


class TooMuchAtOnce(Refused):
    zh = "一次使用 {amount}，超过 {most}。"
    en = "{amount} at once is more than {most}."


@dataclass(frozen=True, slots=True)
class HasGivenBack(Event):
    amount: int


def react(event: toy.HasSpent, command: toy.Spend, _s: State, _p: Policies, day: date) -> Effects:
    """An upper slice grants one per cent back, and refuses what is too much."""
    if event.amount > 50:
        raise TooMuchAtOnce(amount=event.amount, most=50)
    back = move(1, debit=toy.purse(f"{event.purse}-bonus"), credit=toy.fund())
    return Effects({"bonus": 1}, (entry("toy.grant", day, back, memo=command.kind),), events=(HasGivenBack(1),))


def reads_bonus(command: toy.Spend) -> Keys:
    return toy.PURSES.keys(f"{command.purse}-bonus")


UPPER = Slice("upper", reactions=(Reaction(toy.HasSpent, toy.Spend, reads_bonus, react),))


def test_a_reaction_is_part_of_the_command_and_its_refusal_refuses_all(open_books: Opener, database: Database) -> None:
    books = open_books(built=toy.toy_house(UPPER))
    books.executor.run(toy.a_year())
    for command in (
        toy.Fund(**toy.by("P-1", "fund"), amount=1_000),
        grant("grant", amount=200),
        toy.Hold(**toy.by("P-1", "hold"), purse="a", amount=200),
    ):
        books.executor.run(command)

    spent = books.executor.run(toy.Spend(**toy.by("P-1", "spend"), purse="a", amount=50))
    assert spent.body == {"left": 150, "bonus": 1}
    assert standing(database)["toy:purse:a-bonus"] == 1
    books.executor.run(toy.Hold(**toy.by("P-1", "hold-more"), purse="a", amount=150))
    before = standing(database)

    refused = books.executor.run(toy.Spend(**toy.by("P-1", "spend-more"), purse="a", amount=51))

    assert (refused.accepted, refused.body["code"]) == (False, "TooMuchAtOnce")
    assert standing(database) == before
    assert verify(database).ok


def test_what_a_reaction_makes_happen_is_reacted_to_as_well(open_books: Opener) -> None:
    """A slice at the top sees what the one below it did when it reacted."""
    top = Slice(
        "top",
        reactions=(
            Reaction(HasGivenBack, toy.Spend, toy.none, lambda event, *_: Effects({"top saw": event.amount})),
            Reaction(HasGivenBack, toy.Grant, toy.none, lambda *_: Effects({"top saw": "a command it did not name"})),
        ),
    )
    books = open_books(built=toy.toy_house(UPPER, top))
    for command in (
        toy.a_year(),
        toy.Fund(**toy.by("P-1", "fund"), amount=1_000),
        grant("grant", amount=200),
        toy.Hold(**toy.by("P-1", "hold"), purse="a", amount=200),
    ):
        books.executor.run(command)

    spent = books.executor.run(toy.Spend(**toy.by("P-1", "spend"), purse="a", amount=50))

    assert spent.body == {"left": 150, "bonus": 1, "top saw": 1}


def test_what_a_reaction_reads_is_locked_with_the_command(open_books: Opener) -> None:
    """The bonus purse of a spender is spoken for: whoever writes it waits for the next batch."""
    gate, batches = Gate(), iter(range(1_000))
    books = open_books(Plugs(after_locks=lambda: gate() if next(batches) == 4 else None), toy.toy_house(UPPER))
    for command in (
        toy.a_year(),
        toy.Fund(**toy.by("P-1", "fund"), amount=1_000),
        grant("grant", amount=20),
        toy.Hold(**toy.by("P-1", "hold"), purse="a", amount=20),
    ):
        books.executor.run(command)

    spend = toy.Spend(**toy.by("P-1", "spend"), purse="a", amount=20)
    answers = [
        future.result() for future in burst(books, gate, [spend, grant("bonus", "a-bonus"), grant("other", "b")])
    ]

    assert answers[0].block == answers[2].block == answers[1].block - 1


# -- references --------------------------------------------------------------------------------------------------------


def test_references_are_followed_before_anything_is_locked_and_never_in_circles(open_books: Opener) -> None:
    """A chain of things that belong together is locked whole; one that does not end is a bug, told to its command."""
    seen: list[set[str]] = []

    def load(_reader: object, ids: object) -> dict[str, int]:
        seen.append({*ids})  # type: ignore[call-overload]
        return dict.fromkeys(ids, 1)  # type: ignore[call-overload]

    def follow(_reader: object, ids: list[str]) -> dict[str, Keys]:
        return {id_: links.keys(str(int(id_) - 1)) for id_ in ids if int(id_)}

    links = Aggregate[int]("link", load, follow, "环/link")

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Pull(Command):
        kind: ClassVar[str] = "toy.pull"
        link: int

    use_case = UseCase(Pull, lambda c: links.keys(str(c.link)), lambda *_: Effects({}))
    books = open_books(built=toy.toy_house(Slice("chain", use_cases=(use_case,), aggregates=(links,))))

    assert books.executor.run(Pull(**toy.by("P-1", "short"), link=6)).accepted
    assert seen == [{str(n) for n in range(7)}]
    with pytest.raises(ValueError, match="followed more than"):
        books.executor.run(Pull(**toy.by("P-1", "long"), link=100))


# -- the end, and the clock --------------------------------------------------------------------------------------------


def test_closing_finishes_what_was_taken_and_takes_nothing_more(books: Books, gate: Gate, database: Database) -> None:
    books.executor.submit(toy.Introduce(**toy.by("P-9", "held up"), name="gate"))
    assert gate.reached.wait(30)
    futures = books.executor.submit_all([grant(f"g-{n}") for n in range(30)])
    closing = threading.Thread(target=books.executor.close)
    closing.start()
    refused = refused_at_last(books)
    gate.open()
    closing.join(30)

    assert "did not take this request" in refused.say("en")
    assert all(future.done() and future.result().accepted for future in futures)
    assert standing(database)["toy:purse:a"] == 30
    books.executor.close()


def refused_at_last(books: Books) -> ExecutorClosed:
    """Ask until the executor takes nothing more."""
    while True:
        try:
            books.executor.submit(grant(f"late-{time.monotonic_ns()}", "late"))
        except ExecutorClosed as closed:
            return closed


def test_a_simulated_clock_stands_until_it_is_moved_and_never_goes_back() -> None:
    clock = SimulatedClock(datetime(2017, 3, 1, tzinfo=UTC))

    assert clock.now() == clock.now() == datetime(2017, 3, 1, tzinfo=UTC)
    clock.move_to(date(2017, 3, 5), hour=23)
    assert clock.now() == datetime(2017, 3, 5, 23, tzinfo=CITY)
    clock.move_to(date(2017, 3, 4))
    assert clock.now() == datetime(2017, 3, 5, 23, tzinfo=CITY)


@pytest.mark.parametrize(
    ("instant", "legal"),
    [
        (datetime(2017, 12, 31, 15, 59, 59, tzinfo=UTC), date(2017, 12, 31)),
        (datetime(2017, 12, 31, 16, 0, 0, tzinfo=UTC), date(2018, 1, 1)),
    ],
)
def test_the_legal_date_changes_at_midnight_in_the_city(instant: datetime, legal: date) -> None:
    assert today(SimulatedClock(instant)) == legal


def test_no_block_is_recorded_before_the_one_before_it(database: Database) -> None:
    """Whatever the clocks of two machines say."""
    late, early = toy.clock_at(date(2017, 3, 2)), toy.clock_at(date(2017, 3, 1))
    with (
        Books(database.writer, clock=late, built=toy.toy_house()) as one_machine,
        Books(database.writer, clock=early, built=toy.toy_house()) as another,
    ):
        one_machine.executor.run(toy.a_year())
        for n in range(3):
            for books in (one_machine, another):
                assert books.executor.run(
                    replace(toy.Fund(**toy.by("P-1", "f"), amount=1), key=f"{n}-{id(books)}")
                ).accepted

    recorded = [instant for (instant,) in rows(database, "SELECT recorded_at FROM block ORDER BY number")]
    assert recorded == sorted(recorded)
    assert recorded[-1] == late.now()
    assert recorded[-1] - early.now() == timedelta(days=1)
    assert verify(database).ok


def test_beside_a_reaction_that_shuts_the_gate_nobody_decides(open_books: Opener, database: Database) -> None:
    """It touches what it cannot name: whoever is inside ends first, and who comes later sees what it has done."""
    gated = Reaction(toy.HasSpent, toy.Spend, reads_bonus, react, shuts_the_gate=lambda spend: spend.amount == 20)
    house = toy.toy_house(Slice("upper", reactions=(gated,)))
    inside, outside = Gate(), Gate()
    plugs = Plugs()
    books, other = open_books(plugs, house), open_books(Plugs(after_load=outside), house)
    for command in (
        toy.a_year(),
        toy.Fund(**toy.by("P-1", "fund"), amount=1_000),
        grant("grant", amount=30),
        toy.Hold(**toy.by("P-1", "hold"), purse="a", amount=30),
    ):
        books.executor.run(command)
    plugs.put("after-locks", inside)

    first = books.executor.submit(grant("elsewhere", "b"))
    assert inside.reached.wait(30)
    spending = other.executor.submit(toy.Spend(**toy.by("P-1", "spend"), purse="a", amount=20))
    assert not outside.reached.wait(0.3), "it waits for whoever is inside, though they share no name"
    inside.open()
    assert first.result(30).accepted
    assert outside.reached.wait(30)
    later = books.executor.submit(grant("later", "c"))
    assert not later.done()
    outside.open()

    assert spending.result(30).accepted
    assert later.result(30).accepted
    order = [key for (key,) in rows(database, "SELECT key FROM command ORDER BY block, position")]
    assert order[-3:] == ["elsewhere", "spend", "later"]
    assert verify(database).ok
