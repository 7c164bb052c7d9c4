"""Users that a subsidy leaves out, and why."""

from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

REASONS = """
ALTER TABLE subsidy_exclusion DROP CONSTRAINT subsidy_exclusion_why_check;
ALTER TABLE subsidy_exclusion ADD CONSTRAINT subsidy_exclusion_why_check CHECK (why IN (
    'cancelled', 'not-a-member', 'joined-late', 'not-published', 'in-rectification', 'not-a-firm', 'place-unknown',
    'elsewhere'));
"""


def upgrade() -> None:
    op.execute(REASONS)
