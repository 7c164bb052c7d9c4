"""Many commands in one transaction: all of them, or none, and nobody between them."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
import toy
from databases import Database
from plugs import Gate, Opener, Plugs
from reading_back import everything, one, rows, standing, verify

from ledger.amounts import AmountOutOfRange
from ledger.assembly import Books
from ledger.errors import Invalid
from ledger.executor.commands import Answer, Command
from ledger.executor.idempotency import KeyReused
from ledger.executor.together import never


def grant(key: str, purse: str = "a", amount: int = 1) -> toy.Grant:
    return toy.Grant(**toy.by("P-1", key), purse=purse, amount=amount)


class Told:
    """What was told, by place."""

    def __init__(self) -> None:
        self.answers: dict[int, Any] = {}

    def __call__(self, place: int, answer: Answer | Invalid) -> None:
        assert place not in self.answers
        self.answers[place] = answer


@pytest.fixture
def told() -> Told:
    return Told()


def test_all_of_them_are_kept(books: Books, database: Database, told: Told) -> None:
    tally = books.together.run((grant(f"g-{n}", f"p{n % 7}") for n in range(600)), told)

    assert (tally.accepted, tally.refused, tally.replayed, tally.kept) == (600, 0, 0, True)
    assert sorted(told.answers) == list(range(600))
    assert standing(database)["toy:fund"] == 1_000_00 - 600
    assert [told.answers[n].command for n in range(600)] == [grant(f"g-{n}").id_in("main") for n in range(600)]
    assert verify(database).ok


def test_one_refusal_keeps_none_and_every_refusal_is_told(books: Books, database: Database, told: Told) -> None:
    before = everything(database)

    wishes = [grant("g-0"), grant("too-much", amount=9_000_00), grant("g-1"), grant("too-much-2", amount=9_000_00)]
    tally = books.together.run(wishes, told)

    assert (tally.accepted, tally.refused, tally.kept) == (2, 2, False)
    assert [told.answers[n].accepted for n in range(4)] == [True, False, True, False]
    assert everything(database) == before
    assert books.executor.run(grant("too-much")).replayed is False


def test_a_fault_keeps_none(books: Books, database: Database, told: Told) -> None:
    before = everything(database)

    with pytest.raises(ZeroDivisionError):
        books.together.run([grant("g-0"), toy.Explode(**toy.by("P-1", "x"))], told)
    assert everything(database) == before
    assert books.executor.run(grant("g-0")).accepted


def test_one_that_cannot_be_read_keeps_none_and_is_told_as_such(books: Books, database: Database, told: Told) -> None:
    before = everything(database)

    tally = books.together.run([grant("g-0"), grant("g-1"), grant("g-1", amount=2), grant("bad", amount=-1)], told)

    assert (tally.accepted, tally.unreadable, tally.kept) == (2, 2, False)
    assert isinstance(told.answers[2], KeyReused)
    assert isinstance(told.answers[3], AmountOutOfRange)
    assert everything(database) == before


def test_those_that_share_a_name_see_each_other_in_their_order(books: Books, told: Told) -> None:
    wishes: list[Command] = [grant("g", "a", 10)]
    wishes += [toy.Hold(**toy.by("P-1", f"h-{n}"), purse="a", amount=5) for n in range(2)]
    wishes += [toy.Spend(**toy.by("P-1", f"s-{n}"), purse="a", amount=5) for n in range(2)]

    tally = books.together.run(wishes, told)

    assert tally.refused == 1  # the first spending takes 5 of what is held and frees the rest: nothing is held any more
    assert told.answers[3].body == {"left": 5}
    assert told.answers[4].body["code"] == "NothingHeld"


def test_a_second_run_replays_and_changes_nothing(books: Books, database: Database, told: Told) -> None:
    wishes = [grant(f"g-{n}", f"p{n}") for n in range(10)]
    books.together.run(wishes, Told())
    before = everything(database)

    tally = books.together.run(wishes, told)

    assert (tally.accepted, tally.replayed, tally.kept, tally.last_block) == (10, 10, True, None)
    assert all(answer.replayed for answer in told.answers.values())
    assert everything(database) == before


def test_a_rehearsal_keeps_none_and_uses_no_key(books: Books, database: Database, told: Told) -> None:
    before = everything(database)

    tally = books.together.run([grant("g-0")], told, keep=never)

    assert (tally.accepted, tally.kept) == (1, False)
    assert everything(database) == before
    assert books.executor.run(grant("g-0")).replayed is False


def test_nobody_else_decides_meanwhile_and_those_inside_finish_first(open_books: Opener, database: Database) -> None:
    """A batch that has passed the gate ends first; one that comes later waits, and neither loses anything."""
    gate = Gate()
    plugs = Plugs()
    books = open_books(plugs)
    books.executor.run(toy.a_year())
    books.executor.run(toy.Fund(**toy.by("P-1", "fund"), amount=1_000_00))
    plugs.put("after-locks", gate)
    inside = books.executor.submit(grant("inside"))
    assert gate.reached.wait(30)
    other = open_books()
    pulled, go_on = threading.Event(), threading.Event()

    def wishes() -> Iterator[Command]:
        yield grant("together-0")
        pulled.set()
        assert go_on.wait(30)
        yield grant("together-1")

    tallies: list[object] = []
    thread = threading.Thread(target=lambda: tallies.append(other.together.run(wishes(), Told())))
    thread.start()
    gate.open()
    assert inside.result(30).accepted
    assert pulled.wait(30)
    outside = other.executor.submit(grant("outside"))
    assert not outside.done()
    go_on.set()
    thread.join(30)
    assert outside.result(30).accepted

    order = [key for (key,) in rows(database, "SELECT key FROM command ORDER BY block, position")]
    assert order[2:] == ["inside", "together-0", "together-1", "outside"]
    assert one(database, "SELECT count(*) FROM block") == 6  # one purse: those together follow each other
    assert verify(database).ok


def test_of_no_commands_nothing_comes(books: Books, database: Database, told: Told) -> None:
    before = everything(database)

    tally = books.together.run([], told)

    assert (tally.accepted, tally.kept, tally.last_block) == (0, True, None)
    assert everything(database) == before
