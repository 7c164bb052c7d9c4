"""A name stands apart from the chain; verify says when it is no longer the name that the books hold a digest of."""

import hmac
from collections.abc import Iterator
from datetime import date

import pytest
import toy
from databases import Cluster
from sqlalchemy import text
from year import Year

from ledger.assembly import Books
from ledger.journal.anchors import Anchors

NAMES = {"hello-1": "王小明", "hello-2": "王小红", "hello-3": "王小明"}


@pytest.fixture(scope="module")
def year(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    """Three introductions, two of one name, and a command without anything personal."""
    built = toy.toy_house()
    anchors = Anchors.at(tmp_path_factory.mktemp("names") / "anchors")
    with cluster.database() as database:
        with Books(database.writer, anchors, toy.clock_at(date(2017, 3, 1)), built=built) as books:
            books.executor.run(toy.a_year())
            books.executor.run(toy.Fund(**toy.by("P-1", "fund"), amount=1_00))
            for key, name in NAMES.items():
                assert books.executor.run(toy.Introduce(**toy.by("P-1", key), name=name)).accepted
        yield Year(database, built, anchors)


def command(key: str) -> str:
    return f"(SELECT id FROM command WHERE key = '{key}')"


MEDDLING = {
    "the value": f"UPDATE personal SET value = '李四' WHERE command = {command('hello-1')}",
    "one space more": f"UPDATE personal SET value = value || ' ' WHERE command = {command('hello-1')}",
    "the salt": f"UPDATE personal SET salt = sha256(salt) WHERE command = {command('hello-1')}",
    "the field": f"UPDATE personal SET field = 'purpose' WHERE command = {command('hello-1')}",
    "its command, to one that holds no digest": (
        f"UPDATE personal SET command = {command('fund')} WHERE command = {command('hello-1')}"
    ),
    "its command, to one that does not exist": (
        f"UPDATE personal SET command = gen_random_uuid() WHERE command = {command('hello-1')}"
    ),
    "its book": f"UPDATE personal SET book = 2 WHERE command = {command('hello-1')}",
    "its place, after the other was erased": (
        f"DELETE FROM personal WHERE command = {command('hello-2')}; "
        f"UPDATE personal SET command = {command('hello-2')} WHERE command = {command('hello-1')}"
    ),
    "its place, with the same name under another salt": (
        f"DELETE FROM personal WHERE command = {command('hello-3')}; "
        f"UPDATE personal SET command = {command('hello-3')} WHERE command = {command('hello-1')}"
    ),
    "a row more": (
        f"INSERT INTO personal SELECT book, command, 'purpose', salt, value FROM personal "
        f"WHERE command = {command('hello-1')}"
    ),
}


def test_the_untouched_names_are_what_the_books_hold_digests_of(year: Year) -> None:
    with year.in_the_owners_hands() as connection:
        found = year.verify(connection)

    assert found.faults == []
    assert (found.personal, found.erased) == (3, 0)


@pytest.mark.parametrize("meddling", MEDDLING)
def test_what_stands_apart_cannot_be_changed_unnoticed(year: Year, meddling: str) -> None:
    with year.in_the_owners_hands() as connection:
        for statement in MEDDLING[meddling].split("; "):
            assert connection.execute(text(statement)).rowcount == 1

        assert year.checks_failed(connection) == {"personal fields"}


def test_two_names_that_changed_places_are_both_named_and_not_repeated(year: Year) -> None:
    with year.in_the_owners_hands() as connection:
        for now, then in (("hello-1", "gen_random_uuid()"), ("hello-2", command("hello-1"))):
            connection.execute(text(f"UPDATE personal SET command = {then} WHERE command = {command(now)}"))
        connection.execute(
            text(f"UPDATE personal SET command = {command('hello-2')} WHERE command NOT IN (SELECT id FROM command)")
        )
        ids = connection.scalars(text("SELECT id FROM command WHERE key IN ('hello-1', 'hello-2') ORDER BY id")).all()

        faults = year.faults(connection)

    assert faults == [
        f"personal fields: name of command {id_}: it is not what the request holds a digest of" for id_ in ids
    ]
    assert not any(name in fault for name in NAMES.values() for fault in faults)


def test_an_erased_name_is_no_fault_and_is_counted(year: Year) -> None:
    with year.in_the_owners_hands() as connection:
        connection.execute(text(f"DELETE FROM personal WHERE command = {command('hello-1')}"))

        found = year.verify(connection)

    assert found.faults == []
    assert (found.personal, found.erased) == (2, 1)


def test_a_name_and_its_digest_changed_together_break_the_chain(year: Year) -> None:
    """Whoever forges both is caught where the request is hashed."""
    with year.in_the_owners_hands() as connection:
        salt = b"\x07" * 16
        forged = hmac.new(salt, "李四".encode(), "sha256").hexdigest()
        connection.execute(
            text(f"UPDATE personal SET salt = :salt, value = '李四' WHERE command = {command('hello-1')}"),
            {"salt": salt},
        )
        connection.execute(
            text(
                "UPDATE command SET request = jsonb_set(request, '{name,digest}', to_jsonb(:d ::text)) "
                "WHERE key = 'hello-1'"
            ),
            {"d": forged},
        )

        assert year.checks_failed(connection) == {"attested rows"}
