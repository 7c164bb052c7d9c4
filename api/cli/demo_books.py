"""The books of a demo: always a database of its own, whatever the environment names."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection

from api.books import OpenBooks, beside
from api.cli.options import in_language
from api.cli.verify import bar
from ledger.assembly import BOOK, house
from ledger.database import migrate
from ledger.database.embedded import embedded
from ledger.database.engine import writer_engine
from ledger.database.store import Store
from ledger.errors import Refused
from ledger.journal.anchors import Anchors
from ledger.journal.bulk import run
from ledger.journal.verify import Verification


class NotTheDemosBooks(Refused):
    zh = "{path} 中的账簿不是演示账簿。请用 --data 指定另一个目录。"
    en = "The books in {path} are not the demo's. Name another directory with --data."


@contextmanager
def demo_books(directory: Path) -> Iterator[OpenBooks]:
    """Always the embedded server: a demo has no business in real books."""
    with embedded(directory) as server:
        migrate.upgrade(server.urls.owner)
        urls = server.urls
        store = Store(urls.writer, urls.owner, urls.reader, server.data, embedded=True, fresh=server.fresh)
        writer = writer_engine(store.writer)
        try:
            yield OpenBooks(store, writer, Anchors.at(beside(store.data)))
        finally:
            writer.dispose()


def complete(books: OpenBooks, commission: str, last_command: str) -> bool:
    """Whether the last command of the story of this commission is there.

    Raises:
        NotTheDemosBooks: there are commands, and the first is not this story's.
    """
    with books.snapshot() as connection:
        first = run(
            connection, "SELECT key, tenant FROM command WHERE book = %s AND block = 1 AND position = 0", [BOOK]
        )
        if first and not (first[0][0].startswith("demo:") and first[0][1] == commission):
            raise NotTheDemosBooks(path=books.store.data)
        last = run(connection, "SELECT 1 FROM command WHERE book = %s AND key = %s", [BOOK, f"demo:{last_command}"])
    return bool(last)


def verified_with_progress(books: OpenBooks, connection: Connection) -> Verification:
    """The whole book, computed again."""
    with bar() as progress:
        task = progress.add_task(in_language(zh="核对", en="verifying"), total=None)
        return (
            house()
            .verifier()
            .verify(
                connection, books.anchors.read(), lambda done, total: progress.update(task, completed=done, total=total)
            )
        )
