"""Instruments that units register while they are to mend something."""

from alembic import op

from migrations.protection import event_rows, seen_by

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE evaluation_flagged_purchase (
    book          smallint NOT NULL,
    command       uuid NOT NULL,
    instrument    varchar NOT NULL,
    rectification varchar NOT NULL,
    unit          varchar NOT NULL,
    flagged_on    date NOT NULL,
    cited         varchar NOT NULL CHECK (cited <> ''),
    PRIMARY KEY (instrument, book),
    CONSTRAINT fk_evaluation_flagged_purchase_rectification FOREIGN KEY (book, rectification)
        REFERENCES evaluation_rectification (book, number)
);
CREATE INDEX ix_evaluation_flagged_purchase ON evaluation_flagged_purchase (rectification, book);
"""


def upgrade() -> None:
    op.execute(TABLES)
    event_rows("evaluation_flagged_purchase")
    seen_by("evaluation_flagged_purchase", "unit = (SELECT ledger_party())")
