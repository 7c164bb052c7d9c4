"""What papers prove about a party, each for a time: their tables, how they are loaded, how one is looked up.

A rule that asks for more than a party's kind and size asks for a certificate: a high-tech enterprise, a place of
business, a place on another city's list of recognised units.
"""

from collections.abc import Collection
from datetime import date

from sqlalchemy import Index
from sqlmodel import Field

from ledger.executor.reading import Reader
from ledger.journal.tables import EventRow
from ledger.registry.values import Certificate, CertificateKind


class PartyCertificateTable(EventRow, table=True):
    __tablename__ = "party_certificate"
    tells_of = ("party", "party")
    __table_args__ = (Index("ix_party_certificate_party", "party", "book"),)

    number: str = Field(primary_key=True)
    party: str
    kind: str
    region: str
    """Region code of six digits (GB/T 2260) where the kind names a place; else empty."""
    paper_number: str
    valid_from: date
    valid_until: date | None = None
    """Last day; None: until it is withdrawn."""
    recorded_on: date
    person: str


class PartyCertificateEndTable(EventRow, table=True):
    """A certificate was withdrawn, or should not have been recorded: from that day on it proves nothing."""

    __tablename__ = "party_certificate_end"
    tells_of = ("party", "party")

    certificate: str = Field(primary_key=True)
    party: str
    withdrawn_on: date
    reason: str
    person: str


TABLES: tuple[type[EventRow], ...] = (PartyCertificateTable, PartyCertificateEndTable)


def load_certificates(reader: Reader, parties: Collection[str]) -> dict[str, tuple[Certificate, ...]]:
    """All certificates, the oldest first, by party; for every party asked."""
    found: dict[str, tuple[Certificate, ...]] = dict.fromkeys(parties, ())
    for party, kind, number, *columns in reader.rows(
        "SELECT c.party, c.kind, c.number, c.region, c.paper_number, c.valid_from, c.valid_until, e.withdrawn_on "
        "FROM party_certificate c "
        "LEFT JOIN party_certificate_end e ON e.book = c.book AND e.certificate = c.number "
        "WHERE c.book = %s AND c.party = ANY(%s) ORDER BY c.valid_from, c.number",
        reader.book,
        list(parties),
    ):
        found[party] += (Certificate(number, CertificateKind(kind), *columns),)
    return found
