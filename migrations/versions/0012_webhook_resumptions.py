"""What was paused is tried again when its party asks."""

from alembic import op

from migrations.protection import event_rows, seen_by

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE webhook_resumption (
            book    smallint NOT NULL,
            command uuid NOT NULL,
            webhook varchar NOT NULL,
            step    smallint NOT NULL CHECK (step > 0),
            person  varchar NOT NULL,
            PRIMARY KEY (webhook, step, book)
        )
        """
    )
    event_rows("webhook_resumption")
    mine = "EXISTS (SELECT 1 FROM webhook w WHERE w.book = {0}.book AND w.number = {0}.webhook)"
    seen_by("webhook_resumption", mine.format("webhook_resumption"))
