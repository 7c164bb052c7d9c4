"""What obligations take back of what vouchers have paid."""

from alembic import op

from migrations.protection import event_rows, seen_by

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE voucher_recovery (
    book       smallint NOT NULL,
    command    uuid NOT NULL,
    obligation varchar NOT NULL,
    contract   varchar NOT NULL,
    voucher    varchar NOT NULL,
    kind       varchar NOT NULL CHECK (kind IN ('voucher.refund', 'voucher.claw-back')),
    year       smallint NOT NULL,
    amount_fen bigint NOT NULL CHECK (amount_fen > 0),
    decided_on date NOT NULL,
    person     varchar NOT NULL,
    PRIMARY KEY (obligation, book),
    CONSTRAINT fk_voucher_recovery_obligation FOREIGN KEY (book, obligation)
        REFERENCES obligation (book, number) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX ix_voucher_recovery_contract ON voucher_recovery (contract, book);
CREATE INDEX ix_voucher_recovery_voucher ON voucher_recovery (voucher, book);
"""


def upgrade() -> None:
    op.execute(TABLES)
    event_rows("voucher_recovery")
    seen_by(
        "voucher_recovery",
        "EXISTS (SELECT 1 FROM voucher_contract c "
        "WHERE c.book = voucher_recovery.book AND c.number = voucher_recovery.contract)",
    )
