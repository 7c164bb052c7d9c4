"""What customs has asked: each query is noted before it is answered. No part of the books; nobody changes it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, Connection, DateTime, Identity, Index, SmallInteger
from sqlmodel import Field, SQLModel

from ledger.executor.reading import Reader
from ledger.journal.bulk import run

QUERY_LENGTH_MAX = 2_000
NEWEST = 2**63 - 1


class CustomsQueryTable(SQLModel, table=True):
    """One query of an officer of customs. Not attested."""

    __tablename__ = "customs_query"
    __table_args__ = (Index("ix_customs_query_office", "office", "id", "book"),)

    id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_args=(Identity(always=False),))
    book: int = Field(primary_key=True, sa_type=SmallInteger, sa_column_kwargs={"autoincrement": False})
    asked_at: datetime = Field(sa_type=DateTime(timezone=True))
    office: str
    district: str
    person: str
    client: str
    path: str
    query: str


@dataclass(frozen=True, slots=True)
class Query:
    """Who of customs asked what, and when."""

    id: int
    asked_at: datetime
    office: str
    district: str
    person: str
    client: str
    path: str
    query: str


def note(  # each part has its name
    connection: Connection,
    book: int,
    *,
    asked_at: datetime,
    office: str,
    district: str,
    person: str,
    client: str,
    path: str,
    query: str,
) -> None:
    """Note a query, in a transaction of the writer."""
    run(
        connection,
        "INSERT INTO customs_query (book, asked_at, office, district, person, client, path, query) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
        [book, asked_at, office, district, person, client, path[:QUERY_LENGTH_MAX], query[:QUERY_LENGTH_MAX]],
    )


def queries_page(reader: Reader, before: int, limit: int, *, office: str | None = None) -> list[Query]:
    """Queries noted before this one, the latest first; an office sees its own, the commission and auditors all."""
    rows = reader.rows(
        "SELECT id, asked_at, office, district, person, client, path, query FROM customs_query "
        "WHERE book = %s AND id < %s AND office = coalesce(%s, office) ORDER BY id DESC LIMIT %s",
        reader.book,
        before,
        office,
        limit,
    )
    return [Query(*row) for row in rows]
