"""A small year of books, in which every attested table of the journal has rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from databases import Database
from sqlalchemy import Connection, text

from ledger.assembly import BOOK, BOOK_CODE, House
from ledger.journal.anchors import Anchors
from ledger.journal.blocks import blocks_between
from ledger.journal.replay import Replay
from ledger.journal.verify import GENESIS, Verification
from ledger.journal.verify_receipt import block_hash, leaf_hash, merkle_root


@dataclass(frozen=True, slots=True)
class Year:
    """Books that somebody may spoil and put right again; their last head is signed."""

    database: Database
    house: House
    anchors: Anchors

    @contextmanager
    def in_the_owners_hands(self) -> Iterator[Connection]:
        """A transaction of the owner, who has put the triggers out of the way. Nothing of it remains."""
        with self.database.owner.connect() as connection:
            tables = connection.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).all()
            for table in tables:
                connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
            yield connection
            connection.rollback()

    def verify(self, connection: Connection, *, anchored: bool = True) -> Verification:
        return self.house.verifier().verify(connection, self.anchors.read() if anchored else [])

    def faults(self, connection: Connection, *, anchored: bool = True) -> list[str]:
        return [str(fault) for fault in self.verify(connection, anchored=anchored).faults]

    def hash_anew(self, connection: Connection) -> None:
        """Every root, every hash and the head, over whatever the rows say now: the owner can do that, too."""
        previous = GENESIS
        replay = Replay(connection, BOOK, BOOK_CODE, self.house.attested)
        for block in blocks_between(connection, BOOK, 1, 1_000):
            root = merkle_root([leaf_hash(replayed.leaf) for replayed in replay.block(block.number)])
            forged = replace(block, merkle_root=root, previous_hash=previous)
            previous = block_hash(forged.header(BOOK_CODE))
            connection.execute(
                text("UPDATE block SET merkle_root = :root, previous_hash = :previous, hash = :hash WHERE number = :n"),
                {"root": root, "previous": forged.previous_hash, "hash": previous, "n": block.number},
            )
        connection.execute(text("UPDATE book SET last_hash = :hash"), {"hash": previous})

    def checks_failed(self, connection: Connection) -> set[str]:
        """Without the anchors: what the database alone gives away."""
        return {fault.check for fault in self.verify(connection, anchored=False).faults}
