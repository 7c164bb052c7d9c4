"""Two executors in two processes on one book, under load: at every moment the books are right."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import toy
import victim
from databases import Database
from processes import acknowledged, order, start_victim
from reading_back import rows, standing, verify
from sqlalchemy import text

from ledger.assembly import Books
from ledger.database.engine import read_only_session

COMMANDS = 800
COMMON = 200
STORED = "SELECT key, status = 'accepted', block FROM command WHERE key ~ '^(left|right|both)-'"


def check_in_one_snapshot(database: Database) -> int:
    """Everything, as of one instant, while others write; gives the number of blocks it saw."""
    with read_only_session(database.owner) as session:
        connection = session.connection()
        found = toy.toy_house().verifier().verify(connection, [])
        assert found.faults == []
        written = connection.execute(
            text("SELECT (SELECT last_seq FROM book), (SELECT count(*) FROM entry), (SELECT max(seq) FROM entry)")
        ).one()
        assert len(set(written)) == 1
        return found.blocks


def test_two_processes_on_one_book_never_disagree(books: Books, database: Database) -> None:
    """Their own requests, the same requests under the same keys, the same forty purses and one hot fund."""
    assert books.executor.run(toy.Fund(**toy.by("P-1", "much"), amount=10**9)).accepted
    work = [("left", COMMANDS), ("right", COMMANDS), ("both", COMMON), ("both", COMMON)]
    processes = [start_victim(order(database, prefix, number, work="traffic")) for prefix, number in work]
    seen = []
    with ThreadPoolExecutor(len(processes)) as listeners:
        said = [listeners.submit(process.communicate) for process in processes]
        while not all(each.done() for each in said):
            seen.append(check_in_one_snapshot(database))
    told = [acknowledged(each.result()[0]) for each in said]

    assert [process.returncode for process in processes] == [0] * len(processes)
    assert len(set(seen)) > 2, "looked at while it grew"
    assert verify(database).ok
    stored = {key: (accepted, block) for key, accepted, block in rows(database, STORED)}
    for (prefix, number), answers in zip(work, told, strict=True):
        assert answers.keys() == {command.key for command in victim.traffic(prefix, number)}
        assert all(stored[key] == (accepted, block) for key, (accepted, _, block) in answers.items())
    assert told[2] == told[3], "one execution, and the same answer for both"
    assert len(stored) == 2 * COMMANDS + COMMON
    assert Counter(accepted for accepted, _ in stored.values()).keys() == {True, False}
    amounts = standing(database)
    assert min(amounts["toy:spent"], amounts["toy:purse:p0"]) > 0
    assert sum(amounts.values()) == 0
    assert -amounts["toy:source"] == 10**9 + 1_000_00
