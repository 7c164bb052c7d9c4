"""The tables of the journal. Hand-written migrations make them; these classes name their columns for queries.

Attested tables are insert-only for everybody but their owner, and every column of theirs is in a leaf or in a block.
`book`, `balance` and `day_balance` are not attested: `verify` recomputes them.
"""

from datetime import date, datetime
from functools import cache
from typing import Any, ClassVar
from uuid import UUID

from pydantic_core import PydanticUndefined
from sqlalchemy import BigInteger, Column, Index, SmallInteger, Table, text
from sqlalchemy.dialects.postgresql import BYTEA, JSONB
from sqlmodel import Field, SQLModel


class EventRow(SQLModel):
    """A row that a command writes once: attested, never updated, never deleted.

    The journal fills in `book` and `command`; everything else is the slice's.
    """

    __table_args__: ClassVar[Any] = ()
    tells_of: ClassVar[tuple[str, str] | None] = None
    """What a row tells of in the feed of changes: a kind of thing, and the column that names it. None: of nothing."""

    book: int = Field(default=0, primary_key=True, sa_type=SmallInteger, sa_column_kwargs={"autoincrement": False})
    command: UUID | None = Field(default=None, nullable=False, index=True)
    """The command that wrote it."""

    def __init__(self, **values: object) -> None:
        """A row with these columns, as they are: the journal writes it, and no session ever tracks it.

        The class's own way sets each column through three libraries that watch for changes. Here nothing changes.

        Raises:
            TypeError: a column is missing, or there is none of that name.
        """
        fields, defaults = _columns(type(self))
        if not values.keys() <= fields or not fields <= values.keys() | defaults.keys():
            wrong = sorted((values.keys() - fields) | (fields - values.keys() - defaults.keys()))
            raise TypeError(f"{type(self).__name__}: {', '.join(wrong)}")
        self.__dict__.update(defaults)
        self.__dict__.update(values)


@cache
def _columns(row: type[EventRow]) -> tuple[frozenset[str], dict[str, object]]:
    """Names of all columns, and the defaults of those that have one; asked when the first row of a class is made.

    Mapping a class wraps its `__init__` in bookkeeping for a session, two thirds of the cost of a row. No session ever
    has these rows, so from the second row on the class has its plain one back.
    """
    row.__init__ = EventRow.__init__  # type: ignore[method-assign]
    fields = row.model_fields
    return frozenset(fields), {name: f.default for name, f in fields.items() if f.default is not PydanticUndefined}


def table_of(row: type[SQLModel]) -> Table:
    """The table behind a class of rows."""
    table: Table = row.__table__  # type: ignore[attr-defined]  # every table class has one
    return table


def table_name(row: type[SQLModel]) -> str:
    return table_of(row).name


class BookTable(SQLModel, table=True):
    """One set of books and its head: the last of all locks."""

    __tablename__ = "book"

    id: int = Field(primary_key=True, sa_type=SmallInteger, sa_column_kwargs={"autoincrement": False})
    code: str = Field(unique=True)
    name: str
    last_seq: int = Field(default=0, sa_type=BigInteger)
    last_block: int = Field(default=0, sa_type=BigInteger)
    last_hash: bytes = Field(sa_type=BYTEA)
    last_recorded_at: datetime
    generation: int = Field(default=0, sa_type=BigInteger)
    """Grows with every step of a period, closing of an account and reversal, so that a batch notices what moved."""


class AssetTable(EventRow, table=True):
    __tablename__ = "asset"

    code: str = Field(primary_key=True)
    kind: str
    scale: int = Field(sa_type=SmallInteger)
    name_zh: str
    name_en: str


class AccountTable(EventRow, table=True):
    __tablename__ = "account"
    __table_args__ = (
        Index("uq_account_address", "address", "book", unique=True),
        Index("ix_account_owner", "owner", "book"),
    )

    id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    address: str
    entity: str
    side: str
    type: str
    normal: str
    asset: str
    owner: str
    government_code: str | None = None
    may_overdraw: bool
    hot: bool
    opened_on: date


class AccountClosingTable(EventRow, table=True):
    """An account is closed by a row of its own, never by an edit."""

    __tablename__ = "account_closing"

    account: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    closed_on: date
    reason: str


class BalanceTable(SQLModel, table=True):
    """Debits and credits of each account, changed only together with transfers."""

    __tablename__ = "balance"

    book: int = Field(primary_key=True, sa_type=SmallInteger, sa_column_kwargs={"autoincrement": False})
    account: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    debits: int = Field(default=0, sa_type=BigInteger)
    credits: int = Field(default=0, sa_type=BigInteger)
    version: int = Field(default=0, sa_type=BigInteger)
    floor: str | None = None
    """`D`: debits never below credits; `C`: the other way round; none: free."""


class DayBalanceTable(SQLModel, table=True):
    """Sums per effective day, for accounts declared hot."""

    __tablename__ = "day_balance"

    book: int = Field(primary_key=True, sa_type=SmallInteger, sa_column_kwargs={"autoincrement": False})
    account: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    effective_on: date = Field(primary_key=True)
    debits: int = Field(default=0, sa_type=BigInteger)
    credits: int = Field(default=0, sa_type=BigInteger)


class BudgetLineTable(EventRow, table=True):
    """What every transfer of budget authority carries: where the money comes from and what it is for."""

    __tablename__ = "budget_line"

    code: str = Field(primary_key=True)
    document_number: str
    """指标文号"""
    project_code: str
    functional_class: str
    economic_class: str
    funding_source: str
    plan_stage: str
    """用款计划"""


class CommandTable(SQLModel, table=True):
    """Every command that was decided, with its answer; kept for ever."""

    __tablename__ = "command"
    __table_args__ = (
        Index("uq_command_key", "key", "tenant", "book", unique=True),
        Index("uq_command_block_position", "block", "position", "book", unique=True),
    )

    book: int = Field(primary_key=True, sa_type=SmallInteger, sa_column_kwargs={"autoincrement": False})
    id: UUID = Field(primary_key=True)
    tenant: str
    key: str
    kind: str
    actor: str
    request: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    status: str
    answer: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    block: int = Field(sa_type=BigInteger)
    position: int


class EntryTable(SQLModel, table=True):
    """记账凭证. The time it was recorded is its block's."""

    __tablename__ = "entry"
    __table_args__ = (
        Index("uq_entry_id", "id", "book", unique=True),
        Index("ix_entry_command", "command", "book"),
        Index("ix_entry_calculation", "calculation", "book", postgresql_where=text("calculation IS NOT NULL")),
        Index("uq_entry_reverses", "reverses", "book", unique=True, postgresql_where=text("reverses IS NOT NULL")),
    )

    book: int = Field(primary_key=True, sa_type=SmallInteger, sa_column_kwargs={"autoincrement": False})
    seq: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    id: UUID
    command: UUID
    position: int
    template: str
    effective_on: date
    actor: str
    citation: str
    calculation: UUID | None = None
    evidence_hash: bytes | None = Field(default=None, sa_type=BYTEA)
    reverses: int | None = Field(default=None, sa_type=BigInteger)
    reason: str | None = None
    second_person: str | None = None
    memo: str


class TransferTable(SQLModel, table=True):
    __tablename__ = "transfer"
    __table_args__ = (
        Index("ix_transfer_debit_seq", "debit", "seq"),
        Index("ix_transfer_credit_seq", "credit", "seq"),
    )

    book: int = Field(primary_key=True, sa_type=SmallInteger, sa_column_kwargs={"autoincrement": False})
    seq: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    line: int = Field(primary_key=True, sa_type=SmallInteger, sa_column_kwargs={"autoincrement": False})
    debit: int = Field(sa_type=BigInteger)
    credit: int = Field(sa_type=BigInteger)
    asset: str
    amount: int = Field(sa_type=BigInteger)
    budget_line: str | None = None


class BlockTable(SQLModel, table=True):
    """The commands committed together: one link of the chain."""

    __tablename__ = "block"

    book: int = Field(primary_key=True, sa_type=SmallInteger, sa_column_kwargs={"autoincrement": False})
    number: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    first_seq: int = Field(sa_type=BigInteger)
    last_seq: int = Field(sa_type=BigInteger)
    leaves: int
    recorded_at: datetime
    merkle_root: bytes = Field(sa_type=BYTEA)
    previous_hash: bytes = Field(sa_type=BYTEA)
    hash: bytes = Field(sa_type=BYTEA)
    hash_version: int = Field(sa_type=SmallInteger)


class PeriodTable(EventRow, table=True):
    """A stretch of legal dates that is closed as one."""

    __tablename__ = "period"

    code: str = Field(primary_key=True)
    starts_on: date
    ends_on: date


class PeriodStepTable(EventRow, table=True):
    """Open, adjusting, closed: each step a row, one way only."""

    __tablename__ = "period_step"

    period: str = Field(primary_key=True)
    status: str = Field(primary_key=True)
    first_signature: str
    second_signature: str
    trial_balance_hash: bytes | None = Field(default=None, sa_type=BYTEA)
    """Of the balances stored at the close."""


class PeriodBalanceTable(EventRow, table=True):
    """What stood on each account at the end of a closed period."""

    __tablename__ = "period_balance"

    period: str = Field(primary_key=True)
    account: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    debits: int = Field(sa_type=BigInteger)
    credits: int = Field(sa_type=BigInteger)


class CalculationTable(EventRow, table=True):
    """A computed amount with its facts, its rules' version and its derivation."""

    __tablename__ = "calculation"

    id: UUID = Field(primary_key=True)
    policy: str
    fact_on: date
    known_on: date
    version: str
    synthetic: bool
    facts: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    result: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    derivation: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    derivation_hash: bytes = Field(sa_type=BYTEA)


ATTESTED: tuple[type[EventRow], ...] = (
    AssetTable,
    AccountTable,
    AccountClosingTable,
    BudgetLineTable,
    PeriodTable,
    PeriodStepTable,
    PeriodBalanceTable,
    CalculationTable,
)
"""The journal's own event rows; slices add theirs."""
