"""Rows into commands, commands into the books, answers back to rows."""

import hashlib
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from api.imports.cells import Cell
from api.imports.faults import Fault, refused, spoken
from api.imports.sheets import By, Lookups, Sheet
from api.imports.source import Table, table_of
from ledger.assembly import Books
from ledger.errors import Invalid
from ledger.executor.commands import Answer, Command
from ledger.executor.together import Tally
from policies.kernel.words import Words

Progress = Callable[[int, int | None], None]
"""Called with rows read and, where known, rows in all."""
TOLD_EVERY = 500
FAULTS_KEPT_MAX = 100_000
"""Of one file; the rest is counted."""


@dataclass(slots=True)
class Report:
    """What became of a file."""

    rows: int = 0
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)
    more_faults: int = 0
    """Beyond those that were kept."""
    repeated: int = 0
    """Rows that the books knew already, from this file or another: nothing is counted twice."""
    tally: Tally = field(default_factory=Tally)

    @property
    def ok(self) -> bool:
        return not self.faults

    @property
    def kept(self) -> bool:
        return self.tally.kept

    def add(self, fault: Fault) -> None:
        kept = self.warnings if fault.warning else self.faults
        if len(kept) < FAULTS_KEPT_MAX:
            kept.append(fault)
        else:
            self.more_faults += not fault.warning


@dataclass(slots=True)
class Run:
    """One file on its way into the books, in one transaction: all of it, or nothing."""

    table: Table
    sheet: Sheet
    by: By
    lookups: Lookups
    progress: Progress = lambda _done, _total: None
    report: Report = field(default_factory=Report)
    _row_of: "array[int]" = field(default_factory=lambda: array("q"))
    """Row of each command, by its place."""
    _wholes: set[str] = field(default_factory=set)
    """What rows of the file are parts of."""
    _first_with: dict[bytes, int] = field(default_factory=dict)
    """Row that a key was first met in."""
    _first_about: dict[str, int] = field(default_factory=dict)
    """Row that something was first met in which may be there only once."""

    def into(self, books: Books, *, keep: bool) -> Report:
        """Decide every row that can be read, so that all that is wrong comes at once; keep it if nothing is.

        Args:
            books: open for commands.
            keep: False only looks: nothing is kept.
        """
        report = self.report
        report.tally = books.together.run(self._commands(), self._told, keep=lambda: keep and report.ok)
        report.faults.sort(key=lambda fault: (fault.row, fault.column if fault.column is not None else -1))
        return report

    def _commands(self) -> Iterator[Command]:
        total = self.table.file.size
        number = 0
        for number, cells in self.table.rows():
            self.report.rows += 1
            if self.report.rows % TOLD_EVERY == 1:
                self.progress(number, total)
            for command in self._asked(number, cells):
                self._row_of.append(number)
                yield command
        for whole in sorted(self._wholes):
            digest = hashlib.sha256(whole.encode()).hexdigest()
            for command in self.sheet.finish(whole, self.by, f"import-{self.sheet.name}-whole-{digest[:32]}"):
                self._row_of.append(number)
                yield command
        self.progress(total or self.report.rows, total)

    def _asked(self, number: int, cells: Sequence[Cell]) -> tuple[Command, ...]:
        values, faults = self.sheet.read(number, cells, self.table.places)
        for fault in faults:
            self.report.add(fault)
        if faults:
            return ()
        key = self.sheet.key(values)
        first = self._first_with.setdefault(key[-32:].encode(), number)
        if first != number:
            self.report.add(Fault(number, None, _repeats(first)))
            return ()
        if about := self.sheet.once(values):
            earlier = self._first_about.setdefault(about, number)
            if earlier != number:
                self.report.add(Fault(number, None, _twice(about, earlier)))
                return ()
        if whole := self.sheet.belongs_to(values):
            self._wholes.add(whole)
        for words in self.sheet.warnings(values):
            self.report.add(Fault(number, None, words, warning=True))
        try:
            return tuple(self.sheet.commands(values, self.by, key, self.lookups))
        except Invalid as error:
            self.report.add(spoken(number, None, error))
            return ()

    def _told(self, place: int, outcome: Answer | Invalid) -> None:
        number = self._row_of[place]
        if isinstance(outcome, Invalid):
            self.report.add(spoken(number, None, outcome))
        elif not outcome.accepted:
            self.report.add(refused(number, outcome))
        else:
            self.report.repeated += outcome.replayed


def _repeats(row: int) -> Words:
    return Words(f"与第 {row} 行完全相同。请删去其中一行。", f"The same as row {row}. Remove one of the two.")


def _twice(about: str, row: int) -> Words:
    return Words(
        f"{about} 在第 {row} 行已有。只保留一行。", f"{about} stands in row {row} already. Keep one of the two."
    )


def run_of(path: Path, sheet: Sheet, by: By, lookups: Lookups, progress: Progress) -> Run:
    """A file, opened and its table found.

    Raises:
        Invalid: the file cannot be read, or its headings are missing.
    """
    return Run(table_of(path, sheet), sheet, by, lookups, progress)
