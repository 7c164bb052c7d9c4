"""How a posted amount came about: the stored calculation behind an entry, computed again and told as lines."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import Connection

from ledger.errors import NotFound
from ledger.journal.bulk import run
from policies.calculators import Calculation, recompute


def calculation_of(connection: Connection, book: int, entry: int) -> Calculation | None:
    """The calculation that an entry's amount rests on; None when it rests on none.

    Raises:
        NotFound: there is no such entry.
    """
    rows = run(connection, "SELECT calculation FROM entry WHERE book = %s AND seq = %s", [book, entry])
    if not rows:
        raise NotFound("凭证/entry", str(entry))
    return recompute(stored(connection, book, rows[0][0])) if rows[0][0] else None


def stored(connection: Connection, book: int, calculation: UUID) -> Mapping[str, object]:
    """A calculation as the books keep it."""
    ((policy, fact_on, known_on, version, facts),) = run(
        connection,
        "SELECT policy, fact_on, known_on, version, facts FROM calculation WHERE book = %s AND id = %s",
        [book, calculation],
    )
    return {
        "policy": policy,
        "on": fact_on.isoformat(),
        "known_on": known_on.isoformat(),
        "version": version,
        "facts": facts,
    }
