"""Changes of a subsidy's policy or budget, with the impact run that their signers are shown."""

from alembic import op

from migrations.protection import event_rows, seen_by

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE subsidy_policy_change (
    book            smallint NOT NULL,
    command         uuid NOT NULL,
    number          varchar NOT NULL,
    batch           varchar NOT NULL,
    operator        varchar NOT NULL,
    block           bigint NOT NULL,
    last_seq        bigint NOT NULL,
    block_hash      varchar NOT NULL CHECK (block_hash ~ '^[0-9a-f]{64}$'),
    document_number varchar NOT NULL CHECK (document_number <> ''),
    reason          varchar NOT NULL CHECK (reason <> ''),
    proposed_on     date NOT NULL,
    maker           varchar NOT NULL,
    PRIMARY KEY (number, book),
    CONSTRAINT fk_subsidy_policy_change_batch FOREIGN KEY (book, batch) REFERENCES subsidy_batch (book, number)
);

CREATE TABLE subsidy_policy_change_side (
    book               smallint NOT NULL,
    command            uuid NOT NULL,
    change             varchar NOT NULL,
    side               varchar NOT NULL CHECK (side IN ('before', 'after')),
    scheme             varchar NOT NULL,
    rules_on           date NOT NULL,
    policy             varchar NOT NULL,
    policy_version     varchar NOT NULL,
    synthetic          boolean NOT NULL,
    base_year          smallint NOT NULL,
    evaluation         varchar NOT NULL,
    evaluation_version smallint NOT NULL,
    pool_fen           bigint NOT NULL CHECK (pool_fen > 0),
    entitled_fen       bigint NOT NULL CHECK (entitled_fen >= 0),
    awarded_fen        bigint NOT NULL CHECK (awarded_fen >= 0),
    units              integer NOT NULL CHECK (units > 0),
    PRIMARY KEY (change, side, book),
    CONSTRAINT fk_subsidy_policy_change_side FOREIGN KEY (book, change)
        REFERENCES subsidy_policy_change (book, number)
);

CREATE TABLE subsidy_policy_change_line (
    book                    smallint NOT NULL,
    command                 uuid NOT NULL,
    change                  varchar NOT NULL,
    unit                    varchar NOT NULL,
    grade                   varchar NOT NULL,
    awarded_fen             bigint,
    before_fen              bigint,
    after_fen               bigint,
    before_base_calculation uuid,
    before_calculation      uuid,
    after_base_calculation  uuid,
    after_calculation       uuid,
    PRIMARY KEY (change, unit, book),
    CONSTRAINT ck_subsidy_policy_change_line_before CHECK (
        (before_fen IS NULL) = (before_calculation IS NULL)
        AND (before_fen IS NULL) = (before_base_calculation IS NULL)
    ),
    CONSTRAINT ck_subsidy_policy_change_line_after CHECK (
        (after_fen IS NULL) = (after_calculation IS NULL)
        AND (after_fen IS NULL) = (after_base_calculation IS NULL)
    ),
    CONSTRAINT fk_subsidy_policy_change_line FOREIGN KEY (book, change)
        REFERENCES subsidy_policy_change (book, number)
);

CREATE TABLE subsidy_policy_change_end (
    book     smallint NOT NULL,
    command  uuid NOT NULL,
    change   varchar NOT NULL,
    outcome  varchar NOT NULL CHECK (outcome IN ('approved', 'refused')),
    ended_on date NOT NULL,
    person   varchar NOT NULL,
    reason   varchar NOT NULL,
    PRIMARY KEY (change, book),
    CONSTRAINT fk_subsidy_policy_change_end FOREIGN KEY (book, change)
        REFERENCES subsidy_policy_change (book, number)
);
"""

NAMES = (
    "subsidy_policy_change",
    "subsidy_policy_change_side",
    "subsidy_policy_change_line",
    "subsidy_policy_change_end",
)


def upgrade() -> None:
    op.execute(TABLES)
    event_rows(*NAMES)
    for table in NAMES:
        seen_by(table, "false")  # the bureaus' own
