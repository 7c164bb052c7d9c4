"""Parts of payables that are set off against what their payees owe, and batches that pay the rest."""

from alembic import op

from migrations.protection import event_rows, seen_by

revision = "0010"
down_revision = "0009a"
branch_labels = None
depends_on = None

# The n-th offset names the one before with the sum by then; a line of a batch names one of these sums.
TABLES = """
CREATE TABLE payable_offset (
    book              smallint NOT NULL,
    command           uuid NOT NULL,
    payable           varchar NOT NULL,
    position          smallint NOT NULL CHECK (position > 0),
    position_before   smallint,
    payable_fen       bigint NOT NULL,
    offset_before_fen bigint NOT NULL,
    amount_fen        bigint NOT NULL CHECK (amount_fen > 0),
    offset_fen        bigint NOT NULL,
    ground            varchar NOT NULL CHECK (ground <> ''),
    offset_on         date NOT NULL,
    PRIMARY KEY (payable, position, book),
    CONSTRAINT ck_payable_offset_before CHECK (position_before IS NOT DISTINCT FROM nullif(position - 1, 0)),
    CONSTRAINT ck_payable_offset_first CHECK (position > 1 OR offset_before_fen = 0),
    CONSTRAINT ck_payable_offset_sum CHECK (offset_fen = offset_before_fen + amount_fen),
    CONSTRAINT ck_payable_offset_within CHECK (offset_fen <= payable_fen),
    CONSTRAINT fk_payable_offset_payable FOREIGN KEY (book, payable, payable_fen)
        REFERENCES payable (book, number, amount_fen)
);
CREATE UNIQUE INDEX uq_payable_offset_sum ON payable_offset (payable, position, offset_fen, book);
ALTER TABLE payable_offset ADD CONSTRAINT fk_payable_offset_before
    FOREIGN KEY (book, payable, position_before, offset_before_fen)
    REFERENCES payable_offset (book, payable, position, offset_fen);

CREATE TABLE payment_batch_line_offset (
    book       smallint NOT NULL,
    command    uuid NOT NULL,
    batch      varchar NOT NULL,
    payable    varchar NOT NULL,
    position   smallint NOT NULL,
    offset_fen bigint NOT NULL,
    PRIMARY KEY (batch, payable, book),
    CONSTRAINT fk_payment_batch_line_offset_line FOREIGN KEY (book, batch, payable)
        REFERENCES payment_batch_line (book, batch, payable),
    CONSTRAINT fk_payment_batch_line_offset_sum FOREIGN KEY (book, payable, position, offset_fen)
        REFERENCES payable_offset (book, payable, position, offset_fen)
);
"""


def upgrade() -> None:
    op.execute(TABLES)
    event_rows("payable_offset", "payment_batch_line_offset")
    for table in ("payable_offset", "payment_batch_line_offset"):
        seen_by(table, f"EXISTS (SELECT 1 FROM payable p WHERE p.book = {table}.book AND p.number = {table}.payable)")  # noqa: S608  our own words
