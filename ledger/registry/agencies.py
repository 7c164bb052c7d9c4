"""A professional service body that acts for a unit (委托代理): its table, and how it is loaded.

Its people who act for the body act as officers of the unit: they keep its instruments, uses, bills and claims. They
give no roles, set no account, and sign nothing that concerns the unit.
"""

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import Index, SmallInteger
from sqlmodel import Field

from ledger.executor.commands import Aggregate
from ledger.executor.reading import Reader
from ledger.journal.tables import EventRow


class PartyAgencyTable(EventRow, table=True):
    """The row with the highest step of a unit and a body counts."""

    __tablename__ = "party_agency"
    tells_of = ("party", "principal")
    __table_args__ = (Index("ix_party_agency_agent", "agent", "book"),)

    principal: str = Field(primary_key=True)
    """The unit."""
    agent: str = Field(primary_key=True)
    """The body."""
    step: int = Field(primary_key=True, sa_type=SmallInteger, sa_column_kwargs={"autoincrement": False})
    stands: bool
    document_number: str
    """Of the mandate, or of the paper that ends it."""
    since: date
    person: str


TABLES: tuple[type[EventRow], ...] = (PartyAgencyTable,)


def agency_id(principal: str, agent: str) -> str:
    return f"{principal} {agent}"


def load_agencies(reader: Reader, ids: Collection[str]) -> Mapping[str, tuple[int, bool]]:
    """The last step of each pair asked, and whether the agency stands."""
    principals, agents = zip(*(id_.split(" ", 1) for id_ in ids), strict=True)
    found = dict.fromkeys(ids, (0, False))
    for principal, agent, step, stands in reader.rows(
        "SELECT DISTINCT ON (a.principal, a.agent) a.principal, a.agent, a.step, a.stands "
        "FROM unnest(%s::text[], %s::text[]) AS w (principal, agent) "
        "JOIN party_agency a ON a.book = %s AND a.principal = w.principal AND a.agent = w.agent "
        "ORDER BY a.principal, a.agent, a.step DESC",
        list(principals),
        list(agents),
        reader.book,
    ):
        found[agency_id(principal, agent)] = (step, stands)
    return found


def load_principals(reader: Reader, bodies: Collection[str]) -> dict[str, tuple[str, ...]]:
    """The units that each body acts for."""
    return _standing(reader, "agent", "principal", bodies)


def load_agents(reader: Reader, principals: Collection[str]) -> dict[str, tuple[str, ...]]:
    """The bodies that act for each unit."""
    return _standing(reader, "principal", "agent", principals)


def _standing(reader: Reader, of: str, other: str, codes: Collection[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = dict.fromkeys(codes, ())
    for code, counterpart, stands in reader.rows(
        f"SELECT DISTINCT ON ({of}, {other}) {of}, {other}, stands FROM party_agency "  # noqa: S608  our own words
        f"WHERE book = %s AND {of} = ANY(%s) ORDER BY {of}, {other}, step DESC",
        reader.book,
        list(codes),
    ):
        if stands:
            found[code] += (counterpart,)
    return found


AGENCIES = Aggregate[tuple[int, bool]]("agency", load_agencies, what="委托代理/agency")
"""By `agency_id`, locked by whoever gives or ends one."""
