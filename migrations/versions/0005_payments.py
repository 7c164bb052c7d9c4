"""Payments: payables, batches with their frozen lines, release, confirmation by the bank."""

from alembic import op

from migrations.protection import event_rows, seen_by

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE payable (
    book         smallint NOT NULL,
    command      uuid NOT NULL,
    number       varchar NOT NULL,
    subject_kind varchar NOT NULL,
    subject      varchar NOT NULL,
    payer        varchar NOT NULL,
    payee        varchar NOT NULL CHECK (payee <> payer),
    amount_fen   bigint NOT NULL CHECK (amount_fen > 0 AND amount_fen <= 1000000000000000),
    budget_line  varchar NOT NULL,
    purpose      varchar NOT NULL,
    created_on   date NOT NULL,
    PRIMARY KEY (number, book)
);
CREATE INDEX ix_payable_book_subject ON payable (subject_kind, subject, book);
CREATE INDEX ix_payable_book_payee ON payable (payee, book);
CREATE UNIQUE INDEX uq_payable_amount ON payable (number, amount_fen, book);

CREATE TABLE payment_batch (
    book         smallint NOT NULL,
    command      uuid NOT NULL,
    number       varchar NOT NULL,
    payer        varchar NOT NULL,
    maker        varchar NOT NULL,
    composed_on  date NOT NULL,
    line_count   integer NOT NULL CHECK (line_count > 0),
    total_fen    bigint NOT NULL CHECK (total_fen > 0),
    content_hash varchar NOT NULL CHECK (content_hash ~ '^[0-9a-f]{64}$'),
    PRIMARY KEY (number, book)
);
CREATE UNIQUE INDEX uq_payment_batch_maker ON payment_batch (number, maker, book);

-- A payable is in one live batch: its n-th attempt is unique, and every attempt but the first names the row that ended
-- the one before. Its amount is the payable's.
CREATE TABLE payment_batch_line (
    book            smallint NOT NULL,
    command         uuid NOT NULL,
    batch           varchar NOT NULL,
    line            integer NOT NULL CHECK (line > 0),
    payable         varchar NOT NULL,
    attempt         integer NOT NULL CHECK (attempt > 0),
    freed_attempt   integer,
    payee_name      varchar NOT NULL,
    account_name    varchar NOT NULL,
    bank            varchar NOT NULL,
    account_number  varchar NOT NULL CHECK (account_number ~ '^[0-9]{8,32}$'),
    cnaps           varchar NOT NULL CHECK (cnaps ~ '^[0-9]{12}$'),
    amount_fen      bigint NOT NULL,
    document_number varchar NOT NULL,
    PRIMARY KEY (batch, line, book),
    CONSTRAINT ck_payment_batch_line_attempt CHECK (freed_attempt IS NOT DISTINCT FROM nullif(attempt - 1, 0)),
    CONSTRAINT fk_payment_batch_line_payable FOREIGN KEY (book, payable, amount_fen)
        REFERENCES payable (book, number, amount_fen),
    CONSTRAINT fk_payment_batch_line_batch FOREIGN KEY (book, batch)
        REFERENCES payment_batch (book, number) DEFERRABLE INITIALLY DEFERRED
);
CREATE UNIQUE INDEX uq_payment_batch_line_payable ON payment_batch_line (batch, payable, book);
CREATE UNIQUE INDEX uq_payment_batch_line_attempt ON payment_batch_line (payable, attempt, book);

CREATE TABLE payable_freed (
    book    smallint NOT NULL,
    command uuid NOT NULL,
    payable varchar NOT NULL,
    attempt integer NOT NULL,
    reason  varchar NOT NULL,
    PRIMARY KEY (payable, attempt, book),
    CONSTRAINT fk_payable_freed_line FOREIGN KEY (book, payable, attempt)
        REFERENCES payment_batch_line (book, payable, attempt)
);
ALTER TABLE payment_batch_line ADD CONSTRAINT fk_payment_batch_line_freed FOREIGN KEY (book, payable, freed_attempt)
    REFERENCES payable_freed (book, payable, attempt);

CREATE TABLE payment_release (
    book        smallint NOT NULL,
    command     uuid NOT NULL,
    batch       varchar NOT NULL,
    released_on date NOT NULL,
    signers     varchar NOT NULL,
    PRIMARY KEY (batch, book),
    CONSTRAINT fk_payment_release_batch FOREIGN KEY (book, batch) REFERENCES payment_batch (book, number)
);
CREATE UNIQUE INDEX uq_payment_release_day ON payment_release (batch, released_on, book);

CREATE TABLE payment_refusal (
    book       smallint NOT NULL,
    command    uuid NOT NULL,
    batch      varchar NOT NULL,
    refused_on date NOT NULL,
    person     varchar NOT NULL,
    reason     varchar NOT NULL,
    PRIMARY KEY (batch, book),
    CONSTRAINT fk_payment_refusal_batch FOREIGN KEY (book, batch) REFERENCES payment_batch (book, number)
);

-- Maker and day of release are the batch's own, by the foreign keys; what was never released cannot be confirmed.
CREATE TABLE payment_confirmation (
    book           smallint NOT NULL,
    command        uuid NOT NULL,
    batch          varchar NOT NULL,
    payable        varchar NOT NULL,
    released_on    date NOT NULL,
    paid_on        date NOT NULL,
    bank_reference varchar NOT NULL CHECK (bank_reference <> ''),
    maker          varchar NOT NULL,
    person         varchar NOT NULL,
    PRIMARY KEY (batch, payable, book),
    CONSTRAINT ck_payment_confirmation_two_people CHECK (person <> maker),
    CONSTRAINT ck_payment_confirmation_after_release CHECK (paid_on >= released_on),
    CONSTRAINT fk_payment_confirmation_line FOREIGN KEY (book, batch, payable)
        REFERENCES payment_batch_line (book, batch, payable),
    CONSTRAINT fk_payment_confirmation_maker FOREIGN KEY (book, batch, maker)
        REFERENCES payment_batch (book, number, maker),
    CONSTRAINT fk_payment_confirmation_release FOREIGN KEY (book, batch, released_on)
        REFERENCES payment_release (book, batch, released_on)
);
"""

EVENT_TABLES = (
    "payable",
    "payment_batch",
    "payment_batch_line",
    "payable_freed",
    "payment_release",
    "payment_refusal",
    "payment_confirmation",
)


def upgrade() -> None:
    op.execute(TABLES)
    event_rows(*EVENT_TABLES)
    _hide()


def _hide() -> None:
    """A payee sees what it is owed and the account it was sent to; a payer sees its batches whole."""
    me = "(SELECT ledger_party())"
    seen_by("payable", f"{me} IN (payer, payee)")
    of_mine = "EXISTS (SELECT 1 FROM payable p WHERE p.book = {0}.book AND p.number = {0}.payable)"
    for table in ("payment_batch_line", "payable_freed", "payment_confirmation"):
        seen_by(table, of_mine.format(table))
    seen_by("payment_batch", f"payer = {me}")
    of_batch = "EXISTS (SELECT 1 FROM payment_batch b WHERE b.book = {0}.book AND b.number = {0}.batch)"
    for table in ("payment_release", "payment_refusal"):
        seen_by(table, of_batch.format(table))
