"""The books, opened for an edge: the store, migrated; where the signed heads lie; who writes and who only reads."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine

from api.serving import Serving
from ledger.assembly import BOOK, Books
from ledger.database import migrate
from ledger.database.directory import data_directory, existing
from ledger.database.engine import read_only_session, reader_engine, writer_engine
from ledger.database.store import Store, open_store, server_of_yours
from ledger.errors import Refused
from ledger.executor.clock import Clock
from ledger.journal.anchors import Anchors

ANCHORS_VARIABLE = "LEDGER_ANCHORS"


class NoBooks(Refused):
    zh = "{path} 中没有账簿。请用 --data 指定正确的目录，或先运行 vledger migrate 新建账簿。"
    en = "There are no books in {path}. Name the right directory with --data, or make new books with vledger migrate."


class BooksNotMigrated(Refused):
    zh = "数据库结构版本为 {found}，本程序需要 {wanted}。请设置 LEDGER_OWNER_URL 后运行 vledger migrate。"
    en = (
        "The database is at version {found}; this program needs {wanted}. Set LEDGER_OWNER_URL and run vledger migrate."
    )


@dataclass(frozen=True, slots=True)
class OpenBooks:
    """A store with its books at this program's version."""

    store: Store
    writer: Engine
    anchors: Anchors

    @contextmanager
    def commands(self, clock: Clock | None = None) -> Iterator[Books]:
        """An executor for this process."""
        with Books(self.writer, self.anchors, clock) as books:
            yield books

    @contextmanager
    def serving(self) -> Iterator[Serving]:
        """What the HTTP edge stands on.

        Raises:
            UrlMissing: no address for the reader.
        """
        reader = reader_engine(self.store.reader)
        try:
            with self.commands() as books:
                anchored = self.anchors.path
                yield Serving(
                    books, reader, self.writer, self.anchors, token_key_path(anchored), webhook_key_path(anchored)
                )
        finally:
            reader.dispose()

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """The whole book as it stands at one instant; nothing can be written."""
        with read_only_session(self.writer) as session:
            yield session.connection()

    @property
    def empty(self) -> bool:
        """Nothing has been recorded yet."""
        with self.snapshot() as connection:
            found = connection.exec_driver_sql("SELECT last_block FROM book WHERE id = %s", (BOOK,)).scalar()
        return not found


@contextmanager
def open_books(data: Path | None = None, *, keep_running: bool = False, make: bool = False) -> Iterator[OpenBooks]:
    """Open the store, bring it up to date where we may, and hand over the books.

    Args:
        data: the data directory; without it, the usual one.
        keep_running: the embedded server stays when the last user has left.
        make: new books where there are none; otherwise a directory without books is refused.

    Raises:
        NoBooks: there is nothing at the directory.
        BooksNotMigrated: a server of yours at another version, and no owner to migrate it with.
    """
    if not make and server_of_yours(data, ask=False) is None:
        path = data_directory(data)
        if existing(path) is None:
            raise NoBooks(path=path)
    with open_store(data, keep_running=keep_running) as store:
        writer = writer_engine(store.writer)
        try:
            _bring_up_to_date(store, writer)
            yield OpenBooks(store, writer, Anchors.at(anchors_path(store.data)))
        finally:
            writer.dispose()


def anchors_path(data: Path) -> Path:
    """Beside the data directory, not in it: who loses or rewrites the one does not take the other along."""
    chosen = os.environ.get(ANCHORS_VARIABLE)
    return Path(chosen).expanduser().resolve() if chosen else beside(data)


def token_key_path(anchors: Path) -> Path:
    """Beside the anchors: as private as the key that signs them."""
    return anchors.with_name(anchors.name + ".tokens.pem")


def beside(data: Path) -> Path:
    return data.with_name(data.name + ".anchors")


def webhook_key_path(anchors: Path) -> Path:
    """Beside the anchors, and not the key that signs them."""
    return anchors.with_name(anchors.name + ".webhooks.key")


def _bring_up_to_date(store: Store, writer: Engine) -> None:
    with writer.connect() as connection:
        found = migrate.current(connection)
    if found == migrate.head():
        return
    if store.owner_or_none is None:
        raise BooksNotMigrated(found=found or "—", wanted=migrate.head())
    migrate.upgrade_store(store)
