"""Evaluation: members of the platform, rounds, scores, objections, grades, rectifications."""

from alembic import op

from migrations.protection import event_rows, seen_by

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE evaluation_member (
    book            smallint NOT NULL,
    command         uuid NOT NULL,
    unit            varchar NOT NULL,
    step            smallint NOT NULL CHECK (step > 0),
    stands          boolean NOT NULL,
    department      varchar NOT NULL,
    joined_on       date NOT NULL,
    document_number varchar NOT NULL,
    recorded_on     date NOT NULL,
    person          varchar NOT NULL,
    PRIMARY KEY (unit, step, book)
);

CREATE TABLE evaluation (
    book       smallint NOT NULL,
    command    uuid NOT NULL,
    id         varchar NOT NULL,
    system     varchar NOT NULL,
    year       smallint NOT NULL,
    commission varchar NOT NULL,
    opened_on  date NOT NULL,
    person     varchar NOT NULL,
    PRIMARY KEY (id, book),
    CHECK (id = system || ':' || year)
);

CREATE TABLE evaluation_score (
    book               smallint NOT NULL,
    command            uuid NOT NULL,
    evaluation         varchar NOT NULL,
    unit               varchar NOT NULL,
    version            smallint NOT NULL CHECK (version > 0),
    department         varchar NOT NULL,
    scores             jsonb NOT NULL,
    total_hundredths   integer NOT NULL CHECK (total_hundredths BETWEEN 0 AND 10000),
    sharing_hundredths integer NOT NULL CHECK (sharing_hundredths BETWEEN 0 AND total_hundredths),
    calculation        uuid NOT NULL,
    reason             varchar NOT NULL,
    scored_on          date NOT NULL,
    person             varchar NOT NULL,
    PRIMARY KEY (evaluation, unit, version, book),
    CHECK (version = 1 OR reason <> ''),
    CONSTRAINT fk_evaluation_score FOREIGN KEY (book, evaluation) REFERENCES evaluation (book, id)
);
CREATE INDEX ix_evaluation_score_unit ON evaluation_score (unit, book);

CREATE TABLE evaluation_objection (
    book          smallint NOT NULL,
    command       uuid NOT NULL,
    number        varchar NOT NULL,
    evaluation    varchar NOT NULL,
    unit          varchar NOT NULL,
    score_version smallint NOT NULL,
    reason        varchar NOT NULL,
    raised_on     date NOT NULL,
    person        varchar NOT NULL,
    PRIMARY KEY (number, book),
    CONSTRAINT fk_evaluation_objection_score FOREIGN KEY (book, evaluation, unit, score_version)
        REFERENCES evaluation_score (book, evaluation, unit, version)
);
CREATE UNIQUE INDEX uq_evaluation_objection ON evaluation_objection (evaluation, unit, score_version, book);

CREATE TABLE evaluation_objection_answer (
    book        smallint NOT NULL,
    command     uuid NOT NULL,
    objection   varchar NOT NULL,
    upheld      boolean NOT NULL,
    reason      varchar NOT NULL,
    answered_on date NOT NULL,
    person      varchar NOT NULL,
    PRIMARY KEY (objection, book),
    CONSTRAINT fk_evaluation_objection_answer FOREIGN KEY (book, objection)
        REFERENCES evaluation_objection (book, number)
);

CREATE TABLE evaluation_result (
    book        smallint NOT NULL,
    command     uuid NOT NULL,
    evaluation  varchar NOT NULL,
    version     smallint NOT NULL CHECK (version > 0),
    reason      varchar NOT NULL,
    synthetic   boolean NOT NULL,
    calculation uuid,
    maker       varchar NOT NULL,
    proposed_on date NOT NULL,
    PRIMARY KEY (evaluation, version, book),
    CONSTRAINT fk_evaluation_result FOREIGN KEY (book, evaluation) REFERENCES evaluation (book, id)
);

CREATE TABLE evaluation_grade (
    book               smallint NOT NULL,
    command            uuid NOT NULL,
    evaluation         varchar NOT NULL,
    version            smallint NOT NULL,
    unit               varchar NOT NULL,
    grade              varchar NOT NULL CHECK (grade IN ('优秀', '良好', '合格', '较差')),
    rank               smallint NOT NULL CHECK (rank > 0),
    total_hundredths   integer NOT NULL,
    sharing_hundredths integer NOT NULL,
    reason             varchar NOT NULL,
    PRIMARY KEY (evaluation, version, unit, book),
    CONSTRAINT fk_evaluation_grade_result FOREIGN KEY (book, evaluation, version)
        REFERENCES evaluation_result (book, evaluation, version) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX ix_evaluation_grade_unit ON evaluation_grade (unit, book);

CREATE TABLE evaluation_left_out (
    book       smallint NOT NULL,
    command    uuid NOT NULL,
    evaluation varchar NOT NULL,
    version    smallint NOT NULL,
    unit       varchar NOT NULL,
    why        varchar NOT NULL CHECK (why IN ('not-evaluated', 'in-rectification')),
    reason     varchar NOT NULL CHECK (reason <> ''),
    PRIMARY KEY (evaluation, version, unit, book),
    CONSTRAINT fk_evaluation_left_out_result FOREIGN KEY (book, evaluation, version)
        REFERENCES evaluation_result (book, evaluation, version) DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE evaluation_result_end (
    book       smallint NOT NULL,
    command    uuid NOT NULL,
    evaluation varchar NOT NULL,
    version    smallint NOT NULL,
    outcome    varchar NOT NULL CHECK (outcome IN ('published', 'refused')),
    ended_on   date NOT NULL,
    person     varchar NOT NULL,
    reason     varchar NOT NULL,
    PRIMARY KEY (evaluation, version, book),
    CONSTRAINT fk_evaluation_result_end FOREIGN KEY (book, evaluation, version)
        REFERENCES evaluation_result (book, evaluation, version)
);

CREATE TABLE evaluation_rectification (
    book       smallint NOT NULL,
    command    uuid NOT NULL,
    number     varchar NOT NULL,
    evaluation varchar NOT NULL,
    version    smallint NOT NULL,
    unit       varchar NOT NULL,
    opened_on  date NOT NULL,
    due_on     date NOT NULL,
    PRIMARY KEY (number, book),
    CHECK (due_on > opened_on),
    CONSTRAINT fk_evaluation_rectification_grade FOREIGN KEY (book, evaluation, version, unit)
        REFERENCES evaluation_grade (book, evaluation, version, unit)
);
CREATE INDEX ix_evaluation_rectification_unit ON evaluation_rectification (unit, book);

CREATE TABLE evaluation_rectification_step (
    book            smallint NOT NULL,
    command         uuid NOT NULL,
    rectification   varchar NOT NULL,
    position        smallint NOT NULL CHECK (position > 0),
    step            varchar NOT NULL CHECK (step IN ('filed', 'open', 'accepted', 'lifted')),
    evidence_digest varchar NOT NULL CHECK (evidence_digest ~ '^[0-9a-f]{64}$' OR evidence_digest = ''),
    words           varchar NOT NULL,
    taken_on        date NOT NULL,
    person          varchar NOT NULL,
    PRIMARY KEY (rectification, position, book),
    CHECK ((step = 'filed') = (evidence_digest <> '')),
    CONSTRAINT fk_evaluation_rectification_step FOREIGN KEY (book, rectification)
        REFERENCES evaluation_rectification (book, number)
);
"""

OF_THE_UNIT = "unit = (SELECT ledger_party())"
PUBLISHED = (
    "EXISTS (SELECT 1 FROM evaluation_result_end e WHERE e.book = {0}.book AND e.evaluation = {0}.evaluation "
    "AND e.version = {0}.version AND e.outcome = 'published')"
)


ROLES = """
ALTER TABLE person_role DROP CONSTRAINT person_role_role_check;
ALTER TABLE person_role ADD CONSTRAINT person_role_role_check CHECK (role IN (
    'applicant', 'unit-officer', 'recommender', 'expert', 'operator', 'finance', 'treasury', 'supervisor', 'auditor',
    'customs'));
"""


def upgrade() -> None:
    op.execute(ROLES)
    op.execute(TABLES)
    event_rows(
        "evaluation_member",
        "evaluation",
        "evaluation_score",
        "evaluation_objection",
        "evaluation_objection_answer",
        "evaluation_result",
        "evaluation_grade",
        "evaluation_left_out",
        "evaluation_result_end",
        "evaluation_rectification",
        "evaluation_rectification_step",
    )
    # Results are published to society (task 16); how a unit was scored, and what it has to mend, is its own affair.
    for table in ("evaluation_member", "evaluation_score", "evaluation_objection", "evaluation_rectification"):
        seen_by(table, OF_THE_UNIT)
    seen_by("evaluation", "true")
    for table in ("evaluation_result", "evaluation_grade", "evaluation_left_out"):
        seen_by(table, PUBLISHED.format(table))
    seen_by("evaluation_result_end", "outcome = 'published'")
    seen_by(
        "evaluation_objection_answer",
        "EXISTS (SELECT 1 FROM evaluation_objection o WHERE o.book = evaluation_objection_answer.book "
        "AND o.number = evaluation_objection_answer.objection)",
    )
    seen_by(
        "evaluation_rectification_step",
        "EXISTS (SELECT 1 FROM evaluation_rectification r WHERE r.book = evaluation_rectification_step.book "
        "AND r.number = evaluation_rectification_step.rectification)",
    )
