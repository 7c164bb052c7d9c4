"""Tables of what takes two people of the commission: what was proposed, and what became of vouchers by it."""

from datetime import date
from typing import Any

from sqlalchemy import Column, ForeignKeyConstraint, Index, SmallInteger
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from ledger.journal.tables import EventRow


class VoucherProposalTable(EventRow, table=True):
    """A change of a voucher's or a holder's rights as proposed, exactly as the second person is shown it."""

    __tablename__ = "voucher_proposal"
    tells_of = ("proposal", "number")
    __table_args__ = (Index("ix_voucher_proposal_voucher", "voucher", "book"),)

    number: str = Field(primary_key=True)
    kind: str
    """Kind of subject under which it is approved."""
    operator: str
    holder: str
    voucher: str | None = None
    content: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    maker: str
    proposed_on: date


class VoucherProposalEndTable(EventRow, table=True):
    """The second person has signed, or refused."""

    __tablename__ = "voucher_proposal_end"
    tells_of = ("proposal", "proposal")

    proposal: str = Field(primary_key=True)
    outcome: str
    ended_on: date
    person: str
    reason: str


class VoucherRevocationTable(EventRow, table=True):
    """A voucher was revoked, once, after the time for an appeal."""

    __tablename__ = "voucher_revocation"
    tells_of = ("voucher", "voucher")

    voucher: str = Field(primary_key=True)
    proposal: str
    ground: str
    decision_number: str
    reason: str
    decided_on: date
    appeal_until: date
    revoked_on: date
    person: str


class VoucherExtensionTable(EventRow, table=True):
    """A voucher was given a later last day."""

    __tablename__ = "voucher_extension"
    tells_of = ("voucher", "voucher")
    __table_args__ = (
        Index("uq_voucher_extension_expires_on", "voucher", "position", "expires_on", "book", unique=True),
    )

    voucher: str = Field(primary_key=True)
    position: int = Field(primary_key=True, sa_type=SmallInteger, sa_column_kwargs={"autoincrement": False})
    proposal: str
    months: int = Field(sa_type=SmallInteger)
    extends: date
    """Its last day before."""
    expires_on: date
    extended_on: date
    reason: str
    citation: str
    person: str


class VoucherHoldExtensionTable(EventRow, table=True):
    """A hold that its voucher had cut short holds longer. The voucher's last day stands beside it for a CHECK."""

    __tablename__ = "voucher_hold_extension"
    tells_of = ("contract", "contract")
    __table_args__ = (
        ForeignKeyConstraint(
            ["voucher", "position", "expires_on", "book"],
            [
                "voucher_extension.voucher",
                "voucher_extension.position",
                "voucher_extension.expires_on",
                "voucher_extension.book",
            ],
            name="fk_voucher_hold_extension",
        ),
    )

    contract: str = Field(primary_key=True)
    position: int = Field(primary_key=True, sa_type=SmallInteger, sa_column_kwargs={"autoincrement": False})
    voucher: str
    expires_on: date
    hold_until: date


TABLES: tuple[type[EventRow], ...] = (
    VoucherProposalTable,
    VoucherProposalEndTable,
    VoucherRevocationTable,
    VoucherExtensionTable,
    VoucherHoldExtensionTable,
)
