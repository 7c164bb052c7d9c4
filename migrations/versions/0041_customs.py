"""Customs: what was stated of a use, goods that came in without duty, consents, judged uses, what is at risk."""

from alembic import op

from migrations.protection import event_rows, insert_only, reader, seen_by, writer

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE fee_use_circumstance (
    book          smallint NOT NULL,
    command       uuid NOT NULL,
    recorded_use  varchar NOT NULL,
    purpose_class varchar NOT NULL
        CHECK (purpose_class IN ('', 'research', 'development', 'teaching', 'production', 'testing', 'other')),
    place         varchar NOT NULL,
    PRIMARY KEY (recorded_use, book),
    CONSTRAINT fk_fee_use_circumstance_use FOREIGN KEY (book, recorded_use) REFERENCES fee_use (book, number)
);

CREATE TABLE customs_office (
    book            smallint NOT NULL,
    command         uuid NOT NULL,
    bureau          varchar NOT NULL,
    step            smallint NOT NULL CHECK (step > 0),
    district        varchar NOT NULL CHECK (district ~ '^[0-9]{4}$'),
    document_number varchar NOT NULL CHECK (document_number <> ''),
    recorded_on     date NOT NULL,
    person          varchar NOT NULL,
    PRIMARY KEY (bureau, step, book)
);

CREATE TABLE customs_item (
    book               smallint NOT NULL,
    command            uuid NOT NULL,
    number             varchar NOT NULL,
    unit               varchar NOT NULL,
    certificate_number varchar NOT NULL CHECK (certificate_number ~ '^Z[0-9A-Z]{11}$'),
    declaration_number varchar NOT NULL CHECK (declaration_number ~ '^[0-9]{4}20[0-9]{2}1[0-9]{9}$'),
    line               smallint NOT NULL CHECK (line > 0),
    hs_code            varchar NOT NULL CHECK (hs_code ~ '^[0-9]{10}$'),
    policy_document    varchar NOT NULL CHECK (policy_document <> ''),
    kind               varchar NOT NULL CHECK (kind IN ('ship-or-aircraft', 'vehicle', 'other')),
    value_fen          bigint NOT NULL CHECK (value_fen > 0),
    duty_rate          varchar NOT NULL,
    vat_rate           varchar NOT NULL,
    consumption_rate   varchar NOT NULL,
    released_on        date NOT NULL,
    supervision_years  smallint NOT NULL CHECK (supervision_years > 0),
    supervised_until   date NOT NULL,
    article            varchar NOT NULL,
    district           varchar NOT NULL CHECK (district ~ '^[0-9]{4}$'),
    place              varchar NOT NULL CHECK (place <> ''),
    capacity           smallint NOT NULL CHECK (capacity > 0),
    recorded_on        date NOT NULL,
    person             varchar NOT NULL,
    PRIMARY KEY (number, book),
    CONSTRAINT ck_customs_item_until CHECK (supervised_until > released_on),
    CONSTRAINT ck_customs_item_released CHECK (released_on <= recorded_on)
);
CREATE UNIQUE INDEX uq_customs_item_line ON customs_item (declaration_number, line, book);
CREATE INDEX ix_customs_item_unit ON customs_item (unit, book);
CREATE INDEX ix_customs_item_certificate ON customs_item (certificate_number, book);
CREATE INDEX ix_customs_item_district ON customs_item (district, supervised_until, book);

CREATE TABLE customs_item_share (
    book       smallint NOT NULL,
    command    uuid NOT NULL,
    item       varchar NOT NULL,
    instrument varchar NOT NULL,
    value_fen  bigint NOT NULL CHECK (value_fen > 0),
    PRIMARY KEY (item, instrument, book),
    CONSTRAINT fk_customs_item_share FOREIGN KEY (book, item) REFERENCES customs_item (book, number)
);
CREATE INDEX ix_customs_item_share_instrument ON customs_item_share (instrument, book);

CREATE TABLE customs_consent (
    book            smallint NOT NULL,
    command         uuid NOT NULL,
    number          varchar NOT NULL,
    version         smallint NOT NULL CHECK (version > 0),
    instrument      varchar NOT NULL,
    unit            varchar NOT NULL,
    route           varchar NOT NULL CHECK (route IN ('case', 'platform')),
    document_number varchar NOT NULL CHECK (document_number <> ''),
    purposes        varchar NOT NULL
        CHECK (string_to_array(purposes, ',') <@ ARRAY['research', 'development', 'teaching'] AND purposes <> ''),
    place           varchar NOT NULL CHECK (place <> ''),
    minutes         bigint CHECK (minutes > 0),
    valid_from      date NOT NULL,
    valid_until     date NOT NULL,
    submitted_on    date NOT NULL,
    person          varchar NOT NULL,
    PRIMARY KEY (number, version, book),
    CONSTRAINT ck_customs_consent_valid CHECK (valid_until >= valid_from),
    CONSTRAINT ck_customs_consent_hours CHECK (route <> 'case' OR minutes IS NOT NULL)
);
CREATE INDEX ix_customs_consent_instrument ON customs_consent (instrument, book);

CREATE TABLE customs_consent_user (
    book      smallint NOT NULL,
    command   uuid NOT NULL,
    consent   varchar NOT NULL,
    version   smallint NOT NULL,
    user_code varchar NOT NULL,
    PRIMARY KEY (consent, version, user_code, book),
    CONSTRAINT fk_customs_consent_user FOREIGN KEY (book, consent, version)
        REFERENCES customs_consent (book, number, version)
);

CREATE TABLE customs_consent_step (
    book            smallint NOT NULL,
    command         uuid NOT NULL,
    consent         varchar NOT NULL,
    step            smallint NOT NULL CHECK (step > 0),
    state           varchar NOT NULL CHECK (state IN ('submitted', 'returned', 'refused', 'granted', 'suspended',
                                                      'revoked', 'withdrawn')),
    since           date NOT NULL,
    document_number varchar NOT NULL CHECK (document_number <> ''),
    reason          varchar NOT NULL,
    recorded_on     date NOT NULL,
    person          varchar NOT NULL,
    PRIMARY KEY (consent, step, book),
    CONSTRAINT ck_customs_consent_step_since CHECK (since <= recorded_on),
    CONSTRAINT ck_customs_consent_step_reason CHECK (reason <> '' OR state IN ('submitted', 'granted'))
);

CREATE TABLE customs_use (
    book         smallint NOT NULL,
    command      uuid NOT NULL,
    recorded_use varchar NOT NULL,
    instrument   varchar NOT NULL,
    unit         varchar NOT NULL,
    district     varchar NOT NULL,
    started_at   timestamptz NOT NULL,
    ended_at     timestamptz NOT NULL,
    in_scope     boolean NOT NULL,
    reasons      varchar NOT NULL,
    consent      varchar,
    judged_on    date NOT NULL,
    PRIMARY KEY (recorded_use, book),
    CONSTRAINT ck_customs_use_reasons CHECK (in_scope = (reasons = '')),
    CONSTRAINT ck_customs_use_ends CHECK (ended_at > started_at),
    CONSTRAINT fk_customs_use_recorded_use FOREIGN KEY (book, recorded_use) REFERENCES fee_use (book, number)
);
CREATE INDEX ix_customs_use_instrument_ended_at ON customs_use (instrument, ended_at, book);
CREATE INDEX ix_customs_use_instrument_started_at ON customs_use (instrument, started_at, recorded_use, book);
CREATE INDEX ix_customs_use_unit_started_at ON customs_use (unit, started_at, recorded_use, book);
CREATE INDEX ix_customs_use_district_started_at ON customs_use (district, started_at, recorded_use, book);

CREATE TABLE customs_exposure (
    book         smallint NOT NULL,
    command      uuid NOT NULL,
    number       varchar NOT NULL,
    recorded_use varchar NOT NULL,
    instrument   varchar NOT NULL,
    unit         varchar NOT NULL,
    district     varchar NOT NULL,
    reasons      varchar NOT NULL CHECK (reasons <> ''),
    first_on     date NOT NULL,
    last_on      date NOT NULL,
    rate_on      date NOT NULL,
    detected_on  date NOT NULL,
    PRIMARY KEY (number, book),
    CONSTRAINT ck_customs_exposure_days CHECK (last_on >= first_on),
    CONSTRAINT fk_customs_exposure_use FOREIGN KEY (book, recorded_use) REFERENCES customs_use (book, recorded_use)
        DEFERRABLE INITIALLY DEFERRED
);
CREATE UNIQUE INDEX uq_customs_exposure_use ON customs_exposure (recorded_use, book);
CREATE INDEX ix_customs_exposure_instrument ON customs_exposure (instrument, book);
CREATE INDEX ix_customs_exposure_unit ON customs_exposure (unit, book);

CREATE TABLE customs_exposure_tax (
    book            smallint NOT NULL,
    command         uuid NOT NULL,
    exposure        varchar NOT NULL,
    step            smallint NOT NULL CHECK (step > 0),
    item            varchar NOT NULL,
    days            smallint NOT NULL CHECK (days >= 0),
    base_fen        bigint NOT NULL CHECK (base_fen >= 0),
    duty_fen        bigint NOT NULL CHECK (duty_fen >= 0),
    vat_fen         bigint NOT NULL CHECK (vat_fen >= 0),
    consumption_fen bigint NOT NULL CHECK (consumption_fen >= 0),
    calculation     uuid NOT NULL,
    PRIMARY KEY (exposure, step, item, book)
);

CREATE TABLE customs_exposure_step (
    book            smallint NOT NULL,
    command         uuid NOT NULL,
    exposure        varchar NOT NULL,
    step            smallint NOT NULL CHECK (step > 0),
    state           varchar NOT NULL CHECK (state IN ('detected', 'under-review', 'cleared', 'assessed', 'reported',
                                                      'guaranteed', 'contested', 'paid')),
    duty_fen        bigint NOT NULL CHECK (duty_fen >= 0),
    vat_fen         bigint NOT NULL CHECK (vat_fen >= 0),
    consumption_fen bigint NOT NULL CHECK (consumption_fen >= 0),
    document_number varchar NOT NULL,
    reason          varchar NOT NULL,
    taken_on        date NOT NULL,
    person          varchar NOT NULL,
    PRIMARY KEY (exposure, step, book)
);

CREATE TABLE customs_payment (
    book            smallint NOT NULL,
    command         uuid NOT NULL,
    exposure        varchar NOT NULL,
    payment_number  varchar NOT NULL CHECK (payment_number <> ''),
    due_on          date NOT NULL,
    paid_on         date NOT NULL,
    duty_fen        bigint NOT NULL CHECK (duty_fen >= 0),
    vat_fen         bigint NOT NULL CHECK (vat_fen >= 0),
    consumption_fen bigint NOT NULL CHECK (consumption_fen >= 0),
    late_fee_fen    bigint NOT NULL CHECK (late_fee_fen >= 0),
    recorded_on     date NOT NULL,
    person          varchar NOT NULL,
    PRIMARY KEY (exposure, book),
    CONSTRAINT ck_customs_payment_paid CHECK (paid_on <= recorded_on)
);
CREATE UNIQUE INDEX uq_customs_payment_number ON customs_payment (payment_number, book);

CREATE TABLE customs_item_end (
    book            smallint NOT NULL,
    command         uuid NOT NULL,
    item            varchar NOT NULL,
    outcome         varchar NOT NULL CHECK (outcome IN ('transferred-duty-paid', 'carried-over', 'early-released',
                                                        're-exported')),
    ended_on        date NOT NULL,
    document_number varchar NOT NULL CHECK (document_number <> ''),
    payment_number  varchar NOT NULL,
    duty_fen        bigint NOT NULL CHECK (duty_fen >= 0),
    vat_fen         bigint NOT NULL CHECK (vat_fen >= 0),
    consumption_fen bigint NOT NULL CHECK (consumption_fen >= 0),
    calculation     uuid,
    recorded_on     date NOT NULL,
    person          varchar NOT NULL,
    PRIMARY KEY (item, book),
    CONSTRAINT ck_customs_item_end_tax CHECK ((calculation IS NOT NULL) = (payment_number <> '')),
    CONSTRAINT fk_customs_item_end FOREIGN KEY (book, item) REFERENCES customs_item (book, number)
);

CREATE TABLE customs_move (
    book       smallint NOT NULL,
    command    uuid NOT NULL,
    number     varchar NOT NULL,
    instrument varchar NOT NULL,
    unit       varchar NOT NULL,
    place      varchar NOT NULL CHECK (place <> ''),
    district   varchar NOT NULL CHECK (district ~ '^[0-9]{4}$'),
    planned_on date NOT NULL,
    reason     varchar NOT NULL CHECK (reason <> ''),
    applied_on date NOT NULL,
    person     varchar NOT NULL,
    PRIMARY KEY (number, book)
);
CREATE INDEX ix_customs_move_instrument ON customs_move (instrument, book);

CREATE TABLE customs_move_step (
    book            smallint NOT NULL,
    command         uuid NOT NULL,
    move            varchar NOT NULL,
    step            smallint NOT NULL CHECK (step > 0),
    state           varchar NOT NULL CHECK (state IN ('approved', 'refused', 'moved', 'returned')),
    since           date NOT NULL,
    document_number varchar NOT NULL,
    reason          varchar NOT NULL,
    recorded_on     date NOT NULL,
    person          varchar NOT NULL,
    PRIMARY KEY (move, step, book),
    CONSTRAINT ck_customs_move_step_since CHECK (since <= recorded_on),
    CONSTRAINT ck_customs_move_step_document CHECK (document_number <> '' OR state NOT IN ('approved', 'refused'))
);

CREATE TABLE customs_report (
    book            smallint NOT NULL,
    command         uuid NOT NULL,
    unit            varchar NOT NULL,
    year            smallint NOT NULL,
    version         smallint NOT NULL CHECK (version > 0),
    filed_on        date NOT NULL,
    due_on          date NOT NULL,
    late            boolean NOT NULL,
    document_number varchar NOT NULL CHECK (document_number <> ''),
    reason          varchar NOT NULL,
    person          varchar NOT NULL,
    PRIMARY KEY (unit, year, version, book),
    CONSTRAINT ck_customs_report_late CHECK (late = (version = 1 AND filed_on > due_on)),
    CONSTRAINT ck_customs_report_reason CHECK (version = 1 OR reason <> '')
);

CREATE TABLE customs_report_line (
    book            smallint NOT NULL,
    command         uuid NOT NULL,
    unit            varchar NOT NULL,
    year            smallint NOT NULL,
    version         smallint NOT NULL,
    item            varchar NOT NULL,
    instrument      varchar NOT NULL,
    value_fen       bigint NOT NULL CHECK (value_fen > 0),
    place           varchar NOT NULL,
    state           varchar NOT NULL,
    uses            integer NOT NULL CHECK (uses >= 0),
    own_minutes     bigint NOT NULL CHECK (own_minutes >= 0),
    shared_minutes  bigint NOT NULL CHECK (shared_minutes >= 0),
    outside_minutes bigint NOT NULL CHECK (outside_minutes >= 0),
    PRIMARY KEY (unit, year, version, item, instrument, book),
    CONSTRAINT fk_customs_report_line FOREIGN KEY (book, unit, year, version)
        REFERENCES customs_report (book, unit, year, version) DEFERRABLE INITIALLY DEFERRED
);

-- What customs has asked. No part of the books.
CREATE TABLE customs_query (
    id       bigint GENERATED BY DEFAULT AS IDENTITY,
    book     smallint NOT NULL,
    asked_at timestamptz NOT NULL,
    office   varchar NOT NULL,
    district varchar NOT NULL,
    person   varchar NOT NULL,
    client   varchar NOT NULL,
    path     varchar NOT NULL,
    query    varchar NOT NULL,
    PRIMARY KEY (id, book)
);
CREATE INDEX ix_customs_query_office ON customs_query (office, id, book);

CREATE TABLE customs_late_fee (
    book         smallint NOT NULL,
    command      uuid NOT NULL,
    exposure     varchar NOT NULL,
    tax          varchar NOT NULL CHECK (tax IN ('duty', 'vat', 'consumption')),
    days_late    integer NOT NULL CHECK (days_late > 0),
    late_fee_fen bigint NOT NULL CHECK (late_fee_fen >= 0),
    waived       boolean NOT NULL,
    calculation  uuid NOT NULL,
    PRIMARY KEY (exposure, tax, book),
    CONSTRAINT fk_customs_late_fee_payment FOREIGN KEY (book, exposure) REFERENCES customs_payment (book, exposure)
        DEFERRABLE INITIALLY DEFERRED
);
"""

DISTRICT = """
CREATE FUNCTION ledger_district() RETURNS varchar LANGUAGE sql STABLE AS $$
    SELECT o.district FROM customs_office o WHERE o.bureau = ledger_party() ORDER BY o.step DESC LIMIT 1
$$
"""

# The owner's view: past the walls of uses and bills, and behind those of customs. Of a bill it shows what the use was
# charged and whether a voucher bears a part; not which voucher, nor what else is on the bill.
USAGE = """
CREATE VIEW customs_usage WITH (security_barrier) AS
    SELECT j.book, j.recorded_use, j.instrument, j.unit, j.district, f.used_by, c.purpose_class, c.place,
           j.started_at, j.ended_at, f.minutes, j.in_scope, j.reasons, j.consent, x.number AS exposure,
           l.bill IS NOT NULL AS billed, coalesce(l.quantity * l.price_fen, 0) AS fee_fen,
           EXISTS (SELECT FROM account a WHERE a.book = j.book AND a.address = 'fees:voucher:' || l.bill) AS voucher,
           f.command AS recorded_by, j.judged_on
      FROM customs_use j
      JOIN fee_use f ON f.book = j.book AND f.number = j.recorded_use
      LEFT JOIN fee_use_circumstance c ON c.book = j.book AND c.recorded_use = j.recorded_use
      LEFT JOIN customs_exposure x ON x.book = j.book AND x.recorded_use = j.recorded_use
      LEFT JOIN LATERAL (SELECT l.bill, l.quantity, l.price_fen FROM fee_bill_line l
                          WHERE l.book = j.book AND l.charged_use = j.recorded_use
                            AND NOT EXISTS (SELECT FROM fee_credit k
                                             WHERE k.book = l.book AND k.bill = l.bill AND k.whole)) l ON true
     WHERE (SELECT ledger_party()) IN ('*', j.unit) OR j.district = (SELECT ledger_district())
        OR ((SELECT ledger_district()) LIKE '__00' AND left(j.district, 2) = left((SELECT ledger_district()), 2))
"""

EVENT_TABLES = (
    "fee_use_circumstance",
    "customs_office",
    "customs_item",
    "customs_item_share",
    "customs_consent",
    "customs_consent_user",
    "customs_consent_step",
    "customs_use",
    "customs_exposure",
    "customs_exposure_tax",
    "customs_exposure_step",
    "customs_payment",
    "customs_late_fee",
    "customs_item_end",
    "customs_move",
    "customs_move_step",
    "customs_report",
    "customs_report_line",
)


def upgrade() -> None:
    op.execute(TABLES)
    event_rows(*EVENT_TABLES)
    insert_only("customs_query")
    op.execute(DISTRICT)
    op.execute(f"GRANT EXECUTE ON FUNCTION ledger_district() TO {reader()}, {writer()}")
    _hide()
    op.execute(USAGE)
    op.execute(f"GRANT SELECT ON customs_usage TO {reader()}, {writer()}")


def _hide() -> None:
    """A unit sees its own goods, customs those of its district; what is said of an instrument, who sees its goods."""
    me, mine = "(SELECT ledger_party())", "(SELECT ledger_district())"
    competent = f"(district = {mine} OR ({mine} LIKE '__00' AND left(district, 2) = left({mine}, 2)))"
    seen_by(
        "fee_use_circumstance",
        "EXISTS (SELECT 1 FROM fee_use u WHERE u.book = fee_use_circumstance.book "
        "AND u.number = fee_use_circumstance.recorded_use)",
    )
    seen_by("customs_office", "true")
    seen_by("customs_query", f"office = {me}")
    seen_by("customs_item", f"unit = {me} OR {competent}")
    of_item = "EXISTS (SELECT 1 FROM customs_item i WHERE i.book = {0}.book AND i.number = {0}.item)"
    seen_by("customs_item_share", of_item.format("customs_item_share"))
    of_instrument = (
        "EXISTS (SELECT 1 FROM customs_item_share s WHERE s.book = {0}.book AND s.instrument = {0}.instrument)"
    )
    seen_by("customs_item_end", of_item.format("customs_item_end"))
    seen_by(
        "customs_report",
        f"unit = {me} OR EXISTS (SELECT 1 FROM customs_item i "  # noqa: S608  our own words
        f"WHERE i.book = customs_report.book AND i.unit = customs_report.unit AND {competent})",
    )
    seen_by("customs_report_line", of_item.format("customs_report_line"))
    seen_by("customs_move", of_instrument.format("customs_move"))
    seen_by(
        "customs_move_step",
        "EXISTS (SELECT 1 FROM customs_move m WHERE m.book = customs_move_step.book "
        "AND m.number = customs_move_step.move)",
    )
    seen_by("customs_consent", of_instrument.format("customs_consent"))
    for table in ("customs_consent_user", "customs_consent_step"):
        seen_by(
            table,
            f"EXISTS (SELECT 1 FROM customs_consent c WHERE c.book = {table}.book AND c.number = {table}.consent)",  # noqa: S608  our own words
        )
    seen_by("customs_use", f"unit = {me} OR {competent}")
    seen_by("customs_exposure", f"unit = {me} OR {competent}")
    for table in ("customs_exposure_tax", "customs_exposure_step", "customs_payment", "customs_late_fee"):
        seen_by(
            table,
            f"EXISTS (SELECT 1 FROM customs_exposure e WHERE e.book = {table}.book AND e.number = {table}.exposure)",  # noqa: S608  our own words
        )
