"""Obligations: what is owed back, and the steps by which it is settled."""

from alembic import op

from migrations.protection import event_rows, seen_by

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE obligation (
    book               smallint NOT NULL,
    command            uuid NOT NULL,
    number             varchar NOT NULL,
    debtor             varchar NOT NULL CHECK (debtor <> creditor),
    creditor           varchar NOT NULL,
    subject_kind       varchar NOT NULL,
    subject            varchar NOT NULL,
    ground             varchar NOT NULL CHECK (ground <> ''),
    decision_number    varchar NOT NULL CHECK (decision_number <> ''),
    citation           varchar NOT NULL CHECK (citation <> ''),
    amount_fen         bigint NOT NULL CHECK (amount_fen > 0),
    decided_on         date NOT NULL,
    due_on             date NOT NULL CHECK (due_on >= decided_on),
    due_provisional    boolean NOT NULL,
    scheme             varchar NOT NULL,
    year               smallint NOT NULL CHECK (year <= extract(year FROM decided_on)),
    budget_line        varchar NOT NULL,
    policy             varchar NOT NULL,
    debtor_keeps_books boolean NOT NULL,
    PRIMARY KEY (number, book)
);
CREATE UNIQUE INDEX uq_obligation_creditor ON obligation (number, creditor, book);
CREATE INDEX ix_obligation_debtor ON obligation (debtor, book);
CREATE INDEX ix_obligation_subject ON obligation (subject, subject_kind, book);
CREATE INDEX ix_obligation_due_on ON obligation (due_on, book);

CREATE TABLE obligation_step (
    book        smallint NOT NULL,
    command     uuid NOT NULL,
    number      varchar NOT NULL,
    obligation  varchar NOT NULL,
    creditor    varchar NOT NULL,
    kind        varchar NOT NULL CHECK (kind IN ('receipt', 'offset', 'write-off', 'interest', 'remittance')),
    amount_fen  bigint NOT NULL CHECK (amount_fen > 0),
    bank_fen    bigint NOT NULL CHECK (bank_fen BETWEEN 0 AND amount_fen),
    dated_on    date,
    reference   varchar NOT NULL CHECK (reference <> ''),
    attempt     smallint NOT NULL CHECK (attempt > 0),
    payable     varchar,
    reason      varchar NOT NULL,
    calculation uuid,
    maker       varchar NOT NULL,
    proposed_on date NOT NULL,
    PRIMARY KEY (number, book),
    CONSTRAINT ck_obligation_step_dated CHECK ((kind IN ('offset', 'write-off')) = (dated_on IS NULL)),
    CONSTRAINT ck_obligation_step_future CHECK (dated_on <= proposed_on),
    CONSTRAINT ck_obligation_step_payable CHECK ((kind = 'offset') = (payable IS NOT NULL)),
    CONSTRAINT ck_obligation_step_reason CHECK (kind NOT IN ('offset', 'write-off') OR reason <> ''),
    CONSTRAINT ck_obligation_step_calculation CHECK ((kind = 'interest') = (calculation IS NOT NULL)),
    CONSTRAINT ck_obligation_step_bank CHECK (kind = 'remittance' OR bank_fen = 0),
    CONSTRAINT ck_obligation_step_attempt CHECK (kind = 'receipt' OR attempt = 1),
    CONSTRAINT fk_obligation_step_obligation FOREIGN KEY (book, obligation, creditor)
        REFERENCES obligation (book, number, creditor)
);
CREATE UNIQUE INDEX uq_obligation_step_slip ON obligation_step (reference, creditor, attempt, book)
    WHERE kind = 'receipt';
CREATE UNIQUE INDEX uq_obligation_step_maker ON obligation_step (number, maker, book);
CREATE INDEX ix_obligation_step_obligation ON obligation_step (obligation, book);

CREATE TABLE obligation_step_end (
    book          smallint NOT NULL,
    command       uuid NOT NULL,
    step          varchar NOT NULL,
    obligation    varchar NOT NULL,
    outcome       varchar NOT NULL CHECK (outcome IN ('posted', 'refused')),
    posted_on     date,
    principal_fen bigint NOT NULL CHECK (principal_fen >= 0),
    interest_fen  bigint NOT NULL CHECK (interest_fen >= 0),
    reason        varchar NOT NULL CHECK (outcome = 'posted' OR reason <> ''),
    maker         varchar NOT NULL,
    person        varchar NOT NULL,
    PRIMARY KEY (step, book),
    CONSTRAINT ck_obligation_step_end_two_people CHECK (person <> maker),
    CONSTRAINT ck_obligation_step_end_posted CHECK ((outcome = 'posted') = (posted_on IS NOT NULL)),
    CONSTRAINT ck_obligation_step_end_parts CHECK (outcome = 'posted' OR principal_fen + interest_fen = 0),
    CONSTRAINT fk_obligation_step_end_step FOREIGN KEY (book, step, maker)
        REFERENCES obligation_step (book, number, maker)
);
"""


def upgrade() -> None:
    op.execute(TABLES)
    event_rows("obligation", "obligation_step", "obligation_step_end")
    _hide()


def _hide() -> None:
    """Both sides of a debt see it, and what has become of it."""
    me = "(SELECT ledger_party())"
    seen_by("obligation", f"{me} IN (debtor, creditor)")
    for table in ("obligation_step", "obligation_step_end"):
        seen_by(
            table,
            f"EXISTS (SELECT 1 FROM obligation o WHERE o.book = {table}.book AND o.number = {table}.obligation)",  # noqa: S608  our own words
        )
