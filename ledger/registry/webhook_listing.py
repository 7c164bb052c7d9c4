"""Addresses of parties, how far each has been told, and what became of each sending."""

from dataclasses import dataclass
from datetime import date, datetime

from ledger.errors import NotFound
from ledger.executor.reading import Reader


@dataclass(frozen=True, slots=True)
class WebhookShown:
    number: str
    party: str
    address: str
    registered_on: date
    ended_on: date | None
    failures: int
    """In a row, up to now."""
    paused_at: datetime | None
    """Nothing is sent any more until somebody resumes it."""


_WEBHOOKS = (
    "SELECT w.number, w.party, w.address, w.registered_on, e.ended_on, coalesce(g.failures, 0), g.paused_at "
    "FROM webhook w LEFT JOIN webhook_end e ON e.book = w.book AND e.webhook = w.number "
    "LEFT JOIN webhook_progress g ON g.book = w.book AND g.webhook = w.number WHERE w.book = %s AND "
)


def webhooks_page(reader: Reader, after: str, limit: int) -> list[WebhookShown]:
    rows = reader.rows(f"{_WEBHOOKS} w.number > %s ORDER BY w.number LIMIT %s", reader.book, after, limit)
    return [WebhookShown(*row) for row in rows]


def webhook_shown(reader: Reader, number: str) -> WebhookShown:
    rows = reader.rows(f"{_WEBHOOKS} w.number = %s", reader.book, number)
    if not rows:
        raise NotFound("通知地址/webhook", number)
    return WebhookShown(*rows[0])


@dataclass(frozen=True, slots=True)
class SendingShown:
    id: int
    message: str
    sent_at: datetime
    changes: int
    status: int | None
    failure: str | None
    milliseconds: int


def sendings_page(reader: Reader, webhook: str, before: int, limit: int) -> list[SendingShown]:
    """The newest first."""
    rows = reader.rows(
        "SELECT id, message, sent_at, changes, status, failure, milliseconds FROM webhook_sending "
        "WHERE book = %s AND webhook = %s AND id < %s ORDER BY id DESC LIMIT %s",
        reader.book,
        webhook,
        before,
        limit,
    )
    return [SendingShown(*row) for row in rows]
