"""SQLAlchemy engines of the three roles. Sync; READ COMMITTED; every session in UTC."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

import ledger.database.naming  # noqa: F401  conventions first, tables later
from ledger.database.errors import ConnectionLost, DatabaseDiskFull, StoreError

_GONE = {None, "57P01", "57P02", "57P03", "08000", "08001", "08003", "08004", "08006"}
"""SQLSTATEs of a server that stops or cannot be reached; none when the line went dead."""


def writer_engine(url: URL, *, pool_size: int = 4) -> Engine:
    """For the executor: few connections, each with row locks taken in sorted order."""
    return _engine(url, "vledger writer", pool_size=pool_size, max_overflow=0)


def reader_engine(url: URL, *, pool_size: int = 40) -> Engine:
    """For requests. FastAPI runs its `def` endpoints in 40 threads; more connections would never be used."""
    return _engine(url, "vledger reader", pool_size=pool_size, max_overflow=0)


def owner_engine(url: URL) -> Engine:
    """For migrations."""
    return _engine(url, "vledger owner", pool_size=1, max_overflow=2)


def connect(url: URL, **more: Any) -> psycopg.Connection:  # noqa: ANN401  libpq's own keywords
    """A plain connection, outside any pool."""
    _, words = url.get_dialect()().create_connect_args(url)
    return psycopg.connect(**{**words, **more})


def _engine(url: URL, name: str, **pool: Any) -> Engine:  # noqa: ANN401  create_engine's own keywords
    engine = create_engine(
        url,
        isolation_level="READ COMMITTED",
        pool_pre_ping=True,  # 0.1 ms, so that a restarted server is met at checkout and not in a batch
        connect_args={"application_name": name},
        **pool,
    )
    event.listen(engine, "connect", _in_utc)
    return engine


def _in_utc(connection: DBAPIConnection, _: object) -> None:
    """As a statement, not as a start-up option, which connection poolers refuse."""
    cursor = connection.cursor()
    cursor.execute("SET TIME ZONE 'UTC'")
    cursor.close()
    connection.commit()


@contextmanager
def read_only_session(engine: Engine) -> Iterator[Session]:
    """One snapshot for everything read inside; nothing can be written."""
    with (
        engine.connect() as connection,
        Session(
            connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True),
            expire_on_commit=False,
        ) as session,
    ):
        yield session
        session.commit()  # Nothing was written. A rollback would make the driver forget the statements it has prepared.


def as_sentence(fault: BaseException) -> StoreError | None:
    """What to tell a person when the database went away or its disk is full; none for faults of ours."""
    cause = fault.orig if isinstance(fault, DBAPIError) else fault
    reason = " ".join(str(cause).split())
    if isinstance(cause, psycopg.errors.DiskFull):
        return DatabaseDiskFull(reason=reason)
    if isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError) and cause.sqlstate in _GONE:
        return ConnectionLost(reason=reason)
    return None
