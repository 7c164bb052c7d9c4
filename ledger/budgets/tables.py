"""Event rows of budget letters and of the ends of budget years.

Their names in the store are from when vouchers alone had a budget. The names of attested tables are in the leaves of
every book, so they stay (decision 0030).
"""

from datetime import date

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, SmallInteger
from sqlmodel import Field

from ledger.journal.tables import EventRow


class AppropriationTable(EventRow, table=True):
    """A budget letter as proposed. A letter that was refused may be proposed again, as the next attempt."""

    __tablename__ = "voucher_appropriation"
    tells_of = ("appropriation", "number")
    __table_args__ = (
        Index("uq_voucher_appropriation_letter", "letter_number", "attempt", "year", "scheme", "book", unique=True),
    )

    number: str = Field(primary_key=True)
    scheme: str
    year: int = Field(sa_type=SmallInteger)
    operator: str
    nature: str
    letter_number: str
    attempt: int = Field(sa_type=SmallInteger)
    budget_line: str
    """Its own number; of a cut, the line that is cut."""
    amount_fen: int = Field(sa_type=BigInteger)
    project_code: str
    functional_class: str
    economic_class: str
    funding_source: str
    plan_stage: str
    maker: str
    proposed_on: date


class AppropriationEndTable(EventRow, table=True):
    """The second person has signed, or refused."""

    __tablename__ = "voucher_appropriation_end"
    tells_of = ("appropriation", "appropriation")

    appropriation: str = Field(primary_key=True)
    outcome: str
    ended_on: date
    person: str
    reason: str


class YearEndProposalTable(EventRow, table=True):
    """The end of a budget year as proposed: what lapses and what is carried over. The latest version counts."""

    __tablename__ = "voucher_year_end_proposal"

    scheme: str = Field(primary_key=True)
    year: int = Field(primary_key=True, sa_type=SmallInteger, sa_column_kwargs={"autoincrement": False})
    version: int = Field(primary_key=True, sa_type=SmallInteger, sa_column_kwargs={"autoincrement": False})
    operator: str
    document_number: str
    """Of the finance document that carries over; empty where nothing is carried."""
    lapsed_fen: int = Field(sa_type=BigInteger)
    carried_fen: int = Field(sa_type=BigInteger)
    maker: str
    proposed_on: date


class YearEndTable(EventRow, table=True):
    """A budget year was ended: what was open of it stands in the next year's budget from here on."""

    __tablename__ = "voucher_year_end"
    __table_args__ = (
        ForeignKeyConstraint(
            ["scheme", "year", "version", "book"],
            [
                "voucher_year_end_proposal.scheme",
                "voucher_year_end_proposal.year",
                "voucher_year_end_proposal.version",
                "voucher_year_end_proposal.book",
            ],
            name="fk_voucher_year_end_proposal",
        ),
    )

    scheme: str = Field(primary_key=True)
    year: int = Field(primary_key=True, sa_type=SmallInteger, sa_column_kwargs={"autoincrement": False})
    version: int = Field(sa_type=SmallInteger)
    operator: str
    ended_on: date
    person: str


TABLES: tuple[type[EventRow], ...] = (AppropriationTable, AppropriationEndTable, YearEndProposalTable, YearEndTable)
