"""Fees: uses of instruments, bills, receipts, and which evidence supports which claim."""

from alembic import op

from migrations.protection import event_rows, seen_by

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE fee_use (
    book       smallint NOT NULL,
    command    uuid NOT NULL,
    number     varchar NOT NULL,
    instrument varchar NOT NULL,
    unit       varchar NOT NULL,
    used_by    varchar NOT NULL,
    operator   varchar NOT NULL,
    started_at timestamptz NOT NULL,
    minutes    integer NOT NULL CHECK (minutes > 0),
    purpose    varchar NOT NULL CHECK (purpose <> ''),
    service    varchar NOT NULL,
    PRIMARY KEY (number, book)
);
CREATE INDEX ix_fee_use_book_instrument_started_at ON fee_use (instrument, started_at, book);
CREATE INDEX ix_fee_use_book_used_by ON fee_use (used_by, book);

CREATE TABLE fee_bill (
    book           smallint NOT NULL,
    command        uuid NOT NULL,
    number         varchar NOT NULL,
    unit           varchar NOT NULL,
    payer          varchar NOT NULL CHECK (payer <> unit),
    contract       varchar,
    invoice_number varchar NOT NULL CHECK (invoice_number ~ '^([0-9]{18}|[0-9]{20})$'),
    invoice_date   date NOT NULL CHECK (invoice_date <= issued_on),
    issued_on      date NOT NULL,
    gross_fen      bigint NOT NULL CHECK (gross_fen > 0),
    net_fen        bigint NOT NULL CHECK (net_fen >= 0),
    vat_fen        bigint NOT NULL CHECK (vat_fen >= 0),
    vat_rate       varchar NOT NULL,
    calculation    uuid NOT NULL,
    PRIMARY KEY (number, book),
    CONSTRAINT ck_fee_bill_split CHECK (gross_fen = net_fen + vat_fen)
);
CREATE UNIQUE INDEX uq_fee_bill_invoice ON fee_bill (invoice_number, book);
CREATE INDEX ix_fee_bill_book_unit ON fee_bill (unit, book);
CREATE INDEX ix_fee_bill_book_payer ON fee_bill (payer, book);
CREATE INDEX ix_fee_bill_book_contract ON fee_bill (contract, book);

CREATE TABLE fee_bill_line (
    book        smallint NOT NULL,
    command     uuid NOT NULL,
    bill        varchar NOT NULL,
    line        smallint NOT NULL CHECK (line > 0),
    description varchar NOT NULL CHECK (description <> ''),
    charged_use varchar,
    quantity    bigint NOT NULL CHECK (quantity > 0),
    price_fen   bigint NOT NULL CHECK (price_fen > 0),
    PRIMARY KEY (bill, line, book),
    CONSTRAINT fk_fee_bill_line_bill FOREIGN KEY (book, bill)
        REFERENCES fee_bill (book, number) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_fee_bill_line_charged_use FOREIGN KEY (book, charged_use) REFERENCES fee_use (book, number)
);
CREATE UNIQUE INDEX uq_fee_bill_line_charged_use ON fee_bill_line (charged_use, book) WHERE charged_use IS NOT NULL;

CREATE TABLE fee_receipt (
    book           smallint NOT NULL,
    command        uuid NOT NULL,
    number         varchar NOT NULL,
    bill           varchar NOT NULL,
    amount_fen     bigint NOT NULL CHECK (amount_fen > 0),
    bank_reference varchar NOT NULL CHECK (bank_reference <> ''),
    received_on    date NOT NULL,
    PRIMARY KEY (number, book),
    CONSTRAINT fk_fee_receipt_bill FOREIGN KEY (book, bill) REFERENCES fee_bill (book, number)
);
CREATE UNIQUE INDEX uq_fee_receipt_bank_reference ON fee_receipt (bill, bank_reference, book);

CREATE TABLE fee_dispute (
    book    smallint NOT NULL,
    command uuid NOT NULL,
    bill    varchar NOT NULL,
    step    smallint NOT NULL CHECK (step > 0),
    stands  boolean NOT NULL,
    reason  varchar NOT NULL CHECK (reason <> ''),
    person  varchar NOT NULL,
    PRIMARY KEY (bill, step, book),
    CONSTRAINT ck_fee_dispute_turns CHECK (stands = (step % 2 = 1)),
    CONSTRAINT fk_fee_dispute_bill FOREIGN KEY (book, bill) REFERENCES fee_bill (book, number)
);

-- One live claim per piece of evidence and kind of funding: the n-th claim names the row that released the one before.
CREATE TABLE evidence_claim (
    book           smallint NOT NULL,
    command        uuid NOT NULL,
    funding        varchar NOT NULL CHECK (funding IN ('voucher', 'equity', 'subsidy')),
    digest         varchar NOT NULL CHECK (digest ~ '^[0-9a-f]{64}$'),
    claim          integer NOT NULL CHECK (claim > 0),
    released_claim integer,
    subject_kind   varchar NOT NULL,
    subject        varchar NOT NULL,
    PRIMARY KEY (funding, digest, claim, book),
    CONSTRAINT ck_evidence_claim_released CHECK (released_claim IS NOT DISTINCT FROM nullif(claim - 1, 0))
);
CREATE INDEX ix_evidence_claim_book_subject ON evidence_claim (subject_kind, subject, book);

CREATE TABLE evidence_release (
    book    smallint NOT NULL,
    command uuid NOT NULL,
    funding varchar NOT NULL,
    digest  varchar NOT NULL,
    claim   integer NOT NULL,
    reason  varchar NOT NULL,
    PRIMARY KEY (funding, digest, claim, book),
    CONSTRAINT fk_evidence_release_claim FOREIGN KEY (book, funding, digest, claim)
        REFERENCES evidence_claim (book, funding, digest, claim)
);
ALTER TABLE evidence_claim ADD CONSTRAINT fk_evidence_claim_released FOREIGN KEY (book, funding, digest, released_claim)
    REFERENCES evidence_release (book, funding, digest, claim);
"""

EVENT_TABLES = (
    "fee_use",
    "fee_bill",
    "fee_bill_line",
    "fee_receipt",
    "fee_dispute",
    "evidence_claim",
    "evidence_release",
)


def upgrade() -> None:
    op.execute(TABLES)
    event_rows(*EVENT_TABLES)
    _hide()


def _hide() -> None:
    """Unit and user see their uses, unit and payer their bills; what evidence is claimed for, bureaus only."""
    me = "(SELECT ledger_party())"
    seen_by("fee_use", f"{me} IN (unit, used_by)")
    seen_by("fee_bill", f"{me} IN (unit, payer)")
    of_bill = "EXISTS (SELECT 1 FROM fee_bill b WHERE b.book = {0}.book AND b.number = {0}.bill)"
    for table in ("fee_bill_line", "fee_receipt", "fee_dispute"):
        seen_by(table, of_bill.format(table))
    for table in ("evidence_claim", "evidence_release"):
        seen_by(table, "false")
