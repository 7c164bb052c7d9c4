"""Books on a database of their own, opened as often as a test likes."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
import toy
from databases import Database
from hypothesis import settings
from plugs import TODAY, Opener

from ledger.assembly import Books, House
from ledger.executor.faults import Faults

settings.register_profile("books", deadline=None, print_blob=True)
settings.load_profile("books")


@pytest.fixture
def open_books(database: Database) -> Iterator[Opener]:
    """Another executor on the same book, each time."""
    with ExitStack() as stack:

        def open_(faults: Faults | None = None, built: House | None = None) -> Books:
            books = Books(database.writer, clock=toy.clock_at(TODAY), faults=faults, built=built or toy.toy_house())
            return stack.enter_context(books)

        yield open_


@pytest.fixture
def books(open_books: Opener) -> Books:
    """With the year opened and 1,000.00 in the fund."""
    books = open_books()
    books.executor.run(toy.a_year())
    books.executor.run(toy.Fund(**toy.by("P-1", "fund"), amount=1_000_00))
    return books
