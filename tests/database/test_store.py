"""Which store is opened, and what an address may look like."""

from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace, TracebackType
from typing import Self

import psycopg
import pytest
from databases import Database
from sqlalchemy import URL, text
from sqlalchemy.exc import DBAPIError, OperationalError

from ledger.database import store
from ledger.database.engine import as_sentence, read_only_session
from ledger.database.errors import (
    BadDatabaseUrl,
    ConnectionLost,
    StoreError,
    Unreachable,
    UnsupportedServer,
    UrlMissing,
)
from ledger.database.store import open_store, parse_url


def libpq(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


@pytest.fixture
def yours(database: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """A server of yours: all three addresses are set."""
    monkeypatch.setenv("LEDGER_DATABASE_URL", libpq(database.writer_url))
    monkeypatch.setenv("LEDGER_OWNER_URL", database.owner_url.render_as_string(hide_password=False))
    monkeypatch.setenv("LEDGER_READER_URL", libpq(database.reader_url))
    return database


def test_a_server_of_yours_wins(yours: Database, tmp_path: Path) -> None:
    with open_store(tmp_path / "data") as opened:
        assert (opened.embedded, opened.fresh) == (False, False)
        assert opened.writer.database == yours.writer_url.database
        assert [url.username for url in (opened.owner, opened.writer, opened.reader)] == [
            "ledger_owner",
            "ledger_writer",
            "ledger_reader",
        ]
    assert not (tmp_path / "data").exists()


@pytest.mark.usefixtures("yours")
def test_an_address_that_is_not_needed_may_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LEDGER_OWNER_URL")
    monkeypatch.delenv("LEDGER_READER_URL")

    with open_store() as opened:
        with pytest.raises(UrlMissing, match="LEDGER_OWNER_URL"):
            _ = opened.owner
        with pytest.raises(UrlMissing, match="LEDGER_READER_URL"):
            _ = opened.reader


def test_several_hosts_pass_through(yours: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    writer = yours.writer_url
    host, port = writer.query.get("host", writer.host), writer.query.get("port", writer.port or 5432)
    several = writer.set(host=None, port=None, drivername="postgresql").update_query_dict(
        {"host": f"/nowhere,{host}", "port": f"5432,{port}", "target_session_attrs": "read-write"}
    )
    monkeypatch.setenv("LEDGER_DATABASE_URL", several.render_as_string(hide_password=False))

    with open_store() as opened, ExitStack() as stack:
        connection = stack.enter_context(store.connect(opened.writer))

        assert connection.execute("SELECT current_user").fetchone() == ("ledger_writer",)


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://ann:secret@one:5432,two:5433/books?target_session_attrs=read-write",
        "postgres://ann:secret@one:5432,two:5433/books?target_session_attrs=read-write",
        "host=one,two port=5432,5433 dbname=books user=ann password=secret target_session_attrs=read-write",
    ],
)
def test_addresses_as_libpq_writes_them(address: str) -> None:
    url = parse_url(address)

    _, words = url.get_dialect()().create_connect_args(url)
    assert words == {
        "host": "one,two",
        "port": "5432,5433",
        "dbname": "books",
        "user": "ann",
        "password": "secret",
        "target_session_attrs": "read-write",
    }


@pytest.mark.parametrize("address", ["mysql://ann:secret@one/books", "sqlite:///books", "secret"])
def test_what_is_no_address_is_refused_and_its_password_not_shown(address: str) -> None:
    with pytest.raises(BadDatabaseUrl) as caught:
        parse_url(address)

    assert "LEDGER_DATABASE_URL" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_server_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEDGER_DATABASE_URL", "postgresql://ann:secret@127.0.0.1:1/books")

    with pytest.raises(Unreachable, match=r"127\.0\.0\.1") as caught, open_store():
        pass

    assert "secret" not in str(caught.value)


class Old:
    """A connection to a server of some version."""

    def __init__(self, version: int) -> None:
        self.info = SimpleNamespace(server_version=version)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass


@pytest.mark.parametrize("version", [150_000, 180_004])
def test_versions_15_to_18_are_accepted(version: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "connect", lambda *_, **__: Old(version))

    store.check_server(parse_url("postgresql://ann:secret@one/books"))


@pytest.mark.parametrize("version", [140_012, 190_000])
def test_other_versions_are_refused(version: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "connect", lambda *_, **__: Old(version))
    monkeypatch.setenv("LEDGER_DATABASE_URL", "postgresql://ann:secret@one/books")

    with pytest.raises(UnsupportedServer, match=f"PostgreSQL {version // 10000};"), open_store():
        pass


def test_a_session_that_reads_sees_one_snapshot_and_cannot_write(database: Database) -> None:
    with database.owner.begin() as owner:
        owner.execute(text("CREATE TABLE seen (n int)"))
    with read_only_session(database.owner) as session:
        assert session.execute(text("SELECT count(*) FROM seen")).scalar_one() == 0
        with database.owner.begin() as owner:
            owner.execute(text("INSERT INTO seen VALUES (1)"))

        assert session.execute(text("SELECT count(*) FROM seen")).scalar_one() == 0
        assert session.execute(text("SHOW timezone")).scalar_one() == "UTC"
        with pytest.raises(DBAPIError, match="read-only"):
            session.execute(text("INSERT INTO seen VALUES (2)"))


def test_the_writer_reads_committed_rows_and_the_reader_writes_none(database: Database) -> None:
    with database.writer.connect() as writer:
        assert writer.execute(text("SHOW transaction_isolation")).scalar_one() == "read committed"
    with database.reader.connect() as reader:
        assert reader.execute(text("SHOW transaction_read_only")).scalar_one() == "on"


def test_a_lost_connection_is_a_sentence_and_a_fault_of_ours_is_not(database: Database) -> None:
    with database.writer.connect() as writer, database.owner.connect() as other:
        with pytest.raises(DBAPIError) as ours:
            other.execute(text("SELECT * FROM no_such_table"))
        number = writer.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with store.connect(database.writer_url) as killer:
            killer.execute("SELECT pg_terminate_backend(%s)", [number])
        with pytest.raises(OperationalError) as theirs:
            writer.execute(text("SELECT 1"))

    assert isinstance(as_sentence(theirs.value), ConnectionLost)
    assert as_sentence(ours.value) is None
    assert as_sentence(psycopg.OperationalError("server closed the connection")) is not None


@pytest.mark.parametrize("error", StoreError.__subclasses__(), ids=lambda error: error.__name__)
def test_both_languages_say_the_same_facts(error: type[StoreError]) -> None:
    assert error.placeholders("zh") == error.placeholders("en")
