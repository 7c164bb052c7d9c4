"""Tables of a voucher's events. A status is never written down: it follows from which rows are there."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, SmallInteger
from sqlmodel import Field

from ledger.journal.columns import fen
from ledger.journal.tables import EventRow
from ledger.vouchers import opening_tables, proposal_tables


def _position() -> Any:  # noqa: ANN401  a column
    """1 for the first of its kind; the key over it is the second wall behind the locks."""
    return Field(primary_key=True, sa_type=SmallInteger, sa_column_kwargs={"autoincrement": False})


class VoucherApplicationTable(EventRow, table=True):
    __tablename__ = "voucher_application"
    tells_of = ("application", "number")
    __table_args__ = (
        Index("ix_voucher_application_holder", "holder", "scheme", "book"),
        Index("ix_voucher_application_controller", "controller", "scheme", "book"),
    )

    number: str = Field(primary_key=True)
    scheme: str
    year: int = Field(sa_type=SmallInteger)
    holder: str
    body: str | None = None
    """The recommending body that acts for a startup team."""
    controller: str
    """Under whose name caps per actual controller are counted."""
    requested_fen: int = fen()
    purpose: str
    applied_on: date
    applicant: str


class VoucherApplicationStepTable(EventRow, table=True):
    """Granted, rejected, returned by the second person, issued."""

    __tablename__ = "voucher_application_step"
    tells_of = ("application", "application")

    application: str = Field(primary_key=True)
    position: int = _position()
    step: str
    taken_on: date
    person: str
    reason: str
    granted_fen: int | None = Field(default=None, sa_type=BigInteger)
    calculation: UUID | None = None
    citation: str


class VoucherTable(EventRow, table=True):
    __tablename__ = "voucher"
    tells_of = ("voucher", "number")
    __table_args__ = (
        Index("uq_voucher_application", "application", "book", unique=True),
        Index("ix_voucher_holder", "holder", "scheme", "book"),
        Index("ix_voucher_controller", "controller", "scheme", "book"),
        Index("ix_voucher_expires_on", "expires_on", "scheme", "book"),
    )

    number: str = Field(primary_key=True)
    application: str
    scheme: str
    year: int = Field(sa_type=SmallInteger)
    holder: str
    body: str | None = None
    controller: str
    operator: str
    budget_line: str
    face_fen: int = fen()
    denomination_fen: int | None = Field(default=None, sa_type=BigInteger)
    issued_on: date
    expires_on: date


class VoucherContractTable(EventRow, table=True):
    """A contract for which a part of a voucher is set aside. How much, the journal knows."""

    __tablename__ = "voucher_contract"
    tells_of = ("contract", "number")
    __table_args__ = (
        Index("ix_voucher_contract_voucher", "voucher", "book"),
        Index("ix_voucher_contract_unit", "unit", "book"),
    )

    number: str = Field(primary_key=True)
    voucher: str
    unit: str
    contract_number: str
    service: str
    fee_fen: int = fen()
    service_ends_on: date
    reserved_on: date
    hold_until: date
    person: str


class VoucherContractMatchTable(EventRow, table=True):
    """A contract by which a second payer's voucher pays a part of the same service as another contract's."""

    __tablename__ = "voucher_contract_match"
    __table_args__ = (Index("ix_voucher_contract_match_matches", "matches", "book"),)

    contract: str = Field(primary_key=True)
    matches: str
    """The contract under the other payer's voucher."""
    scheme: str
    """Under which it matches: that of its own voucher."""


class VoucherAcceptanceTable(EventRow, table=True):
    """A contract is accepted once. A bill is accepted by one contract at a time: its invoice is that one's evidence."""

    __tablename__ = "voucher_acceptance"
    tells_of = ("contract", "contract")
    __table_args__ = (Index("ix_voucher_acceptance_bill", "bill", "book"),)

    contract: str = Field(primary_key=True)
    bill: str
    accepted_on: date
    claim_until: date
    calculation: UUID
    citation: str
    person: str


class VoucherAcceptancePayeeTable(EventRow, table=True):
    """Of an accepted contract whose scheme pays the firm: who claims and is paid."""

    __tablename__ = "voucher_acceptance_payee"

    contract: str = Field(primary_key=True)
    payee: str


class VoucherCreditTable(EventRow, table=True):
    """A red invoice has credited the contract's bill before it was claimed: what the voucher pays of it now."""

    __tablename__ = "voucher_credit"
    tells_of = ("contract", "contract")

    contract: str = Field(primary_key=True)
    position: int = _position()
    share_fen: int = fen()
    calculation: UUID | None = None
    """None: nothing of the bill is left."""
    citation: str
    credited_on: date
    person: str


class VoucherContractEndTable(EventRow, table=True):
    """A contract that ends without payment: released, expired, not claimed in time, refused, revoked, credited."""

    __tablename__ = "voucher_contract_end"
    tells_of = ("contract", "contract")

    contract: str = Field(primary_key=True)
    outcome: str
    ended_on: date
    person: str
    reason: str


class VoucherClaimTable(EventRow, table=True):
    __tablename__ = "voucher_claim"
    tells_of = ("claim", "number")
    __table_args__ = (Index("ix_voucher_claim_unit", "unit", "book"),)

    number: str = Field(primary_key=True)
    unit: str
    scheme: str
    year: int = Field(sa_type=SmallInteger)
    operator: str
    filed_on: date
    person: str


class VoucherClaimLineTable(EventRow, table=True):
    """What one contract brings into a claim. A contract whose claim was sent back may be claimed again, once more."""

    __tablename__ = "voucher_claim_line"
    __table_args__ = (Index("uq_voucher_claim_line_attempt", "contract", "attempt", "book", unique=True),)

    claim: str = Field(primary_key=True)
    contract: str = Field(primary_key=True)
    attempt: int = Field(sa_type=SmallInteger)
    amount_fen: int = fen()


class VoucherClaimStepTable(EventRow, table=True):
    """Passed by the commission, returned, withdrawn, refused in all its lines, approved by finance."""

    __tablename__ = "voucher_claim_step"
    tells_of = ("claim", "claim")

    claim: str = Field(primary_key=True)
    position: int = _position()
    step: str
    taken_on: date
    person: str
    reason: str
    notice_until: date | None = None
    """Last day of the public notice, of a claim that was passed."""


class VoucherClaimPayableTable(EventRow, table=True):
    """What is to be paid of an approved claim under one budget line."""

    __tablename__ = "voucher_claim_payable"
    __table_args__ = (Index("uq_voucher_claim_payable_line", "claim", "budget_line", "book", unique=True),)

    payable: str = Field(primary_key=True)
    claim: str
    budget_line: str


class VoucherClaimPaymentTable(EventRow, table=True):
    """The bank has confirmed it; a payable again, in another batch, when a payment of it came back."""

    __tablename__ = "voucher_claim_payment"
    tells_of = ("payable", "payable")
    __table_args__ = (
        ForeignKeyConstraint(
            ["book", "batch", "payable"],
            ["payment_confirmation.book", "payment_confirmation.batch", "payment_confirmation.payable"],
            name="fk_voucher_claim_payment_confirmation",
            deferrable=True,
            initially="DEFERRED",
        ),
    )

    payable: str = Field(primary_key=True)
    batch: str = Field(primary_key=True)
    paid_on: date
    bank_reference: str


class VoucherRecoveryTable(EventRow, table=True):
    """What an obligation takes back of what was paid for a contract."""

    __tablename__ = "voucher_recovery"
    tells_of = ("contract", "contract")
    __table_args__ = (
        Index("ix_voucher_recovery_contract", "contract", "book"),
        Index("ix_voucher_recovery_voucher", "voucher", "book"),
        ForeignKeyConstraint(
            ["book", "obligation"],
            ["obligation.book", "obligation.number"],
            name="fk_voucher_recovery_obligation",
            deferrable=True,
            initially="DEFERRED",
        ),
    )

    obligation: str = Field(primary_key=True)
    contract: str
    voucher: str
    kind: str
    """`voucher.refund` or `voucher.claw-back`."""
    year: int = Field(sa_type=SmallInteger)
    """Of the budget that had paid."""
    amount_fen: int = fen()
    decided_on: date
    person: str


class VoucherExpiryTable(EventRow, table=True):
    """The expiry of a voucher was posted."""

    __tablename__ = "voucher_expiry"
    tells_of = ("voucher", "voucher")

    voucher: str = Field(primary_key=True)
    expired_on: date
    person: str


class VoucherClaimRefusalTable(EventRow, table=True):
    """A line of a claim that was refused for good; its contract ends with it."""

    __tablename__ = "voucher_claim_refusal"
    tells_of = ("contract", "contract")
    __table_args__ = (Index("uq_voucher_claim_refusal_contract", "contract", "book", unique=True),)

    claim: str = Field(primary_key=True)
    contract: str = Field(primary_key=True)
    reason_code: str
    """Of the declared list."""
    sentence: str
    refused_on: date
    person: str


class VoucherClaimBounceTable(EventRow, table=True):
    """A payment came back: what it paid is approved and owed again, and a budget is ready to pay it again."""

    __tablename__ = "voucher_claim_bounce"
    tells_of = ("payable", "payable")
    __table_args__ = (
        Index("uq_voucher_claim_bounce_batch", "payable", "batch", "book", unique=True),
        ForeignKeyConstraint(
            ["book", "payable", "batch"],
            ["voucher_claim_payment.book", "voucher_claim_payment.payable", "voucher_claim_payment.batch"],
            name="fk_voucher_claim_bounce_payment",
        ),
    )

    payable: str = Field(primary_key=True)
    position: int = _position()
    batch: str
    bounced_on: date
    bank_reference: str
    reason: str
    year: int = Field(sa_type=SmallInteger)
    """Of the budget that pays from now on."""
    budget_line: str
    """That pays from now on."""


TABLES: tuple[type[EventRow], ...] = (
    VoucherApplicationTable,
    VoucherApplicationStepTable,
    VoucherTable,
    VoucherContractTable,
    VoucherContractMatchTable,
    VoucherAcceptanceTable,
    VoucherAcceptancePayeeTable,
    VoucherCreditTable,
    VoucherContractEndTable,
    VoucherClaimTable,
    VoucherClaimLineTable,
    VoucherClaimStepTable,
    VoucherClaimPayableTable,
    VoucherClaimPaymentTable,
    VoucherRecoveryTable,
    VoucherExpiryTable,
    VoucherClaimRefusalTable,
    VoucherClaimBounceTable,
    *proposal_tables.TABLES,
    *opening_tables.TABLES,
)
