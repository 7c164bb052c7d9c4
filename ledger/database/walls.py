"""The walls between parties: of the rows, the reader role sees those of the party that its transaction acts for."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

EVERYTHING = "*"
"""The party of a bureau's requests: it sees the whole book."""


def act_for(connection: Connection, party: str) -> None:
    """Until the transaction ends, or acts for another."""
    connection.execute(text("SELECT set_config('ledger.party', :party, true)"), {"party": party})


@contextmanager
def past_the_walls(connection: Connection) -> Iterator[None]:
    """See the whole book for a moment, in the same snapshot.

    For the details of things that the party was seen to have a part in: of a contract its unit sees the row, and what
    stands on it in the holder's accounts would be hidden. Which things there are is asked before, behind the walls.
    """
    party = connection.execute(text("SELECT current_setting('ledger.party', true)")).scalar()
    act_for(connection, EVERYTHING)
    yield
    act_for(connection, party or "")  # after a failure the transaction is over, and the party with it
