"""Spreadsheets of one or more sheets, the same bytes every time: what begins like a formula is text, money is exact.

An amount stands in two columns: yuan as text with two places, and whole fen as a number. No float comes near either.
"""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

import xlsxwriter

Cell: TypeAlias = str | int
Rows: TypeAlias = Sequence[Sequence[Cell]]

_MADE = datetime(2016, 12, 26)  # noqa: DTZ001  a fixed day, so that the same rows give the same bytes
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_WIDEST = 48


def xlsx(sheets: Mapping[str, Rows], heads: int = 1) -> bytes:
    """A workbook; the first `heads` rows of each sheet stand fast and bold."""
    written = io.BytesIO()
    book = xlsxwriter.Workbook(
        written,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    book.set_properties({"title": "vledger", "created": _MADE})
    bold, text, number = (
        book.add_format({"bold": True, "bg_color": "#F1F3F5", "num_format": "@"}),
        book.add_format({"num_format": "@"}),
        book.add_format({"num_format": "0"}),
    )
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(heads, 0)
        for column, width in enumerate(_widths(rows)):
            sheet.set_column(column, column, width)
        for n, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, int):
                    sheet.write_number(n, column, cell, number)
                else:
                    sheet.write_string(n, column, cell, bold if n < heads else text)
    book.close()
    return written.getvalue()


def csv_text(rows: Rows) -> bytes:
    """UTF-8 with BOM, comma, CRLF, every cell quoted; what begins like a formula gets an apostrophe in front.

    An amount below zero is a number: it stays as it is.
    """
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(
        [f"'{cell}" if isinstance(cell, str) and _is_formula(cell) else cell for cell in row] for row in rows
    )
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _is_formula(cell: str) -> bool:
    return cell.startswith(_FORMULA) and not _NUMBER.fullmatch(cell)


def _widths(rows: Rows) -> list[int]:
    """Columns as wide as their longest cell, a Chinese character counting twice."""
    columns = max((len(row) for row in rows), default=0)
    found = [8] * columns
    for row in rows:
        for column, cell in enumerate(row):
            text = str(cell)
            wide = sum(2 if ord(letter) > 0x2E80 else 1 for letter in text) + 2  # noqa: PLR2004  first CJK block
            found[column] = min(_WIDEST, max(found[column], wide))
    return found


def written_to(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Each file under its name in the folder, which is made where it is missing; whole or not at all.

    A file that is there already is replaced in one step: nobody reads half of it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, content in files.items():
        path = folder / name
        part = path.with_name(path.name + ".part")
        part.write_bytes(content)
        part.replace(path)
        paths.append(path)
    return paths


def file_of(name: str, rows: Rows, *, workbook: bool) -> bytes:
    """The rows as a workbook of one sheet, or as CSV."""
    return xlsx({name: rows}) if workbook else csv_text(rows)
