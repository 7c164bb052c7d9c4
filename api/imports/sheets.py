"""A kind of sheet: its columns, and what a row asks of the books.  (pure)"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from api.imports.cells import Cell, CellMissing
from api.imports.faults import Fault, spoken
from ledger.errors import Invalid
from ledger.executor.commands import Command
from ledger.journal.attestation import plain
from ledger.journal.verify_receipt import canonical
from policies.kernel.words import Words

Values = Mapping[str, object]
"""What a row says, by field; a field that is not filled in is absent."""


@dataclass(frozen=True, slots=True)
class Column:
    field: str
    words: Words
    """Heading in both languages."""
    read: Callable[[Cell], object]
    note: Words
    """What to fill in, for the empty form."""
    example: str
    required: bool = True

    def is_headed(self, heading: str) -> bool:
        written = heading.strip().casefold()
        return written in {self.field.casefold(), self.words.zh.casefold(), self.words.en.casefold()}


@dataclass(frozen=True, slots=True)
class By:
    """In whose name a file is taken in."""

    tenant: str
    person: str

    def command(self, kind: type[Command], key: str, **facts: object) -> Command:
        return kind(tenant=self.tenant, key=key, actor=self.person, **facts)


class Lookups:
    """What a row names by somebody's own numbers."""

    def instrument(self, unit: str, asset_number: str) -> str | None:
        """Number of the instrument that a unit keeps under this asset number."""
        raise NotImplementedError  # an interface: `api/imports/lookups.py` asks the books


@dataclass(frozen=True, slots=True)
class Sheet:
    name: str
    words: Words
    columns: tuple[Column, ...]
    commands: Callable[[Values, By, str, Lookups], Sequence[Command]]
    """What a row asks: its values, in whose name, its key, what it may look up.

    Raises:
        Invalid: for what the cells together cannot mean.
    """
    warnings: Callable[[Values], Iterator[Words]] = lambda _: iter(())
    belongs_to: Callable[[Values], str | None] = lambda _: None
    """What a row is a part of and is finished once all rows are read; None: nothing."""
    finish: Callable[[str, By, str], Sequence[Command]] = lambda _whole, _by, _key: ()
    """What finishes it, given its name and a key."""
    once: Callable[[Values], str | None] = lambda _: None
    """What no two rows of a file may both be about; None: any number of rows may."""

    def key(self, values: Values) -> str:
        """Of a row, by what it says: the same row is the same request, in whatever file it comes again."""
        digest = hashlib.sha256(canonical([self.name, plain(dict(values))])).hexdigest()
        return f"import-{self.name}-{digest[:32]}"

    def read(self, row: int, cells: Sequence[Cell], places: Mapping[str, int]) -> tuple[Values, list[Fault]]:
        """What a row says, and what of it cannot be read.

        Args:
            row: its number in the file.
            cells: as the file has them; fewer when its end is empty.
            places: where each field's column stands.
        """
        values: dict[str, object] = {}
        faults: list[Fault] = []
        for column in self.columns:
            place = places.get(column.field)
            cell = cells[place] if place is not None and place < len(cells) else None
            try:
                if is_empty(cell):
                    if column.required:
                        raise CellMissing
                else:
                    values[column.field] = column.read(cell)
            except Invalid as error:
                faults.append(spoken(row, place, error))
        return values, faults


def is_empty(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())
