"""Databases for tests: one server per run, one template migrated once, one clone of it per test.

Unset, the server is an embedded one in memory, without fsync: it is thrown away, and the tests of durability start
clusters of their own. Workers share it, the last one stops and removes it. LEDGER_TEST_SERVER_URL names a server to use
instead, with the rights of a superuser (so the tests run on Debian's PostgreSQL 15).
"""

import hashlib
import os
import shutil
import time
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from databases import Cluster, Database, create, scratch
from sqlalchemy import URL

from ledger.database import migrate
from ledger.database.cluster import OWNER, READER, WRITER
from ledger.database.directory import CHECKOUT, Lock, existing
from ledger.database.embedded import Server, Urls, embedded, stop
from ledger.database.engine import connect
from ledger.database.store import parse_url

_STALE_SECONDS = 600
_SERVER_VARIABLE = "LEDGER_TEST_SERVER_URL"


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    base = tmp_path_factory.getbasetemp()
    run = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with ExitStack() as stack:
        if _SERVER_VARIABLE in os.environ:
            urls = _roles_on(parse_url(os.environ[_SERVER_VARIABLE], _SERVER_VARIABLE))
        else:
            urls = stack.enter_context(_server_for(run)).urls
        with Lock(run / "template.lock") as lock:
            lock.wait()
            template = _template(urls)
        yield Cluster(urls, template)


@pytest.fixture
def database(cluster: Cluster) -> Iterator[Database]:
    """Fresh and migrated; nobody else sees it."""
    with cluster.database() as database:
        yield database


@contextmanager
def _server_for(run: Path) -> Iterator[Server]:
    """One server for all workers of a run. Whoever leaves last removes what it kept."""
    directory = scratch() / f"vledger-tests-{os.geteuid()}-{hashlib.sha256(bytes(run)).hexdigest()[:12]}"
    _remove_what_killed_runs_left(directory.parent)
    with Lock(run / "cluster.lock") as lock:
        lock.share()
        with embedded(directory, durable=False) as server:
            yield server
        if lock.try_alone():
            shutil.rmtree(directory)


def _remove_what_killed_runs_left(place: Path) -> None:
    """One worker at a time: two that remove the same folder would stumble over each other's work."""
    with Lock(place / f"vledger-tests-{os.geteuid()}.sweep") as sweeping:
        sweeping.wait()
        for path in place.glob(f"vledger-tests-{os.geteuid()}-*"):
            directory = existing(path) if time.time() - path.stat().st_mtime > _STALE_SECONDS else None
            if directory:
                with directory.users() as users:
                    unused = users.try_alone()
                if unused:
                    stop(directory)
                    shutil.rmtree(path)


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


NO_SKIPS = "VLEDGER_NO_SKIPS"
"""Set in CI: a test that was skipped proved nothing, so it counts as failed."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get(NO_SKIPS):
        report.outcome = "failed"
        report.longrepr = f"skipped, which {NO_SKIPS} forbids: {report.longrepr}"
    return report
