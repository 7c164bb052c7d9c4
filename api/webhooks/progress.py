"""How far each address has been told, and the log of sendings."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine

from api.webhooks.message import Message
from api.webhooks.sending import Sent
from ledger.journal.bulk import run
from ledger.reports.changes import Place

WAITS = tuple(timedelta(seconds=seconds) for seconds in (10, 60, 300, 1_800, 7_200, 21_600, 43_200, 86_400, 86_400))
"""Between a failure and the next try. After the last, about three days on, the address is paused."""
LOG_KEPT = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Due:
    """An address that is to be told what comes after a place."""

    webhook: str
    party: str
    sees_all: bool
    """A bureau's: it sees the whole book; but customs sees its district."""
    address: str
    after: Place
    failures: int


def begin(connection: Connection, book: int, at: datetime) -> None:
    """Addresses registered since the last look are told what comes after; those resumed since are tried again."""
    run(
        connection,
        "INSERT INTO webhook_progress (book, webhook, block, position, next_at) "
        "SELECT w.book, w.number, p.block, p.position, %s FROM webhook w "
        "JOIN command_place p ON p.book = w.book AND p.id = w.command "
        "WHERE w.book = %s AND NOT EXISTS "
        "(SELECT FROM webhook_progress g WHERE g.book = w.book AND g.webhook = w.number) ON CONFLICT DO NOTHING",
        [at, book],
    )
    run(
        connection,
        "UPDATE webhook_progress g SET failures = 0, paused_at = NULL, next_at = %s "
        "WHERE g.book = %s AND g.paused_at < (SELECT max(p.recorded_at) FROM webhook_resumption r "
        "JOIN command_place p ON p.book = r.book AND p.id = r.command WHERE r.book = g.book AND r.webhook = g.webhook)",
        [at, book],
    )


@contextmanager
def taken(engine: Engine, book: int, at: datetime) -> Iterator[tuple[Connection, Due] | None]:
    """One address that is due, held until the block ends so that no other process sends to it; None: nothing is due."""
    with engine.begin() as connection:
        begin(connection, book, at)
        rows = run(
            connection,
            "SELECT g.webhook, w.party, p.kind = 'bureau' AND NOT EXISTS "
            "  (SELECT FROM customs_office o WHERE o.book = w.book AND o.bureau = w.party), "
            "w.address, g.block, g.position, g.failures "
            "FROM webhook_progress g JOIN webhook w ON w.book = g.book AND w.number = g.webhook "
            "JOIN party p ON p.book = w.book AND p.code = w.party "
            "WHERE g.book = %s AND g.next_at <= %s AND g.paused_at IS NULL "
            "AND NOT EXISTS (SELECT FROM webhook_end e WHERE e.book = w.book AND e.webhook = w.number) "
            "AND NOT EXISTS (SELECT FROM party_cancellation c WHERE c.book = w.book AND c.party = w.party) "
            "ORDER BY g.next_at LIMIT 1 FOR UPDATE OF g SKIP LOCKED",
            [book, at],
        )
        if not rows:
            yield None
            return
        ((webhook, party, sees_all, address, block, position, failures),) = rows
        yield connection, Due(webhook, party, sees_all, address, Place(block, position), failures)


def told(connection: Connection, book: int, due: Due, until: Place, next_at: datetime) -> None:
    """The address knows everything up to this place."""
    run(
        connection,
        "UPDATE webhook_progress SET block = %s, position = %s, failures = 0, next_at = %s "
        "WHERE book = %s AND webhook = %s",
        [until.block, until.position, next_at, book, due.webhook],
    )


def failed(connection: Connection, book: int, due: Due, at: datetime, *, gone: bool) -> None:
    """Try again later; after the last try, or when the receiver is gone, not before somebody resumes it."""
    paused = gone or due.failures >= len(WAITS)
    wait = WAITS[min(due.failures, len(WAITS) - 1)]
    run(
        connection,
        "UPDATE webhook_progress SET failures = failures + 1, next_at = %s, paused_at = %s "
        "WHERE book = %s AND webhook = %s",
        [at + wait, at if paused else None, book, due.webhook],
    )


def log(connection: Connection, book: int, due: Due, message: Message, sent: Sent, at: datetime) -> None:
    run(
        connection,
        "INSERT INTO webhook_sending (book, webhook, message, sent_at, changes, status, failure, milliseconds) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
        [book, due.webhook, message.id, at, message.changes, sent.status, sent.failure, sent.milliseconds],
    )


def forget_old(connection: Connection, book: int, at: datetime) -> None:
    run(connection, "DELETE FROM webhook_sending WHERE book = %s AND sent_at < %s", [book, at - LOG_KEPT])
