"""CSV, a row at a time: UTF-8 with or without its mark, or GB18030, which is what spreadsheets here still write."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ledger.errors import Invalid

_CHUNK = 1 << 20
_ENCODINGS = ("utf-8-sig", "gb18030")
FIELD_LENGTH_MAX = 10_000
ROW_CELLS_MAX = 200


class CsvEncodingUnknown(Invalid):
    zh = "{file} 既不是 UTF-8 也不是 GB18030 编码。请另存为 UTF-8 的 CSV。"
    en = "{file} is encoded neither as UTF-8 nor as GB18030. Save it as CSV in UTF-8."


class CsvBroken(Invalid):
    zh = "{file} 第 {row} 行无法读取（{reason}）。请检查引号和分隔符。"
    en = "Row {row} of {file} cannot be read ({reason}). Check quotes and separators."


@dataclass(frozen=True, slots=True)
class CsvFile:
    path: Path
    encoding: str = field(init=False)
    delimiter: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "encoding", self._encoding())
        object.__setattr__(self, "delimiter", self._delimiter())

    @property
    def size(self) -> int | None:
        """Lines, which are rows but where a cell holds a line break."""
        with self.path.open("rb") as file:
            return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(_CHUNK), b""))

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        csv.field_size_limit(FIELD_LENGTH_MAX)
        with self.path.open(encoding=self.encoding, newline="") as file:
            number = 0
            try:
                for number, cells in enumerate(csv.reader(file, delimiter=self.delimiter, strict=True), start=1):
                    if len(cells) > ROW_CELLS_MAX:
                        raise CsvBroken(file=self.path.name, row=number, reason=f"{len(cells)} cells")
                    yield number, cells
            except csv.Error as error:
                raise CsvBroken(file=self.path.name, row=number + 1, reason=error) from error

    def merged(self) -> list[tuple[tuple[int, int], tuple[int, int]]]:
        """There are none."""
        return []

    def _encoding(self) -> str:
        """The first that reads the file to its end."""
        for encoding in _ENCODINGS:
            try:
                with self.path.open(encoding=encoding, newline="") as file:
                    while file.read(_CHUNK):
                        pass
            except UnicodeDecodeError:
                continue
            return encoding
        raise CsvEncodingUnknown(file=self.path.name)

    def _delimiter(self) -> str:
        """What stands most often in the first line that has any: comma, semicolon or tab."""
        with self.path.open(encoding=self.encoding, newline="") as file:
            for line in iter(lambda: file.readline(FIELD_LENGTH_MAX), ""):
                found = max(",;\t", key=line.count)
                if line.count(found):
                    return found
        return ","
