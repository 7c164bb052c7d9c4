"""Equity: agreements, counted bills, conversions and holdings; and on which days customs supervises an instrument."""

from alembic import op

from migrations.protection import event_rows, now_seen_by, reader, seen_by, writer

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

TABLES = r"""
CREATE TABLE equity_agreement (
    book            smallint NOT NULL,
    command         uuid NOT NULL,
    number          varchar NOT NULL,
    version         smallint NOT NULL CHECK (version > 0),
    unit            varchar NOT NULL,
    firm            varchar NOT NULL,
    document_number varchar NOT NULL,
    supply          varchar NOT NULL CHECK (supply IN ('service', 'lease')),
    share_max       varchar NOT NULL CHECK (share_max ~ '^0\.[0-9]{1,6}$'),
    vat_in_cash     boolean NOT NULL,
    related         boolean NOT NULL,
    valid_from      date NOT NULL,
    valid_until     date NOT NULL,
    submitted_on    date NOT NULL,
    person          varchar NOT NULL,
    PRIMARY KEY (number, version, book),
    CONSTRAINT ck_equity_agreement_time CHECK (valid_from <= valid_until),
    CONSTRAINT ck_equity_agreement_parties CHECK (unit <> firm)
);
CREATE INDEX ix_equity_agreement_firm ON equity_agreement (firm, book);
CREATE INDEX ix_equity_agreement_unit ON equity_agreement (unit, book);

CREATE TABLE equity_agreement_instrument (
    book        smallint NOT NULL,
    command     uuid NOT NULL,
    agreement   varchar NOT NULL,
    version     smallint NOT NULL CHECK (version > 0),
    instrument  varchar NOT NULL,
    minutes_max bigint NOT NULL CHECK (minutes_max > 0),
    PRIMARY KEY (agreement, version, instrument, book),
    CONSTRAINT fk_equity_agreement_instrument FOREIGN KEY (book, agreement, version)
        REFERENCES equity_agreement (book, number, version)
);
CREATE INDEX ix_equity_agreement_instrument ON equity_agreement_instrument (instrument, book);

CREATE TABLE equity_agreement_step (
    book            smallint NOT NULL,
    command         uuid NOT NULL,
    agreement       varchar NOT NULL,
    step            smallint NOT NULL CHECK (step > 0),
    state           varchar NOT NULL
        CHECK (state IN ('draft', 'unit-decided', 'finance-approved', 'signed', 'suspended', 'settled-in-cash',
                         'terminated')),
    party           varchar NOT NULL,
    document_number varchar NOT NULL,
    reason          varchar NOT NULL,
    happened_on     date NOT NULL,
    person          varchar NOT NULL,
    PRIMARY KEY (agreement, step, book)
);

CREATE TABLE equity_accrual (
    book         smallint NOT NULL,
    command      uuid NOT NULL,
    number       varchar NOT NULL,
    agreement    varchar NOT NULL,
    bill         varchar NOT NULL,
    eligible_fen bigint NOT NULL CHECK (eligible_fen > 0),
    accrued_on   date NOT NULL,
    person       varchar NOT NULL,
    PRIMARY KEY (number, book)
);
CREATE INDEX ix_equity_accrual_agreement ON equity_accrual (agreement, book);
CREATE INDEX ix_equity_accrual_bill ON equity_accrual (bill, book);

CREATE TABLE equity_accrual_use (
    book         smallint NOT NULL,
    command      uuid NOT NULL,
    accrual      varchar NOT NULL,
    recorded_use varchar NOT NULL,
    instrument   varchar NOT NULL,
    minutes      bigint NOT NULL CHECK (minutes > 0),
    first_on     date NOT NULL,
    last_on      date NOT NULL,
    amount_fen   bigint NOT NULL CHECK (amount_fen > 0),
    PRIMARY KEY (accrual, recorded_use, book),
    CONSTRAINT fk_equity_accrual_use FOREIGN KEY (book, accrual) REFERENCES equity_accrual (book, number),
    CONSTRAINT ck_equity_accrual_use_days CHECK (first_on <= last_on)
);
CREATE INDEX ix_equity_accrual_use_instrument ON equity_accrual_use (instrument, book);

CREATE TABLE equity_accrual_release (
    book        smallint NOT NULL,
    command     uuid NOT NULL,
    accrual     varchar NOT NULL,
    reason      varchar NOT NULL,
    released_on date NOT NULL,
    person      varchar NOT NULL,
    PRIMARY KEY (accrual, book),
    CONSTRAINT fk_equity_accrual_release FOREIGN KEY (book, accrual) REFERENCES equity_accrual (book, number)
);

CREATE TABLE equity_capital (
    book            smallint NOT NULL,
    command         uuid NOT NULL,
    firm            varchar NOT NULL,
    step            smallint NOT NULL CHECK (step > 0),
    registered_fen  bigint NOT NULL CHECK (registered_fen > 0),
    valuation_fen   bigint CHECK (valuation_fen > 0),
    document_number varchar NOT NULL,
    happened_on     date NOT NULL,
    recorded_on     date NOT NULL,
    person          varchar NOT NULL,
    PRIMARY KEY (firm, step, book)
);

CREATE TABLE equity_conversion (
    book              smallint NOT NULL,
    command           uuid NOT NULL,
    number            varchar NOT NULL,
    agreement         varchar NOT NULL,
    unit              varchar NOT NULL,
    firm              varchar NOT NULL,
    report_number     varchar NOT NULL,
    filing_number     varchar NOT NULL,
    appraised_on      date NOT NULL,
    valid_until       date NOT NULL,
    appraised_fen     bigint NOT NULL CHECK (appraised_fen > 0),
    pre_money_fen     bigint NOT NULL CHECK (pre_money_fen > 0),
    appraisal_fee_fen bigint NOT NULL CHECK (appraisal_fee_fen >= 0),
    recorded_on       date NOT NULL,
    person            varchar NOT NULL,
    PRIMARY KEY (number, book),
    CONSTRAINT ck_equity_conversion_valid CHECK (appraised_on <= valid_until AND appraised_on <= recorded_on)
);
CREATE INDEX ix_equity_conversion_agreement ON equity_conversion (agreement, book);
CREATE INDEX ix_equity_conversion_firm ON equity_conversion (firm, book);
CREATE INDEX ix_equity_conversion_unit ON equity_conversion (unit, book);

CREATE TABLE equity_resolution (
    book              smallint NOT NULL,
    command           uuid NOT NULL,
    conversion        varchar NOT NULL,
    resolution_number varchar NOT NULL,
    resolved_on       date NOT NULL,
    votes_for         bigint NOT NULL CHECK (votes_for > 0),
    votes_all         bigint NOT NULL,
    registered_fen    bigint NOT NULL CHECK (registered_fen > 0),
    recorded_on       date NOT NULL,
    person            varchar NOT NULL,
    PRIMARY KEY (conversion, book),
    CONSTRAINT fk_equity_resolution FOREIGN KEY (book, conversion) REFERENCES equity_conversion (book, number),
    CONSTRAINT ck_equity_resolution_votes CHECK (votes_for <= votes_all)
);

CREATE TABLE equity_proposal (
    book               smallint NOT NULL,
    command            uuid NOT NULL,
    conversion         varchar NOT NULL,
    version            smallint NOT NULL CHECK (version > 0),
    fee_fen            bigint NOT NULL,
    converted_fen      bigint NOT NULL CHECK (converted_fen > 0),
    new_registered_fen bigint NOT NULL CHECK (new_registered_fen >= 0),
    reserve_fen        bigint NOT NULL CHECK (reserve_fen >= 0),
    calculation        uuid NOT NULL,
    proposed_on        date NOT NULL,
    maker              varchar NOT NULL,
    PRIMARY KEY (conversion, version, book),
    CONSTRAINT fk_equity_proposal FOREIGN KEY (book, conversion) REFERENCES equity_conversion (book, number),
    CONSTRAINT ck_equity_proposal_split
        CHECK (new_registered_fen + reserve_fen = converted_fen AND converted_fen <= fee_fen)
);

CREATE TABLE equity_proposal_bill (
    book            smallint NOT NULL,
    command         uuid NOT NULL,
    conversion      varchar NOT NULL,
    version         smallint NOT NULL CHECK (version > 0),
    bill            varchar NOT NULL,
    accrual         varchar NOT NULL,
    convertible_fen bigint NOT NULL,
    amount_fen      bigint NOT NULL CHECK (amount_fen > 0),
    calculation     uuid NOT NULL,
    PRIMARY KEY (conversion, version, bill, book),
    CONSTRAINT fk_equity_proposal_bill FOREIGN KEY (book, conversion, version)
        REFERENCES equity_proposal (book, conversion, version),
    CONSTRAINT ck_equity_proposal_bill_part CHECK (amount_fen <= convertible_fen)
);

CREATE TABLE equity_conversion_step (
    book            smallint NOT NULL,
    command         uuid NOT NULL,
    conversion      varchar NOT NULL,
    step            smallint NOT NULL CHECK (step > 0),
    state           varchar NOT NULL
        CHECK (state IN ('appraised', 'resolved', 'converted', 'registered', 'held', 'void')),
    document_number varchar NOT NULL,
    reason          varchar NOT NULL,
    happened_on     date NOT NULL,
    recorded_on     date NOT NULL,
    person          varchar NOT NULL,
    PRIMARY KEY (conversion, step, book)
);

CREATE TABLE equity_dividend (
    book              smallint NOT NULL,
    command           uuid NOT NULL,
    number            varchar NOT NULL,
    firm              varchar NOT NULL,
    unit              varchar NOT NULL,
    resolution_number varchar NOT NULL,
    distributed_fen   bigint NOT NULL,
    dividend_fen      bigint NOT NULL CHECK (dividend_fen > 0),
    remitted          boolean NOT NULL,
    calculation       uuid NOT NULL,
    declared_on       date NOT NULL,
    recorded_on       date NOT NULL,
    person            varchar NOT NULL,
    PRIMARY KEY (number, book),
    CONSTRAINT ck_equity_dividend_part CHECK (dividend_fen <= distributed_fen)
);
CREATE INDEX ix_equity_dividend_unit ON equity_dividend (unit, book);
CREATE UNIQUE INDEX uq_equity_dividend_resolution ON equity_dividend (firm, unit, resolution_number, book);

CREATE TABLE equity_dividend_receipt (
    book           smallint NOT NULL,
    command        uuid NOT NULL,
    number         varchar NOT NULL,
    dividend       varchar NOT NULL,
    amount_fen     bigint NOT NULL CHECK (amount_fen > 0),
    bank_reference varchar NOT NULL,
    received_on    date NOT NULL,
    person         varchar NOT NULL,
    PRIMARY KEY (number, book),
    CONSTRAINT fk_equity_dividend_receipt FOREIGN KEY (book, dividend) REFERENCES equity_dividend (book, number)
);
CREATE UNIQUE INDEX uq_equity_dividend_receipt_reference ON equity_dividend_receipt (dividend, bank_reference, book);

CREATE TABLE equity_exit (
    book              smallint NOT NULL,
    command           uuid NOT NULL,
    number            varchar NOT NULL,
    firm              varchar NOT NULL,
    unit              varchar NOT NULL,
    kind              varchar NOT NULL CHECK (kind IN ('sale', 'reduction')),
    sold_fen          bigint NOT NULL CHECK (sold_fen > 0),
    price_fen         bigint NOT NULL CHECK (price_fen >= 0),
    buyer             varchar NOT NULL,
    appraisal_number  varchar NOT NULL,
    notified_on       date,
    retained_document varchar NOT NULL,
    proposed_on       date NOT NULL,
    maker             varchar NOT NULL,
    PRIMARY KEY (number, book)
);
CREATE INDEX ix_equity_exit_unit ON equity_exit (unit, book);

CREATE TABLE equity_exit_step (
    book            smallint NOT NULL,
    command         uuid NOT NULL,
    exit_number     varchar NOT NULL,
    step            smallint NOT NULL CHECK (step > 0),
    outcome         varchar NOT NULL CHECK (outcome IN ('approved', 'refused', 'completed')),
    cost_fen        bigint NOT NULL,
    to_treasury_fen bigint NOT NULL,
    bank_reference  varchar NOT NULL,
    calculation     uuid,
    reason          varchar NOT NULL,
    happened_on     date NOT NULL,
    person          varchar NOT NULL,
    PRIMARY KEY (exit_number, step, book),
    CONSTRAINT fk_equity_exit_step FOREIGN KEY (book, exit_number) REFERENCES equity_exit (book, number)
);

CREATE TABLE equity_write_down (
    book            smallint NOT NULL,
    command         uuid NOT NULL,
    number          varchar NOT NULL,
    firm            varchar NOT NULL,
    unit            varchar NOT NULL,
    amount_fen      bigint NOT NULL CHECK (amount_fen > 0),
    document_number varchar NOT NULL,
    reason          varchar NOT NULL,
    proposed_on     date NOT NULL,
    maker           varchar NOT NULL,
    PRIMARY KEY (number, book)
);
CREATE INDEX ix_equity_write_down_unit ON equity_write_down (unit, book);

CREATE TABLE equity_write_down_end (
    book       smallint NOT NULL,
    command    uuid NOT NULL,
    write_down varchar NOT NULL,
    outcome    varchar NOT NULL CHECK (outcome IN ('approved', 'refused')),
    reason     varchar NOT NULL,
    ended_on   date NOT NULL,
    person     varchar NOT NULL,
    PRIMARY KEY (write_down, book),
    CONSTRAINT fk_equity_write_down_end FOREIGN KEY (book, write_down) REFERENCES equity_write_down (book, number)
);

CREATE TABLE equity_payment (
    book           smallint NOT NULL,
    command        uuid NOT NULL,
    number         varchar NOT NULL,
    unit           varchar NOT NULL,
    kind           varchar NOT NULL CHECK (kind IN ('vat', 'treasury')),
    amount_fen     bigint NOT NULL CHECK (amount_fen > 0),
    bank_reference varchar NOT NULL,
    paid_on        date NOT NULL,
    person         varchar NOT NULL,
    PRIMARY KEY (number, book)
);
CREATE UNIQUE INDEX uq_equity_payment_reference ON equity_payment (unit, kind, bank_reference, book);
"""

# The owner's view: who relies on an instrument being free of supervision may know until when it is not, and no more.
SUPERVISION = """
CREATE VIEW instrument_supervision AS
    SELECT s.book, s.instrument, i.number AS item, i.released_on AS since,
           least(i.supervised_until, x.ended_on) AS until, i.command AS recorded_by
      FROM customs_item_share s
      JOIN customs_item i ON i.book = s.book AND i.number = s.item
      LEFT JOIN customs_item_end x ON x.book = i.book AND x.item = i.number
"""

# What of each bill has become a share. Where the VAT was paid in cash the net amount converted: with its VAT it is that
# part of the bill.
CONVERTED = """
CREATE VIEW fee_converted AS
    SELECT b.book, b.bill, e.seq, b.amount_fen,
           CASE WHEN a.vat_in_cash THEN least(f.gross_fen, round(b.amount_fen * (1 + f.vat_rate::numeric)))::bigint
                ELSE b.amount_fen END AS with_vat_fen
      FROM equity_conversion_step s
      JOIN entry e ON e.book = s.book AND e.command = s.command AND e.template = 'equity.convert'
      JOIN equity_conversion c ON c.book = s.book AND c.number = s.conversion
      JOIN LATERAL (SELECT p.version FROM equity_proposal p WHERE p.book = s.book AND p.conversion = s.conversion
                     ORDER BY p.version DESC LIMIT 1) p ON true
      JOIN LATERAL (SELECT g.vat_in_cash FROM equity_agreement g WHERE g.book = c.book AND g.number = c.agreement
                     ORDER BY g.version DESC LIMIT 1) a ON true
      JOIN equity_proposal_bill b ON b.book = s.book AND b.conversion = s.conversion AND b.version = p.version
      JOIN fee_bill f ON f.book = b.book AND f.number = b.bill
     WHERE s.state = 'converted'
"""

# What customs asks without naming goods: the latest uses and exposures, of a district or of all; uses out of scope.
INDEXES = """
CREATE INDEX ix_customs_use_started_at ON customs_use (started_at, recorded_use, book);
CREATE INDEX ix_customs_use_out_of_scope ON customs_use (started_at, recorded_use, book) WHERE NOT in_scope;
CREATE INDEX ix_customs_use_out_of_scope_district ON customs_use (district, started_at, recorded_use, book)
    WHERE NOT in_scope;
CREATE INDEX ix_customs_use_out_of_scope_unit ON customs_use (unit, started_at, recorded_use, book) WHERE NOT in_scope;
CREATE INDEX ix_customs_use_out_of_scope_instrument ON customs_use (instrument, started_at, recorded_use, book)
    WHERE NOT in_scope;
CREATE INDEX ix_customs_exposure_first_on ON customs_exposure (first_on, number, book);
CREATE INDEX ix_customs_exposure_district_first_on ON customs_exposure (district, first_on, number, book);
"""

EVENT_TABLES = (
    "equity_agreement",
    "equity_agreement_instrument",
    "equity_agreement_step",
    "equity_accrual",
    "equity_accrual_use",
    "equity_accrual_release",
    "equity_capital",
    "equity_conversion",
    "equity_resolution",
    "equity_proposal",
    "equity_proposal_bill",
    "equity_conversion_step",
    "equity_dividend",
    "equity_dividend_receipt",
    "equity_exit",
    "equity_exit_step",
    "equity_write_down",
    "equity_write_down_end",
    "equity_payment",
)


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(INDEXES)
    event_rows(*EVENT_TABLES)
    _hide()
    op.execute(SUPERVISION)
    op.execute(CONVERTED)
    op.execute(f"GRANT SELECT ON instrument_supervision, fee_converted TO {reader()}, {writer()}")


def _hide() -> None:
    """An agreement is its unit's and its firm's; what a holding yields is the unit's."""
    me = "(SELECT ledger_party())"
    for table in ("equity_agreement", "equity_conversion"):
        seen_by(table, f"{me} IN (unit, firm)")
    for table in ("equity_dividend", "equity_exit", "equity_write_down", "equity_payment"):
        seen_by(table, f"unit = {me}")
    seen_by(
        "equity_capital",
        f"firm = {me} OR EXISTS (SELECT 1 FROM equity_agreement a WHERE a.book = equity_capital.book "  # noqa: S608  our own words
        f"AND a.firm = equity_capital.firm AND a.unit = {me})",
    )
    for table in ("equity_agreement_instrument", "equity_agreement_step", "equity_accrual"):
        _with(table, "equity_agreement", "agreement")
    for table in ("equity_accrual_use", "equity_accrual_release"):
        _with(table, "equity_accrual", "accrual")
    for table in ("equity_resolution", "equity_proposal", "equity_proposal_bill", "equity_conversion_step"):
        _with(table, "equity_conversion", "conversion")
    _with("equity_dividend_receipt", "equity_dividend", "dividend")
    _with("equity_exit_step", "equity_exit", "exit_number")
    _with("equity_write_down_end", "equity_write_down", "write_down")
    now_seen_by("approval_request", _requests())


def _requests() -> str:
    """As before, and of agreements, conversions, exits and write-downs whoever sees these."""
    of_equity = (
        f"subject_kind = '{kind}' AND EXISTS (SELECT 1 FROM {table} w "  # noqa: S608  our own words
        "WHERE w.book = approval_request.book AND w.number = approval_request.subject)"
        for kind, table in (
            ("fee.write-off", "fee_write_off"),
            ("equity.agreement", "equity_agreement"),
            ("equity.conversion", "equity_conversion"),
            ("equity.exit", "equity_exit"),
            ("equity.write-down", "equity_write_down"),
        )
    )
    own = "subject_kind = 'payment.payee-account' AND subject = (SELECT ledger_party())"
    return " OR ".join((own, *of_equity))


def _with(table: str, whole: str, column: str) -> None:
    """Seen by whoever sees what it is a part of."""
    seen_by(
        table,
        f"EXISTS (SELECT 1 FROM {whole} w WHERE w.book = {table}.book AND w.number = {table}.{column})",  # noqa: S608  our own words
    )
