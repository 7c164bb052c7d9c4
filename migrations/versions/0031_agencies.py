"""Professional service bodies that act for units."""

from alembic import op

from migrations.protection import event_rows, seen_by

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE party_agency (
    book            smallint NOT NULL,
    command         uuid NOT NULL,
    principal       varchar NOT NULL,
    agent           varchar NOT NULL CHECK (agent <> principal),
    step            smallint NOT NULL CHECK (step > 0),
    stands          boolean NOT NULL,
    document_number varchar NOT NULL,
    since           date NOT NULL,
    person          varchar NOT NULL,
    PRIMARY KEY (principal, agent, step, book)
);
CREATE INDEX ix_party_agency_agent ON party_agency (agent, book);
"""


def upgrade() -> None:
    op.execute(TABLES)
    event_rows("party_agency")
    me = "(SELECT ledger_party())"
    seen_by("party_agency", f"principal = {me} OR agent = {me}")
