"""Subsidies: batches, awards, exclusions, their steps, payables, payments, objections."""

from alembic import op

from migrations.protection import event_rows, seen_by

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE subsidy_excluded_bill (
    book        smallint NOT NULL,
    command     uuid NOT NULL,
    bill        varchar NOT NULL,
    step        smallint NOT NULL CHECK (step > 0),
    excluded    boolean NOT NULL,
    reason      varchar NOT NULL CHECK (reason <> ''),
    recorded_on date NOT NULL,
    person      varchar NOT NULL,
    PRIMARY KEY (bill, step, book),
    CONSTRAINT fk_subsidy_excluded_bill FOREIGN KEY (book, bill) REFERENCES fee_bill (book, number)
);

CREATE TABLE subsidy_batch (
    book               smallint NOT NULL,
    command            uuid NOT NULL,
    number             varchar NOT NULL,
    scheme             varchar NOT NULL,
    year               smallint NOT NULL,
    version            smallint NOT NULL CHECK (version > 0),
    operator           varchar NOT NULL,
    evaluation         varchar NOT NULL,
    evaluation_version smallint NOT NULL,
    pool_fen           bigint NOT NULL CHECK (pool_fen > 0),
    base_year          smallint NOT NULL,
    block              bigint NOT NULL,
    last_seq           bigint NOT NULL,
    block_hash         varchar NOT NULL CHECK (block_hash ~ '^[0-9a-f]{64}$'),
    policy             varchar NOT NULL,
    policy_version     varchar NOT NULL,
    synthetic          boolean NOT NULL,
    reason             varchar NOT NULL,
    maker              varchar NOT NULL,
    computed_on        date NOT NULL,
    PRIMARY KEY (number, book),
    CHECK ((evaluation = '') = (evaluation_version = 0))
);
CREATE UNIQUE INDEX uq_subsidy_batch_version ON subsidy_batch (scheme, year, version, book);

CREATE TABLE subsidy_award (
    book             smallint NOT NULL,
    command          uuid NOT NULL,
    number           varchar NOT NULL,
    batch            varchar NOT NULL,
    unit             varchar NOT NULL,
    grade            varchar NOT NULL,
    base_fen         bigint NOT NULL CHECK (base_fen >= 0),
    entitled_fen     bigint NOT NULL CHECK (entitled_fen >= 0),
    awarded_fen      bigint NOT NULL CHECK (awarded_fen >= 0),
    base_calculation uuid NOT NULL,
    calculation      uuid NOT NULL,
    bills            integer NOT NULL,
    billed_fen       bigint NOT NULL,
    excluded_fen     bigint NOT NULL,
    uses             integer NOT NULL,
    minutes          bigint NOT NULL,
    PRIMARY KEY (number, book),
    CONSTRAINT fk_subsidy_award_batch FOREIGN KEY (book, batch) REFERENCES subsidy_batch (book, number)
        DEFERRABLE INITIALLY DEFERRED
);
CREATE UNIQUE INDEX uq_subsidy_award_unit ON subsidy_award (batch, unit, book);
CREATE INDEX ix_subsidy_award_unit ON subsidy_award (unit, book);

CREATE TABLE subsidy_exclusion (
    book     smallint NOT NULL,
    command  uuid NOT NULL,
    batch    varchar NOT NULL,
    unit     varchar NOT NULL,
    why      varchar NOT NULL
        CHECK (why IN ('cancelled', 'not-a-member', 'joined-late', 'not-published', 'in-rectification')),
    detail   varchar NOT NULL,
    base_fen bigint NOT NULL,
    PRIMARY KEY (batch, unit, book),
    CONSTRAINT fk_subsidy_exclusion_batch FOREIGN KEY (book, batch) REFERENCES subsidy_batch (book, number)
        DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE subsidy_batch_step (
    book         smallint NOT NULL,
    command      uuid NOT NULL,
    batch        varchar NOT NULL,
    position     smallint NOT NULL CHECK (position > 0),
    step         varchar NOT NULL CHECK (step IN ('publicised', 'approved', 'void', 'refused', 'superseded')),
    taken_on     date NOT NULL,
    person       varchar NOT NULL,
    reason       varchar NOT NULL,
    notice_until date,
    PRIMARY KEY (batch, position, book),
    CHECK ((step = 'publicised') = (notice_until IS NOT NULL)),
    CONSTRAINT fk_subsidy_batch_step FOREIGN KEY (book, batch) REFERENCES subsidy_batch (book, number)
);

CREATE TABLE subsidy_award_part (
    book        smallint NOT NULL,
    command     uuid NOT NULL,
    award       varchar NOT NULL,
    budget_line varchar NOT NULL,
    amount_fen  bigint NOT NULL CHECK (amount_fen > 0),
    PRIMARY KEY (award, budget_line, book),
    CONSTRAINT fk_subsidy_award_part FOREIGN KEY (book, award) REFERENCES subsidy_award (book, number)
);

CREATE TABLE subsidy_payable (
    book        smallint NOT NULL,
    command     uuid NOT NULL,
    payable     varchar NOT NULL,
    award       varchar NOT NULL,
    budget_line varchar NOT NULL,
    PRIMARY KEY (payable, book),
    CONSTRAINT fk_subsidy_payable_part FOREIGN KEY (book, award, budget_line)
        REFERENCES subsidy_award_part (book, award, budget_line)
);
CREATE UNIQUE INDEX uq_subsidy_payable_part ON subsidy_payable (award, budget_line, book);

CREATE TABLE subsidy_payment (
    book           smallint NOT NULL,
    command        uuid NOT NULL,
    payable        varchar NOT NULL,
    payment_batch  varchar NOT NULL,
    award          varchar NOT NULL,
    paid_on        date NOT NULL,
    bank_reference varchar NOT NULL,
    PRIMARY KEY (payable, payment_batch, book),
    CONSTRAINT fk_subsidy_payment FOREIGN KEY (book, payable) REFERENCES subsidy_payable (book, payable)
);

CREATE TABLE subsidy_bounce (
    book           smallint NOT NULL,
    command        uuid NOT NULL,
    payable        varchar NOT NULL,
    payment_batch  varchar NOT NULL,
    award          varchar NOT NULL,
    bounced_on     date NOT NULL,
    bank_reference varchar NOT NULL,
    reason         varchar NOT NULL,
    charged_year   smallint,
    charged_line   varchar,
    PRIMARY KEY (payable, payment_batch, book),
    CHECK ((charged_year IS NULL) = (charged_line IS NULL)),
    CONSTRAINT fk_subsidy_bounce_payment FOREIGN KEY (book, payable, payment_batch)
        REFERENCES subsidy_payment (book, payable, payment_batch)
);

CREATE TABLE subsidy_claw_back (
    book            smallint NOT NULL,
    command         uuid NOT NULL,
    number          varchar NOT NULL,
    award           varchar NOT NULL,
    amount_fen      bigint NOT NULL CHECK (amount_fen > 0),
    ground          varchar NOT NULL,
    decision_number varchar NOT NULL CHECK (decision_number <> ''),
    reason          varchar NOT NULL CHECK (reason <> ''),
    decided_on      date NOT NULL,
    appeal_until    date NOT NULL CHECK (appeal_until >= decided_on),
    proposed_on     date NOT NULL,
    maker           varchar NOT NULL,
    PRIMARY KEY (number, book),
    CONSTRAINT fk_subsidy_claw_back_award FOREIGN KEY (book, award) REFERENCES subsidy_award (book, number)
);

CREATE TABLE subsidy_claw_back_end (
    book      smallint NOT NULL,
    command   uuid NOT NULL,
    claw_back varchar NOT NULL,
    outcome   varchar NOT NULL CHECK (outcome IN ('posted', 'refused')),
    ended_on  date NOT NULL,
    person    varchar NOT NULL,
    reason    varchar NOT NULL,
    PRIMARY KEY (claw_back, book),
    CONSTRAINT fk_subsidy_claw_back_end FOREIGN KEY (book, claw_back) REFERENCES subsidy_claw_back (book, number)
);

CREATE TABLE subsidy_recovery (
    book        smallint NOT NULL,
    command     uuid NOT NULL,
    obligation  varchar NOT NULL,
    claw_back   varchar NOT NULL,
    award       varchar NOT NULL,
    year        smallint NOT NULL,
    budget_line varchar NOT NULL,
    amount_fen  bigint NOT NULL CHECK (amount_fen > 0),
    PRIMARY KEY (obligation, book),
    CONSTRAINT fk_subsidy_recovery FOREIGN KEY (book, claw_back) REFERENCES subsidy_claw_back (book, number),
    CONSTRAINT fk_subsidy_recovery_obligation FOREIGN KEY (book, obligation)
        REFERENCES obligation (book, number) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX ix_subsidy_recovery_award ON subsidy_recovery (award, book);

CREATE TABLE subsidy_objection (
    book        smallint NOT NULL,
    command     uuid NOT NULL,
    number      varchar NOT NULL,
    batch       varchar NOT NULL,
    file_number varchar NOT NULL,
    reason      varchar NOT NULL,
    raised_on   date NOT NULL,
    person      varchar NOT NULL,
    PRIMARY KEY (number, book),
    CONSTRAINT fk_subsidy_objection_batch FOREIGN KEY (book, batch) REFERENCES subsidy_batch (book, number)
);
CREATE UNIQUE INDEX uq_subsidy_objection_file ON subsidy_objection (batch, file_number, book);

CREATE TABLE subsidy_objection_answer (
    book        smallint NOT NULL,
    command     uuid NOT NULL,
    objection   varchar NOT NULL,
    upheld      boolean NOT NULL,
    reason      varchar NOT NULL,
    answered_on date NOT NULL,
    person      varchar NOT NULL,
    PRIMARY KEY (objection, book),
    CONSTRAINT fk_subsidy_objection_answer FOREIGN KEY (book, objection) REFERENCES subsidy_objection (book, number)
);
"""

NAMES = (
    "subsidy_excluded_bill",
    "subsidy_batch",
    "subsidy_award",
    "subsidy_exclusion",
    "subsidy_batch_step",
    "subsidy_award_part",
    "subsidy_payable",
    "subsidy_payment",
    "subsidy_bounce",
    "subsidy_claw_back",
    "subsidy_claw_back_end",
    "subsidy_recovery",
    "subsidy_objection",
    "subsidy_objection_answer",
)
PUBLIC = (
    "EXISTS (SELECT 1 FROM subsidy_batch_step s WHERE s.book = {0}.book AND s.batch = {0}.{1} "
    "AND s.step = 'publicised')"
)


def upgrade() -> None:
    op.execute(TABLES)
    event_rows(*NAMES)
    # From its public notice on a batch is for everybody to read, whole; before that it is the bureaus' own. How an
    # award is borne and paid its unit sees, and nobody else.
    me = "(SELECT ledger_party())"
    seen_by(
        "subsidy_excluded_bill",
        f"EXISTS (SELECT 1 FROM fee_bill b WHERE b.book = subsidy_excluded_bill.book "  # noqa: S608  our own words
        f"AND b.number = subsidy_excluded_bill.bill AND b.unit = {me})",
    )
    seen_by("subsidy_batch_step", "true")
    seen_by("subsidy_batch", PUBLIC.format("subsidy_batch", "number"))
    seen_by("subsidy_award", PUBLIC.format("subsidy_award", "batch"))
    seen_by("subsidy_exclusion", f"unit = {me} AND {PUBLIC.format('subsidy_exclusion', 'batch')}")
    for table in ("subsidy_award_part", "subsidy_payable", "subsidy_payment", "subsidy_bounce", "subsidy_recovery"):
        seen_by(
            table,
            f"EXISTS (SELECT 1 FROM subsidy_award a WHERE a.book = {table}.book AND a.number = {table}.award "  # noqa: S608  our own words
            f"AND a.unit = {me})",
        )
    for table in ("subsidy_objection", "subsidy_objection_answer", "subsidy_claw_back", "subsidy_claw_back_end"):
        seen_by(table, "false")
