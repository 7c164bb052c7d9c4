"""What a running HTTP edge stands on: the books open for commands, the reader's connections, the clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, Engine, text

from api.settings import STATEMENT_SECONDS_MAX
from ledger.assembly import BOOK, Books
from ledger.database.engine import read_only_session
from ledger.database.walls import act_for
from ledger.executor.clock import Clock, SystemClock
from ledger.executor.reading import Reader
from ledger.journal.anchors import Anchors


@dataclass(frozen=True, slots=True)
class Serving:
    books: Books
    reader: Engine
    """Connections of the role *reader*."""
    writer: Engine
    anchors: Anchors
    token_key: Path
    """PEM file; made where there is none."""
    webhook_key: Path
    """Of the key that signs what is sent to registered addresses; made where there is none."""
    clock: Clock = field(default_factory=SystemClock)
    """Of the books; tokens live by the machine's."""

    @contextmanager
    def reading(self, party: str) -> Iterator[Reader]:
        """One snapshot of what a party may see, in a transaction that cannot write."""
        with read_only_session(self.reader) as session:
            connection = session.connection()
            act_for(connection, party)
            _limit(connection)
            yield Reader(connection, BOOK)


def _limit(connection: Connection) -> None:
    """A query that takes too long is broken off."""
    limit = {"limit": f"{STATEMENT_SECONDS_MAX}s"}
    connection.execute(text("SELECT set_config('statement_timeout', :limit, true)"), limit)
