"""Of accepted contracts whose scheme pays the firm: who claims and is paid."""

from alembic import op

from migrations.protection import event_rows, seen_by

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE voucher_acceptance_payee (
    book     smallint NOT NULL,
    command  uuid NOT NULL,
    contract varchar NOT NULL,
    payee    varchar NOT NULL,
    PRIMARY KEY (contract, book)
);
"""


def upgrade() -> None:
    op.execute(TABLES)
    event_rows("voucher_acceptance_payee")
    seen_by(
        "voucher_acceptance_payee",
        "EXISTS (SELECT 1 FROM voucher_contract c "
        "WHERE c.book = voucher_acceptance_payee.book AND c.number = voucher_acceptance_payee.contract)",
    )
