"""The same rows with a column that says what is wrong; and empty forms to fill in."""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Protocol, TextIO

import xlsxwriter

from api.imports.cells import FORMULA_SIGNS, Cell
from api.imports.faults import Fault
from api.imports.sheets import Sheet
from api.imports.source import Table
from policies.kernel.errors import Language
from policies.kernel.words import Words

HEADINGS = {"zh": "错误", "en": "errors"}
WIDTH_MIN = 14


class Writer(Protocol):
    def row(self, cells: Sequence[Cell]) -> None: ...


def hand_back(table: Table, faults: Iterable[Fault], path: Path, language: Language) -> None:
    """Write a file's rows again, each with its faults behind it; as XLSX or CSV by the new file's name."""
    by_row: dict[int, list[str]] = defaultdict(list)
    for fault in faults:
        by_row[fault.row].append(fault.say(language))
    width = max(len(table.headings), max(table.places.values(), default=0) + 1)
    with writing(path) as writer:
        for number, cells in table.file.rows():
            said = HEADINGS[language] if number == table.heading_row else "; ".join(by_row.get(number, ()))
            writer.row([*cells, *[None] * (width - len(cells)), said])


def empty_form(sheet: Sheet, path: Path, language: Language) -> None:
    """Headings, what to fill in, and one example, which is to be written over.

    The notes stand above the headings, where the import leaves them alone.
    """
    with writing(path) as writer:
        marks = {"zh": ("必填", "可不填"), "en": ("required", "optional")}[language]
        writer.row(
            [f"{marks[0] if column.required else marks[1]}: {_say(column.note, language)}" for column in sheet.columns]
        )
        writer.row([_say(column.words, language) for column in sheet.columns])
        writer.row([column.example for column in sheet.columns])


def _say(words: Words, language: Language) -> str:
    return words.zh if language == "zh" else words.en


@contextmanager
def writing(path: Path) -> Iterator[Writer]:
    """A new file, XLSX or CSV by its name."""
    if path.suffix.lower() == ".xlsx":
        with xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_formulas": False}) as book:
            yield _Xlsx(book)
    else:
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            yield _Csv(file)


class _Csv:
    def __init__(self, file: TextIO) -> None:
        self._writer = csv.writer(file)

    def row(self, cells: Sequence[Cell]) -> None:
        self._writer.writerow([harmless("" if cell is None else str(cell)) for cell in cells])


class _Xlsx:
    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._sheet = book.add_worksheet()
        self._sheet.set_column(0, 30, WIDTH_MIN)
        self._day = book.add_format({"num_format": "yyyy-mm-dd"})
        self._instant = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._next = 0

    def row(self, cells: Sequence[Cell]) -> None:
        for place, cell in enumerate(cells):
            if cell is None or cell == "":
                continue
            if isinstance(cell, bool):
                self._sheet.write_boolean(self._next, place, cell)
            elif isinstance(cell, int | float):
                self._sheet.write_number(self._next, place, cell)
            elif isinstance(cell, datetime):
                self._sheet.write_datetime(self._next, place, cell, self._instant)
            elif isinstance(cell, date):
                self._sheet.write_datetime(self._next, place, cell, self._day)
            else:
                self._sheet.write_string(self._next, place, str(cell))
        self._next += 1


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA_SIGNS) and not _is_number(text) else text


def _is_number(text: str) -> bool:
    return text[0] in "+-" and text[1:2].isdigit() and text.replace(",", "").replace(".", "", 1)[1:].isdigit()
