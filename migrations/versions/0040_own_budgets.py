"""Awards that are paid through the own budget of their unit."""

from alembic import op

from migrations.protection import event_rows, seen_by

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE subsidy_own_budget (
    book        smallint NOT NULL,
    command     uuid NOT NULL,
    award       varchar NOT NULL,
    certificate varchar NOT NULL CHECK (certificate <> ''),
    PRIMARY KEY (award, book),
    CONSTRAINT fk_subsidy_own_budget_award FOREIGN KEY (book, award) REFERENCES subsidy_award (book, number)
);
"""


def upgrade() -> None:
    op.execute(TABLES)
    event_rows("subsidy_own_budget")
    seen_by(
        "subsidy_own_budget",
        "EXISTS (SELECT 1 FROM subsidy_award a WHERE a.book = subsidy_own_budget.book "
        "AND a.number = subsidy_own_budget.award AND a.unit = (SELECT ledger_party()))",
    )
