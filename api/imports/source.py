"""A file as rows of cells: what it is, where its table begins, which column is which."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from api.imports.cells import Cell
from api.imports.csv_file import CsvFile
from api.imports.faults import letters
from api.imports.sheets import Sheet, is_empty
from api.imports.xlsx_file import XlsxFile
from ledger.errors import Invalid

Numbered = tuple[int, Sequence[Cell]]
MERGED_NAMED_MAX = 5
HEADING_ROWS_MAX = 20
"""Titles and notes may stand above the headings, so many rows at the most."""


class File(Protocol):
    """Its rows with their numbers, the first being 1; as often as it is asked."""

    def rows(self) -> Iterator[Numbered]: ...

    @property
    def size(self) -> int | None:
        """Rows in all, where that is known before they are read."""

    def merged(self) -> list[tuple[tuple[int, int], tuple[int, int]]]:
        """Corners of merged areas, row and column from nought."""


class HeadingsMissing(Invalid):
    zh = "{file} 前 {looked_at} 行中没有找到表头。缺少的列：{missing}。可用 --template 取得空表。"
    en = (
        "No headings were found in the first {looked_at} rows of {file}. Columns missing: {missing}. "
        "An empty form comes with --template."
    )


class HeadingTwice(Invalid):
    zh = "{file} 中有两列都叫“{heading}”。请只保留一列。"
    en = "Two columns of {file} are headed “{heading}”. Keep one."


class MergedCells(Invalid):
    zh = "{file} 的 {places} 是合并单元格，无法确定属于哪一行。请取消合并后逐行填写。"
    en = "{places} of {file} are merged cells, and which row they belong to is not certain. Unmerge them."


class FileUnreadable(Invalid):
    zh = "{file} 不是 CSV 或 XLSX 文件。请另存为其中一种。"
    en = "{file} is neither CSV nor XLSX. Save it as one of them."


class FileMissing(Invalid):
    zh = "没有文件 {file}。"
    en = "There is no file {file}."


@dataclass(frozen=True, slots=True)
class Table:
    """A file's table: its headings, where each field's column stands, and the rows below."""

    file: File
    heading_row: int
    headings: Sequence[Cell]
    places: Mapping[str, int]

    def rows(self) -> Iterator[Numbered]:
        """Rows below the headings that are not empty."""
        for number, cells in self.file.rows():
            if number > self.heading_row and not all(is_empty(cell) for cell in cells):
                yield number, cells


def open_file(path: Path) -> File:
    """A CSV or an XLSX file, known by its first bytes and not by its name.

    Raises:
        FileMissing, FileUnreadable, and what either kind refuses.
    """
    if not path.is_file():
        raise FileMissing(file=path.name)
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith(b"PK\x03\x04"):
        return XlsxFile(path)
    if start.startswith(b"\xd0\xcf\x11\xe0") or b"\0" in start:
        raise FileUnreadable(file=path.name)
    return CsvFile(path)


def table_of(path: Path, sheet: Sheet) -> Table:
    """The table of a file, by the headings in either language.

    Raises:
        HeadingsMissing: columns that must be there are not; the row that has most of them is taken for the headings.
        HeadingTwice, MergedCells
    """
    file = open_file(path)
    best: tuple[int, Sequence[Cell], dict[str, int]] = (0, (), {})
    looked_at = 0
    for number, cells in file.rows():
        looked_at = number
        places = _places(cells, sheet, path.name)
        if len(places) > len(best[2]):
            best = number, cells, places
        if number >= HEADING_ROWS_MAX or len(best[2]) == len(sheet.columns):
            break
    missing = [column.words.zh for column in sheet.columns if column.required and column.field not in best[2]]
    if missing:
        raise HeadingsMissing(file=path.name, looked_at=looked_at, missing="、".join(missing))
    table = Table(file, *best)
    if merged := [area for area in file.merged() if area[1][0] >= table.heading_row - 1]:
        raise MergedCells(file=path.name, places=", ".join(map(_area, merged[:MERGED_NAMED_MAX])))
    return table


def _area(corners: tuple[tuple[int, int], tuple[int, int]]) -> str:
    """Such as `B3:B7`."""
    return ":".join(f"{letters(column)}{row + 1}" for row, column in corners)


def _places(cells: Sequence[Cell], sheet: Sheet, file: str) -> dict[str, int]:
    places: dict[str, int] = {}
    for place, cell in enumerate(cells):
        column = next((c for c in sheet.columns if isinstance(cell, str) and c.is_headed(cell)), None)
        if column is None:
            continue
        if column.field in places:
            raise HeadingTwice(file=file, heading=cell)
        places[column.field] = place
    return places
