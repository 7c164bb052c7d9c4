"""Locks by name and loads by aggregate: what a batch reads, set-based and in a fixed order."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from ledger.executor.commands import Aggregate, Key, Keys, State
from ledger.journal.bulk import run

FOLLOW_DEPTH_MAX = 8
GATE = "gate"
"""Every batch passes it, sharing it with the others; see `shut_the_gate`."""


@dataclass(frozen=True, slots=True)
class Reader:
    """A connection that loads for one book."""

    connection: Connection
    book: int

    def rows(self, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Rows of one statement; `%s` stands for parameters, the book is the caller's to name."""
        return run(self.connection, sql, parameters)

    @property
    def sees_everything(self) -> bool:
        """Whether no row is hidden from it: a bureau's reader, the writer, or nobody's at a terminal."""
        return self.rows("SELECT coalesce(ledger_party(), '*')") == [("*",)]


class Aggregates:
    """Every kind of thing that the slices declared."""

    def __init__(self, aggregates: Iterable[Aggregate[Any]]) -> None:
        declared = list(aggregates)
        self._by_name = {aggregate.name: aggregate for aggregate in declared}
        if len(self._by_name) != len(declared):
            raise ValueError("two aggregates share one name")

    def follow(self, reader: Reader, wanted: Mapping[int, Keys]) -> dict[int, Keys]:
        """What each command reads, with all that belongs to it: unlocked look-ups of references that never change."""
        found = {command: set(keys) for command, keys in wanted.items()}
        fresh = {key for keys in found.values() for key in keys}
        known: dict[Key, Keys] = {}
        for _ in range(FOLLOW_DEPTH_MAX):
            if not fresh:
                return {command: frozenset(keys) for command, keys in found.items()}
            known.update(self._follow_once(reader, fresh))
            fresh = {further for key in fresh for further in known.get(key, ())} - known.keys()
            for keys in found.values():
                keys |= {further for key in list(keys) for further in known.get(key, ())}
        raise ValueError(f"references are followed more than {FOLLOW_DEPTH_MAX} steps")

    def _follow_once(self, reader: Reader, keys: Iterable[Key]) -> dict[Key, Keys]:
        followed: dict[Key, Keys] = {}
        for name, ids in _by_aggregate(keys).items():
            followed.update((Key(name, id_), frozenset()) for id_ in ids)
            if follow := self._by_name[name].follow:
                followed.update((Key(name, id_), further) for id_, further in follow(reader, ids).items())
        return followed

    def locks(self, keys: Iterable[Key]) -> set[str]:
        return {key.lock for key in keys if self._by_name[key.aggregate].locked}

    def load(self, reader: Reader, keys: Iterable[Key]) -> State:
        return State({name: self._by_name[name].load(reader, ids) for name, ids in _by_aggregate(keys).items()})


def _by_aggregate(keys: Iterable[Key]) -> dict[str, list[str]]:
    grouped: dict[str, set[str]] = defaultdict(set)
    for key in keys:
        grouped[key.aggregate].add(key.id)
    return {name: sorted(ids) for name, ids in sorted(grouped.items())}


def lock(reader: Reader, names: Iterable[str]) -> None:
    """Take the locks of these names until the transaction ends, in one order for everybody, after passing the gate.

    Locks by name and not by row: rows of the books are insert-only, so the writer may not lock them, and what does not
    exist yet (an invoice number, a first application) can be locked too. Two names that share a hash only wait.
    """
    reader.rows("SELECT pg_advisory_xact_lock_shared(%s)", _number(reader.book, GATE))
    numbers = sorted({_number(reader.book, name) for name in names})
    reader.rows("SELECT pg_advisory_xact_lock(n) FROM unnest(%s::int8[]) AS n", numbers)


def shut_the_gate(reader: Reader) -> None:
    """Have the book to oneself until the transaction ends: whoever is inside finishes first, the next wait outside.

    For what touches more than can be locked by name.
    """
    reader.rows("SELECT pg_advisory_xact_lock(%s)", _number(reader.book, GATE))


def _number(book: int, name: str) -> int:
    return int.from_bytes(hashlib.sha256(f"{book}\n{name}".encode()).digest()[:8], "big", signed=True)
