"""What the fixtures `cluster` and `database` give to a test."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import psycopg
from sqlalchemy import URL, Engine

from ledger.database.cluster import OWNER, READER, WRITER, database_grants
from ledger.database.embedded import Urls
from ledger.database.engine import connect, owner_engine, reader_engine, writer_engine

_MEMORY = Path("/dev/shm")  # noqa: S108  what lies in it gets names and modes of its own
_ROOM_BYTES = 2**30


def scratch() -> Path:
    """Where throw-away clusters lie: in memory where there is room, because a database is many small files."""
    roomy = _MEMORY.is_dir() and os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ROOM_BYTES
    return _MEMORY if roomy else Path(tempfile.gettempdir())


@dataclass(frozen=True, slots=True)
class Cluster:
    """A server with the three roles, and a migrated template database on it."""

    urls: Urls
    template: str

    @contextmanager
    def database(self, template: str | None = None) -> Iterator["Database"]:
        """A fresh database, gone afterwards. `template0` gives an empty one."""
        name = f"t_{uuid4().hex}"
        with connect(self.urls.superuser, autocommit=True) as superuser:
            create(superuser, name, template or self.template)
            urls = self.urls
            database = Database(*(url.set(database=name) for url in (urls.owner, urls.writer, urls.reader)))
            try:
                yield database
            finally:
                database.close()
                superuser.execute(f"DROP DATABASE {name} WITH (FORCE)")


@dataclass(frozen=True, slots=True)
class Database:
    """One database of books, and who may come in."""

    owner_url: URL
    writer_url: URL
    reader_url: URL
    _engines: dict[str, Engine] = field(default_factory=dict, repr=False)

    @property
    def owner(self) -> Engine:
        return self._engine("owner", lambda: owner_engine(self.owner_url))

    @property
    def writer(self) -> Engine:
        return self._engine("writer", lambda: writer_engine(self.writer_url, pool_size=16))

    @property
    def reader(self) -> Engine:
        return self._engine("reader", lambda: reader_engine(self.reader_url, pool_size=16))

    def _engine(self, role: str, make: Callable[[], Engine]) -> Engine:
        if role not in self._engines:
            self._engines[role] = make()
        return self._engines[role]

    def close(self) -> None:
        for engine in self._engines.values():
            engine.dispose()


def create(superuser: psycopg.Connection, name: str, template: str) -> None:
    # A copy of files: without fsync its two checkpoints cost less than logging every page (25 ms against 30).
    superuser.execute(f"CREATE DATABASE {name} TEMPLATE {template} OWNER {OWNER} STRATEGY FILE_COPY")
    for grant in database_grants(name, WRITER, READER):
        superuser.execute(grant)
