"""Signed heads of the chain, kept in a file outside the database: cutting off the tail is noticed."""

import fcntl
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from ledger.errors import Refused
from ledger.journal.attestation import Json, plain
from ledger.journal.blocks import Block, block_at
from ledger.journal.signing_key import signing_key
from ledger.journal.verify_receipt import ANCHORED, anchor_message

ANCHOR_EVERY = 1_000
"""Blocks between two anchors, at the most."""


_FIELDS = {
    "book": str,
    "block": int,
    "last_seq": int,
    "recorded_at": str,
    "hash": str,
    "public_key": str,
    "signature": str,
}


class AnchorsUnreadable(Refused):
    zh = "锚定文件 {path} 第 {line} 行无法读取。请从备份恢复该文件，不要编辑它。"
    en = "Line {line} of the anchors {path} cannot be read. Restore the file from a copy; do not edit it."


@dataclass(frozen=True, slots=True)
class Anchors:
    """The anchors file, and the key beside it that signs new ones."""

    path: Path
    key_path: Path

    @classmethod
    def at(cls, path: Path) -> "Anchors":
        return cls(path, path.with_name(path.name + ".key"))

    def read(self) -> list[Json]:
        """Every anchor, in the order written; none when there is no file yet.

        What stands behind the last line's end was never acknowledged: somebody is writing it, or died over it.
        """
        if not self.path.exists():
            return []
        lines = self.path.read_bytes().split(b"\n")[:-1]
        return [self._anchor(line, number) for number, line in enumerate(lines, start=1)]

    def _anchor(self, line: bytes, number: int) -> Json:
        try:
            anchor: Json = json.loads(line)
            if all(isinstance(anchor[name], kind) for name, kind in _FIELDS.items()) and 0 < anchor["block"] < 2**63:
                return anchor
        except (ValueError, KeyError, TypeError):
            pass
        raise AnchorsUnreadable(path=self.path, line=number)

    def last_block(self, book: str) -> int:
        return max((anchor["block"] for anchor in self.read() if anchor["book"] == book), default=0)

    def write(self, book: str, block: Block) -> Json:
        """Sign a head and keep it: on the disk before this returns. The same head is not signed twice."""
        head = {
            "book": book,
            "block": block.number,
            "last_seq": block.last_seq,
            "recorded_at": plain(block.recorded_at),
            "hash": block.hash.hex(),
        }
        key = signing_key(self.key_path)
        anchor = {name: head[name] for name in ANCHORED} | {
            "public_key": key.public_key().public_bytes_raw().hex(),
            "signature": key.sign(anchor_message(head)).hex(),
        }
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if block.number > self.last_block(book):
                file.truncate(self.path.read_bytes().rfind(b"\n") + 1)
                file.write(json.dumps(anchor, sort_keys=True).encode() + b"\n")
                file.flush()
                os.fsync(file.fileno())
                _keep_names_in(self.path.parent)
        return anchor

    def signed(self, message: bytes) -> tuple[str, str]:
        """The public key and the signature over a message that leaves the house, both in hex."""
        key = signing_key(self.key_path)
        return key.public_key().public_bytes_raw().hex(), key.sign(message).hex()


def _keep_names_in(directory: Path) -> None:
    """A new file's name is on the disk when its directory is."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def anchor_head(connection: Connection, book: int, code: str, anchors: Anchors) -> Json | None:
    """Sign the newest head; None when the book has no block."""
    head = block_at(connection, book, None)
    return anchors.write(code, head) if head else None


def anchors_of(anchors: Sequence[Json], book: str) -> list[Json]:
    return [anchor for anchor in anchors if anchor["book"] == book]
