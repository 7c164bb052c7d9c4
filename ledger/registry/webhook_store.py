"""Tables of the addresses to which parties have their changes sent, and how decisions load them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import BigInteger, Identity, Index, SmallInteger
from sqlmodel import Field, SQLModel

from ledger.executor.commands import Aggregate, Keys
from ledger.executor.reading import Reader
from ledger.journal.tables import EventRow
from ledger.registry.store import PARTIES


class WebhookTable(EventRow, table=True):
    __tablename__ = "webhook"
    tells_of = ("webhook", "number")
    __table_args__ = (Index("ix_webhook_party", "party", "book"),)

    number: str = Field(primary_key=True)
    party: str
    address: str
    registered_on: date
    person: str


class WebhookEndTable(EventRow, table=True):
    """Nothing is sent there any more."""

    __tablename__ = "webhook_end"
    tells_of = ("webhook", "webhook")

    webhook: str = Field(primary_key=True)
    ended_on: date
    person: str


class WebhookResumptionTable(EventRow, table=True):
    """What was paused is tried again."""

    __tablename__ = "webhook_resumption"

    webhook: str = Field(primary_key=True)
    step: int = Field(primary_key=True, sa_type=SmallInteger, sa_column_kwargs={"autoincrement": False})
    person: str


class WebhookProgressTable(SQLModel, table=True):
    """How far an address has been told. Not attested: losing it only means telling again."""

    __tablename__ = "webhook_progress"

    book: int = Field(primary_key=True, sa_type=SmallInteger, sa_column_kwargs={"autoincrement": False})
    webhook: str = Field(primary_key=True)
    block: int = Field(sa_type=BigInteger)
    position: int
    failures: int = 0
    next_at: datetime
    paused_at: datetime | None = None


class WebhookSendingTable(SQLModel, table=True):
    """What became of each sending. Not attested; old lines are removed."""

    __tablename__ = "webhook_sending"
    __table_args__ = (Index("ix_webhook_sending_webhook", "webhook", "id", "book"),)

    id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_args=(Identity(always=False),))
    book: int = Field(primary_key=True, sa_type=SmallInteger, sa_column_kwargs={"autoincrement": False})
    webhook: str
    message: str
    sent_at: datetime
    changes: int
    status: int | None = None
    """Of HTTP; None when there was no answer."""
    failure: str | None = None
    milliseconds: int


WEBHOOK_TABLES: tuple[type[EventRow], ...] = (WebhookTable, WebhookEndTable, WebhookResumptionTable)


@dataclass(frozen=True, slots=True)
class Webhook:
    number: str
    party: str
    address: str
    ended_on: date | None
    resumptions: int


def load_webhooks(reader: Reader, numbers: Collection[str]) -> Mapping[str, Webhook]:
    rows = reader.rows(
        "SELECT w.number, w.party, w.address, e.ended_on, (SELECT count(*)::int4 FROM webhook_resumption r "
        "  WHERE r.book = w.book AND r.webhook = w.number) FROM webhook w "
        "LEFT JOIN webhook_end e ON e.book = w.book AND e.webhook = w.number WHERE w.book = %s AND w.number = ANY(%s)",
        reader.book,
        list(numbers),
    )
    return {number: Webhook(number, *rest) for number, *rest in rows}


def follow_webhooks(reader: Reader, numbers: Collection[str]) -> Mapping[str, Keys]:
    """Its party."""
    return {number: PARTIES.keys(webhook.party) for number, webhook in load_webhooks(reader, numbers).items()}


def load_live(reader: Reader, parties: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """Addresses that each party has now; for every party asked."""
    found: dict[str, tuple[str, ...]] = dict.fromkeys(parties, ())
    for party, address in reader.rows(
        "SELECT w.party, w.address FROM webhook w WHERE w.book = %s AND w.party = ANY(%s) AND NOT EXISTS "
        "(SELECT FROM webhook_end e WHERE e.book = w.book AND e.webhook = w.number) ORDER BY w.number",
        reader.book,
        list(parties),
    ):
        found[party] += (address,)
    return found


WEBHOOKS = Aggregate[Webhook]("webhook", load_webhooks, follow_webhooks, what="通知地址/webhook")
LIVE_WEBHOOKS = Aggregate[tuple[str, ...]]("webhooks-of", load_live, what="通知地址/webhooks")
"""By party; locked, so that a party does not come past the most."""
