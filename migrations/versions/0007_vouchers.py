"""Vouchers: appropriations, applications, vouchers, contracts, claims, expiry."""

from alembic import op

from migrations.protection import event_rows, seen_by

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE voucher_appropriation (
    book             smallint NOT NULL,
    command          uuid NOT NULL,
    number           varchar NOT NULL,
    scheme           varchar NOT NULL,
    year             smallint NOT NULL,
    operator         varchar NOT NULL,
    nature           varchar NOT NULL CHECK (nature IN ('appropriate', 'cut')),
    letter_number    varchar NOT NULL CHECK (letter_number <> ''),
    attempt          smallint NOT NULL CHECK (attempt > 0),
    budget_line      varchar NOT NULL,
    amount_fen       bigint NOT NULL CHECK (amount_fen > 0),
    project_code     varchar NOT NULL,
    functional_class varchar NOT NULL,
    economic_class   varchar NOT NULL,
    funding_source   varchar NOT NULL,
    plan_stage       varchar NOT NULL,
    maker            varchar NOT NULL,
    proposed_on      date NOT NULL,
    PRIMARY KEY (number, book),
    CONSTRAINT ck_voucher_appropriation_line CHECK ((nature = 'appropriate') = (budget_line = number))
);
CREATE UNIQUE INDEX uq_voucher_appropriation_letter
    ON voucher_appropriation (letter_number, attempt, year, scheme, book);

CREATE TABLE voucher_appropriation_end (
    book          smallint NOT NULL,
    command       uuid NOT NULL,
    appropriation varchar NOT NULL,
    outcome       varchar NOT NULL CHECK (outcome IN ('posted', 'refused')),
    ended_on      date NOT NULL,
    person        varchar NOT NULL,
    reason        varchar NOT NULL CHECK (outcome = 'posted' OR reason <> ''),
    PRIMARY KEY (appropriation, book)
);

CREATE TABLE voucher_application (
    book          smallint NOT NULL,
    command       uuid NOT NULL,
    number        varchar NOT NULL,
    scheme        varchar NOT NULL,
    year          smallint NOT NULL,
    holder        varchar NOT NULL,
    body          varchar,
    controller    varchar NOT NULL,
    requested_fen bigint NOT NULL CHECK (requested_fen > 0),
    purpose       varchar NOT NULL,
    applied_on    date NOT NULL,
    applicant     varchar NOT NULL,
    PRIMARY KEY (number, book),
    CONSTRAINT ck_voucher_application_year CHECK (year = extract(year FROM applied_on))
);
CREATE INDEX ix_voucher_application_holder ON voucher_application (holder, scheme, book);
CREATE INDEX ix_voucher_application_controller ON voucher_application (controller, scheme, book);

CREATE TABLE voucher_application_step (
    book        smallint NOT NULL,
    command     uuid NOT NULL,
    application varchar NOT NULL,
    position    smallint NOT NULL CHECK (position > 0),
    step        varchar NOT NULL CHECK (step IN ('granted', 'rejected', 'returned', 'issued')),
    taken_on    date NOT NULL,
    person      varchar NOT NULL,
    reason      varchar NOT NULL,
    granted_fen bigint CHECK (granted_fen > 0),
    calculation uuid,
    citation    varchar NOT NULL,
    PRIMARY KEY (application, position, book),
    CONSTRAINT ck_voucher_application_step_grant CHECK (
        (step = 'granted') = (granted_fen IS NOT NULL AND calculation IS NOT NULL)
    ),
    CONSTRAINT ck_voucher_application_step_reason CHECK (step NOT IN ('rejected', 'returned') OR reason <> '')
);

CREATE TABLE voucher (
    book             smallint NOT NULL,
    command          uuid NOT NULL,
    number           varchar NOT NULL,
    application      varchar NOT NULL,
    scheme           varchar NOT NULL,
    year             smallint NOT NULL,
    holder           varchar NOT NULL,
    body             varchar,
    controller       varchar NOT NULL,
    operator         varchar NOT NULL,
    budget_line      varchar NOT NULL,
    face_fen         bigint NOT NULL CHECK (face_fen > 0),
    denomination_fen bigint CHECK (denomination_fen > 0 AND face_fen % denomination_fen = 0),
    issued_on        date NOT NULL,
    expires_on       date NOT NULL CHECK (expires_on >= issued_on),
    PRIMARY KEY (number, book)
);
CREATE UNIQUE INDEX uq_voucher_application ON voucher (application, book);
CREATE INDEX ix_voucher_holder ON voucher (holder, scheme, book);
CREATE INDEX ix_voucher_controller ON voucher (controller, scheme, book);
CREATE INDEX ix_voucher_expires_on ON voucher (expires_on, scheme, book);

CREATE TABLE voucher_contract (
    book            smallint NOT NULL,
    command         uuid NOT NULL,
    number          varchar NOT NULL,
    voucher         varchar NOT NULL,
    unit            varchar NOT NULL,
    contract_number varchar NOT NULL CHECK (contract_number <> ''),
    service         varchar NOT NULL CHECK (service <> ''),
    fee_fen         bigint NOT NULL CHECK (fee_fen > 0),
    service_ends_on date NOT NULL CHECK (service_ends_on >= reserved_on),
    reserved_on     date NOT NULL,
    hold_until      date NOT NULL CHECK (hold_until >= service_ends_on),
    person          varchar NOT NULL,
    PRIMARY KEY (number, book)
);
CREATE INDEX ix_voucher_contract_voucher ON voucher_contract (voucher, book);
CREATE INDEX ix_voucher_contract_unit ON voucher_contract (unit, book);

CREATE TABLE voucher_acceptance (
    book        smallint NOT NULL,
    command     uuid NOT NULL,
    contract    varchar NOT NULL,
    bill        varchar NOT NULL,
    accepted_on date NOT NULL,
    claim_until date NOT NULL CHECK (claim_until >= accepted_on),
    calculation uuid NOT NULL,
    citation    varchar NOT NULL CHECK (citation <> ''),
    person      varchar NOT NULL,
    PRIMARY KEY (contract, book)
);
CREATE UNIQUE INDEX uq_voucher_acceptance_bill ON voucher_acceptance (bill, book);

CREATE TABLE voucher_contract_end (
    book     smallint NOT NULL,
    command  uuid NOT NULL,
    contract varchar NOT NULL,
    outcome  varchar NOT NULL CHECK (outcome IN ('released', 'expired', 'unclaimed')),
    ended_on date NOT NULL,
    person   varchar NOT NULL,
    reason   varchar NOT NULL CHECK (reason <> ''),
    PRIMARY KEY (contract, book)
);

CREATE TABLE voucher_claim (
    book     smallint NOT NULL,
    command  uuid NOT NULL,
    number   varchar NOT NULL,
    unit     varchar NOT NULL,
    scheme   varchar NOT NULL,
    year     smallint NOT NULL,
    operator varchar NOT NULL,
    filed_on date NOT NULL,
    person   varchar NOT NULL,
    PRIMARY KEY (number, book)
);
CREATE INDEX ix_voucher_claim_unit ON voucher_claim (unit, book);

-- The n-th time a contract is claimed is one row: it stands in one live claim.
CREATE TABLE voucher_claim_line (
    book       smallint NOT NULL,
    command    uuid NOT NULL,
    claim      varchar NOT NULL,
    contract   varchar NOT NULL,
    attempt    smallint NOT NULL CHECK (attempt > 0),
    amount_fen bigint NOT NULL CHECK (amount_fen > 0),
    PRIMARY KEY (claim, contract, book)
);
CREATE UNIQUE INDEX uq_voucher_claim_line_attempt ON voucher_claim_line (contract, attempt, book);

CREATE TABLE voucher_claim_step (
    book         smallint NOT NULL,
    command      uuid NOT NULL,
    claim        varchar NOT NULL,
    position     smallint NOT NULL CHECK (position > 0),
    step         varchar NOT NULL CHECK (step IN ('passed', 'returned', 'approved')),
    taken_on     date NOT NULL,
    person       varchar NOT NULL,
    reason       varchar NOT NULL CHECK (step <> 'returned' OR reason <> ''),
    notice_until date,
    PRIMARY KEY (claim, position, book),
    CONSTRAINT ck_voucher_claim_step_notice CHECK ((step = 'passed') = (notice_until IS NOT NULL))
);

CREATE TABLE voucher_claim_payable (
    book        smallint NOT NULL,
    command     uuid NOT NULL,
    payable     varchar NOT NULL,
    claim       varchar NOT NULL,
    budget_line varchar NOT NULL,
    PRIMARY KEY (payable, book)
);
CREATE UNIQUE INDEX uq_voucher_claim_payable_line ON voucher_claim_payable (claim, budget_line, book);

CREATE TABLE voucher_claim_payment (
    book           smallint NOT NULL,
    command        uuid NOT NULL,
    payable        varchar NOT NULL,
    batch          varchar NOT NULL,
    paid_on        date NOT NULL,
    bank_reference varchar NOT NULL,
    PRIMARY KEY (payable, book)
);

CREATE TABLE voucher_expiry (
    book       smallint NOT NULL,
    command    uuid NOT NULL,
    voucher    varchar NOT NULL,
    expired_on date NOT NULL,
    person     varchar NOT NULL,
    PRIMARY KEY (voucher, book)
);
"""

EVENT_TABLES = (
    "voucher_appropriation",
    "voucher_appropriation_end",
    "voucher_application",
    "voucher_application_step",
    "voucher",
    "voucher_contract",
    "voucher_acceptance",
    "voucher_contract_end",
    "voucher_claim",
    "voucher_claim_line",
    "voucher_claim_step",
    "voucher_claim_payable",
    "voucher_claim_payment",
    "voucher_expiry",
)


def upgrade() -> None:
    op.execute(TABLES)
    event_rows(*EVENT_TABLES)
    _hide()


def _hide() -> None:
    """A firm, a team's body and a unit see what is theirs; letters are the commission's.

    A policy reads tables of its own slice that do not read it back: a voucher is seen by its holder, a contract by both
    its sides, and a claim by its unit.
    """
    me = "(SELECT ledger_party())"
    seen_by("voucher_appropriation", f"operator = {me}")
    seen_by("voucher_application", f"{me} IN (holder, body)")
    seen_by("voucher", f"{me} IN (holder, body)")
    seen_by("voucher_claim", f"unit = {me}")
    seen_by(
        "voucher_contract",
        f"unit = {me} OR EXISTS (SELECT 1 FROM voucher v "  # noqa: S608  our own words
        "WHERE v.book = voucher_contract.book AND v.number = voucher_contract.voucher)",
    )
    for table, column, seen in (
        ("voucher_appropriation_end", "appropriation", "voucher_appropriation"),
        ("voucher_application_step", "application", "voucher_application"),
        ("voucher_acceptance", "contract", "voucher_contract"),
        ("voucher_contract_end", "contract", "voucher_contract"),
        ("voucher_claim_line", "contract", "voucher_contract"),
        ("voucher_claim_step", "claim", "voucher_claim"),
        ("voucher_claim_payable", "claim", "voucher_claim"),
        ("voucher_claim_payment", "payable", "voucher_claim_payable"),
        ("voucher_expiry", "voucher", "voucher"),
    ):
        key = "payable" if seen == "voucher_claim_payable" else "number"
        seen_by(table, f"EXISTS (SELECT 1 FROM {seen} s WHERE s.book = {table}.book AND s.{key} = {table}.{column})")  # noqa: S608  our own words
