"""A programme under way, and a way to take a sheet into its books."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
import xlsxwriter
from databases import Database
from programme import COMMISSION, Programme, open_programme
from taking import TakeIn, Write

from api.imports.kinds import SHEETS
from api.imports.lookups import BooksLookups
from api.imports.run import Report, run_of
from api.imports.sheets import By


@pytest.fixture
def programme(database: Database) -> Iterator[Programme]:
    with open_programme(database) as opened:
        yield opened


@pytest.fixture
def take_in(programme: Programme) -> TakeIn:
    def take(kind: str, path: Path, by: str = "operator", tenant: str = COMMISSION, *, keep: bool = True) -> Report:
        who = By(tenant, programme.people[by])
        lookups = BooksLookups(programme.database.writer)
        return run_of(path, SHEETS[kind], who, lookups, lambda _done, _total: None).into(programme.books, keep=keep)

    return take


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """A file of rows, CSV or XLSX by its name."""

    def write_(name: str, *rows: Sequence[object], encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        if path.suffix == ".xlsx":
            with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False}) as book:
                sheet = book.add_worksheet()
                for number, row in enumerate(rows):
                    sheet.write_row(number, 0, row)
        else:
            text = "".join(
                ",".join(f'"{cell}"' if "," in str(cell) else str(cell) for cell in row) + "\r\n" for row in rows
            )
            path.write_bytes(text.encode(encoding))
        return path

    return write_
