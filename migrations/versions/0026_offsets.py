"""Parts of claims that are set off against what their payee owes."""

from alembic import op

from migrations.protection import event_rows, seen_by

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE voucher_claim_offset (
    book        smallint NOT NULL,
    command     uuid NOT NULL,
    payable     varchar NOT NULL,
    position    smallint NOT NULL CHECK (position > 0),
    contract    varchar NOT NULL,
    claim       varchar NOT NULL,
    year        smallint NOT NULL,
    budget_line varchar NOT NULL,
    amount_fen  bigint NOT NULL CHECK (amount_fen > 0),
    obligation  varchar NOT NULL,
    set_off_on  date NOT NULL,
    PRIMARY KEY (payable, position, contract, book),
    CONSTRAINT fk_voucher_claim_offset_payable FOREIGN KEY (book, payable, position)
        REFERENCES payable_offset (book, payable, position) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX ix_voucher_claim_offset_claim ON voucher_claim_offset (claim, book);
"""


def upgrade() -> None:
    op.execute(TABLES)
    event_rows("voucher_claim_offset")
    seen_by(
        "voucher_claim_offset",
        "EXISTS (SELECT 1 FROM voucher_claim c "
        "WHERE c.book = voucher_claim_offset.book AND c.number = voucher_claim_offset.claim)",
    )
