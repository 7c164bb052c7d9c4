"""Accounts and the classes they are opened from: a line of the chart, and one of its addresses.  (pure)"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from string import Formatter

from ledger.journal.assets import Asset, AssetFamily

_PART = re.compile(r"[0-9A-Za-z\u4e00-\u9fff._-]{1,64}")


class Side(StrEnum):
    """Which set of accounts of a party an account belongs to; transfers between sides do not exist for money."""

    FINANCIAL = "financial"
    BUDGETARY = "budgetary"
    CONTROL = "control"


class AccountType(StrEnum):
    ASSET = "asset"
    LIABILITY = "liability"
    NET_ASSETS = "net-assets"
    INCOME = "income"
    EXPENSE = "expense"
    BUDGET_INCOME = "budget-income"
    BUDGET_EXPENSE = "budget-expense"
    BUDGET_BALANCE = "budget-balance"
    SOURCE = "source"
    """Where a controlled quantity comes from: appropriated authority, issued face value."""
    BUCKET = "bucket"
    """Where a controlled quantity stands now."""


class Normal(StrEnum):
    """The side on which an account grows."""

    DEBIT = "D"
    CREDIT = "C"


@dataclass(frozen=True, eq=False)
class AccountClass:
    """One line of the chart of accounts.

    `pattern` is the address with its parts, e.g. `vouchers:held:{voucher}:{contract}`.
    """

    pattern: str
    asset: Asset | AssetFamily
    type: AccountType
    normal: Normal
    name_zh: str
    name_en: str
    side: Side = Side.CONTROL
    government_code: str | None = None
    """Code of the government accounting system (政府会计制度) where one exists, e.g. `5001`."""
    may_overdraw: bool = False
    """False: the balance never falls below zero on its normal side, by CHECK in the database."""
    hot: bool = False
    """True: sums per effective day are kept, because millions of lines meet here."""

    @cached_property
    def parts(self) -> tuple[str, ...]:
        return tuple(name for _, name, _, _ in Formatter().parse(self.pattern) if name)

    @cached_property
    def address_shape(self) -> re.Pattern[str]:
        """Matches the addresses of this class and captures their parts."""
        pieces = re.split(r"(\{\w+\})", self.pattern)
        return re.compile("".join(f"(?P<{p[1:-1]}>[^:]+)" if p.startswith("{") else re.escape(p) for p in pieces))

    def asset_at(self, parts: Mapping[str, str]) -> Asset:
        """What an account of this class holds, given the parts of its address."""
        return self.asset if isinstance(self.asset, Asset) else self.asset.of(parts[self.asset.part])

    def at(self, *, entity: str, owner: str = "", **parts: str | int) -> "Account":
        """The account of this class at these parts."""
        words = {name: str(part) for name, part in parts.items()}
        if set(words) != set(self.parts):
            raise ValueError(f"{self.pattern} takes {self.parts}, not {sorted(words)}")
        for name, word in words.items():
            if not _PART.fullmatch(word):
                raise ValueError(f"{word!r} cannot stand as {name} in an address")
        return Account(self, self.pattern.format_map(words), entity, owner, words)


@dataclass(frozen=True, slots=True)
class Account:
    """An account as a posting names it; the journal opens it when it is first used."""

    of: AccountClass = field(repr=False, compare=False)
    address: str
    entity: str = field(compare=False)
    """Whose books it stands in: the party's code."""
    owner: str = field(compare=False)
    """What it belongs to, for finding all accounts of one thing: `voucher:V-…`, `bill:B-…`; may be empty."""
    parts: Mapping[str, str] = field(repr=False, compare=False)

    @property
    def asset(self) -> Asset:
        return self.of.asset_at(self.parts)


class Chart:
    """All account classes of the house, by pattern."""

    def __init__(self, *groups: tuple[AccountClass, ...]) -> None:
        classes = [line for group in groups for line in group]
        self.classes = {line.pattern: line for line in classes}
        if len(self.classes) != len(classes):
            raise ValueError("two account classes share one pattern")

    def class_of(self, address: str) -> AccountClass | None:
        """The class an address belongs to, or None when the chart has no such line."""
        return next((line for line in self.classes.values() if line.address_shape.fullmatch(address)), None)
