"""Flags on a party: by decision it gets nothing new from a scheme for a time. Their tables, and how they are loaded.

A flag takes a right away, so it takes two people, and approvals stand above the registry: whoever has the approval
writes the rows, here is how they look and how they are read.
"""

from collections.abc import Collection
from datetime import date

from sqlalchemy import Index
from sqlmodel import Field

from ledger.executor.reading import Reader
from ledger.journal.tables import EventRow
from ledger.registry.values import Flag


class PartyFlagTable(EventRow, table=True):
    __tablename__ = "party_flag"
    tells_of = ("party", "party")
    __table_args__ = (Index("ix_party_flag_party", "party", "book"),)

    number: str = Field(primary_key=True)
    party: str
    decision_number: str
    reason: str
    since: date
    until: date | None = None
    """Last day; None: until it is lifted."""
    operator: str
    """The bureau that decided, and that can lift it."""
    person: str


class PartyFlagEndTable(EventRow, table=True):
    """A flag was lifted, once."""

    __tablename__ = "party_flag_end"
    tells_of = ("party", "party")

    flag: str = Field(primary_key=True)
    party: str
    decision_number: str
    reason: str
    lifted_on: date
    person: str


TABLES: tuple[type[EventRow], ...] = (PartyFlagTable, PartyFlagEndTable)


def flag_row(party: str, flag: Flag, person: str) -> EventRow:
    """A flag that was decided; `person` gave the last signature."""
    return PartyFlagTable(
        number=flag.number,
        party=party,
        decision_number=flag.decision_number,
        reason=flag.reason,
        since=flag.since,
        until=flag.until,
        operator=flag.operator,
        person=person,
    )


def load_flags(reader: Reader, parties: Collection[str]) -> dict[str, tuple[Flag, ...]]:
    """Flags that were not lifted, over or not, by party; for every party asked."""
    found: dict[str, tuple[Flag, ...]] = dict.fromkeys(parties, ())
    for party, *columns in reader.rows(
        "SELECT f.party, f.number, f.decision_number, f.reason, f.since, f.until, f.operator FROM party_flag f "
        "LEFT JOIN party_flag_end e ON e.book = f.book AND e.flag = f.number "
        "WHERE f.book = %s AND f.party = ANY(%s) AND e.flag IS NULL ORDER BY f.since, f.number",
        reader.book,
        list(parties),
    ):
        found[party] += (Flag(*columns),)
    return found
