"""Approvals: requests, signatures, interests. The constraints are the second wall behind the rules."""

from alembic import op

from migrations.protection import event_rows, seen_by

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE approval_request (
    book         smallint NOT NULL,
    command      uuid NOT NULL,
    number       varchar NOT NULL CHECK (number = subject_kind || ':' || subject),
    version      smallint NOT NULL CHECK (version > 0),
    subject_kind varchar NOT NULL,
    subject      varchar NOT NULL,
    content_hash varchar NOT NULL CHECK (content_hash ~ '^[0-9a-f]{64}$'),
    maker        varchar NOT NULL,
    stages       jsonb NOT NULL CHECK (jsonb_typeof(stages) = 'array' AND jsonb_array_length(stages) > 0),
    concerns     jsonb NOT NULL CHECK (jsonb_typeof(concerns) = 'array'),
    PRIMARY KEY (number, version, book)
);
CREATE UNIQUE INDEX uq_approval_request_bound ON approval_request (number, version, maker, content_hash, book);

-- Maker and content hash are the request's own, by the foreign key: so a CHECK can keep maker and signer apart.
CREATE TABLE approval_step (
    book         smallint NOT NULL,
    command      uuid NOT NULL,
    request      varchar NOT NULL,
    version      smallint NOT NULL,
    position     smallint NOT NULL CHECK (position > 0),
    person       varchar NOT NULL,
    maker        varchar NOT NULL,
    content_hash varchar NOT NULL,
    decision     varchar NOT NULL CHECK (decision IN ('approved', 'rejected')),
    reason       varchar NOT NULL CHECK (decision = 'approved' OR reason <> ''),
    PRIMARY KEY (request, version, position, book),
    CONSTRAINT ck_approval_step_maker_never_signs CHECK (person <> maker),
    CONSTRAINT fk_approval_step_bound FOREIGN KEY (book, request, version, maker, content_hash)
        REFERENCES approval_request (book, number, version, maker, content_hash)
);
CREATE UNIQUE INDEX uq_approval_step_person ON approval_step (request, version, person, book);

-- Who acts for another counts as both: each natural person counts once in a version.
CREATE TABLE approval_signer (
    book     smallint NOT NULL,
    command  uuid NOT NULL,
    request  varchar NOT NULL,
    version  smallint NOT NULL,
    person   varchar NOT NULL,
    position smallint NOT NULL,
    PRIMARY KEY (request, version, person, book),
    CONSTRAINT fk_approval_signer_step FOREIGN KEY (book, request, version, position)
        REFERENCES approval_step (book, request, version, position) DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE approval_interest (
    book        smallint NOT NULL,
    command     uuid NOT NULL,
    person      varchar NOT NULL,
    about       varchar NOT NULL,
    nature      varchar NOT NULL CHECK (nature <> ''),
    declared_by varchar NOT NULL,
    PRIMARY KEY (person, about, book)
);
CREATE INDEX ix_approval_interest_book_about ON approval_interest (about, book);
"""

EVENT_TABLES = ("approval_request", "approval_step", "approval_signer", "approval_interest")


def upgrade() -> None:
    op.execute(TABLES)
    event_rows(*EVENT_TABLES)
    for table in EVENT_TABLES:
        seen_by(table, "false")  # who signed what is the bureaus' own; a party learns the outcome from its claim
