"""Databases for tests: one server per run, one template migrated once, one clone of it per test.

Unset, the server is an embedded one in pytest's temporary directory, without fsync: it is thrown away, and the tests of
durability start clusters of their own. Workers share it, the last one stops it. LEDGER_TEST_SERVER_URL names a server
to use instead, with the rights of a superuser (so the tests run on Debian's PostgreSQL 15).
"""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from databases import Cluster, Database, create
from sqlalchemy import URL

from ledger.database import migrate
from ledger.database.cluster import OWNER, READER, WRITER
from ledger.database.directory import CHECKOUT
from ledger.database.embedded import Urls, embedded
from ledger.database.engine import connect
from ledger.database.store import parse_url

_SERVER_VARIABLE = "LEDGER_TEST_SERVER_URL"


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
            superuser.execute(f"DROP DATABASE IF EXISTS {name}_partial WITH (FORCE)")
            create(superuser, f"{name}_partial", "template0")
            migrate.upgrade(urls.owner.set(database=f"{name}_partial"))
            superuser.execute(f"ALTER DATABASE {name}_partial RENAME TO {name}")
    return name
