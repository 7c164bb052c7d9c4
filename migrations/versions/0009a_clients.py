"""API clients, what they prove themselves with, and the assertions they have used."""

from alembic import op

from migrations.protection import event_rows, seen_by, writer

revision = "0009a"
down_revision = "0009"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE client (
    book          smallint NOT NULL,
    command       uuid NOT NULL,
    code          varchar NOT NULL,
    party         varchar NOT NULL,
    person        varchar NOT NULL,
    label         varchar NOT NULL CHECK (label <> ''),
    scopes        varchar NOT NULL CHECK (scopes <> ''),
    registered_on date NOT NULL,
    registered_by varchar NOT NULL,
    PRIMARY KEY (code, book),
    CONSTRAINT ck_client_own CHECK (registered_by IN (person, 'system'))
);
CREATE INDEX ix_client_party ON client (party, book);

CREATE TABLE client_credential (
    book          smallint NOT NULL,
    command       uuid NOT NULL,
    client        varchar NOT NULL,
    step          smallint NOT NULL CHECK (step > 0),
    secret_sha256 varchar CHECK (secret_sha256 ~ '^[0-9a-f]{64}$'),
    public_key    varchar,
    set_on        date NOT NULL,
    set_by        varchar NOT NULL,
    PRIMARY KEY (client, step, book),
    CONSTRAINT ck_client_credential_one CHECK ((secret_sha256 IS NULL) <> (public_key IS NULL))
);

CREATE TABLE client_revocation (
    book       smallint NOT NULL,
    command    uuid NOT NULL,
    client     varchar NOT NULL,
    revoked_on date NOT NULL,
    revoked_by varchar NOT NULL,
    reason     varchar NOT NULL CHECK (reason <> ''),
    PRIMARY KEY (client, book)
);

-- No part of the books: a row may go when it has expired.
CREATE TABLE client_assertion (
    book       smallint NOT NULL,
    client     varchar NOT NULL,
    jti        varchar NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (client, jti, book)
);
"""

EVENT_TABLES = ("client", "client_credential", "client_revocation")


def upgrade() -> None:
    op.execute(TABLES)
    event_rows(*EVENT_TABLES)
    op.execute(f"GRANT SELECT, INSERT, DELETE ON client_assertion TO {writer()}")
    _hide()


def _hide() -> None:
    """A party sees its own clients."""
    seen_by("client", "party = (SELECT ledger_party())")
    for table in ("client_credential", "client_revocation"):
        seen_by(table, f"EXISTS (SELECT 1 FROM client c WHERE c.book = {table}.book AND c.code = {table}.client)")  # noqa: S608  our own words
