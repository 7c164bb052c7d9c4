"""What became of a bill, for its payer too; and that a party is cancelled, for whoever sees the party."""

from alembic import op

from migrations.protection import now_seen_by, reader, writer

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A view of the owner's: the accounts of a bill stand in its unit's books, which its payer does not see. It shows
    # what left them for where, of the bills that a party may see; who writes the books sees all of them.
    op.execute(
        """
        CREATE VIEW fee_bill_leg AS
            SELECT b.book, b.number AS bill, own.address AS own, other.address AS other, leg.leaves
              FROM fee_bill b
              JOIN account own ON own.book = b.book AND own.owner = 'bill:' || b.number
              CROSS JOIN LATERAL (
                   SELECT debit AS other, amount AS leaves FROM transfer WHERE book = own.book AND credit = own.id
                   UNION ALL
                   SELECT credit, -amount FROM transfer WHERE book = own.book AND debit = own.id) leg
              JOIN account other ON other.book = own.book AND other.id = leg.other
             WHERE (SELECT has_table_privilege('fee_bill', 'INSERT'))
                OR (SELECT ledger_party()) IN ('*', b.unit, b.payer)
        """
    )
    op.execute(f"GRANT SELECT ON fee_bill_leg TO {reader()}, {writer()}")
    now_seen_by(
        "party_cancellation",
        "EXISTS (SELECT 1 FROM party p WHERE p.book = party_cancellation.book AND p.code = party_cancellation.party)",
    )
