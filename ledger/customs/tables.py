"""Event rows of customs. A state is the last step's."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, ForeignKeyConstraint, Index, text
from sqlmodel import Field

from ledger.journal.columns import counted, fen, small
from ledger.journal.tables import EventRow

_LATEST = ("started_at", "recorded_use", "book")
_OUT = text("NOT in_scope")
"""Of a hundred uses one or two: their own indexes are small."""


class CustomsOfficeTable(EventRow, table=True):
    """A bureau of customs and the district it is competent for; the last step counts."""

    __tablename__ = "customs_office"

    bureau: str = Field(primary_key=True)
    step: int = counted()
    district: str
    document_number: str
    recorded_on: date
    person: str


class CustomsItemTable(EventRow, table=True):
    """One line of a declaration that paid no duty, under its certificate."""

    __tablename__ = "customs_item"
    tells_of = ("customs-item", "number")
    __table_args__ = (
        Index("uq_customs_item_line", "declaration_number", "line", "book", unique=True),
        Index("ix_customs_item_unit", "unit", "book"),
        Index("ix_customs_item_certificate", "certificate_number", "book"),
        Index("ix_customs_item_district", "district", "supervised_until", "book"),
    )

    number: str = Field(primary_key=True)
    unit: str
    certificate_number: str
    declaration_number: str
    line: int = small()
    hs_code: str
    policy_document: str
    kind: str
    value_fen: int = fen()
    duty_rate: str
    vat_rate: str
    consumption_rate: str
    released_on: date
    supervision_years: int = small()
    supervised_until: date
    article: str
    """By which the years are these."""
    district: str
    place: str
    capacity: int = small()
    recorded_on: date
    person: str


class CustomsItemShareTable(EventRow, table=True):
    """What one item is to one instrument."""

    __tablename__ = "customs_item_share"
    __table_args__ = (
        Index("ix_customs_item_share_instrument", "instrument", "book"),
        ForeignKeyConstraint(
            ["book", "item"], ["customs_item.book", "customs_item.number"], name="fk_customs_item_share"
        ),
    )

    item: str = Field(primary_key=True)
    instrument: str = Field(primary_key=True)
    value_fen: int = fen()


class CustomsConsentTable(EventRow, table=True):
    """What a unit asks customs to consent to, or has on the national platform; the last version counts."""

    __tablename__ = "customs_consent"
    tells_of = ("customs-consent", "number")
    __table_args__ = (Index("ix_customs_consent_instrument", "instrument", "book"),)

    number: str = Field(primary_key=True)
    version: int = counted()
    instrument: str
    unit: str
    route: str
    document_number: str
    purposes: str
    """`PurposeClass` words, with commas."""
    place: str
    minutes: int | None = Field(default=None, sa_type=BigInteger)
    valid_from: date
    valid_until: date
    submitted_on: date
    person: str


class CustomsConsentUserTable(EventRow, table=True):
    """A user that a version of a consent names."""

    __tablename__ = "customs_consent_user"
    __table_args__ = (
        ForeignKeyConstraint(
            ["book", "consent", "version"],
            ["customs_consent.book", "customs_consent.number", "customs_consent.version"],
            name="fk_customs_consent_user",
        ),
    )

    consent: str = Field(primary_key=True)
    version: int = counted()
    user_code: str = Field(primary_key=True)


class CustomsConsentStepTable(EventRow, table=True):
    """What customs decided on a consent."""

    __tablename__ = "customs_consent_step"
    tells_of = ("customs-consent", "consent")

    consent: str = Field(primary_key=True)
    step: int = counted()
    state: str
    since: date
    document_number: str
    reason: str
    recorded_on: date
    person: str


class CustomsUseTable(EventRow, table=True):
    """How a use of a supervised instrument was judged. What it was stands in `fee_use`, which the bills read too."""

    __tablename__ = "customs_use"
    tells_of = ("use", "recorded_use")
    __table_args__ = (
        Index("ix_customs_use_instrument_ended_at", "instrument", "ended_at", "book"),
        Index("ix_customs_use_instrument_started_at", "instrument", "started_at", "recorded_use", "book"),
        Index("ix_customs_use_unit_started_at", "unit", "started_at", "recorded_use", "book"),
        Index("ix_customs_use_district_started_at", "district", "started_at", "recorded_use", "book"),
        Index("ix_customs_use_started_at", "started_at", "recorded_use", "book"),
        Index("ix_customs_use_out_of_scope", *_LATEST, postgresql_where=_OUT),
        Index("ix_customs_use_out_of_scope_district", "district", *_LATEST, postgresql_where=_OUT),
        Index("ix_customs_use_out_of_scope_unit", "unit", *_LATEST, postgresql_where=_OUT),
        Index("ix_customs_use_out_of_scope_instrument", "instrument", *_LATEST, postgresql_where=_OUT),
        ForeignKeyConstraint(
            ["book", "recorded_use"], ["fee_use.book", "fee_use.number"], name="fk_customs_use_recorded_use"
        ),
    )

    recorded_use: str = Field(primary_key=True)
    instrument: str
    unit: str
    district: str
    """Of the goods on the first supervised day."""
    started_at: datetime = Field(sa_type=DateTime(timezone=True))
    ended_at: datetime = Field(sa_type=DateTime(timezone=True))
    in_scope: bool
    reasons: str
    consent: str | None = None
    judged_on: date


class CustomsExposureTable(EventRow, table=True):
    """A use out of scope: what it puts at risk is an estimate until customs assesses."""

    __tablename__ = "customs_exposure"
    tells_of = ("customs-exposure", "number")
    __table_args__ = (
        Index("uq_customs_exposure_use", "recorded_use", "book", unique=True),
        Index("ix_customs_exposure_instrument", "instrument", "book"),
        Index("ix_customs_exposure_unit", "unit", "book"),
        Index("ix_customs_exposure_first_on", "first_on", "number", "book"),
        Index("ix_customs_exposure_district_first_on", "district", "first_on", "number", "book"),
        ForeignKeyConstraint(
            ["book", "recorded_use"],
            ["customs_use.book", "customs_use.recorded_use"],
            name="fk_customs_exposure_use",
            deferrable=True,
            initially="DEFERRED",
        ),
    )

    number: str = Field(primary_key=True)
    recorded_use: str
    instrument: str
    unit: str
    district: str
    reasons: str
    first_on: date
    last_on: date
    rate_on: date
    detected_on: date


class CustomsExposureTaxTable(EventRow, table=True):
    """What a use adds to the tax on one item: the tax on all days counted so far, less what was counted before."""

    __tablename__ = "customs_exposure_tax"

    exposure: str = Field(primary_key=True)
    step: int = counted()
    item: str = Field(primary_key=True)
    days: int = small()
    """Distinct days counted, this use's taken in."""
    base_fen: int = fen()
    """Of all of them."""
    duty_fen: int = fen()
    vat_fen: int = fen()
    consumption_fen: int = fen()
    calculation: UUID


class CustomsExposureStepTable(EventRow, table=True):
    """What became of an exposure, and what is at risk after it."""

    __tablename__ = "customs_exposure_step"
    tells_of = ("customs-exposure", "exposure")

    exposure: str = Field(primary_key=True)
    step: int = counted()
    state: str
    duty_fen: int = fen()
    vat_fen: int = fen()
    consumption_fen: int = fen()
    document_number: str
    reason: str
    taken_on: date
    person: str


class CustomsPaymentTable(EventRow, table=True):
    """Taxes that customs set were paid, with what being late cost."""

    __tablename__ = "customs_payment"
    __table_args__ = (Index("uq_customs_payment_number", "payment_number", "book", unique=True),)

    exposure: str = Field(primary_key=True)
    payment_number: str
    """税款缴款书编号."""
    due_on: date
    paid_on: date
    duty_fen: int = fen()
    vat_fen: int = fen()
    consumption_fen: int = fen()
    late_fee_fen: int = fen()
    """Charged; what is waived is not in it."""
    recorded_on: date
    person: str


class CustomsLateFeeTable(EventRow, table=True):
    """What being late with one kind of tax cost, or would have cost were it not waived."""

    __tablename__ = "customs_late_fee"
    __table_args__ = (
        ForeignKeyConstraint(
            ["book", "exposure"],
            ["customs_payment.book", "customs_payment.exposure"],
            name="fk_customs_late_fee_payment",
            deferrable=True,
            initially="DEFERRED",
        ),
    )

    exposure: str = Field(primary_key=True)
    tax: str = Field(primary_key=True)
    days_late: int = Field()
    late_fee_fen: int = fen()
    waived: bool
    calculation: UUID


class CustomsItemEndTable(EventRow, table=True):
    """A supervision that ended before its time, by a document of customs."""

    __tablename__ = "customs_item_end"
    tells_of = ("customs-item", "item")
    __table_args__ = (
        ForeignKeyConstraint(
            ["book", "item"], ["customs_item.book", "customs_item.number"], name="fk_customs_item_end"
        ),
    )

    item: str = Field(primary_key=True)
    outcome: str
    ended_on: date
    document_number: str
    payment_number: str
    duty_fen: int = fen()
    vat_fen: int = fen()
    consumption_fen: int = fen()
    calculation: UUID | None = None
    """Of the tax that was paid, where any falls due."""
    recorded_on: date
    person: str


class CustomsMoveTable(EventRow, table=True):
    """A unit asks customs to use an instrument elsewhere."""

    __tablename__ = "customs_move"
    tells_of = ("customs-move", "number")
    __table_args__ = (Index("ix_customs_move_instrument", "instrument", "book"),)

    number: str = Field(primary_key=True)
    instrument: str
    unit: str
    place: str
    district: str
    planned_on: date
    reason: str
    applied_on: date
    person: str


class CustomsMoveStepTable(EventRow, table=True):
    """What became of a move."""

    __tablename__ = "customs_move_step"
    tells_of = ("customs-move", "move")

    move: str = Field(primary_key=True)
    step: int = counted()
    state: str
    since: date
    document_number: str
    reason: str
    recorded_on: date
    person: str


class CustomsReportTable(EventRow, table=True):
    """A unit's report on a year was filed; a later version says why it differs."""

    __tablename__ = "customs_report"
    tells_of = ("customs-report", "unit")

    unit: str = Field(primary_key=True)
    year: int = counted()
    version: int = counted()
    filed_on: date
    due_on: date
    late: bool
    document_number: str
    reason: str
    person: str


class CustomsReportLineTable(EventRow, table=True):
    """One supervised instrument in a filed report."""

    __tablename__ = "customs_report_line"
    __table_args__ = (
        ForeignKeyConstraint(
            ["book", "unit", "year", "version"],
            ["customs_report.book", "customs_report.unit", "customs_report.year", "customs_report.version"],
            name="fk_customs_report_line",
            deferrable=True,
            initially="DEFERRED",
        ),
    )

    unit: str = Field(primary_key=True)
    year: int = counted()
    version: int = counted()
    item: str = Field(primary_key=True)
    instrument: str = Field(primary_key=True)
    value_fen: int = fen()
    place: str
    state: str
    uses: int
    own_minutes: int = fen()
    shared_minutes: int = fen()
    outside_minutes: int = fen()


TABLES: tuple[type[EventRow], ...] = (
    CustomsOfficeTable,
    CustomsItemTable,
    CustomsItemShareTable,
    CustomsConsentTable,
    CustomsConsentUserTable,
    CustomsConsentStepTable,
    CustomsUseTable,
    CustomsExposureTable,
    CustomsExposureTaxTable,
    CustomsExposureStepTable,
    CustomsPaymentTable,
    CustomsLateFeeTable,
    CustomsItemEndTable,
    CustomsMoveTable,
    CustomsMoveStepTable,
    CustomsReportTable,
    CustomsReportLineTable,
)
