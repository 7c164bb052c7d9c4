"""API clients: the programs that act for a registered person, and how the books know them.

What changes is a row per `step`, as in `store`. Assertions of clients that were used once are no part of the books:
they are kept until they expire, so that nobody sends one twice.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Index, SmallInteger
from sqlmodel import Field, SQLModel

from ledger.executor.commands import Aggregate
from ledger.executor.reading import Reader
from ledger.journal.bulk import run
from ledger.journal.laws import Law
from ledger.journal.tables import EventRow

# -- tables ------------------------------------------------------------------------------------------------------------


class ClientTable(EventRow, table=True):
    __tablename__ = "client"
    __table_args__ = (Index("ix_client_party", "party", "book"),)

    code: str = Field(primary_key=True)
    party: str
    person: str
    label: str
    scopes: str
    """In alphabetical order, with a blank between two."""
    registered_on: date
    registered_by: str


class ClientCredentialTable(EventRow, table=True):
    """What a client proves itself with: the digest of a secret, or a public key. The last step counts."""

    __tablename__ = "client_credential"

    client: str = Field(primary_key=True)
    step: int = Field(primary_key=True, sa_type=SmallInteger, sa_column_kwargs={"autoincrement": False})
    secret_sha256: str | None = None
    public_key: str | None = None
    set_on: date
    set_by: str


class ClientRevocationTable(EventRow, table=True):
    __tablename__ = "client_revocation"

    client: str = Field(primary_key=True)
    revoked_on: date
    revoked_by: str
    reason: str


class ClientAssertionTable(SQLModel, table=True):
    """An assertion (RFC 7523) that was used. Not attested: rows go once they have expired."""

    __tablename__ = "client_assertion"

    book: int = Field(primary_key=True, sa_type=SmallInteger, sa_column_kwargs={"autoincrement": False})
    client: str = Field(primary_key=True)
    jti: str = Field(primary_key=True)
    expires_at: datetime


CLIENT_TABLES: tuple[type[EventRow], ...] = (ClientTable, ClientCredentialTable, ClientRevocationTable)

# -- what decisions and the edge see -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A program that acts for one natural person of one party."""

    code: str
    """`CL-…`."""
    party: str
    party_kind: str
    person: str
    label: str
    scopes: frozenset[str]
    steps: int
    """How many credentials it has had; the next is one more."""
    secret_sha256: str | None
    """Digest of its secret, 64 hex digits; None where it signs with a key."""
    public_key: str | None
    """Subject public key info of its EC key, base64 on one line; None where it has a secret."""
    registered_on: date
    revoked_on: date | None


def load_clients(reader: Reader, codes: Collection[str]) -> Mapping[str, Client]:
    """Clients with their last credential, in one statement."""
    return {
        code: Client(
            code=code,
            party=party,
            party_kind=kind,
            person=person,
            label=label,
            scopes=frozenset(scopes.split()),
            steps=step,
            secret_sha256=secret,
            public_key=key,
            registered_on=registered_on,
            revoked_on=revoked_on,
        )
        for code, party, kind, person, label, scopes, registered_on, step, secret, key, revoked_on in reader.rows(
            "SELECT c.code, c.party, p.kind, c.person, c.label, c.scopes, c.registered_on, "
            "k.step, k.secret_sha256, k.public_key, r.revoked_on "
            "FROM client c JOIN party p ON p.book = c.book AND p.code = c.party "
            "CROSS JOIN LATERAL (SELECT step, secret_sha256, public_key FROM client_credential k "
            "  WHERE k.book = c.book AND k.client = c.code ORDER BY step DESC LIMIT 1) k "
            "LEFT JOIN client_revocation r ON r.book = c.book AND r.client = c.code "
            "WHERE c.book = %s AND c.code = ANY(%s)",
            reader.book,
            list(codes),
        )
    }


def clients_of(reader: Reader, party: str | None, after: str = "", limit: int = 1_000) -> list[Client]:
    """Clients of a party, or of all, in the order of their codes."""
    codes = [
        code
        for (code,) in reader.rows(
            "SELECT code FROM client WHERE book = %s AND code > %s AND (%s::text IS NULL OR party = %s) "
            "ORDER BY code LIMIT %s",
            reader.book,
            after,
            party,
            party,
            limit,
        )
    ]
    found = load_clients(reader, codes)
    return [found[code] for code in codes]


CLIENTS = Aggregate[Client]("client", load_clients, what="接口客户端/API client")

CLIENT_AGGREGATES: tuple[Aggregate[Any], ...] = (CLIENTS,)


def use_assertion(
    connection: Connection, book: int, client: str, jti: str, *, expires_at: datetime, now: datetime
) -> bool:
    """Keep an assertion as used; False when it was used before. What has expired is forgotten."""
    run(
        connection,
        "DELETE FROM client_assertion WHERE book = %s AND client = %s AND expires_at < %s",
        (book, client, now),
    )
    return bool(
        run(
            connection,
            "INSERT INTO client_assertion (book, client, jti, expires_at) VALUES (%s, %s, %s, %s) "
            "ON CONFLICT DO NOTHING RETURNING jti",
            (book, client, jti, expires_at),
        )
    )


CLIENT_LAWS: tuple[Law, ...] = (
    Law(
        "registry.clients",
        "接口客户端所属单位和代表人员均已登记，且均有凭据",
        "an API client's party or person is not registered, or it has no credential",
        """
        SELECT c.code, c.party, c.person
          FROM client c
          LEFT JOIN party p ON p.book = c.book AND p.code = c.party
          LEFT JOIN person n ON n.book = c.book AND n.code = c.person
         WHERE c.book = %(book)s
           AND (p.code IS NULL OR n.code IS NULL OR NOT EXISTS (
               SELECT 1 FROM client_credential k WHERE k.book = c.book AND k.client = c.code AND k.step = 1))
        UNION ALL
        SELECT k.client, k.set_by, 'credential' FROM client_credential k
          LEFT JOIN client c ON c.book = k.book AND c.code = k.client
         WHERE k.book = %(book)s AND c.code IS NULL
        UNION ALL
        SELECT r.client, r.revoked_by, 'revocation' FROM client_revocation r
          LEFT JOIN client c ON c.book = r.book AND c.code = r.client
         WHERE r.book = %(book)s AND c.code IS NULL
        """,
    ),
)
