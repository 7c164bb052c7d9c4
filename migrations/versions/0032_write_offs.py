"""What a unit gives up of a bill: proposed by one officer of it, signed by another."""

from alembic import op

from migrations.protection import event_rows, now_seen_by, seen_by

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE fee_write_off (
    book            smallint NOT NULL,
    command         uuid NOT NULL,
    number          varchar NOT NULL,
    bill            varchar NOT NULL,
    amount_fen      bigint NOT NULL CHECK (amount_fen > 0),
    decision_number varchar NOT NULL,
    reason          varchar NOT NULL,
    maker           varchar NOT NULL,
    proposed_on     date NOT NULL,
    PRIMARY KEY (number, book),
    CONSTRAINT fk_fee_write_off_bill FOREIGN KEY (book, bill) REFERENCES fee_bill (book, number)
);
CREATE INDEX ix_fee_write_off_bill ON fee_write_off (bill, book);

CREATE TABLE fee_write_off_end (
    book      smallint NOT NULL,
    command   uuid NOT NULL,
    write_off varchar NOT NULL,
    outcome   varchar NOT NULL CHECK (outcome IN ('posted', 'refused')),
    ended_on  date NOT NULL,
    person    varchar NOT NULL,
    reason    varchar NOT NULL,
    PRIMARY KEY (write_off, book),
    CONSTRAINT fk_fee_write_off_end FOREIGN KEY (book, write_off) REFERENCES fee_write_off (book, number)
);
"""


def upgrade() -> None:
    op.execute(TABLES)
    event_rows("fee_write_off", "fee_write_off_end")
    # The unit's own affair: its payer is told by the bill what was given up, and not what is proposed.
    seen_by(
        "fee_write_off",
        "EXISTS (SELECT 1 FROM fee_bill b WHERE b.book = fee_write_off.book AND b.number = fee_write_off.bill "
        "AND b.unit = (SELECT ledger_party()))",
    )
    seen_by(
        "fee_write_off_end",
        "EXISTS (SELECT 1 FROM fee_write_off w WHERE w.book = fee_write_off_end.book "
        "AND w.number = fee_write_off_end.write_off)",
    )
    _show_to_their_own()


def _show_to_their_own() -> None:
    """What its own people sign, and what is asked about its account, a party sees; all else stays the bureaus'."""
    now_seen_by(
        "approval_request",
        "subject_kind = 'payment.payee-account' AND subject = (SELECT ledger_party()) "
        "OR subject_kind = 'fee.write-off' AND EXISTS (SELECT 1 FROM fee_write_off w "
        "WHERE w.book = approval_request.book AND w.number = approval_request.subject)",
    )
    for table in ("approval_step", "approval_signer"):
        now_seen_by(
            table,
            f"EXISTS (SELECT 1 FROM approval_request r WHERE r.book = {table}.book AND r.number = {table}.request)",  # noqa: S608  our own words
        )
