"""Leaves as the database holds them now: read back from every attested table, for verify and for receipts."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from ledger.journal.attestation import Json, command_leaf, entry_leaf, row_leaf
from ledger.journal.bulk import run
from ledger.journal.post import COMMAND_COLUMNS, ENTRY_COLUMNS
from ledger.journal.tables import EventRow, table_of

PAGE = 1_000
"""Commands read back at once."""


@dataclass(slots=True)
class Replayed:
    """One command with its leaf as it now reads, and what in its rows' places is not as it must be."""

    id: UUID
    block: int
    position: int
    leaf: Json
    seqs: list[int]
    transfers: int
    rows: int
    misplaced: list[str] = field(default_factory=list)
    """Entries or lines that do not stand where their numbers say."""
    unreadable: str = ""
    """Why what it wrote cannot be a leaf: some value of it was never written by a command."""


class Replay:
    """Reads commands back with everything they wrote."""

    def __init__(self, connection: Connection, book: int, code: str, tables: Sequence[type[EventRow]]) -> None:
        self._connection = connection
        self._book = book
        self._code = code
        self._tables = [table_of(table) for table in tables]

    def _has_rows(self, table: str) -> bool:
        """Whether there is any row to look for: most books use a part of the tables, and each page asks every one."""
        ((found,),) = run(
            self._connection,
            f"SELECT EXISTS (SELECT FROM {table} WHERE book = %s)",  # noqa: S608  our own tables
            [self._book],
        )
        return bool(found)

    def one(self, command: UUID) -> Replayed | None:
        found = self._replay("id = %s", [command])
        return found[0] if found else None

    def block(self, number: int) -> list[Replayed]:
        return self._replay("block = %s", [number])

    def blocks(self, numbers: Sequence[int]) -> dict[int, list[Replayed]]:
        """All commands of many blocks, in their order, by block."""
        found: dict[int, list[Replayed]] = {number: [] for number in numbers}
        for replayed in self._replay("block = ANY(%s)", [list(numbers)]):
            found[replayed.block].append(replayed)
        return found

    def all(self) -> Iterator[list[Replayed]]:
        """Every command, in the order of the chain, a page at a time."""
        self._tables = [table for table in self._tables if self._has_rows(table.name)]
        at = (-1, -1)
        while page := self._replay("(block, position) > (%s, %s)", list(at), PAGE):
            yield page
            at = (page[-1].block, page[-1].position)

    def _replay(self, where: str, parameters: list[object], limit: int | None = None) -> list[Replayed]:
        commands = run(
            self._connection,
            f"SELECT block, position, {', '.join(COMMAND_COLUMNS)} FROM command "  # noqa: S608  our own columns
            f"WHERE book = %s AND {where} ORDER BY block, position LIMIT %s",
            [self._book, *parameters, limit],
        )
        ids = _as_array([row[2] for row in commands])
        rows, entries = self._rows(ids), self._entries(ids)
        return [self._assemble(row, rows[row[2]], entries[row[2]]) for row in commands]

    def _assemble(self, row: Sequence[Any], rows: list["_Row"], entries: list["_Entry"]) -> Replayed:
        block, position, *values = row
        command = dict(zip(COMMAND_COLUMNS, values, strict=True))
        leaf, unreadable = {}, ""
        try:
            leaf = command_leaf(
                self._code,
                command,
                [row_leaf(table, columns) for table, columns in rows],
                [entry.leaf() for entry in entries],
            )
        except TypeError as fault:
            unreadable = str(fault)
        misplaced = [
            f"entry {entry.seq}" for entry, place in zip(entries, count(), strict=False) if entry.position != place
        ] + [f"transfer {entry.seq}/{line}" for entry in entries for line in entry.misnumbered()]
        return Replayed(
            command["id"],
            block,
            position,
            leaf,
            [entry.seq for entry in entries],
            sum(len(entry.transfers) for entry in entries),
            len(rows),
            misplaced,
            unreadable,
        )

    def _rows(self, ids: str) -> dict[UUID, list["_Row"]]:
        found: dict[UUID, list[_Row]] = defaultdict(list)
        for table in self._tables:
            names = [column.name for column in table.columns if column.name not in {"book", "command"}]
            for command, *values in run(
                self._connection,
                f"SELECT command, {', '.join(names)} FROM {table.name} WHERE book = %s AND command = ANY(%s::uuid[])",  # noqa: S608  our own columns
                [self._book, ids],
            ):
                found[command].append((table.name, dict(zip(names, values, strict=True))))
        return found

    def _entries(self, ids: str) -> dict[UUID, list["_Entry"]]:
        columns = ", ".join(f"e.{name}" for name in ENTRY_COLUMNS)
        found: dict[UUID, list[_Entry]] = defaultdict(list)
        by_seq: dict[int, _Entry] = {}
        for command, seq, position, place, *values in run(
            self._connection,
            f"SELECT e.command, e.seq, e.position, e.seq - b.first_seq, {columns} FROM entry e "  # noqa: S608  our own columns
            "JOIN command c ON c.book = e.book AND c.id = e.command "
            "LEFT JOIN block b ON b.book = c.book AND b.number = c.block "
            "WHERE e.book = %s AND e.command = ANY(%s::uuid[]) ORDER BY e.seq",
            [self._book, ids],
        ):
            by_seq[seq] = _Entry(seq, position, place, dict(zip(ENTRY_COLUMNS, values, strict=True)))
            found[command].append(by_seq[seq])
        for seq, *transfer in run(
            self._connection,
            "SELECT t.seq, t.line, d.address, c.address, t.asset, t.amount, t.budget_line FROM transfer t "
            "LEFT JOIN account d ON d.book = t.book AND d.id = t.debit "
            "LEFT JOIN account c ON c.book = t.book AND c.id = t.credit "
            "WHERE t.book = %s AND t.seq = ANY(%s) ORDER BY t.seq, t.line",
            [self._book, list(by_seq)],
        ):
            by_seq[seq].transfers.append(tuple(transfer))
        return found


def _as_array(ids: Sequence[UUID]) -> str:
    """As the database reads it: written once, where every table would have the driver write it again."""
    return "{" + ",".join(map(str, ids)) + "}"


_Row = tuple[str, dict[str, object]]


@dataclass(slots=True)
class _Entry:
    seq: int
    position: int
    place: int
    columns: dict[str, object]
    transfers: list[tuple[Any, ...]] = field(default_factory=list)

    def leaf(self) -> Json:
        return entry_leaf(self.columns, self.place, [transfer[1:] for transfer in self.transfers])

    def misnumbered(self) -> list[int]:
        return [line for place, (line, *_) in enumerate(self.transfers, start=1) if line != place]
