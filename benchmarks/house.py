"""The smallest books that a redemption needs: one city budget that everybody draws on, and a voucher each."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.assembly import House
from ledger.bookkeeping.open_book import OpenBook
from ledger.bookkeeping.slice import bookkeeping
from ledger.executor.commands import Aggregate, Command, Effects, Keys, State, UseCase
from ledger.executor.reading import Reader
from ledger.executor.slices import Slice
from ledger.journal.accounts import Account, AccountClass, AccountType, Normal, Side
from ledger.journal.assets import BUDGET, CNY, VOUCHER
from ledger.journal.entries import Entry, entry, move
from ledger.journal.tables import BudgetLineTable
from ledger.journal.templates import Flow, Template
from policies.kernel.policies import Policies

APPROPRIATED = AccountClass("bench:appropriated", BUDGET, AccountType.SOURCE, Normal.CREDIT, "批复", "appropriated")
AVAILABLE = AccountClass("bench:available", BUDGET, AccountType.BUCKET, Normal.DEBIT, "可用", "available", hot=True)
EXPENDED = AccountClass("bench:expended", BUDGET, AccountType.BUCKET, Normal.DEBIT, "已支出", "expended", hot=True)
ISSUED = AccountClass("bench:issued", VOUCHER, AccountType.SOURCE, Normal.CREDIT, "发放", "issued", hot=True)
HELD = AccountClass("bench:held:{voucher}", VOUCHER, AccountType.BUCKET, Normal.DEBIT, "占用", "held")
REDEEMED = AccountClass("bench:redeemed:{group}", VOUCHER, AccountType.BUCKET, Normal.DEBIT, "已兑付", "redeemed")
EXPENSE = AccountClass(
    "bench:expense", CNY, AccountType.EXPENSE, Normal.DEBIT, "费用", "expense", Side.FINANCIAL, "5001", hot=True
)
FISCAL = AccountClass(
    "bench:fiscal-income",
    CNY,
    AccountType.INCOME,
    Normal.CREDIT,
    "财政拨款收入",
    "fiscal income",
    Side.FINANCIAL,
    "4001",
    may_overdraw=True,
    hot=True,
)

LINE = "bench-line"
GROUPS = 1_000
"""Accounts that collect what is redeemed: most postings of real books meet accounts that exist."""
K = "K"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepare(Command):
    """Appropriate the budget and hold a voucher for each number."""

    kind: ClassVar[str] = "bench.prepare"
    first: int
    count: int
    fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Redeem(Command):
    """Four transfers: twice face value, the city's budget, the expense."""

    kind: ClassVar[str] = "bench.redeem"
    voucher: int
    fen: int


def prepare(c: Prepare, _s: State, _p: Policies, today: date) -> Effects:
    budget = move(c.count * c.fen * 2, debit=AVAILABLE.at(entity=K), credit=APPROPRIATED.at(entity=K), budget_line=LINE)
    vouchers = tuple(
        entry("bench.issue", today, move(c.fen * 2, debit=held(number), credit=ISSUED.at(entity=K)))
        for number in range(c.first, c.first + c.count)
    )
    line = BudgetLineTable(
        code=LINE,
        document_number="bench",
        project_code="",
        functional_class="",
        economic_class="",
        funding_source="",
        plan_stage="",
    )
    return Effects({}, (entry("bench.appropriate", today, budget), *vouchers), () if c.first else (line,))


def held(number: int) -> Account:
    return HELD.at(entity=K, owner=f"voucher:{number}", voucher=number)


def redeem(c: Redeem, _s: State, _p: Policies, today: date) -> Effects:
    return Effects({"paid_fen": c.fen}, (redemption(c.voucher, c.fen, today),))


def redemption(number: int, fen: int, today: date) -> Entry:
    redeemed = REDEEMED.at(entity=K, group=number % GROUPS)
    return entry(
        "bench.redeem",
        today,
        move(fen, debit=redeemed, credit=held(number)),
        move(fen, debit=redeemed, credit=held(number)),
        move(fen, debit=EXPENDED.at(entity=K), credit=AVAILABLE.at(entity=K), budget_line=LINE),
        move(fen, debit=EXPENSE.at(entity=K), credit=FISCAL.at(entity=K)),
    )


def _nothing(_reader: Reader, ids: Collection[str]) -> Mapping[str, None]:
    return dict.fromkeys(ids)


VOUCHERS = Aggregate("bench-voucher", _nothing)


def bench_house() -> House:
    def of_nothing(_: Prepare) -> Keys:
        return frozenset()

    def of_voucher(command: Redeem) -> Keys:
        return VOUCHERS.keys(str(command.voucher))

    bench = Slice(
        name="bench",
        use_cases=(UseCase(Prepare, of_nothing, prepare), UseCase(Redeem, of_voucher, redeem)),
        aggregates=(VOUCHERS,),
        accounts=(APPROPRIATED, AVAILABLE, EXPENDED, ISSUED, HELD, REDEEMED, EXPENSE, FISCAL),
        templates=(
            Template("bench.appropriate", "批复", "appropriate", (Flow(AVAILABLE, APPROPRIATED),)),
            Template("bench.issue", "发放", "issue", (Flow(HELD, ISSUED),)),
            Template(
                "bench.redeem",
                "兑付",
                "redeem",
                (Flow(REDEEMED, HELD), Flow(EXPENDED, AVAILABLE), Flow(EXPENSE, FISCAL)),
                frozenset({"voucher"}),
            ),
        ),
    )
    built = House((bookkeeping(lambda: built.chart), bench))
    return built


def open_year(year: int) -> OpenBook:
    return OpenBook(
        tenant=K, key="open", actor="bench", period=str(year), starts_on=date(year, 1, 1), ends_on=date(year, 12, 31)
    )
