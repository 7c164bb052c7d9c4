"""Claims: single lines refused for good."""

from alembic import op

from migrations.protection import event_rows, seen_by

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TABLES = """
-- A line that was refused for good. Its contract ends once, and so is refused once.
CREATE TABLE voucher_claim_refusal (
    book        smallint NOT NULL,
    command     uuid NOT NULL,
    claim       varchar NOT NULL,
    contract    varchar NOT NULL,
    reason_code varchar NOT NULL CHECK (reason_code ~ '^[a-z-]+$'),
    sentence    varchar NOT NULL CHECK (sentence <> ''),
    refused_on  date NOT NULL,
    person      varchar NOT NULL,
    PRIMARY KEY (claim, contract, book)
);
CREATE UNIQUE INDEX uq_voucher_claim_refusal_contract ON voucher_claim_refusal (contract, book);

ALTER TABLE voucher_contract_end DROP CONSTRAINT voucher_contract_end_outcome_check;
ALTER TABLE voucher_contract_end ADD CONSTRAINT voucher_contract_end_outcome_check
    CHECK (outcome IN ('released', 'expired', 'unclaimed', 'refused'));

ALTER TABLE voucher_claim_step DROP CONSTRAINT voucher_claim_step_step_check;
ALTER TABLE voucher_claim_step ADD CONSTRAINT voucher_claim_step_step_check
    CHECK (step IN ('passed', 'returned', 'refused', 'approved'));

-- A refusal frees the invoice: its bill may be accepted once more. That one contract at a time does so is kept by the
-- evidence it claims.
DROP INDEX uq_voucher_acceptance_bill;
CREATE INDEX ix_voucher_acceptance_bill ON voucher_acceptance (bill, book);
"""


def upgrade() -> None:
    op.execute(TABLES)
    event_rows("voucher_claim_refusal")
    # Holder and unit of the contract see why.
    seen_by(
        "voucher_claim_refusal",
        "EXISTS (SELECT 1 FROM voucher_contract s WHERE s.book = voucher_claim_refusal.book "
        "AND s.number = voucher_claim_refusal.contract)",
    )
