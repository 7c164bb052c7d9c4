"""A small year of books, in which every attested table of the journal has rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from databases import Database
from sqlalchemy import Connection, text

from ledger.assembly import House
from ledger.journal.anchors import Anchors
from ledger.journal.verify import Verification


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

    def checks_failed(self, connection: Connection) -> set[str]:
        """Without the anchors: what the database alone gives away."""
        return {fault.check for fault in self.verify(connection, anchored=False).faults}
