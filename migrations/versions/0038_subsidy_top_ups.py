"""What decisions add to a subsidy that finance has approved."""

from alembic import op

from migrations.protection import event_rows, seen_by

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE subsidy_top_up (
    book            smallint NOT NULL,
    command         uuid NOT NULL,
    batch           varchar NOT NULL,
    tops_up         varchar NOT NULL,
    decision_number varchar NOT NULL CHECK (decision_number <> ''),
    change          varchar NOT NULL,
    budget_year     smallint NOT NULL,
    rules_on        date NOT NULL,
    known_on        date NOT NULL,
    PRIMARY KEY (batch, book),
    CHECK (batch <> tops_up),
    CONSTRAINT fk_subsidy_top_up_batch FOREIGN KEY (book, batch)
        REFERENCES subsidy_batch (book, number) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_subsidy_top_up_of FOREIGN KEY (book, tops_up) REFERENCES subsidy_batch (book, number)
);

CREATE TABLE subsidy_top_up_award (
    book        smallint NOT NULL,
    command     uuid NOT NULL,
    award       varchar NOT NULL,
    due_fen     bigint NOT NULL,
    had_fen     bigint NOT NULL CHECK (had_fen >= 0),
    calculation uuid NOT NULL,
    PRIMARY KEY (award, book),
    CHECK (due_fen > had_fen),
    CONSTRAINT fk_subsidy_top_up_award FOREIGN KEY (book, award)
        REFERENCES subsidy_award (book, number) DEFERRABLE INITIALLY DEFERRED
);

ALTER TABLE subsidy_exclusion DROP CONSTRAINT subsidy_exclusion_why_check;
ALTER TABLE subsidy_exclusion ADD CONSTRAINT subsidy_exclusion_why_check CHECK (why IN (
    'cancelled', 'not-a-member', 'joined-late', 'not-published', 'in-rectification', 'not-a-firm', 'place-unknown',
    'elsewhere', 'nothing-more'));
"""

SEEN = "EXISTS (SELECT 1 FROM {seen} s WHERE s.book = {table}.book AND s.number = {table}.{column})"


def upgrade() -> None:
    op.execute(TABLES)
    event_rows("subsidy_top_up", "subsidy_top_up_award")
    # Whoever may see the batch, or the award, may see what it adds to.
    seen_by("subsidy_top_up", SEEN.format(seen="subsidy_batch", table="subsidy_top_up", column="batch"))
    seen_by("subsidy_top_up_award", SEEN.format(seen="subsidy_award", table="subsidy_top_up_award", column="award"))
