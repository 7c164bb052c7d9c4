"""The embedded server: started by the first user of a data directory, stopped by the last.

A user is a process inside `embedded()`. Users are counted by a shared lock that the kernel drops when they die, so a
killed command is no longer counted; the server then stays until the next command leaves as the last.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sqlalchemy import URL

from ledger.database import cluster, postmaster
from ledger.database.binaries import find_programs
from ledger.database.cluster import DATABASE, OWNER, READER, SUPERUSER, WRITER
from ledger.database.directory import DataDirectory, Lock, data_directory, prepare
from ledger.database.errors import spoken


@dataclass(frozen=True, slots=True)
class Urls:
    """One address per role. The superuser is for making and mending clusters, never for the books."""

    owner: URL
    writer: URL
    reader: URL
    superuser: URL


@dataclass(frozen=True, slots=True)
class Server:
    """A running embedded server."""

    data: Path
    urls: Urls
    fresh: bool
    """Its cluster was made just now."""


@contextmanager
def embedded(data: Path | None = None, *, keep_running: bool = False, durable: bool = True) -> Iterator[Server]:
    """Use the server of a data directory (default: `data_directory()`), starting it when it does not run.

    `keep_running`: it stays when its last user has left, until `vledger db stop`.
    `durable=False`: no fsync, for clusters that tests throw away.
    """
    directory = prepare(data_directory(data))
    with directory.users() as users:
        with directory.alone():
            fresh = _start(directory, durable=durable)
            users.share()
            if keep_running:
                directory.keep.touch(mode=0o600)
        try:
            yield Server(directory.path, urls(directory), fresh)
        finally:
            _leave(directory, users)


def _start(directory: DataDirectory, *, durable: bool) -> bool:
    """Whether the cluster had to be made first."""
    programs = cache(find_programs)
    fresh = not cluster.check(directory)
    if fresh:
        cluster.create(directory, programs(), durable=durable)
    cluster.read_passwords(directory)  # without them there is no use in starting it
    postmaster.ensure_running(directory, programs, durable=durable)
    return fresh


def _leave(directory: DataDirectory, users: Lock) -> None:
    """Stop the server when nobody else uses it. Users come and go one at a time, so the count holds."""
    with directory.alone():
        if users.try_alone() and not directory.keep.exists():
            postmaster.stop(directory)


def stop(directory: DataDirectory) -> bool:
    """Stop the server whoever uses it. False: it did not run."""
    with directory.alone(), spoken(directory.path):
        directory.keep.unlink(missing_ok=True)
        running = postmaster.is_running(directory)
        if running:
            postmaster.stop(directory)
        return running


def urls(directory: DataDirectory) -> Urls:
    """The addresses of a data directory's server, running or not."""
    passwords = cluster.read_passwords(directory)

    def url(role: str) -> URL:
        return URL.create(
            "postgresql+psycopg",
            username=role,
            password=passwords.by_role[role],
            database=DATABASE,
            query={"host": str(directory.sockets), "port": "5432"},
        )

    return Urls(owner=url(OWNER), writer=url(WRITER), reader=url(READER), superuser=url(SUPERUSER))
