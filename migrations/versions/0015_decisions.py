"""What takes two people of the commission about a voucher or its holder: revocations, flags."""

from alembic import op

from migrations.protection import event_rows, seen_by

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE party_flag (
    book            smallint NOT NULL,
    command         uuid NOT NULL,
    number          varchar NOT NULL,
    party           varchar NOT NULL,
    decision_number varchar NOT NULL CHECK (decision_number <> ''),
    reason          varchar NOT NULL CHECK (reason <> ''),
    since           date NOT NULL,
    until           date CHECK (until >= since),
    operator        varchar NOT NULL,
    person          varchar NOT NULL,
    PRIMARY KEY (number, book)
);
CREATE INDEX ix_party_flag_party ON party_flag (party, book);

CREATE TABLE party_flag_end (
    book            smallint NOT NULL,
    command         uuid NOT NULL,
    flag            varchar NOT NULL,
    party           varchar NOT NULL,
    decision_number varchar NOT NULL CHECK (decision_number <> ''),
    reason          varchar NOT NULL CHECK (reason <> ''),
    lifted_on       date NOT NULL,
    person          varchar NOT NULL,
    PRIMARY KEY (flag, book)
);

CREATE TABLE voucher_proposal (
    book        smallint NOT NULL,
    command     uuid NOT NULL,
    number      varchar NOT NULL,
    kind        varchar NOT NULL CHECK (kind <> ''),
    operator    varchar NOT NULL,
    holder      varchar NOT NULL,
    voucher     varchar,
    content     jsonb NOT NULL,
    maker       varchar NOT NULL,
    proposed_on date NOT NULL,
    PRIMARY KEY (number, book)
);
CREATE INDEX ix_voucher_proposal_voucher ON voucher_proposal (voucher, book);

CREATE TABLE voucher_proposal_end (
    book     smallint NOT NULL,
    command  uuid NOT NULL,
    proposal varchar NOT NULL,
    outcome  varchar NOT NULL CHECK (outcome IN ('posted', 'refused')),
    ended_on date NOT NULL,
    person   varchar NOT NULL,
    reason   varchar NOT NULL CHECK (outcome = 'posted' OR reason <> ''),
    PRIMARY KEY (proposal, book)
);

CREATE TABLE voucher_revocation (
    book            smallint NOT NULL,
    command         uuid NOT NULL,
    voucher         varchar NOT NULL,
    proposal        varchar NOT NULL,
    ground          varchar NOT NULL CHECK (ground IN ('fraud', 'disqualified')),
    decision_number varchar NOT NULL CHECK (decision_number <> ''),
    reason          varchar NOT NULL CHECK (reason <> ''),
    decided_on      date NOT NULL,
    appeal_until    date NOT NULL CHECK (appeal_until >= decided_on),
    revoked_on      date NOT NULL,
    person          varchar NOT NULL,
    PRIMARY KEY (voucher, book),
    CONSTRAINT ck_voucher_revocation_appeal CHECK (revoked_on > appeal_until)
);

ALTER TABLE voucher_contract_end DROP CONSTRAINT voucher_contract_end_outcome_check;
ALTER TABLE voucher_contract_end ADD CONSTRAINT voucher_contract_end_outcome_check
    CHECK (outcome IN ('released', 'expired', 'unclaimed', 'refused', 'revoked'));
"""

EVENT_TABLES = (
    "party_flag",
    "party_flag_end",
    "voucher_proposal",
    "voucher_proposal_end",
    "voucher_revocation",
)


def upgrade() -> None:
    op.execute(TABLES)
    event_rows(*EVENT_TABLES)
    _hide()


def _hide() -> None:
    """A proposal is the commission's until it is signed; what came of it, its holder and a team's body see."""
    me = "(SELECT ledger_party())"
    for table in ("party_flag", "party_flag_end"):
        of_my_team = f"EXISTS (SELECT 1 FROM party p WHERE p.book = {table}.book AND p.code = {table}.party)"  # noqa: S608  our own words
        seen_by(table, f"party = {me} OR (party ~ '^T-' AND {of_my_team})")
    seen_by("voucher_proposal", f"operator = {me}")
    for table, column, seen in (
        ("voucher_proposal_end", "proposal", "voucher_proposal"),
        ("voucher_revocation", "voucher", "voucher"),
    ):
        seen_by(table, f"EXISTS (SELECT 1 FROM {seen} s WHERE s.book = {table}.book AND s.number = {table}.{column})")  # noqa: S608  our own words
