"""Personal fields of commands, apart from what is attested."""

from alembic import op

from migrations.protection import writer

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE personal (
            book    smallint NOT NULL,
            command uuid NOT NULL,
            field   varchar NOT NULL,
            salt    bytea NOT NULL,
            value   varchar NOT NULL,
            PRIMARY KEY (command, field, book)
        )
        """
    )
    # Only the owner may erase; the reader never sees it: names reach a page through the slice that owns them.
    op.execute(f"GRANT SELECT, INSERT ON personal TO {writer()}")
