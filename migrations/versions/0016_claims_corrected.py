"""Claims: until when one that was sent back may be corrected, and by which it was; withdrawal."""

from alembic import op

from migrations.protection import event_rows, seen_by

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE voucher_claim_return (
    book          smallint NOT NULL,
    command       uuid NOT NULL,
    claim         varchar NOT NULL,
    correct_until date NOT NULL,
    PRIMARY KEY (claim, book)
);

CREATE TABLE voucher_claim_correction (
    book      smallint NOT NULL,
    command   uuid NOT NULL,
    claim     varchar NOT NULL,
    corrects  varchar NOT NULL CHECK (corrects <> claim),
    statement varchar NOT NULL CHECK (statement <> ''),
    PRIMARY KEY (claim, book)
);
CREATE UNIQUE INDEX uq_voucher_claim_correction_corrects ON voucher_claim_correction (corrects, book);

ALTER TABLE voucher_claim_step DROP CONSTRAINT voucher_claim_step_step_check;
ALTER TABLE voucher_claim_step ADD CONSTRAINT voucher_claim_step_step_check
    CHECK (step IN ('passed', 'returned', 'withdrawn', 'refused', 'approved'));
ALTER TABLE voucher_claim_step ADD CONSTRAINT voucher_claim_step_withdrawn_check
    CHECK (step <> 'withdrawn' OR reason <> '');
"""

EVENT_TABLES = ("voucher_claim_return", "voucher_claim_correction")


def upgrade() -> None:
    op.execute(TABLES)
    event_rows(*EVENT_TABLES)
    for table in EVENT_TABLES:
        # The unit sees what became of its claims.
        seen_by(
            table,
            f"EXISTS (SELECT 1 FROM voucher_claim s WHERE s.book = {table}.book AND s.number = {table}.claim)",  # noqa: S608  our own words
        )
