"""Claims: experts and their opinions."""

from alembic import op

from migrations.protection import event_rows, seen_by

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE voucher_claim_expert (
    book         smallint NOT NULL,
    command      uuid NOT NULL,
    claim        varchar NOT NULL,
    expert       varchar NOT NULL CHECK (expert <> person),
    appointed_on date NOT NULL,
    person       varchar NOT NULL,
    PRIMARY KEY (claim, expert, book)
);

-- One opinion of each expert on each line, and of appointed experts only.
CREATE TABLE voucher_claim_opinion (
    book     smallint NOT NULL,
    command  uuid NOT NULL,
    claim    varchar NOT NULL,
    contract varchar NOT NULL,
    expert   varchar NOT NULL,
    supports boolean NOT NULL,
    reason   varchar NOT NULL CHECK (reason <> ''),
    given_on date NOT NULL,
    PRIMARY KEY (claim, contract, expert, book),
    CONSTRAINT fk_voucher_claim_opinion_expert FOREIGN KEY (book, claim, expert)
        REFERENCES voucher_claim_expert (book, claim, expert)
);
"""

EVENT_TABLES = ("voucher_claim_expert", "voucher_claim_opinion")


def upgrade() -> None:
    op.execute(TABLES)
    event_rows(*EVENT_TABLES)
    for table in EVENT_TABLES:
        # Who judges a claim is told to bureaus only: neither its unit nor its holders.
        seen_by(table, "false")
