"""Vouchers and holds with a later last day."""

from alembic import op

from migrations.protection import event_rows, seen_by

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE voucher_extension (
    book        smallint NOT NULL,
    command     uuid NOT NULL,
    voucher     varchar NOT NULL,
    position    smallint NOT NULL CHECK (position > 0),
    proposal    varchar NOT NULL,
    months      smallint NOT NULL CHECK (months > 0),
    extends     date NOT NULL,
    expires_on  date NOT NULL CHECK (expires_on > extends),
    extended_on date NOT NULL,
    reason      varchar NOT NULL CHECK (reason <> ''),
    citation    varchar NOT NULL CHECK (citation <> ''),
    person      varchar NOT NULL,
    PRIMARY KEY (voucher, position, book),
    CONSTRAINT ck_voucher_extension_before_expiry CHECK (extended_on <= extends)
);
CREATE UNIQUE INDEX uq_voucher_extension_expires_on ON voucher_extension (voucher, position, expires_on, book);

-- The last day of the voucher stands beside that of the hold, so that the database too keeps one within the other.
CREATE TABLE voucher_hold_extension (
    book       smallint NOT NULL,
    command    uuid NOT NULL,
    contract   varchar NOT NULL,
    position   smallint NOT NULL CHECK (position > 0),
    voucher    varchar NOT NULL,
    expires_on date NOT NULL,
    hold_until date NOT NULL CONSTRAINT ck_voucher_hold_extension_within CHECK (hold_until <= expires_on),
    PRIMARY KEY (contract, position, book),
    CONSTRAINT fk_voucher_hold_extension FOREIGN KEY (voucher, position, expires_on, book)
        REFERENCES voucher_extension (voucher, position, expires_on, book)
);
"""

EVENT_TABLES = ("voucher_extension", "voucher_hold_extension")


def upgrade() -> None:
    op.execute(TABLES)
    event_rows(*EVENT_TABLES)
    for table, column, seen in (
        ("voucher_extension", "voucher", "voucher"),
        ("voucher_hold_extension", "contract", "voucher_contract"),
    ):
        seen_by(table, f"EXISTS (SELECT 1 FROM {seen} s WHERE s.book = {table}.book AND s.number = {table}.{column})")  # noqa: S608  our own words
