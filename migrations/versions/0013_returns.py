"""Payments that came back or failed: returns, failures, the budget line that pays again; bounced claims."""

from alembic import op

from migrations.protection import event_rows, seen_by

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TABLES = """
CREATE UNIQUE INDEX uq_payment_confirmation_day ON payment_confirmation (batch, payable, paid_on, maker, book);

-- What was never confirmed cannot come back; day of payment and maker are the confirmation's own, by the foreign key.
CREATE TABLE payment_return (
    book           smallint NOT NULL,
    command        uuid NOT NULL,
    batch          varchar NOT NULL,
    payable        varchar NOT NULL,
    paid_on        date NOT NULL,
    returned_on    date NOT NULL,
    bank_reference varchar NOT NULL CHECK (bank_reference <> ''),
    reason         varchar NOT NULL CHECK (reason <> ''),
    maker          varchar NOT NULL,
    person         varchar NOT NULL,
    PRIMARY KEY (batch, payable, book),
    CONSTRAINT ck_payment_return_two_people CHECK (person <> maker),
    CONSTRAINT ck_payment_return_after_payment CHECK (returned_on >= paid_on),
    CONSTRAINT fk_payment_return_confirmation FOREIGN KEY (book, batch, payable, paid_on, maker)
        REFERENCES payment_confirmation (book, batch, payable, paid_on, maker)
);

CREATE TABLE payment_failure (
    book        smallint NOT NULL,
    command     uuid NOT NULL,
    batch       varchar NOT NULL,
    payable     varchar NOT NULL,
    released_on date NOT NULL,
    failed_on   date NOT NULL,
    reason      varchar NOT NULL CHECK (reason <> ''),
    maker       varchar NOT NULL,
    person      varchar NOT NULL,
    PRIMARY KEY (batch, payable, book),
    CONSTRAINT ck_payment_failure_two_people CHECK (person <> maker),
    CONSTRAINT ck_payment_failure_after_release CHECK (failed_on >= released_on),
    CONSTRAINT fk_payment_failure_line FOREIGN KEY (book, batch, payable)
        REFERENCES payment_batch_line (book, batch, payable),
    CONSTRAINT fk_payment_failure_maker FOREIGN KEY (book, batch, maker)
        REFERENCES payment_batch (book, number, maker),
    CONSTRAINT fk_payment_failure_release FOREIGN KEY (book, batch, released_on)
        REFERENCES payment_release (book, batch, released_on)
);

CREATE TABLE payable_budget_line (
    book        smallint NOT NULL,
    command     uuid NOT NULL,
    payable     varchar NOT NULL,
    attempt     integer NOT NULL,
    budget_line varchar NOT NULL,
    PRIMARY KEY (payable, attempt, book),
    CONSTRAINT fk_payable_budget_line_freed FOREIGN KEY (book, payable, attempt)
        REFERENCES payable_freed (book, payable, attempt) DEFERRABLE INITIALLY DEFERRED
);

-- A payable is paid again in another batch after a payment of it came back.
ALTER TABLE voucher_claim_payment DROP CONSTRAINT voucher_claim_payment_pkey;
ALTER TABLE voucher_claim_payment ADD PRIMARY KEY (payable, batch, book);
ALTER TABLE voucher_claim_payment ADD CONSTRAINT fk_voucher_claim_payment_confirmation
    FOREIGN KEY (book, batch, payable) REFERENCES payment_confirmation (book, batch, payable)
    DEFERRABLE INITIALLY DEFERRED;

CREATE TABLE voucher_claim_bounce (
    book           smallint NOT NULL,
    command        uuid NOT NULL,
    payable        varchar NOT NULL,
    position       smallint NOT NULL CHECK (position > 0),
    batch          varchar NOT NULL,
    bounced_on     date NOT NULL,
    bank_reference varchar NOT NULL,
    reason         varchar NOT NULL,
    year           smallint NOT NULL,
    budget_line    varchar NOT NULL,
    PRIMARY KEY (payable, position, book),
    CONSTRAINT fk_voucher_claim_bounce_payment FOREIGN KEY (book, payable, batch)
        REFERENCES voucher_claim_payment (book, payable, batch)
);
CREATE UNIQUE INDEX uq_voucher_claim_bounce_batch ON voucher_claim_bounce (payable, batch, book);
"""

EVENT_TABLES = ("payment_return", "payment_failure", "payable_budget_line", "voucher_claim_bounce")


def upgrade() -> None:
    op.execute(TABLES)
    event_rows(*EVENT_TABLES)
    _hide()


def _hide() -> None:
    """A payee sees what became of its payments, a unit what became of its claims."""
    of_mine = "EXISTS (SELECT 1 FROM payable p WHERE p.book = {0}.book AND p.number = {0}.payable)"
    for table in ("payment_return", "payment_failure", "payable_budget_line"):
        seen_by(table, of_mine.format(table))
    seen_by(
        "voucher_claim_bounce",
        "EXISTS (SELECT 1 FROM voucher_claim_payable p "
        "WHERE p.book = voucher_claim_bounce.book AND p.payable = voucher_claim_bounce.payable)",
    )
