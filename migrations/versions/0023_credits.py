"""Red invoices, what they credit and what is paid back; a use is billed anew once its bill is credited in full."""

from alembic import op

from migrations.protection import event_rows, seen_by

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

TABLES = """
DROP INDEX uq_fee_bill_line_charged_use;
CREATE INDEX ix_fee_bill_line_charged_use ON fee_bill_line (charged_use, book) WHERE charged_use IS NOT NULL;

CREATE TABLE fee_credit (
    book           smallint NOT NULL,
    command        uuid NOT NULL,
    number         varchar NOT NULL,
    bill           varchar NOT NULL,
    step           smallint NOT NULL CHECK (step > 0),
    invoice_number varchar NOT NULL CHECK (invoice_number ~ '^([0-9]{18}|[0-9]{20})$'),
    invoice_date   date NOT NULL,
    gross_fen      bigint NOT NULL CHECK (gross_fen > 0 AND gross_fen <= 1000000000000000),
    net_fen        bigint NOT NULL CHECK (net_fen >= 0),
    vat_fen        bigint NOT NULL CHECK (vat_fen >= 0),
    owed_fen       bigint NOT NULL CHECK (owed_fen BETWEEN 0 AND gross_fen),
    whole          boolean NOT NULL,
    calculation    uuid NOT NULL,
    reason         varchar NOT NULL CHECK (reason <> ''),
    credited_on    date NOT NULL,
    person         varchar NOT NULL,
    PRIMARY KEY (number, book),
    CONSTRAINT ck_fee_credit_gross CHECK (gross_fen = net_fen + vat_fen),
    CONSTRAINT fk_fee_credit_bill FOREIGN KEY (book, bill) REFERENCES fee_bill (book, number)
);
CREATE UNIQUE INDEX uq_fee_credit_bill ON fee_credit (bill, step, book);
CREATE UNIQUE INDEX uq_fee_credit_invoice ON fee_credit (invoice_number, book);
CREATE UNIQUE INDEX uq_fee_credit_whole ON fee_credit (bill, book) WHERE whole;

CREATE TABLE fee_repayment (
    book           smallint NOT NULL,
    command        uuid NOT NULL,
    number         varchar NOT NULL,
    bill           varchar NOT NULL,
    amount_fen     bigint NOT NULL CHECK (amount_fen > 0 AND amount_fen <= 1000000000000000),
    bank_reference varchar NOT NULL CHECK (bank_reference <> ''),
    repaid_on      date NOT NULL,
    PRIMARY KEY (number, book),
    CONSTRAINT fk_fee_repayment_bill FOREIGN KEY (book, bill) REFERENCES fee_bill (book, number)
);
CREATE UNIQUE INDEX uq_fee_repayment_bank_reference ON fee_repayment (bill, bank_reference, book);

CREATE TABLE voucher_credit (
    book        smallint NOT NULL,
    command     uuid NOT NULL,
    contract    varchar NOT NULL,
    position    smallint NOT NULL CHECK (position > 0),
    share_fen   bigint NOT NULL CHECK (share_fen >= 0),
    calculation uuid,
    citation    varchar NOT NULL,
    credited_on date NOT NULL,
    person      varchar NOT NULL,
    PRIMARY KEY (contract, position, book),
    CONSTRAINT ck_voucher_credit_whole CHECK (calculation IS NOT NULL OR share_fen = 0)
);
ALTER TABLE voucher_contract_end DROP CONSTRAINT voucher_contract_end_outcome_check;
ALTER TABLE voucher_contract_end ADD CONSTRAINT voucher_contract_end_outcome_check
    CHECK (outcome IN ('released', 'expired', 'unclaimed', 'refused', 'revoked', 'credited'));
"""

WALL = """
CREATE FUNCTION refuse_second_charge() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    twice record;
BEGIN
    SELECT f.charged_use, l.bill INTO twice
      FROM fresh f JOIN fee_bill_line l ON l.book = f.book AND l.charged_use = f.charged_use
     WHERE (l.bill, l.line) <> (f.bill, f.line)
       AND NOT EXISTS (SELECT FROM fee_credit c WHERE c.book = l.book AND c.bill = l.bill AND c.whole)
     LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'use % stands on bill %, which was not credited in full', twice.charged_use, twice.bill;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER fee_bill_line_charges_once AFTER INSERT ON fee_bill_line REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_second_charge();
"""

EVENT_TABLES = ("fee_credit", "fee_repayment", "voucher_credit")


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(WALL)
    event_rows(*EVENT_TABLES)
    of_bill = "EXISTS (SELECT 1 FROM fee_bill b WHERE b.book = {0}.book AND b.number = {0}.bill)"
    for table in ("fee_credit", "fee_repayment"):
        seen_by(table, of_bill.format(table))
    seen_by(
        "voucher_credit",
        "EXISTS (SELECT 1 FROM voucher_contract c "
        "WHERE c.book = voucher_credit.book AND c.number = voucher_credit.contract)",
    )
