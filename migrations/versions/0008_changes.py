"""The feed of changes: where each command stands in the chain, without what it says."""

from alembic import op

from migrations.protection import reader, writer

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A view of the owner's, so that row-level security does not hide places: which rows a party may see decides what it
    # learns of a command. It shows no request, no answer and no actor.
    op.execute(
        """
        CREATE VIEW command_place AS
            SELECT c.book, c.id, c.block, c.position, c.kind, b.recorded_at
              FROM command c JOIN block b ON b.book = c.book AND b.number = c.block
             WHERE c.status = 'accepted'
        """
    )
    op.execute(f"GRANT SELECT ON command_place TO {reader()}, {writer()}")
