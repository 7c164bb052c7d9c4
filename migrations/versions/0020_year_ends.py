"""The ends of budget years: proposed, posted."""

from alembic import op

from migrations.protection import event_rows, seen_by

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE voucher_year_end_proposal (
    book            smallint NOT NULL,
    command         uuid NOT NULL,
    scheme          varchar NOT NULL,
    year            smallint NOT NULL,
    version         smallint NOT NULL CHECK (version > 0),
    operator        varchar NOT NULL,
    document_number varchar NOT NULL,
    lapsed_fen      bigint NOT NULL CHECK (lapsed_fen >= 0),
    carried_fen     bigint NOT NULL CHECK (carried_fen >= 0),
    maker           varchar NOT NULL,
    proposed_on     date NOT NULL CHECK (extract(year FROM proposed_on) > year),
    PRIMARY KEY (scheme, year, version, book),
    CONSTRAINT ck_voucher_year_end_proposal_figures CHECK (lapsed_fen + carried_fen > 0),
    CONSTRAINT ck_voucher_year_end_proposal_document CHECK ((carried_fen > 0) = (document_number <> ''))
);

-- A year ends once, as a version said that was proposed.
CREATE TABLE voucher_year_end (
    book     smallint NOT NULL,
    command  uuid NOT NULL,
    scheme   varchar NOT NULL,
    year     smallint NOT NULL,
    version  smallint NOT NULL,
    operator varchar NOT NULL,
    ended_on date NOT NULL,
    person   varchar NOT NULL,
    PRIMARY KEY (scheme, year, book),
    CONSTRAINT fk_voucher_year_end_proposal FOREIGN KEY (scheme, year, version, book)
        REFERENCES voucher_year_end_proposal (scheme, year, version, book)
);
"""


def upgrade() -> None:
    op.execute(TABLES)
    event_rows("voucher_year_end_proposal", "voucher_year_end")
    me = "(SELECT ledger_party())"
    seen_by("voucher_year_end_proposal", f"operator = {me}")
    seen_by("voucher_year_end", f"operator = {me}")
