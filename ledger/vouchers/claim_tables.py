"""Tables of the other roads of a claim."""

from datetime import date

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, SmallInteger
from sqlmodel import Field

from ledger.journal.tables import EventRow


class VoucherClaimReturnTable(EventRow, table=True):
    """Until when a claim that was sent back may be corrected; why, its step says."""

    __tablename__ = "voucher_claim_return"

    claim: str = Field(primary_key=True)
    correct_until: date


class VoucherClaimCorrectionTable(EventRow, table=True):
    """A claim that corrects one that was sent back; each is corrected once."""

    __tablename__ = "voucher_claim_correction"
    tells_of = ("claim", "corrects")
    __table_args__ = (Index("uq_voucher_claim_correction_corrects", "corrects", "book", unique=True),)

    claim: str = Field(primary_key=True)
    corrects: str
    statement: str


class VoucherClaimExpertTable(EventRow, table=True):
    """An expert whom the commission has appointed for a claim."""

    __tablename__ = "voucher_claim_expert"
    tells_of = ("claim", "claim")

    claim: str = Field(primary_key=True)
    expert: str = Field(primary_key=True)
    appointed_on: date
    person: str


class VoucherClaimOpinionTable(EventRow, table=True):
    """An expert's opinion on one line of a claim, given once."""

    __tablename__ = "voucher_claim_opinion"
    tells_of = ("claim", "claim")
    __table_args__ = (
        ForeignKeyConstraint(
            ["book", "claim", "expert"],
            ["voucher_claim_expert.book", "voucher_claim_expert.claim", "voucher_claim_expert.expert"],
            name="fk_voucher_claim_opinion_expert",
        ),
    )

    claim: str = Field(primary_key=True)
    contract: str = Field(primary_key=True)
    expert: str = Field(primary_key=True)
    supports: bool
    reason: str
    given_on: date


class VoucherClaimObjectionTable(EventRow, table=True):
    """Somebody has objected to a claim during its public notice. Who, the commission's files say."""

    __tablename__ = "voucher_claim_objection"
    tells_of = ("claim", "claim")
    __table_args__ = (Index("uq_voucher_claim_objection_file", "claim", "file_number", "book", unique=True),)

    number: str = Field(primary_key=True)
    claim: str
    file_number: str
    reason: str
    raised_on: date
    person: str


class VoucherClaimObjectionAnswerTable(EventRow, table=True):
    """An objection was upheld or dismissed."""

    __tablename__ = "voucher_claim_objection_answer"
    __table_args__ = (
        ForeignKeyConstraint(
            ["book", "objection"],
            ["voucher_claim_objection.book", "voucher_claim_objection.number"],
            name="fk_voucher_claim_objection_answer",
        ),
    )

    objection: str = Field(primary_key=True)
    upheld: bool
    reason: str
    answered_on: date
    person: str


class VoucherClaimOffsetTable(EventRow, table=True):
    """A part of a claim's line was set off against what its payee owes: it counts as paid."""

    __tablename__ = "voucher_claim_offset"
    tells_of = ("claim", "claim")
    __table_args__ = (
        Index("ix_voucher_claim_offset_claim", "claim", "book"),
        ForeignKeyConstraint(
            ["book", "payable", "position"],
            ["payable_offset.book", "payable_offset.payable", "payable_offset.position"],
            name="fk_voucher_claim_offset_payable",
            deferrable=True,
            initially="DEFERRED",
        ),
    )

    payable: str = Field(primary_key=True)
    position: int = Field(primary_key=True, sa_type=SmallInteger, sa_column_kwargs={"autoincrement": False})
    """Of the payable's offset."""
    contract: str = Field(primary_key=True)
    claim: str
    year: int = Field(sa_type=SmallInteger)
    """Of the budget that bears it."""
    budget_line: str
    amount_fen: int = Field(sa_type=BigInteger)
    obligation: str
    set_off_on: date


CLAIM_TABLES: tuple[type[EventRow], ...] = (
    VoucherClaimReturnTable,
    VoucherClaimCorrectionTable,
    VoucherClaimExpertTable,
    VoucherClaimOpinionTable,
    VoucherClaimObjectionTable,
    VoucherClaimObjectionAnswerTable,
    VoucherClaimOffsetTable,
)
