"""Objections to a claim on public notice; a request for approval that lapses."""

from alembic import op

from migrations.protection import event_rows, seen_by

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE approval_lapse (
    book    smallint NOT NULL,
    command uuid NOT NULL,
    request varchar NOT NULL,
    version smallint NOT NULL,
    reason  varchar NOT NULL CHECK (reason <> ''),
    PRIMARY KEY (request, version, book),
    CONSTRAINT fk_approval_lapse_request FOREIGN KEY (book, request, version)
        REFERENCES approval_request (book, number, version)
);

CREATE TABLE voucher_claim_objection (
    book        smallint NOT NULL,
    command     uuid NOT NULL,
    number      varchar NOT NULL,
    claim       varchar NOT NULL,
    file_number varchar NOT NULL CHECK (file_number <> ''),
    reason      varchar NOT NULL CHECK (reason <> ''),
    raised_on   date NOT NULL,
    person      varchar NOT NULL,
    PRIMARY KEY (number, book)
);
CREATE UNIQUE INDEX uq_voucher_claim_objection_file ON voucher_claim_objection (claim, file_number, book);

CREATE TABLE voucher_claim_objection_answer (
    book        smallint NOT NULL,
    command     uuid NOT NULL,
    objection   varchar NOT NULL,
    upheld      boolean NOT NULL,
    reason      varchar NOT NULL CHECK (reason <> ''),
    answered_on date NOT NULL,
    person      varchar NOT NULL,
    PRIMARY KEY (objection, book),
    CONSTRAINT fk_voucher_claim_objection_answer FOREIGN KEY (book, objection)
        REFERENCES voucher_claim_objection (book, number)
);
"""

EVENT_TABLES = ("approval_lapse", "voucher_claim_objection", "voucher_claim_objection_answer")


def upgrade() -> None:
    op.execute(TABLES)
    event_rows(*EVENT_TABLES)
    seen_by(
        "approval_lapse",
        "EXISTS (SELECT 1 FROM approval_request r WHERE r.book = approval_lapse.book "
        "AND r.number = approval_lapse.request AND r.version = approval_lapse.version)",
    )
    seen_by(
        "voucher_claim_objection",
        "EXISTS (SELECT 1 FROM voucher_claim c WHERE c.book = voucher_claim_objection.book "
        "AND c.number = voucher_claim_objection.claim)",
    )
    seen_by(
        "voucher_claim_objection_answer",
        "EXISTS (SELECT 1 FROM voucher_claim_objection o WHERE o.book = voucher_claim_objection_answer.book "
        "AND o.number = voucher_claim_objection_answer.objection)",
    )
