"""Accounts of payees as proposed; what was signed stands in `party_account`, as before."""

from alembic import op

from migrations.protection import event_rows, seen_by

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE payee_account_proposal (
    book         smallint NOT NULL,
    command      uuid NOT NULL,
    party        varchar NOT NULL,
    version      smallint NOT NULL CHECK (version > 0),
    account_name varchar NOT NULL,
    bank         varchar NOT NULL,
    number       varchar NOT NULL CHECK (number ~ '^[0-9]{8,32}$'),
    cnaps        varchar NOT NULL CHECK (cnaps ~ '^[0-9]{12}$'),
    replaces     varchar NOT NULL,
    maker        varchar NOT NULL,
    proposed_on  date NOT NULL,
    PRIMARY KEY (party, version, book)
);
"""


def upgrade() -> None:
    op.execute(TABLES)
    event_rows("payee_account_proposal")
    seen_by("payee_account_proposal", "party = (SELECT ledger_party())")
