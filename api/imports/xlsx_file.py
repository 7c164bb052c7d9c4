"""XLSX: the first sheet, unpacked only as far as it may be."""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from api.imports.cells import Cell
from ledger.errors import Invalid

UNPACKED_MAX = 100 * 2**20
"""Bytes of all parts together. Counted while they are unpacked: what a file says of its own size need not be true."""
ROWS_MAX = 200_000
PARTS_MAX = 1_000
_CHUNK = 1 << 16


class XlsxTooLarge(Invalid):
    zh = "{file} 解压后超过 {megabytes} MB，可能不是正常的表格。请拆分或另存为 CSV。"
    en = "{file} unpacks to more than {megabytes} MB, which is no ordinary sheet. Split it, or save it as CSV."


class XlsxTooLong(Invalid):
    zh = "{file} 有 {rows} 行，一次最多 {most} 行。请拆分或另存为 CSV。"
    en = "{file} has {rows} rows, and {most} are the most. Split it, or save it as CSV."


class XlsxUnreadable(Invalid):
    zh = "{file} 不能作为 XLSX 读取（{reason}）。请用电子表格软件打开后另存。"
    en = "{file} cannot be read as XLSX ({reason}). Open it in a spreadsheet program and save it anew."


@dataclass(frozen=True, slots=True)
class XlsxFile:
    path: Path
    _sheet: CalamineSheet = field(init=False, repr=False)

    def __post_init__(self) -> None:
        try:
            self._check_size()
            sheet = CalamineWorkbook.from_path(str(self.path)).get_sheet_by_index(0)
        except (CalamineError, zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError) as error:
            raise XlsxUnreadable(file=self.path.name, reason=type(error).__name__) from error
        if sheet.total_height > ROWS_MAX + 1:
            raise XlsxTooLong(file=self.path.name, rows=sheet.total_height, most=ROWS_MAX)
        object.__setattr__(self, "_sheet", sheet)

    @property
    def size(self) -> int | None:
        return self._sheet.total_height

    def rows(self) -> Iterator[tuple[int, list[Cell]]]:
        """From the sheet's first row; cells that are empty in front are there too."""
        yield from enumerate(self._sheet.to_python(skip_empty_area=False), start=1)

    def merged(self) -> list[tuple[tuple[int, int], tuple[int, int]]]:
        """Corners of every merged area, row and column from nought."""
        return list(self._sheet.merged_cell_ranges or ())

    def _check_size(self) -> None:
        unpacked = 0
        with zipfile.ZipFile(self.path) as archive:
            if len(archive.infolist()) > PARTS_MAX:
                raise XlsxTooLarge(file=self.path.name, megabytes=UNPACKED_MAX >> 20)
            for part in archive.infolist():
                with archive.open(part) as opened:
                    while chunk := opened.read(_CHUNK):
                        unpacked += len(chunk)
                        if unpacked > UNPACKED_MAX:
                            raise XlsxTooLarge(file=self.path.name, megabytes=UNPACKED_MAX >> 20)
