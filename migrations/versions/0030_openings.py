"""Vouchers that were issued before the books began: lists of them, proposed and signed."""

from alembic import op

from migrations.protection import event_rows, seen_by

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE voucher_opening (
    book             smallint NOT NULL,
    command          uuid NOT NULL,
    number           varchar NOT NULL,
    list_number      varchar NOT NULL,
    scheme           varchar NOT NULL,
    year             smallint NOT NULL,
    operator         varchar NOT NULL,
    holder           varchar NOT NULL,
    body             varchar,
    controller       varchar NOT NULL,
    legacy_number    varchar NOT NULL,
    budget_line      varchar NOT NULL,
    face_fen         bigint NOT NULL CHECK (face_fen > 0),
    redeemed_fen     bigint NOT NULL CHECK (redeemed_fen >= 0),
    open_fen         bigint NOT NULL CHECK (open_fen >= 0),
    denomination_fen bigint,
    issued_on        date NOT NULL,
    expires_on       date NOT NULL CHECK (expires_on >= issued_on),
    recorded_on      date NOT NULL,
    person           varchar NOT NULL,
    PRIMARY KEY (number, book),
    CONSTRAINT ck_voucher_opening_face CHECK (redeemed_fen + open_fen <= face_fen)
);
CREATE INDEX ix_voucher_opening_list ON voucher_opening (list_number, book);
CREATE INDEX ix_voucher_opening_legacy ON voucher_opening (legacy_number, scheme, book);

CREATE TABLE voucher_opening_list (
    book          smallint NOT NULL,
    command       uuid NOT NULL,
    list_number   varchar NOT NULL,
    operator      varchar NOT NULL,
    voucher_count integer NOT NULL CHECK (voucher_count > 0),
    lines_hash    varchar NOT NULL CHECK (lines_hash ~ '^[0-9a-f]{64}$'),
    maker         varchar NOT NULL,
    proposed_on   date NOT NULL,
    PRIMARY KEY (list_number, book)
);

CREATE TABLE voucher_opening_list_end (
    book        smallint NOT NULL,
    command     uuid NOT NULL,
    list_number varchar NOT NULL,
    outcome     varchar NOT NULL CHECK (outcome IN ('posted', 'refused')),
    ended_on    date NOT NULL,
    person      varchar NOT NULL,
    reason      varchar NOT NULL,
    PRIMARY KEY (list_number, book)
);
"""


def upgrade() -> None:
    op.execute(TABLES)
    event_rows("voucher_opening", "voucher_opening_list", "voucher_opening_list_end")
    me = "(SELECT ledger_party())"
    seen_by("voucher_opening", f"operator = {me} OR holder = {me} OR body = {me}")
    seen_by("voucher_opening_list", f"operator = {me}")
    seen_by(
        "voucher_opening_list_end",
        "EXISTS (SELECT 1 FROM voucher_opening_list l WHERE l.book = voucher_opening_list_end.book "
        "AND l.list_number = voucher_opening_list_end.list_number)",
    )
