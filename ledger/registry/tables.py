"""Tables of what was registered and declared.

What changes is a row per `step`; the row with the highest step of its kind counts. The unique key over the step is the
second wall behind the locks: two changes at once cannot both be the third.
"""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, SmallInteger
from sqlmodel import Field

from ledger.journal.tables import EventRow
from ledger.registry import agencies, certificates, flags


def _step() -> Any:  # noqa: ANN401  a column
    return Field(primary_key=True, sa_type=SmallInteger, sa_column_kwargs={"autoincrement": False})


class PartyTable(EventRow, table=True):
    __tablename__ = "party"
    tells_of = ("party", "code")
    __table_args__ = (Index("ix_party_book_body", "body", "book"),)

    code: str = Field(primary_key=True)
    kind: str
    name: str
    body: str | None = None
    registered_on: date


class PartyCancellationTable(EventRow, table=True):
    __tablename__ = "party_cancellation"
    tells_of = ("party", "party")

    party: str = Field(primary_key=True)
    cancelled_on: date
    reason: str


class PartySizeTable(EventRow, table=True):
    __tablename__ = "party_size"
    tells_of = ("party", "party")

    party: str = Field(primary_key=True)
    step: int = _step()
    size: str
    declared_on: date
    calculation: UUID


class PartyControllerTable(EventRow, table=True):
    __tablename__ = "party_controller"
    tells_of = ("party", "party")
    __table_args__ = (Index("ix_party_controller_book_controller", "controller", "book"),)

    party: str = Field(primary_key=True)
    step: int = _step()
    controller: str | None = None
    """None: it is declared that nobody controls it."""
    declared_on: date


class PartyRelationTable(EventRow, table=True):
    """Two related parties, the lower code first."""

    __tablename__ = "party_relation"
    tells_of = ("party", "party")
    __table_args__ = (Index("ix_party_relation_book_other", "other", "book"),)

    party: str = Field(primary_key=True)
    other: str = Field(primary_key=True)
    step: int = _step()
    stands: bool
    ground: str
    declared_on: date


class PartyAccountTable(EventRow, table=True):
    __tablename__ = "party_account"
    tells_of = ("party", "party")

    party: str = Field(primary_key=True)
    step: int = _step()
    account_name: str
    bank: str
    number: str
    cnaps: str
    since: date
    maker: str
    second_person: str


class PersonTable(EventRow, table=True):
    """A natural person. The name is no column: it is a personal field of the command that registered it."""

    __tablename__ = "person"

    code: str = Field(primary_key=True)
    registered_on: date


class PersonRoleTable(EventRow, table=True):
    __tablename__ = "person_role"
    tells_of = ("person", "person")

    person: str = Field(primary_key=True)
    organisation: str = Field(primary_key=True)
    role: str = Field(primary_key=True)
    step: int = _step()
    holds: bool
    since: date
    granted_by: str


class PersonMandateTable(EventRow, table=True):
    __tablename__ = "person_mandate"
    tells_of = ("person", "person")

    person: str = Field(primary_key=True)
    acts_for: str = Field(primary_key=True)
    step: int = _step()
    holds: bool
    since: date


class InstrumentTable(EventRow, table=True):
    __tablename__ = "instrument"
    tells_of = ("instrument", "code")
    __table_args__ = (Index("uq_instrument_book_unit_asset_number", "unit", "asset_number", "book", unique=True),)

    code: str = Field(primary_key=True)
    unit: str
    name: str
    category: str
    asset_number: str
    original_value_fen: int = Field(sa_type=BigInteger)
    registered_on: date


class TariffTable(EventRow, table=True):
    __tablename__ = "tariff"
    tells_of = ("instrument", "instrument")

    instrument: str = Field(primary_key=True)
    charge_unit: str = Field(primary_key=True)
    user_class: str = Field(primary_key=True)
    effective_from: date = Field(primary_key=True)
    step: int = _step()
    price_fen: int = Field(sa_type=BigInteger)
    set_on: date


class CalendarDayTable(EventRow, table=True):
    __tablename__ = "calendar_day"

    day: date = Field(primary_key=True)
    step: int = _step()
    works: bool
    notice: str
    """Number of the notice it comes from."""


class CalendarYearTable(EventRow, table=True):
    """A year whose notice is entered completely: a term that runs into it is no longer provisional."""

    __tablename__ = "calendar_year"

    year: int = Field(primary_key=True, sa_type=SmallInteger, sa_column_kwargs={"autoincrement": False})
    notice: str


TABLES: tuple[type[EventRow], ...] = (
    PartyTable,
    PartyCancellationTable,
    PartySizeTable,
    PartyControllerTable,
    PartyRelationTable,
    PartyAccountTable,
    PersonTable,
    PersonRoleTable,
    PersonMandateTable,
    InstrumentTable,
    TariffTable,
    CalendarDayTable,
    CalendarYearTable,
    *flags.TABLES,
    *certificates.TABLES,
    *agencies.TABLES,
)
