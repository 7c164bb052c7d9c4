"""Event rows of agreements, conversions and holdings. A state is the last step's."""

from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index
from sqlmodel import Field

from ledger.journal.columns import counted, fen
from ledger.journal.tables import EventRow


class EquityAgreementTable(EventRow, table=True):
    """An agreement as the unit submits it; the last version counts."""

    __tablename__ = "equity_agreement"
    tells_of = ("equity-agreement", "number")
    __table_args__ = (
        Index("ix_equity_agreement_unit", "unit", "book"),
        Index("ix_equity_agreement_firm", "firm", "book"),
    )

    number: str = Field(primary_key=True)
    version: int = counted()
    unit: str
    firm: str
    document_number: str
    supply: str
    share_max: str
    vat_in_cash: bool
    related: bool
    valid_from: date
    valid_until: date
    submitted_on: date
    person: str


class EquityAgreementInstrumentTable(EventRow, table=True):
    """An instrument that a version of an agreement names."""

    __tablename__ = "equity_agreement_instrument"
    __table_args__ = (
        Index("ix_equity_agreement_instrument", "instrument", "book"),
        ForeignKeyConstraint(
            ["book", "agreement", "version"],
            ["equity_agreement.book", "equity_agreement.number", "equity_agreement.version"],
            name="fk_equity_agreement_instrument",
        ),
    )

    agreement: str = Field(primary_key=True)
    version: int = counted()
    instrument: str = Field(primary_key=True)
    minutes_max: int = fen()


class EquityAgreementStepTable(EventRow, table=True):
    """What became of an agreement, step by step."""

    __tablename__ = "equity_agreement_step"
    tells_of = ("equity-agreement", "agreement")

    agreement: str = Field(primary_key=True)
    step: int = counted()
    state: str
    """`AgreementState`; a first signature leaves the state as it is."""
    party: str
    """Who signs; else empty."""
    document_number: str
    """Of a unit's decision, the number of the decision; its feasibility study stands in `reason`."""
    reason: str
    happened_on: date
    person: str


class EquityAccrualTable(EventRow, table=True):
    """A bill that is counted under an agreement."""

    __tablename__ = "equity_accrual"
    tells_of = ("equity-agreement", "agreement")
    __table_args__ = (
        Index("ix_equity_accrual_agreement", "agreement", "book"),
        Index("ix_equity_accrual_bill", "bill", "book"),
    )

    number: str = Field(primary_key=True)
    agreement: str
    bill: str
    eligible_fen: int = fen()
    accrued_on: date
    person: str


class EquityAccrualUseTable(EventRow, table=True):
    """A use that counts, as it stood when it was counted."""

    __tablename__ = "equity_accrual_use"
    __table_args__ = (
        Index("ix_equity_accrual_use_instrument", "instrument", "book"),
        ForeignKeyConstraint(
            ["book", "accrual"], ["equity_accrual.book", "equity_accrual.number"], name="fk_equity_accrual_use"
        ),
    )

    accrual: str = Field(primary_key=True)
    recorded_use: str = Field(primary_key=True)
    instrument: str
    minutes: int = fen()
    first_on: date
    last_on: date
    amount_fen: int = fen()


class EquityAccrualReleaseTable(EventRow, table=True):
    """A bill counts no more; it is paid in cash."""

    __tablename__ = "equity_accrual_release"
    __table_args__ = (
        ForeignKeyConstraint(
            ["book", "accrual"], ["equity_accrual.book", "equity_accrual.number"], name="fk_equity_accrual_release"
        ),
    )

    accrual: str = Field(primary_key=True)
    reason: str
    released_on: date
    person: str


class EquityCapitalTable(EventRow, table=True):
    """The registered capital of a firm as the books came to know it, and perhaps what the firm was worth."""

    __tablename__ = "equity_capital"
    tells_of = ("equity-company", "firm")

    firm: str = Field(primary_key=True)
    step: int = counted()
    registered_fen: int = fen()
    valuation_fen: int | None = Field(default=None, sa_type=BigInteger)
    document_number: str
    happened_on: date
    recorded_on: date
    person: str


class EquityConversionTable(EventRow, table=True):
    """A conversion begins with its appraisal."""

    __tablename__ = "equity_conversion"
    tells_of = ("equity-conversion", "number")
    __table_args__ = (
        Index("ix_equity_conversion_agreement", "agreement", "book"),
        Index("ix_equity_conversion_unit", "unit", "book"),
        Index("ix_equity_conversion_firm", "firm", "book"),
    )

    number: str = Field(primary_key=True)
    agreement: str
    unit: str
    firm: str
    report_number: str
    filing_number: str
    appraised_on: date
    valid_until: date
    appraised_fen: int = fen()
    pre_money_fen: int = fen()
    appraisal_fee_fen: int = fen()
    recorded_on: date
    person: str


class EquityResolutionTable(EventRow, table=True):
    """The firm's members have resolved to take the unit in."""

    __tablename__ = "equity_resolution"
    __table_args__ = (
        ForeignKeyConstraint(
            ["book", "conversion"], ["equity_conversion.book", "equity_conversion.number"], name="fk_equity_resolution"
        ),
    )

    conversion: str = Field(primary_key=True)
    resolution_number: str
    resolved_on: date
    votes_for: int = fen()
    votes_all: int = fen()
    registered_fen: int = fen()
    recorded_on: date
    person: str


class EquityProposalTable(EventRow, table=True):
    """What is to convert, for two people of the unit to sign; the last version counts."""

    __tablename__ = "equity_proposal"
    __table_args__ = (
        ForeignKeyConstraint(
            ["book", "conversion"], ["equity_conversion.book", "equity_conversion.number"], name="fk_equity_proposal"
        ),
    )

    conversion: str = Field(primary_key=True)
    version: int = counted()
    fee_fen: int = fen()
    converted_fen: int = fen()
    new_registered_fen: int = fen()
    reserve_fen: int = fen()
    calculation: UUID
    proposed_on: date
    maker: str


class EquityProposalBillTable(EventRow, table=True):
    """What of one bill is to convert."""

    __tablename__ = "equity_proposal_bill"
    __table_args__ = (
        ForeignKeyConstraint(
            ["book", "conversion", "version"],
            ["equity_proposal.book", "equity_proposal.conversion", "equity_proposal.version"],
            name="fk_equity_proposal_bill",
        ),
    )

    conversion: str = Field(primary_key=True)
    version: int = counted()
    bill: str = Field(primary_key=True)
    accrual: str
    convertible_fen: int = fen()
    amount_fen: int = fen()
    calculation: UUID


class EquityConversionStepTable(EventRow, table=True):
    """What became of a conversion, step by step; the appraisal is the first."""

    __tablename__ = "equity_conversion_step"
    tells_of = ("equity-conversion", "conversion")

    conversion: str = Field(primary_key=True)
    step: int = counted()
    state: str
    document_number: str
    reason: str
    happened_on: date
    recorded_on: date
    person: str


class EquityDividendTable(EventRow, table=True):
    """A distribution that a firm has resolved, and what of it is the unit's."""

    __tablename__ = "equity_dividend"
    tells_of = ("equity-holding", "number")
    __table_args__ = (
        Index("uq_equity_dividend_resolution", "firm", "unit", "resolution_number", "book", unique=True),
        Index("ix_equity_dividend_unit", "unit", "book"),
    )

    number: str = Field(primary_key=True)
    firm: str
    unit: str
    resolution_number: str
    distributed_fen: int = fen()
    dividend_fen: int = fen()
    remitted: bool
    calculation: UUID
    declared_on: date
    recorded_on: date
    person: str


class EquityDividendReceiptTable(EventRow, table=True):
    """A dividend that has come; the same bank slip once."""

    __tablename__ = "equity_dividend_receipt"
    __table_args__ = (
        Index("uq_equity_dividend_receipt_reference", "dividend", "bank_reference", "book", unique=True),
        ForeignKeyConstraint(
            ["book", "dividend"], ["equity_dividend.book", "equity_dividend.number"], name="fk_equity_dividend_receipt"
        ),
    )

    number: str = Field(primary_key=True)
    dividend: str
    amount_fen: int = fen()
    bank_reference: str
    received_on: date
    person: str


class EquityExitTable(EventRow, table=True):
    """A holding, or a part of it, that is to go."""

    __tablename__ = "equity_exit"
    tells_of = ("equity-holding", "number")
    __table_args__ = (Index("ix_equity_exit_unit", "unit", "book"),)

    number: str = Field(primary_key=True)
    firm: str
    unit: str
    kind: str
    sold_fen: int = fen()
    price_fen: int = fen()
    buyer: str
    appraisal_number: str
    notified_on: date | None = None
    retained_document: str
    proposed_on: date
    maker: str


class EquityExitStepTable(EventRow, table=True):
    """It was approved or refused; then it is completed."""

    __tablename__ = "equity_exit_step"
    __table_args__ = (
        ForeignKeyConstraint(
            ["book", "exit_number"], ["equity_exit.book", "equity_exit.number"], name="fk_equity_exit_step"
        ),
    )

    exit_number: str = Field(primary_key=True)
    step: int = counted()
    outcome: str
    """approved, refused, completed."""
    cost_fen: int = fen()
    """Of what went, once completed."""
    to_treasury_fen: int = fen()
    bank_reference: str
    calculation: UUID | None = None
    reason: str
    happened_on: date
    person: str


class EquityWriteDownTable(EventRow, table=True):
    """Cost of a holding that is to be given up."""

    __tablename__ = "equity_write_down"
    tells_of = ("equity-holding", "number")
    __table_args__ = (Index("ix_equity_write_down_unit", "unit", "book"),)

    number: str = Field(primary_key=True)
    firm: str
    unit: str
    amount_fen: int = fen()
    document_number: str
    reason: str
    proposed_on: date
    maker: str


class EquityWriteDownEndTable(EventRow, table=True):
    """It was approved, or refused."""

    __tablename__ = "equity_write_down_end"
    __table_args__ = (
        ForeignKeyConstraint(
            ["book", "write_down"],
            ["equity_write_down.book", "equity_write_down.number"],
            name="fk_equity_write_down_end",
        ),
    )

    write_down: str = Field(primary_key=True)
    outcome: str
    reason: str
    ended_on: date
    person: str


class EquityPaymentTable(EventRow, table=True):
    """What a unit has paid: value-added tax in cash, or proceeds to the treasury; the same slip once."""

    __tablename__ = "equity_payment"
    __table_args__ = (Index("uq_equity_payment_reference", "unit", "kind", "bank_reference", "book", unique=True),)

    number: str = Field(primary_key=True)
    unit: str
    kind: str
    """vat, treasury."""
    amount_fen: int = fen()
    bank_reference: str
    paid_on: date
    person: str


TABLES: tuple[type[EventRow], ...] = (
    EquityAgreementTable,
    EquityAgreementInstrumentTable,
    EquityAgreementStepTable,
    EquityAccrualTable,
    EquityAccrualUseTable,
    EquityAccrualReleaseTable,
    EquityCapitalTable,
    EquityConversionTable,
    EquityResolutionTable,
    EquityProposalTable,
    EquityProposalBillTable,
    EquityConversionStepTable,
    EquityDividendTable,
    EquityDividendReceiptTable,
    EquityExitTable,
    EquityExitStepTable,
    EquityWriteDownTable,
    EquityWriteDownEndTable,
    EquityPaymentTable,
)
