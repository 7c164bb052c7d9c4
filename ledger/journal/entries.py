"""Entries of transfers: what cannot be out of balance.  (pure)"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from uuid import UUID

from ledger.amounts import AMOUNT_MAX, is_whole
from ledger.journal.accounts import Account
from ledger.journal.assets import AssetKind


@dataclass(frozen=True, slots=True)
class Transfer:
    """One positive whole amount of one asset, credited to one account and debited to another."""

    debit: Account
    credit: Account
    amount: int
    budget_line: str | None = None
    """Code of the budget line; given on every transfer of budget authority, and on no other."""

    def __post_init__(self) -> None:
        if not is_whole(self.amount) or not 0 < self.amount <= AMOUNT_MAX:
            raise ValueError(f"a transfer moves 1 to {AMOUNT_MAX} whole units, not {self.amount!r}")
        if self.debit.address == self.credit.address:
            raise ValueError(f"{self.debit.address} cannot be debited and credited by one transfer")
        asset, other = self.debit.asset, self.credit.asset
        if asset is not other and asset != other:
            raise ValueError(f"{self.debit.address} and {self.credit.address} hold different assets")
        if asset.stays_within_one_entity and self.debit.entity != self.credit.entity:
            raise ValueError(f"{asset.code} does not pass between {self.debit.entity} and {self.credit.entity}")
        if self.debit.of.side is not self.credit.of.side:
            raise ValueError(f"{self.debit.address} and {self.credit.address} stand on different sides")
        if (self.budget_line is not None) is not (asset.kind is AssetKind.AUTHORITY):
            raise ValueError(f"a budget line goes with authority and nothing else, not with {asset.code}")

    @property
    def reversed(self) -> "Transfer":
        return replace(self, debit=self.credit, credit=self.debit)


def move(amount: int, *, debit: Account, credit: Account, budget_line: str | None = None) -> tuple[Transfer, ...]:
    """One transfer, or none when there is nothing to move: a zero line is left out."""
    return (Transfer(debit, credit, amount, budget_line),) if amount else ()


@dataclass(frozen=True, slots=True)
class Backdating:
    """What makes an entry with an earlier legal date acceptable."""

    reason: str
    second_person: str
    """A natural person other than the one who enters."""


@dataclass(frozen=True, slots=True)
class Entry:
    """记账凭证: transfers that stand or fall together, under one declared template."""

    template: str
    effective_on: date
    transfers: tuple[Transfer, ...]
    citation: str = ""
    """The article it rests on, as `source#article`."""
    calculation: UUID | None = None
    """The stored calculation that gave its amount."""
    evidence_hash: bytes | None = None
    reverses: int | None = None
    """`seq` of the entry this one takes back."""
    backdating: Backdating | None = None
    memo: str = ""

    def __post_init__(self) -> None:
        if not self.transfers:
            raise ValueError(f"{self.template}: an entry without a transfer says nothing")


def entry(template: str, effective_on: date, *moves: Sequence[Transfer], citation: str = "", **more: object) -> Entry:
    """An entry from moves, some of which may have moved nothing."""
    return Entry(template, effective_on, tuple(t for group in moves for t in group), citation, **more)  # type: ignore[arg-type]  # fields by name


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line: what one account is debited or credited in one entry, added up."""

    address: str
    asset: str
    debit: int
    credit: int


def lines(transfers: Iterable[tuple[str, str, str, int]]) -> list[Line]:
    """Debit and credit lines of one entry from its (debit, credit, asset, amount) transfers.

    One line per account and side, added up; per asset debits come first.
    """
    legs = sorted(
        leg
        for debit, credit, asset, amount in transfers
        for leg in ((asset, "D", debit, amount), (asset, "C", credit, amount))
    )
    found = []
    for (asset, side, address), group in groupby(
        sorted(legs, key=lambda leg: (leg[0], leg[1] == "C", leg[2])), key=lambda leg: leg[:3]
    ):
        total = sum(leg[3] for leg in group)
        found.append(Line(address, asset, total if side == "D" else 0, total if side == "C" else 0))
    return found
