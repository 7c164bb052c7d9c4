"""The books as they are, read raw, and the laws of postings.md over them as plain sums."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import psycopg

MONEY = {"CNY", "CNY_BUDGETARY"}
OF_BILLS = (["fees", "open"], ["fees", "voucher"])
OPEN_FACE = {"available", "held", "redeemable", "in-claim"}


@dataclass(frozen=True, slots=True)
class Account:
    id: int
    address: str
    entity: str
    asset: str
    normal: str
    limited: bool
    debits: int
    credits: int

    @property
    def net(self) -> int:
        return self.debits - self.credits

    @property
    def parts(self) -> list[str]:
        return self.address.split(":")


@dataclass(frozen=True, slots=True)
class Picture:
    """Every balance at one moment."""

    accounts: tuple[Account, ...]
    rows: tuple[str, ...]
    """Every row of `balance` and of `day_balance`, byte for byte."""

    @property
    def standing(self) -> dict[str, int]:
        """Debits less credits of every account that holds something."""
        return {account.address: account.net for account in self.accounts if account.net}

    def of(self, head: str) -> list[Account]:
        return [account for account in self.accounts if account.parts[0] == head]


@dataclass(frozen=True, slots=True)
class Shelf:
    """One connection that only reads."""

    connection: psycopg.Connection

    def rows(self, sql: str, parameters: Mapping[str, object] | None = None) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql, parameters).fetchall()

    def picture(self) -> Picture:
        read = self.rows(
            "SELECT a.id, a.address, a.entity, a.asset, a.normal, NOT a.may_overdraw, b.debits, b.credits, b::text "
            "FROM balance b JOIN account a ON a.book = b.book AND a.id = b.account ORDER BY a.id"
        )
        days = self.rows("SELECT d::text FROM day_balance d ORDER BY account, effective_on")
        return Picture(tuple(Account(*row[:-1]) for row in read), tuple(row[-1] for row in (*read, *days)))

    def entries_of(self, command: UUID) -> list[tuple[int, str, date]]:
        return self.rows(
            "SELECT seq, template, effective_on FROM entry WHERE command = %(command)s ORDER BY seq",
            {"command": command},
        )

    def places(self, commands: Iterable[UUID]) -> dict[UUID, tuple[int, int]]:
        """Block and position of those that were decided: the order in which they happened."""
        read = self.rows(
            "SELECT id, block, position FROM command WHERE id = ANY(%(commands)s)", {"commands": list(commands)}
        )
        return {id_: (block, position) for id_, block, position in read}

    def facts(self) -> "Facts":
        vouchers = self.rows("SELECT number, scheme, year, face_fen FROM voucher")
        return Facts(
            transfers=self.rows("SELECT debit, credit, amount FROM transfer"),
            vouchers={number: (scheme, year, face) for number, scheme, year, face in vouchers},
            ended=frozenset(self.rows("SELECT scheme, year FROM voucher_year_end")),
            bills=dict(self.rows("SELECT number, gross_fen FROM fee_bill")),
            charged={
                (claim, voucher): year
                for claim, voucher, year in self.rows(
                    "SELECT DISTINCT ON (p.claim, v.number) p.claim, v.number, b.year FROM voucher_claim_bounce b "
                    "JOIN voucher_claim_payable p ON p.payable = b.payable "
                    "JOIN voucher v ON v.budget_line = p.budget_line ORDER BY p.claim, v.number, b.position DESC"
                )
            },
            claimed_twice=self.rows(
                "SELECT funding, digest FROM evidence_claim c WHERE NOT EXISTS (SELECT FROM evidence_release r "
                "WHERE r.book = c.book AND r.funding = c.funding AND r.digest = c.digest AND r.claim = c.claim) "
                "GROUP BY 1, 2 HAVING count(*) > 1"
            ),
        )


# -- the laws ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Facts:
    """What the books say beside balances."""

    transfers: list[tuple[int, int, int]]
    """Debited and credited account, amount."""
    vouchers: dict[str, tuple[str, int, int]]
    """Scheme, year and face value."""
    ended: frozenset[tuple[str, int]]
    """Budget years, by scheme, whose open rest stands in the next."""
    bills: dict[str, int]
    """Gross amount."""
    charged: dict[tuple[str, str], int]
    """By claim and voucher: the later year whose budget pays what came back."""
    claimed_twice: list[tuple[str, str]]
    """Evidence that supports several live claims of one kind of funding."""


def breaches(picture: Picture, facts: Facts) -> list[str]:
    """Where a law of postings.md does not hold."""
    return [
        *_transfers_make_the_balances(picture, facts),
        *_trial_balance(picture),
        *_vouchers(picture, facts),
        *_budgets(picture, facts),
        *_bills(picture, facts),
        *_receivable_and_payable(picture),
        *(f"evidence {piece} supports several claims" for piece in facts.claimed_twice),
    ]


def _transfers_make_the_balances(picture: Picture, facts: Facts) -> Iterator[str]:
    debits: Counter[int] = Counter()
    credits_: Counter[int] = Counter()
    for debit, credit, amount in facts.transfers:
        debits[debit] += amount
        credits_[credit] += amount
    for account in picture.accounts:
        moved = (debits.pop(account.id, 0), credits_.pop(account.id, 0))
        if moved != (account.debits, account.credits):
            yield f"{account.address} holds {account.debits}/{account.credits}, its transfers make {moved}"
    if debits or credits_:
        yield f"accounts {sorted(debits | credits_)} have transfers and no balance"


def _trial_balance(picture: Picture) -> Iterator[str]:
    """Debits are credits per entity for money and per asset over the book; no bucket is below zero."""
    sums: Counter[tuple[str, str]] = Counter()
    for account in picture.accounts:
        sums[account.asset, "the book"] += account.net
        if account.asset in MONEY:
            sums[account.asset, account.entity] += account.net
        if account.limited and (account.net if account.normal == "D" else -account.net) < 0:
            yield f"{account.address} is below zero: {account.net}"
    for key, net in sums.items():
        if net:
            yield f"{key} is out of balance by {net}"


def _vouchers(picture: Picture, facts: Facts) -> Iterator[str]:
    """Per voucher all its buckets are what was issued, and so over each scheme's year."""
    found: Counter[str] = Counter()
    year: Counter[str] = Counter()
    for account in picture.of("vouchers"):
        if account.parts[1] == "issued":
            year[":".join(account.parts[2:])] -= account.net
        else:
            found[account.parts[2]] += account.net
    for number, (scheme, issued_in, face) in facts.vouchers.items():
        year[f"{scheme}:{issued_in}"] -= face
        if found.pop(number, 0) != face:
            yield f"voucher {number} was issued over {face}, and that is not what its buckets hold"
    for key, net in (*found.items(), *year.items()):
        if net:
            yield f"{key}: {net} of face value too many"


def _budgets(picture: Picture, facts: Facts) -> Iterator[str]:
    """The budget mirrors the vouchers, and its buckets are what was appropriated and carried in."""
    face: dict[str, Counter[str]] = defaultdict(Counter)
    for account in picture.of("vouchers"):
        if account.parts[1] != "issued":
            face[_paid_from(account, facts)][account.parts[1]] += account.net
    budget: dict[str, Counter[str]] = defaultdict(Counter)
    for account in picture.of("budget"):
        budget[":".join(account.parts[2:])][account.parts[1]] += account.net
    for of in [*budget.keys(), *face.keys()]:
        expected = {
            "committed": sum(face[of][bucket] for bucket in OPEN_FACE),
            "obligated": face[of]["approved"],
            "expended": face[of]["redeemed"],
            "appropriated": -sum(fen for bucket, fen in budget[of].items() if bucket != "appropriated"),
            "carried-in": -budget[_year_before(of)]["carried-out"],
        }
        for bucket, fen in expected.items():
            if budget[of][bucket] != fen:
                yield f"budget {bucket} of {of} is {budget[of][bucket]}, and {fen} belongs there"


def _paid_from(account: Account, facts: Facts) -> str:
    """Scheme and year of the budget behind face value: the one that has paid it; its voucher's, or the one that pays
    again what came back, and where that was carried to."""
    bucket, voucher, *rest = account.parts[1:]
    scheme, year, _ = facts.vouchers[voucher]
    if bucket == "redeemed":
        return f"{scheme}:{rest[0]}"
    if bucket == "approved":
        year = facts.charged.get((rest[0], voucher), year)
    while (scheme, year) in facts.ended:
        year += 1
    return f"{scheme}:{year}"


def _year_before(of: str) -> str:
    scheme, _, year = of.rpartition(":")
    return f"{scheme}:{int(year) - 1}"


def _bills(picture: Picture, facts: Facts) -> Iterator[str]:
    """Billed is open, cash, voucher and credited, each fen in one of them."""
    heads = {account.id: account.parts for account in picture.accounts}
    left: dict[str, Counter[str]] = defaultdict(Counter)
    for debit, credit, amount in facts.transfers:
        for own, other, fen in ((credit, debit, amount), (debit, credit, -amount)):
            if heads[own][:2] in OF_BILLS:
                left[heads[own][2]][":".join(heads[other][:-1])] += fen
    standing: Counter[str] = Counter()
    for account in picture.of("fees"):
        if account.parts[:2] in OF_BILLS:
            standing[account.parts[2]] += account.net
    for bill, gross in facts.bills.items():
        went = left[bill]
        credited = gross + went.pop("fees:income", 0) + went.pop("fees:vat", 0)
        cash = went.pop("bank", 0) + went.pop("fees:owed-to-payer", 0)
        within = went.pop("fees:open", 0) + went.pop("fees:voucher", 0)
        if gross != standing[bill] + cash + credited or within or any(went.values()) or not 0 <= credited <= gross:
            yield f"bill {bill} of {gross}: {standing[bill]} stand, {cash} cash, {credited} credited, {went} elsewhere"


def _receivable_and_payable(picture: Picture) -> Iterator[str]:
    """What units expect from vouchers, and what the commission owes on each claim."""
    differs: Counter[str] = Counter()
    for account in picture.accounts:
        match account.parts:
            case ["vouchers", "approved", _, claim]:
                differs[account.entity] += account.net
                differs[claim] += account.net
            case ["vouchers", "redeemable" | "in-claim", *_]:
                differs[account.entity] += account.net
            case ["fees", "voucher", _]:
                differs[account.entity] -= account.net
            case ["payable", claim]:
                differs[claim] += account.net
    for key, net in differs.items():
        if net:
            yield f"{key}: vouchers and money differ by {net}"
