"""Which store: the server of LEDGER_DATABASE_URL when that is set, else the embedded one."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from ledger.database.directory import data_directory
from ledger.database.embedded import embedded
from ledger.database.engine import connect
from ledger.database.errors import BadDatabaseUrl, Unreachable, UnsupportedServer, UrlMissing

WRITER_VARIABLE = "LEDGER_DATABASE_URL"
OWNER_VARIABLE = "LEDGER_OWNER_URL"
READER_VARIABLE = "LEDGER_READER_URL"

OLDEST, NEWEST = 15, 18
"""Versions of PostgreSQL that the tests pass on."""

_DRIVER = "postgresql+psycopg"
_CONNECT_SECONDS_MAX = 10


@dataclass(frozen=True, slots=True)
class Store:
    """An open store: an address per role."""

    writer: URL
    owner_or_none: URL | None
    reader_or_none: URL | None
    data: Path
    """Also beside a server of yours: anchors and the like lie next to it."""
    embedded: bool
    fresh: bool
    """Its cluster was made just now."""

    @property
    def owner(self) -> URL:
        """For migrations."""
        return _needed(self.owner_or_none, OWNER_VARIABLE, "owner")

    @property
    def reader(self) -> URL:
        """For requests."""
        return _needed(self.reader_or_none, READER_VARIABLE, "reader")


def _needed(url: URL | None, variable: str, role: str) -> URL:
    if url is None:
        raise UrlMissing(variable=variable, role=role)
    return url


@contextmanager
def open_store(data: Path | None = None, *, keep_running: bool = False) -> Iterator[Store]:
    """Open the store for as long as the block lasts; see `embedded` for what happens to the server afterwards."""
    yours = server_of_yours(data)
    if yours:
        yield yours
        return
    with embedded(data, keep_running=keep_running) as server:
        urls = server.urls
        yield Store(urls.writer, urls.owner, urls.reader, server.data, embedded=True, fresh=server.fresh)


def server_of_yours(data: Path | None = None, *, ask: bool = True) -> Store | None:
    """The server that the environment names, if it names one; `ask` it for its version first."""
    writer = _from_environment(WRITER_VARIABLE)
    if writer is None:
        return None
    if ask:
        check_server(writer)
    owner, reader = _from_environment(OWNER_VARIABLE), _from_environment(READER_VARIABLE)
    return Store(writer, owner, reader, data_directory(data), embedded=False, fresh=False)


def _from_environment(variable: str) -> URL | None:
    value = os.environ.get(variable)
    return parse_url(value, variable) if value else None


def parse_url(value: str, variable: str = WRITER_VARIABLE) -> URL:
    """An address as SQLAlchemy or as libpq writes it; the latter may name several hosts."""
    try:
        if value.startswith(f"{_DRIVER}://"):
            return make_url(value)
        words = {name: str(word) for name, word in conninfo_to_dict(value).items() if word is not None}
    except (ArgumentError, ValueError, psycopg.ProgrammingError):
        # What the parsers say may quote a piece of the password.
        scheme, separator, _ = value.partition("://")
        raise BadDatabaseUrl(variable=variable, beginning=scheme + separator if separator else "…") from None
    user, password, database = (words.pop(name, None) for name in ("user", "password", "dbname"))
    return URL.create(_DRIVER, username=user, password=password, database=database, query=words)


def check_server(url: URL) -> None:
    """It answers, and it is a version that we know."""
    address = url.render_as_string(hide_password=True)
    try:
        with connect(url, connect_timeout=_CONNECT_SECONDS_MAX) as connection:
            found = connection.info.server_version // 10000
    except psycopg.Error as fault:
        raise Unreachable(address=address, reason=" ".join(str(fault).split())) from None
    if not OLDEST <= found <= NEWEST:
        raise UnsupportedServer(address=address, found=found, oldest=OLDEST, newest=NEWEST)
