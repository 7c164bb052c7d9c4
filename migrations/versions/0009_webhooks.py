"""Addresses to which parties have their changes sent, and what became of each sending."""

from alembic import op

from migrations.protection import event_rows, reader, seen_by, writer

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE webhook (
    book          smallint NOT NULL,
    command       uuid NOT NULL,
    number        varchar NOT NULL,
    party         varchar NOT NULL,
    address       varchar NOT NULL CHECK (char_length(address) BETWEEN 1 AND 500),
    registered_on date NOT NULL,
    person        varchar NOT NULL,
    PRIMARY KEY (number, book)
);
CREATE INDEX ix_webhook_party ON webhook (party, book);

CREATE TABLE webhook_end (
    book     smallint NOT NULL,
    command  uuid NOT NULL,
    webhook  varchar NOT NULL,
    ended_on date NOT NULL,
    person   varchar NOT NULL,
    PRIMARY KEY (webhook, book)
);

-- How far each address has been told. It is no part of the books: losing it only means telling again.
CREATE TABLE webhook_progress (
    book           smallint NOT NULL,
    webhook        varchar NOT NULL,
    block          bigint NOT NULL,
    position       integer NOT NULL,
    failures       integer NOT NULL DEFAULT 0 CHECK (failures >= 0),
    next_at        timestamptz NOT NULL,
    paused_at      timestamptz,
    PRIMARY KEY (webhook, book)
);

-- Every sending, for whoever asks why nothing came. Old lines are removed.
CREATE TABLE webhook_sending (
    id           bigint GENERATED ALWAYS AS IDENTITY,
    book         smallint NOT NULL,
    webhook      varchar NOT NULL,
    message      varchar NOT NULL,
    sent_at      timestamptz NOT NULL,
    changes      integer NOT NULL,
    status       integer,
    failure      varchar,
    milliseconds integer NOT NULL,
    PRIMARY KEY (id, book)
);
CREATE INDEX ix_webhook_sending_webhook ON webhook_sending (webhook, id, book);
"""


def upgrade() -> None:
    op.execute(TABLES)
    event_rows("webhook", "webhook_end")
    me = "(SELECT ledger_party())"
    mine = "EXISTS (SELECT 1 FROM webhook w WHERE w.book = {0}.book AND w.number = {0}.webhook)"
    seen_by("webhook", f"party = {me}")
    for table in ("webhook_end", "webhook_progress", "webhook_sending"):
        seen_by(table, mine.format(table))
    for table in ("webhook_progress", "webhook_sending"):
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {writer()}")
        op.execute(f"GRANT SELECT ON {table} TO {reader()}")
