"""A budget's buckets: where each fen of authority stands."""

from dataclasses import dataclass

from sqlalchemy import Connection

from ledger.journal.bulk import run


@dataclass(frozen=True, slots=True)
class BucketStanding:
    """One bucket of a budget. Its sources come first, on their credit side."""

    bucket: str
    fen: int


def budget_standing(connection: Connection, book: int, scheme: str, year: int) -> list[BucketStanding]:
    """Appropriated and carried in, and the buckets that add up to both."""
    rows = run(
        connection,
        "SELECT split_part(a.address, ':', 2), "
        "CASE a.normal WHEN 'D' THEN b.debits - b.credits ELSE b.credits - b.debits END "
        "FROM account a JOIN balance b ON b.book = a.book AND b.account = a.id "
        "WHERE a.book = %s AND a.address = ANY(%s) ORDER BY a.normal, a.id",
        [book, [f"budget:{bucket}:{scheme}:{year}" for bucket in BUCKETS]],
    )
    return [BucketStanding(*row) for row in rows]


BUCKETS = (
    *("appropriated", "carried-in"),
    *("available", "committed", "obligated", "expended", "lapsed", "carried-out"),
)
