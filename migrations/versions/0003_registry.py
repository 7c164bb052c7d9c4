"""The registry: parties, people, instruments, tariffs, an operator's working days."""

from alembic import op

from migrations.protection import event_rows, seen_by

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE party (
    book          smallint NOT NULL,
    command       uuid NOT NULL,
    code          varchar NOT NULL,
    kind          varchar NOT NULL CHECK (kind IN ('firm', 'team', 'unit', 'bureau', 'body')),
    name          varchar NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    body          varchar,
    registered_on date NOT NULL,
    PRIMARY KEY (code, book),
    CONSTRAINT ck_party_team CHECK ((kind = 'team') = (body IS NOT NULL)),
    CONSTRAINT ck_party_code CHECK (
        CASE kind WHEN 'team' THEN code ~ '^T-' ELSE code ~ '^[0-9ABCDEFGHJKLMNPQRTUWXY]{18}$' END
    )
);
CREATE INDEX ix_party_book_body ON party (body, book);

CREATE TABLE party_cancellation (
    book         smallint NOT NULL,
    command      uuid NOT NULL,
    party        varchar NOT NULL,
    cancelled_on date NOT NULL,
    reason       varchar NOT NULL,
    PRIMARY KEY (party, book)
);

CREATE TABLE party_size (
    book        smallint NOT NULL,
    command     uuid NOT NULL,
    party       varchar NOT NULL,
    step        smallint NOT NULL CHECK (step > 0),
    size        varchar NOT NULL CHECK (size IN ('micro', 'small', 'medium', 'large')),
    declared_on date NOT NULL,
    calculation uuid NOT NULL,
    PRIMARY KEY (party, step, book)
);

CREATE TABLE party_controller (
    book        smallint NOT NULL,
    command     uuid NOT NULL,
    party       varchar NOT NULL,
    step        smallint NOT NULL CHECK (step > 0),
    controller  varchar CHECK (controller <> party),
    declared_on date NOT NULL,
    PRIMARY KEY (party, step, book)
);
CREATE INDEX ix_party_controller_book_controller ON party_controller (controller, book);

CREATE TABLE party_relation (
    book        smallint NOT NULL,
    command     uuid NOT NULL,
    party       varchar NOT NULL,
    other       varchar NOT NULL CHECK (other > party COLLATE "C"),
    step        smallint NOT NULL CHECK (step > 0),
    stands      boolean NOT NULL,
    ground      varchar NOT NULL,
    declared_on date NOT NULL,
    PRIMARY KEY (party, other, step, book)
);
CREATE INDEX ix_party_relation_book_other ON party_relation (other, book);

CREATE TABLE party_account (
    book          smallint NOT NULL,
    command       uuid NOT NULL,
    party         varchar NOT NULL,
    step          smallint NOT NULL CHECK (step > 0),
    account_name  varchar NOT NULL,
    bank          varchar NOT NULL,
    number        varchar NOT NULL CHECK (number ~ '^[0-9]{8,32}$'),
    cnaps         varchar NOT NULL CHECK (cnaps ~ '^[0-9]{12}$'),
    since         date NOT NULL,
    maker         varchar NOT NULL,
    second_person varchar NOT NULL CONSTRAINT ck_party_account_two_people CHECK (second_person <> maker),
    PRIMARY KEY (party, step, book)
);

CREATE TABLE person (
    book          smallint NOT NULL,
    command       uuid NOT NULL,
    code          varchar NOT NULL,
    registered_on date NOT NULL,
    PRIMARY KEY (code, book)
);

CREATE TABLE person_role (
    book         smallint NOT NULL,
    command      uuid NOT NULL,
    person       varchar NOT NULL,
    organisation varchar NOT NULL,
    role         varchar NOT NULL CHECK (role IN (
        'applicant', 'unit-officer', 'recommender', 'expert', 'operator', 'finance', 'treasury', 'auditor', 'customs'
    )),
    step         smallint NOT NULL CHECK (step > 0),
    holds        boolean NOT NULL,
    since        date NOT NULL,
    granted_by   varchar NOT NULL CONSTRAINT ck_person_role_not_own CHECK (NOT holds OR granted_by <> person),
    PRIMARY KEY (person, organisation, role, step, book)
);

CREATE TABLE person_mandate (
    book     smallint NOT NULL,
    command  uuid NOT NULL,
    person   varchar NOT NULL,
    acts_for varchar NOT NULL CHECK (acts_for <> person),
    step     smallint NOT NULL CHECK (step > 0),
    holds    boolean NOT NULL,
    since    date NOT NULL,
    PRIMARY KEY (person, acts_for, step, book)
);

CREATE TABLE instrument (
    book               smallint NOT NULL,
    command            uuid NOT NULL,
    code               varchar NOT NULL,
    unit               varchar NOT NULL,
    name               varchar NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    category           varchar NOT NULL,
    asset_number       varchar NOT NULL,
    original_value_fen bigint NOT NULL CHECK (original_value_fen > 0),
    registered_on      date NOT NULL,
    PRIMARY KEY (code, book)
);
CREATE UNIQUE INDEX uq_instrument_book_unit_asset_number ON instrument (unit, asset_number, book);

CREATE TABLE tariff (
    book           smallint NOT NULL,
    command        uuid NOT NULL,
    instrument     varchar NOT NULL,
    charge_unit    varchar NOT NULL CHECK (charge_unit IN ('hour', 'sample', 'service')),
    user_class     varchar NOT NULL CHECK (user_class IN ('internal', 'external', 'small')),
    effective_from date NOT NULL,
    step           smallint NOT NULL CHECK (step > 0),
    price_fen      bigint NOT NULL CHECK (price_fen > 0),
    set_on         date NOT NULL CHECK (set_on <= effective_from),
    PRIMARY KEY (instrument, charge_unit, user_class, effective_from, step, book)
);

CREATE TABLE calendar_day (
    book    smallint NOT NULL,
    command uuid NOT NULL,
    day     date NOT NULL,
    step    smallint NOT NULL CHECK (step > 0),
    works   boolean NOT NULL,
    notice  varchar NOT NULL,
    PRIMARY KEY (day, step, book)
);

CREATE TABLE calendar_year (
    book    smallint NOT NULL,
    command uuid NOT NULL,
    year    smallint NOT NULL,
    notice  varchar NOT NULL,
    PRIMARY KEY (year, book)
);
"""

EVENT_TABLES = (
    "party",
    "party_cancellation",
    "party_size",
    "party_controller",
    "party_relation",
    "party_account",
    "person",
    "person_role",
    "person_mandate",
    "instrument",
    "tariff",
    "calendar_day",
    "calendar_year",
)


def upgrade() -> None:
    op.execute(TABLES)
    event_rows(*EVENT_TABLES)
    _hide()


def _hide() -> None:
    """Offers are open to every party; what a firm declares is its own; who works where, its organisation's."""
    me = "(SELECT ledger_party())"
    some_party = f"{me} IS NOT NULL"
    seen_by("party", f"{some_party} AND (kind IN ('unit', 'bureau', 'body') OR {me} IN (code, body))")
    for table in ("party_cancellation", "party_size", "party_controller", "party_account"):
        seen_by(table, f"party = {me}")
    seen_by("party_relation", f"{me} IN (party, other)")
    seen_by("person_role", f"organisation = {me}")
    of_mine = "EXISTS (SELECT 1 FROM person_role r WHERE r.book = {0}.book AND r.person = {1} AND r.organisation = {2})"
    seen_by("person", of_mine.format("person", "person.code", me))
    seen_by("person_mandate", of_mine.format("person_mandate", "person_mandate.person", me))
    for table in ("instrument", "tariff", "calendar_day", "calendar_year"):
        seen_by(table, some_party)
