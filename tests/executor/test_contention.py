"""Many callers at once, on one and on two executors: nothing is spent twice, and nobody waits for ever."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import chain
from pathlib import Path

import psycopg
import pytest
import toy
from databases import Cluster, Database
from plugs import TODAY, Opener, Plugs
from reading_back import one, rows, standing, verify

from ledger.assembly import Books
from ledger.database.engine import connect, writer_engine
from ledger.executor import executor
from ledger.executor.faults import POINTS


def fill(books: Books, purse: str, amount: int, held: int = 0) -> None:
    assert books.executor.run(toy.Grant(**toy.by("P-1", f"fill-{purse}"), purse=purse, amount=amount)).accepted
    if held:
        assert books.executor.run(toy.Hold(**toy.by("P-1", f"hold-{purse}"), purse=purse, amount=held)).accepted


def test_fifty_callers_at_once_on_one_purse_never_overspend(books: Books, database: Database) -> None:
    fill(books, "a", 100)
    holds = [toy.Hold(**toy.by("P-1", f"h-{n}"), purse="a", amount=7) for n in range(50)]

    with ThreadPoolExecutor(50) as callers:
        answers = list(callers.map(books.executor.run, holds))

    assert sum(answer.accepted for answer in answers) == 100 // 7
    assert {answer.body["code"] for answer in answers if not answer.accepted} == {"NotEnough"}
    assert standing(database)["toy:purse:a"] == 100 % 7
    assert verify(database).ok


def test_fifty_callers_at_once_at_two_executors_never_overspend(
    books: Books, open_books: Opener, database: Database
) -> None:
    other = open_books()
    fill(books, "a", 100)
    executors = [books.executor, other.executor]
    holds = [toy.Hold(**toy.by("P-1", f"h-{n}"), purse="a", amount=7) for n in range(50)]

    with ThreadPoolExecutor(50) as callers:
        answers = list(callers.map(lambda n: executors[n % 2].run(holds[n]), range(50)))

    assert sum(answer.accepted for answer in answers) == 100 // 7
    assert standing(database)["toy:purse:a"] == 100 % 7
    assert verify(database).ok


def test_one_held_amount_is_spent_once_whoever_asks(books: Books, open_books: Opener, database: Database) -> None:
    """The check reads the purse and the entry writes it: nobody comes between the two."""
    other = open_books()
    fill(books, "a", 100, held=100)
    spends = [toy.Spend(**toy.by("P-1", f"s-{n}"), purse="a", amount=100) for n in range(20)]

    futures = list(
        chain.from_iterable(
            zip(books.executor.submit_all(spends[:10]), other.executor.submit_all(spends[10:]), strict=True)
        )
    )
    answers = [future.result() for future in futures]

    assert sum(answer.accepted for answer in answers) == 1
    assert {answer.body["code"] for answer in answers if not answer.accepted} == {"NothingHeld"}
    assert standing(database)["toy:bank:U"] == 100


def test_hundreds_of_callers_on_one_limited_fund_share_it_to_the_last_fen(
    books: Books, open_books: Opener, database: Database
) -> None:
    """Every grant is another purse's: only the fund is common to all, and it does not hold enough for all."""
    other = open_books()
    executors = [books.executor, other.executor]
    grants = [toy.Grant(**toy.by("P-1", f"g-{n}"), purse=f"p{n}", amount=3_00) for n in range(400)]

    with ThreadPoolExecutor(100) as callers:
        answers = list(callers.map(lambda n: executors[n % 2].run(grants[n]), range(400)))

    assert sum(answer.accepted for answer in answers) == 1_000_00 // 3_00
    assert standing(database)["toy:fund"] == 1_000_00 % 3_00
    assert one(database, "SELECT count(*) FROM block") < 402 // 2, "many were written together"
    assert verify(database).ok


def test_two_executors_that_open_one_account_at_once_agree_on_it(
    books: Books, open_books: Opener, database: Database
) -> None:
    other = open_books()
    for n in range(10):
        grants = [toy.Grant(**toy.by("P-1", f"{who}-{n}"), purse=f"new-{n}", amount=1) for who in "xy"]
        funds = [toy.Fund(**toy.by("P-1", f"fund-{who}-{n}"), amount=1) for who in "xy"]
        futures = [
            future
            for each, who in ((books, 0), (other, 1))
            for future in each.executor.submit_all([grants[who], funds[who]])
        ]
        assert all(future.result().accepted for future in futures)

    opened = rows(database, "SELECT address FROM account WHERE address LIKE 'toy:purse:new-%'")
    assert len(opened) == 10
    assert verify(database).ok


def test_two_executors_that_take_many_things_in_opposite_orders_do_not_lock_each_other_out(
    books: Books, open_books: Opener, database: Database
) -> None:
    other = open_books()
    purses = [f"p{n}" for n in range(12)]
    for purse in purses:
        fill(books, purse, 100)
    deadlocks = one(database, "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    futures = []
    for n in range(8):
        for books_, order in ((books, purses), (other, purses[::-1])):
            holds = [toy.Hold(**toy.by("P-1", f"h-{n}-{id(books_)}-{p}"), purse=p, amount=1) for p in order]
            futures += books_.executor.submit_all(holds)

    assert all(future.result().accepted for future in futures)
    assert one(database, "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()") == deadlocks
    assert verify(database).ok


# -- the connection goes -----------------------------------------------------------------------------------------------


def end_the_writers_connections(superuser: psycopg.Connection) -> int:
    """As an operator might, or a failing switch: whatever they are doing."""
    ended = superuser.execute(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
        "WHERE application_name = 'vledger writer' AND datname = current_database()"
    ).fetchone()
    assert ended
    return int(ended[0])


@pytest.mark.parametrize("point", [point for point in POINTS if point != "taken"])
def test_a_connection_that_ends_in_the_middle_of_a_batch_is_replaced_and_the_command_is_there_once(
    cluster: Cluster, database: Database, point: str
) -> None:
    ended: list[int] = []
    plugs = Plugs()

    def pull() -> None:
        if plugs.reached[point] == 3:
            ended.append(end_the_writers_connections(superuser))

    plugs.put(point, pull)
    grants = [toy.Grant(**toy.by("P-1", f"g-{n}"), purse=f"p{n}", amount=1) for n in range(5)]
    with (
        connect(cluster.urls.superuser.set(database=database.owner_url.database), autocommit=True) as superuser,
        Books(database.writer, clock=toy.clock_at(TODAY), faults=plugs, built=toy.toy_house()) as books,
    ):
        books.executor.run(toy.a_year())
        books.executor.run(toy.Fund(**toy.by("P-1", "fund"), amount=100))
        answers = [future.result() for future in books.executor.submit_all(grants)]
        answers.append(books.executor.run(toy.Fund(**toy.by("P-1", "after"), amount=1)))

    assert ended == [1]
    assert all(answer.accepted for answer in answers)
    assert sorted(rows(database, "SELECT key FROM command WHERE key LIKE 'g-%'")) == [(f"g-{n}",) for n in range(5)]
    assert standing(database)["toy:fund"] == 96
    assert verify(database).ok


def test_a_store_that_stays_away_is_told_to_all_at_once_and_is_nobody_s_refusal(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What became of the requests is unknown: the same keys ask again. They do not wait for it one after the other."""
    monkeypatch.setattr(executor, "OUTAGE_MAX", timedelta(seconds=0.3))
    nowhere = writer_engine(database.writer_url.update_query_dict({"host": str(tmp_path)}))
    grants = [toy.Grant(**toy.by("P-1", f"g-{n}"), purse=f"p{n}", amount=1) for n in range(100)]
    began = time.monotonic()
    with Books(nowhere, clock=toy.clock_at(TODAY), built=toy.toy_house()) as books:
        faults = [future.exception() for future in books.executor.submit_all(grants)]

    assert {type(fault) for fault in faults} == {executor.StoreUnavailable}
    assert "Send the same key again" in str(faults[0])
    assert time.monotonic() - began < 100 * 0.3 / 2
