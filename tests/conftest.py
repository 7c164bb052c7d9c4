"""Databases for tests: one server per run, one template migrated once, one clone of it per test.

Unset, the server is an embedded one in pytest's temporary directory, without fsync: it is thrown away, and the tests of
durability start clusters of their own. Workers share it, the last one stops it. LEDGER_TEST_SERVER_URL names a server
to use instead, with the rights of a superuser (so the tests run on Debian's PostgreSQL 15).
"""

import fcntl
import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import URL, Engine

from ledger.database import migrate
from ledger.database.cluster import OWNER, READER, WRITER, database_grants
from ledger.database.directory import CHECKOUT
from ledger.database.embedded import Urls, embedded
from ledger.database.engine import connect, owner_engine, reader_engine, writer_engine
from ledger.database.store import parse_url

_SERVER_VARIABLE = "LEDGER_TEST_SERVER_URL"


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
            _create(superuser, name, template or self.template)
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


def _create(superuser: psycopg.Connection, name: str, template: str) -> None:
    # A copy of files: without fsync its two checkpoints cost less than logging every page.
    superuser.execute(f"CREATE DATABASE {name} TEMPLATE {template} OWNER {OWNER} STRATEGY FILE_COPY")
    for grant in database_grants(name, WRITER, READER):
        superuser.execute(grant)


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with ExitStack() as stack:
        if _SERVER_VARIABLE in os.environ:
            urls = _roles_on(parse_url(os.environ[_SERVER_VARIABLE], _SERVER_VARIABLE))
        else:
            urls = stack.enter_context(embedded(shared / "cluster", durable=False)).urls
        with (shared / "template.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            template = _template(urls)
        yield Cluster(urls, template)


@pytest.fixture
def database(cluster: Cluster) -> Iterator[Database]:
    """Fresh and migrated; nobody else sees it."""
    with cluster.database() as database:
        yield database


def _roles_on(superuser: URL) -> Urls:
    """The three roles on a server that is not ours, with one password that every worker can work out."""
    password = hashlib.sha256(superuser.render_as_string(hide_password=False).encode()).hexdigest()
    with connect(superuser) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(1)")
        for role, rights in ((OWNER, "CREATEDB"), (WRITER, ""), (READER, "")):
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
                connection.execute(f"CREATE ROLE {role} {rights}")
            connection.execute(f"ALTER ROLE {role} LOGIN PASSWORD '{password}'")
        connection.execute(f"ALTER ROLE {READER} SET default_transaction_read_only = on")
    owner, writer, reader = (superuser.set(username=role, password=password) for role in (OWNER, WRITER, READER))
    return Urls(owner, writer, reader, superuser)


def _template(urls: Urls) -> str:
    """A database with all migrations, named after them: another set gets another template."""
    scripts = sorted((CHECKOUT / "migrations").rglob("*.py"))
    name = f"vledger_template_{hashlib.sha256(b''.join(map(Path.read_bytes, scripts))).hexdigest()[:12]}"
    with connect(urls.superuser, autocommit=True) as superuser:
        if not superuser.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            _create(superuser, f"{name}_partial", "template0")
            migrate.upgrade(urls.owner.set(database=f"{name}_partial"))
            superuser.execute(f"ALTER DATABASE {name}_partial RENAME TO {name}")
    return name
