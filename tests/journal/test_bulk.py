"""What is written through arrays is read back as it was."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from databases import Cluster
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    MetaData,
    SmallInteger,
    String,
    Table,
    Uuid,
)
from sqlalchemy.dialects.postgresql import BYTEA, JSONB

from ledger.journal.attestation import plain
from ledger.journal.bulk import BulkInsert, run
from ledger.journal.verify_receipt import canonical

MIXED = Table(
    "mixed",
    MetaData(),
    Column("word", String),
    Column("small", SmallInteger),
    Column("big", BigInteger),
    Column("yes", Boolean),
    Column("day", Date),
    Column("instant", DateTime(timezone=True)),
    Column("id", Uuid),
    Column("bytes", BYTEA),
    Column("document", JSONB),
)

text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)
tricky = st.sampled_from(
    [
        "",
        "NULL",
        "null",
        '"',
        "\\",
        '\\"',
        "{}",
        "{1,2}",
        ",",
        " ",
        "a b",
        "'",
        "%s",
        "%",
        "\n",
        "\\x00",
        "王",
        "'); --",
    ]
)
words = st.one_of(text, tricky)
documents = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=6,
)
zones = st.sampled_from([UTC, timezone(timedelta(hours=8)), timezone(timedelta(hours=-5, minutes=-30))])
rows = st.fixed_dictionaries(
    {
        "word": st.none() | words,
        "small": st.none() | st.integers(-(2**15), 2**15 - 1),
        "big": st.none() | st.integers(-(2**63), 2**63 - 1),
        "yes": st.none() | st.booleans(),
        "day": st.none() | st.dates(),
        "instant": st.none() | st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1), timezones=zones),  # noqa: DTZ001  zones are drawn
        "id": st.none() | st.uuids(),
        "bytes": st.none() | st.binary(max_size=12),
        "document": documents,
    }
)


@pytest.fixture(scope="module")
def connection(cluster: Cluster) -> Iterator[Connection]:
    with cluster.database() as database, database.writer.connect() as connection:
        columns = ", ".join(f"{column.name} {kind(column)}" for column in MIXED.columns)
        connection.exec_driver_sql(f"CREATE TEMPORARY TABLE mixed ({columns})")
        yield connection


def kind(column: Column[Any]) -> str:
    """The type as the insert casts to it."""
    casts = re.findall(r"%s::([\w ]+)\[\]", BulkInsert(MIXED)._sql)
    return dict(zip(MIXED.columns.keys(), casts, strict=True))[column.name]


@given(st.lists(rows, min_size=1, max_size=5))
def test_every_value_comes_back(connection: Connection, written: list[dict[str, Any]]) -> None:
    BulkInsert(MIXED)(connection, written)

    found = run(connection, "SELECT * FROM mixed")
    run(connection, "TRUNCATE mixed")

    expected = [[row[name] for name in MIXED.columns.keys()] for row in written]  # noqa: SIM118  no dict
    assert [canonical(plain(list(row))) for row in found] == [canonical(plain(row)) for row in expected]


def test_no_rows_are_no_statement(connection: Connection) -> None:
    BulkInsert(MIXED)(connection, [])

    assert run(connection, "SELECT count(*) FROM mixed") == [(0,)]


def test_many_rows_are_one_statement_in_their_order(connection: Connection) -> None:
    empty: dict[str, Any] = dict.fromkeys(MIXED.columns.keys())
    BulkInsert(MIXED)(
        connection, [empty | {"big": n, "day": date(2017, 1, 1), "id": UUID(int=n)} for n in range(5_000)]
    )

    found = run(connection, "SELECT big FROM mixed")
    run(connection, "TRUNCATE mixed")

    assert [n for (n,) in found] == list(range(5_000))
