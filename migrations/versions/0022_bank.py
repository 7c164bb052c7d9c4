"""Bank statements, their lines, and what was done with each."""

from alembic import op

from migrations.protection import event_rows, seen_by

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

TABLES = """
CREATE INDEX ix_payment_batch_line_account ON payment_batch_line (account_number, book);

CREATE TABLE bank_statement (
    book           smallint NOT NULL,
    command        uuid NOT NULL,
    number         varchar NOT NULL,
    payer          varchar NOT NULL,
    account_number varchar NOT NULL CHECK (account_number ~ '^[0-9A-Z]{1,34}$'),
    reference      varchar NOT NULL CHECK (reference <> ''),
    imported_on    date NOT NULL,
    line_count     integer NOT NULL CHECK (line_count > 0),
    new_count      integer NOT NULL CHECK (new_count BETWEEN 0 AND line_count),
    person         varchar NOT NULL,
    PRIMARY KEY (number, book)
);
CREATE UNIQUE INDEX uq_bank_statement_reference ON bank_statement (account_number, reference, book);

-- The bank's reference and the direction name a line within its account: in many statements it still counts once.
CREATE TABLE bank_line (
    book                 smallint NOT NULL,
    command              uuid NOT NULL,
    number               varchar NOT NULL,
    statement            varchar NOT NULL,
    payer                varchar NOT NULL,
    account_number       varchar NOT NULL,
    reference            varchar NOT NULL CHECK (reference <> ''),
    direction            varchar NOT NULL CHECK (direction IN ('debit', 'credit')),
    amount_fen           bigint NOT NULL CHECK (amount_fen > 0 AND amount_fen <= 1000000000000000),
    booked_on            date NOT NULL,
    our_id               varchar NOT NULL,
    returned             boolean NOT NULL,
    return_reason        varchar NOT NULL,
    counterparty_account varchar NOT NULL,
    counterparty_name    varchar NOT NULL,
    purpose              varchar NOT NULL,
    importer             varchar NOT NULL,
    PRIMARY KEY (number, book),
    CONSTRAINT fk_bank_line_statement FOREIGN KEY (book, statement)
        REFERENCES bank_statement (book, number) DEFERRABLE INITIALLY DEFERRED
);
CREATE UNIQUE INDEX uq_bank_line_reference ON bank_line (account_number, reference, direction, book);
CREATE UNIQUE INDEX uq_bank_line_importer ON bank_line (number, importer, book);
CREATE INDEX ix_bank_line_statement ON bank_line (statement, book);

-- A line is in one state, that of its last step: each step follows one that may come before it, and no two follow one.
CREATE TABLE bank_line_step (
    book            smallint NOT NULL,
    command         uuid NOT NULL,
    line            varchar NOT NULL,
    position        smallint NOT NULL CHECK (position > 0),
    position_before smallint,
    step            varchar NOT NULL,
    step_before     varchar,
    taken_on        date NOT NULL,
    reason          varchar NOT NULL CHECK (reason <> '' OR step = 'matched'),
    person          varchar NOT NULL,
    importer        varchar NOT NULL,
    PRIMARY KEY (line, position, book),
    CONSTRAINT ck_bank_line_step_another_person CHECK (person <> importer),
    CONSTRAINT ck_bank_line_step_position CHECK (position_before IS NOT DISTINCT FROM nullif(position - 1, 0)),
    CONSTRAINT ck_bank_line_step_order CHECK (CASE coalesce(step_before, 'reopened')
        WHEN 'reopened' THEN step IN ('matched', 'set-aside', 'suspense')
        WHEN 'suspense' THEN step IN ('reopened', 'sent-back')
        ELSE step = 'reopened' END),
    CONSTRAINT ck_bank_line_step_first CHECK ((position = 1) = (step_before IS NULL)),
    CONSTRAINT fk_bank_line_step_importer FOREIGN KEY (book, line, importer)
        REFERENCES bank_line (book, number, importer)
);
CREATE UNIQUE INDEX uq_bank_line_step_kind ON bank_line_step (line, position, step, book);
ALTER TABLE bank_line_step ADD CONSTRAINT fk_bank_line_step_before
    FOREIGN KEY (book, line, position_before, step_before) REFERENCES bank_line_step (book, line, position, step);

CREATE TABLE bank_line_payment (
    book     smallint NOT NULL,
    command  uuid NOT NULL,
    batch    varchar NOT NULL,
    payable  varchar NOT NULL,
    what     varchar NOT NULL CHECK (what IN ('paid', 'returned')),
    line     varchar NOT NULL,
    position smallint NOT NULL,
    PRIMARY KEY (batch, payable, what, book),
    CONSTRAINT fk_bank_line_payment_step FOREIGN KEY (book, line, position)
        REFERENCES bank_line_step (book, line, position) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_bank_line_payment_confirmation FOREIGN KEY (book, batch, payable)
        REFERENCES payment_confirmation (book, batch, payable) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX ix_bank_line_payment_line ON bank_line_payment (line, book);

CREATE TABLE bank_line_proposal (
    book        smallint NOT NULL,
    command     uuid NOT NULL,
    line        varchar NOT NULL,
    version     smallint NOT NULL CHECK (version > 0),
    decision    varchar NOT NULL CHECK (decision IN ('reopen', 'send-back')),
    reason      varchar NOT NULL CHECK (reason <> ''),
    proposed_on date NOT NULL,
    maker       varchar NOT NULL,
    importer    varchar NOT NULL,
    PRIMARY KEY (line, version, book),
    CONSTRAINT ck_bank_line_proposal_another_person CHECK (maker <> importer),
    CONSTRAINT fk_bank_line_proposal_importer FOREIGN KEY (book, line, importer)
        REFERENCES bank_line (book, number, importer)
);
"""

EVENT_TABLES = ("bank_statement", "bank_line", "bank_line_step", "bank_line_payment", "bank_line_proposal")


def upgrade() -> None:
    op.execute(TABLES)
    event_rows(*EVENT_TABLES)
    _hide()


def _hide() -> None:
    """A statement is its bureau's; of whom its lines paid, each payee sees its own."""
    me = "(SELECT ledger_party())"
    for table in ("bank_statement", "bank_line"):
        seen_by(table, f"payer = {me}")
    of_line = "EXISTS (SELECT 1 FROM bank_line l WHERE l.book = {0}.book AND l.number = {0}.line)"
    for table in ("bank_line_step", "bank_line_proposal"):
        seen_by(table, of_line.format(table))
    seen_by(
        "bank_line_payment",
        "EXISTS (SELECT 1 FROM payable p "
        "WHERE p.book = bank_line_payment.book AND p.number = bank_line_payment.payable)",
    )
