"""Whoever sees an entry sees the calculation that its amount rests on."""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Before, only the party whose request it was saw it: a firm did not see how its own grant was computed."""
    op.execute("CREATE INDEX ix_entry_calculation ON entry (calculation, book) WHERE calculation IS NOT NULL")
    op.execute("""
        ALTER POLICY calculation_reader ON calculation USING (
            (SELECT ledger_party()) = '*'
            OR EXISTS (SELECT 1 FROM command c WHERE c.book = calculation.book AND c.id = calculation.command)
            OR EXISTS (SELECT 1 FROM entry e WHERE e.book = calculation.book AND e.calculation = calculation.id))
    """)
