"""A rehearsal tells what the books would answer, and leaves no trace."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

import pytest
import toy
from databases import Database
from plugs import Opener
from reading_back import everything, verify
from sqlalchemy.exc import DBAPIError

from ledger.assembly import Books
from ledger.bookkeeping.close_account import CloseAccount
from ledger.bookkeeping.close_period import ClosePeriod
from ledger.executor.batch import NO_BLOCK
from ledger.executor.commands import Aggregate, Answer, Command, Effects, UseCase
from ledger.executor.idempotency import KeyReused
from ledger.executor.reading import Reader
from ledger.executor.slices import Slice

KINDS = [
    toy.Fund(**toy.by("P-1", "more"), amount=5),
    toy.Grant(**toy.by("P-1", "number"), purse="a", amount=7),
    toy.Grant(**toy.by("P-1", "too-much"), purse="a", amount=2_000_00),
    toy.Hold(**toy.by("P-1", "nothing-there"), purse="a", amount=1),
    toy.Spend(**toy.by("P-1", "refused"), purse="a", amount=1),
    toy.Assess(**toy.by("P-1", "calculated"), gross=1_060_00),
    toy.Introduce(**toy.by("P-1", "personal"), name="王小明"),
    toy.Fund(**toy.by("P-1", "too-late"), amount=1, effective_on=date(2017, 2, 1)),
    toy.Fund(**toy.by("P-1", "no-period"), amount=1, effective_on=date(2016, 2, 1), second_person="P-2"),
    CloseAccount(**toy.by("P-1", "close"), address="toy:fund", reason="not empty"),
    ClosePeriod(**toy.by("P-1", "not-over"), period="2017", to="adjusting", second_person="P-2"),
]


@pytest.mark.parametrize("command", KINDS, ids=lambda command: command.key)
def test_the_answer_is_the_real_one_but_for_the_block(books: Books, database: Database, command: Command) -> None:
    before = everything(database)

    rehearsed = books.rehearsal.run(command)

    assert everything(database) == before
    real = books.executor.run(command)
    assert not real.replayed
    assert rehearsed == Answer(real.accepted, real.body, real.command, NO_BLOCK)
    assert verify(database).ok


def test_what_was_answered_before_is_answered_again(books: Books) -> None:
    command = toy.Grant(**toy.by("P-1", "g"), purse="a", amount=7)
    real = books.executor.run(command)

    again = books.rehearsal.run(command)

    assert again.replayed
    assert again.body == real.body
    with pytest.raises(KeyReused, match="amount"):
        books.rehearsal.run(toy.Grant(**toy.by("P-1", "g"), purse="a", amount=8))


def test_each_rehearsal_of_many_sees_the_balances_that_those_before_it_leave(books: Books) -> None:
    """1,000.00 are there: two grants of 600.00 do not both fit, and a third of 400.00 does."""
    wishes = [
        toy.Grant(**toy.by("P-1", f"g-{n}"), purse="a", amount=fen) for n, fen in enumerate((600_00, 600_00, 400_00))
    ]

    answers = books.rehearsal.run_all(wishes)

    assert [isinstance(answer, Answer) and answer.accepted for answer in answers] == [True, False, True]


def test_a_fault_of_one_is_not_the_others(books: Books) -> None:
    exploded, granted = books.rehearsal.run_all(
        [toy.Explode(**toy.by("P-1", "x")), toy.Grant(**toy.by("P-1", "g"), purse="a", amount=1)]
    )

    assert isinstance(exploded, ZeroDivisionError)
    assert isinstance(granted, Answer)
    assert granted.accepted


def test_a_period_that_another_process_closed_is_closed_to_a_rehearsal_too(books: Books, database: Database) -> None:
    with Books(database.writer, clock=toy.clock_at(date(2018, 1, 9)), built=toy.toy_house()) as later:
        late = toy.Fund(**toy.by("P-1", "late"), amount=1, effective_on=date(2017, 6, 1), second_person="P-2")
        assert later.rehearsal.run(late).accepted
        for to in ("adjusting", "closed"):
            assert books.executor.run(_closing(to)).accepted is False  # it is still March where these books stand
            assert later.executor.run(_closing(f"{to}", key=f"later-{to}")).accepted

        assert later.rehearsal.run(late).body["code"] == "PeriodClosed"


def _closing(to: str, key: str = "") -> ClosePeriod:
    return ClosePeriod(**toy.by("P-1", key or f"close-{to}"), period="2017", to=to, second_person="P-2")


def test_its_transaction_cannot_write(open_books: Opener) -> None:
    """Whatever a load tries: the database refuses."""
    books = open_books(built=toy.toy_house(SCRIBBLING))

    with pytest.raises(DBAPIError, match="read-only"):
        books.rehearsal.run_all([Scribble(**toy.by("P-1", "s"))])


@dataclass(frozen=True, slots=True, kw_only=True)
class Scribble(Command):
    kind: ClassVar[str] = "toy.scribble"


def _scribble(reader: Reader, _ids: Collection[str]) -> Mapping[str, None]:
    reader.rows("UPDATE book SET generation = generation + 1 WHERE id = %s", reader.book)
    return {}


SCRIBBLED = Aggregate[None]("scribbled", _scribble)
SCRIBBLING = Slice(
    name="scribbling",
    use_cases=(UseCase(Scribble, lambda _: SCRIBBLED.keys("x"), lambda *_: Effects({})),),
    aggregates=(SCRIBBLED,),
)
