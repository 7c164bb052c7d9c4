"""kill -9, of the process and of PostgreSQL: what was acknowledged is there once, and no batch is there by half."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import toy
import victim
from databases import Database
from plugs import TODAY
from processes import acknowledged, order, run_victim
from reading_back import one, rows, standing, verify

from ledger.assembly import Books
from ledger.database import migrate
from ledger.database.embedded import embedded
from ledger.executor.commands import Answer
from ledger.executor.faults import POINTS

COMMANDS = 60


def as_said(answer: Answer) -> list[Any]:
    return [answer.accepted, answer.body, answer.block]


# -- the process -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("point", POINTS)
def test_a_process_killed_at_any_point_of_a_batch_loses_nothing_it_acknowledged(
    books: Books, database: Database, point: str
) -> None:
    killed = run_victim(order(database, "v", COMMANDS, point=point, batch=4))
    assert killed.returncode == -signal.SIGKILL
    said = acknowledged(killed.stdout)
    assert 0 < len(said) < COMMANDS

    answers = {c.key: books.executor.run(c) for c in victim.grants("v", COMMANDS)}

    for key, answer in said.items():
        assert answers[key].replayed
        assert as_said(answers[key]) == answer
    replayed = sum(answer.replayed for answer in answers.values())
    assert (replayed > len(said)) == (point == "after-commit"), "committed, and nobody had heard of it yet"
    assert all(answer.accepted for answer in answers.values())
    assert one(database, "SELECT count(*) FROM command WHERE key LIKE 'v-%'") == COMMANDS
    assert standing(database)["toy:fund"] == 1_000_00 - COMMANDS
    assert (
        rows(database, "SELECT number FROM block b WHERE leaves <> (SELECT count(*) FROM command WHERE block = number)")
        == []
    )
    assert verify(database).ok


def test_a_process_that_nobody_kills_acknowledges_all(books: Books, database: Database) -> None:
    ended = run_victim(order(database, "v", COMMANDS))

    assert ended.returncode == 0
    assert acknowledged(ended.stdout).keys() == {command.key for command in victim.grants("v", COMMANDS)}
    assert books.executor.run(victim.grants("v", 1)[0]).replayed


# -- PostgreSQL --------------------------------------------------------------------------------------------------------


@pytest.fixture
def durable(tmp_path: Path) -> Iterator[Database]:
    """A cluster of its own, which keeps what it acknowledged whatever happens to it."""
    with embedded(tmp_path / "durable") as server:
        migrate.upgrade(server.urls.owner)
        database = Database(server.urls.owner, server.urls.writer, server.urls.reader)
        yield database
        database.close()


def processes_in(cluster: Path) -> list[int]:
    """Every process of the server that works in this directory."""
    found = []
    for process in Path("/proc").iterdir():
        with suppress(OSError, ValueError):
            if int(process.name) and (process / "cwd").samefile(cluster):
                found.append(int(process.name))
    return found


def kill_postgres(cluster: Path) -> None:
    """All of it at once; back when the last is gone."""
    processes = processes_in(cluster)
    assert len(processes) > 3
    for process in processes:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    while processes_in(cluster):
        time.sleep(0.01)


class Caller(threading.Thread):
    """Asks for one thing after the other, and keeps what it was told."""

    def __init__(self, books: Books, name: str, stop: threading.Event) -> None:
        super().__init__(name=name)
        self.books, self.stop = books, stop
        self.asked: list[toy.Grant] = []
        self.said: dict[str, Answer] = {}

    def run(self) -> None:
        while not self.stop.is_set():
            n = len(self.asked)
            command = toy.Grant(**toy.by("P-1", f"{self.name}-{n}"), purse=f"{self.name}-{n % 5}", amount=1)
            self.asked.append(command)
            self.said[command.key] = self.books.executor.run(command)


@pytest.mark.skipif(not Path("/proc/self/cwd").exists(), reason="finds the server's processes by their directory")
def test_postgresql_killed_under_load_loses_nothing_it_acknowledged(durable: Database, tmp_path: Path) -> None:
    with Books(durable.writer, clock=toy.clock_at(TODAY), built=toy.toy_house()) as books:
        books.executor.run(toy.a_year())
        books.executor.run(toy.Fund(**toy.by("P-1", "fund"), amount=10**9))
        with calling(books, 8) as callers:
            for _ in range(3):
                wait_for_answers(callers, 200)
                kill_postgres(tmp_path / "durable" / "cluster")
                with embedded(tmp_path / "durable"):  # whoever comes next starts it again
                    wait_for_answers(callers, 100)
        said = {key: answer for caller in callers for key, answer in caller.said.items()}
        commands = {command.key: command for caller in callers for command in caller.asked}

        assert commands.keys() == said.keys(), "the executor waited for the server, and every caller got an answer"
        assert all(answer.accepted for answer in said.values())
        stored = rows(durable, "SELECT key, block FROM command WHERE key LIKE 'caller-%'")
        assert dict(stored) == {key: answer.block for key, answer in said.items()}
        assert len(stored) == len(said)
        assert standing(durable)["toy:fund"] == 10**9 - len(said)
        for key in sorted(said)[::17]:
            again = books.executor.run(commands[key])
            assert again.replayed
            assert as_said(again) == as_said(said[key])
    assert verify(durable).ok


@contextmanager
def calling(books: Books, number: int) -> Iterator[list[Caller]]:
    stop = threading.Event()
    callers = [Caller(books, f"caller-{n}", stop) for n in range(number)]
    try:
        for caller in callers:
            caller.start()
        yield callers
    finally:
        stop.set()
        for caller in callers:
            caller.join(90)


def wait_for_answers(callers: list[Caller], more: int) -> None:
    """Until so many more were given."""
    enough = sum(len(caller.said) for caller in callers) + more
    give_up = time.monotonic() + 60
    while sum(len(caller.said) for caller in callers) < enough:
        assert time.monotonic() < give_up
        time.sleep(0.01)
