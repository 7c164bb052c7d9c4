"""The legs of a bill say which entry they are of, so that they can be added up as they stood."""

from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

LEGS = """
CREATE OR REPLACE VIEW fee_bill_leg AS
    SELECT b.book, b.number AS bill, own.address AS own, other.address AS other, leg.leaves, leg.seq
      FROM fee_bill b
      JOIN account own ON own.book = b.book AND own.owner = 'bill:' || b.number
      CROSS JOIN LATERAL (
           SELECT debit AS other, amount AS leaves, seq FROM transfer WHERE book = own.book AND credit = own.id
           UNION ALL
           SELECT credit, -amount, seq FROM transfer WHERE book = own.book AND debit = own.id) leg
      JOIN account other ON other.book = own.book AND other.id = leg.other
     WHERE (SELECT has_table_privilege('fee_bill', 'INSERT'))
        OR (SELECT ledger_party()) IN ('*', b.unit, b.payer)
"""


def upgrade() -> None:
    op.execute(LEGS)
