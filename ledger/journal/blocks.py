"""Blocks of the chain as they stand in the database."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from ledger.journal.attestation import Json, plain
from ledger.journal.bulk import run
from ledger.journal.verify_receipt import HEADER

_COLUMNS = "number, first_seq, last_seq, leaves, recorded_at, merkle_root, previous_hash, hash, hash_version"


@dataclass(frozen=True, slots=True)
class Block:
    number: int
    first_seq: int
    last_seq: int
    leaves: int
    recorded_at: datetime
    merkle_root: bytes
    previous_hash: bytes
    hash: bytes
    hash_version: int

    def header(self, book: str) -> Json:
        """What its hash is over."""
        return {name: book if name == "book" else plain(getattr(self, name)) for name in HEADER}


def block_at(connection: Connection, book: int, number: int | None) -> Block | None:
    """A block by its number; None asks for the newest."""
    rows = run(
        connection,
        f"SELECT {_COLUMNS} FROM block WHERE book = %s AND (%s::int8 IS NULL OR number = %s) "  # noqa: S608  fixed words
        "ORDER BY number DESC LIMIT 1",
        [book, number, number],
    )
    return _block(rows[0]) if rows else None


def blocks_between(connection: Connection, book: int, first: int, last: int) -> list[Block]:
    rows = run(
        connection,
        f"SELECT {_COLUMNS} FROM block WHERE book = %s AND number BETWEEN %s AND %s ORDER BY number",  # noqa: S608  fixed words
        [book, first, last],
    )
    return [_block(row) for row in rows]


def _block(row: tuple[object, ...]) -> Block:
    return Block(*row)  # type: ignore[arg-type]  # the columns, in order
