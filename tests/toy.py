"""A small slice for tests of the journal and the executor: a fund pays grants into purses; purses hold, spend, give back.

Its only law is that of any books. `Explode` is a bug on purpose: a decision that fails.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import ClassVar

from ledger.assembly import House
from ledger.bookkeeping.open_book import OpenBook
from ledger.bookkeeping.slice import bookkeeping
from ledger.errors import Refused
from ledger.executor.clock import SimulatedClock
from ledger.executor.commands import Aggregate, Command, Effects, Keys, State, UseCase
from ledger.executor.reading import Reader
from ledger.executor.slices import Slice
from ledger.journal.accounts import Account, AccountClass, AccountType, Normal, Side
from ledger.journal.assets import CNY, VOUCHER
from ledger.journal.entries import Backdating, entry, move
from ledger.journal.templates import Flow, Template
from policies.kernel.policies import Policies

SOURCE = AccountClass("toy:source", VOUCHER, AccountType.SOURCE, Normal.CREDIT, "来源", "source")
FUND = AccountClass("toy:fund", VOUCHER, AccountType.BUCKET, Normal.DEBIT, "基金", "fund", hot=True)
PURSE = AccountClass("toy:purse:{purse}", VOUCHER, AccountType.BUCKET, Normal.DEBIT, "钱包", "purse")
HELD = AccountClass("toy:held:{purse}", VOUCHER, AccountType.BUCKET, Normal.DEBIT, "占用", "held")
SPENT = AccountClass("toy:spent", VOUCHER, AccountType.BUCKET, Normal.DEBIT, "已用", "spent", hot=True)
BANK = AccountClass(
    "toy:bank:{party}", CNY, AccountType.ASSET, Normal.DEBIT, "银行存款", "bank", Side.FINANCIAL, "1002", may_overdraw=True
)
INCOME = AccountClass(
    "toy:income:{party}", CNY, AccountType.INCOME, Normal.CREDIT, "收入", "income", Side.FINANCIAL, "4101", may_overdraw=True
)

K, U = "K", "U"
TEMPLATES = (
    Template("toy.fund", "拨入", "fund", (Flow(FUND, SOURCE),)),
    Template("toy.grant", "发放", "grant", (Flow(PURSE, FUND),)),
    Template("toy.hold", "占用", "hold", (Flow(HELD, PURSE),), frozenset({"purse"})),
    Template("toy.release", "释放", "release", (Flow(PURSE, HELD),), frozenset({"purse"})),
    Template("toy.spend", "使用", "spend", (Flow(SPENT, HELD), Flow(PURSE, HELD), Flow(BANK, INCOME)), frozenset({"purse"})),
)


def source() -> Account:
    return SOURCE.at(entity=K)


def fund() -> Account:
    return FUND.at(entity=K)


def purse(name: str) -> Account:
    return PURSE.at(entity=K, owner=f"purse:{name}", purse=name)


def held(name: str) -> Account:
    return HELD.at(entity=K, owner=f"purse:{name}", purse=name)


@dataclass(frozen=True, slots=True)
class Purse:
    available: int
    held: int


def load_purses(reader: Reader, ids: Collection[str]) -> Mapping[str, Purse]:
    rows = reader.rows(
        "SELECT a.address, b.debits - b.credits FROM account a JOIN balance b ON b.book = a.book AND b.account = a.id "
        "WHERE a.book = %s AND a.owner = ANY(%s)",
        reader.book,
        [f"purse:{id_}" for id_ in ids],
    )
    standing = dict(rows)
    return {id_: Purse(standing.get(f"toy:purse:{id_}", 0), standing.get(f"toy:held:{id_}", 0)) for id_ in ids}


PURSES = Aggregate[Purse]("purse", load_purses, what="钱包/purse")


class NothingHeld(Refused):
    zh = "钱包 {purse} 只占用了 {held}，不能使用 {wanted}。"
    en = "Purse {purse} holds {held}; {wanted} cannot be spent."


@dataclass(frozen=True, slots=True, kw_only=True)
class Fund(Command):
    kind: ClassVar[str] = "toy.fund"
    amount: int
    effective_on: date | None = None
    second_person: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant(Command):
    kind: ClassVar[str] = "toy.grant"
    purse: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold(Command):
    kind: ClassVar[str] = "toy.hold"
    purse: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Spend(Command):
    """Uses part of what is held; the rest goes back."""

    kind: ClassVar[str] = "toy.spend"
    purse: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Introduce(Command):
    """Carries a person's name."""

    kind: ClassVar[str] = "toy.introduce"
    personal: ClassVar[frozenset[str]] = frozenset({"name"})
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Explode(Command):
    kind: ClassVar[str] = "toy.explode"


def decide_fund(c: Fund, _s: State, _p: Policies, today: date) -> Effects:
    dated = Backdating("late letter", c.second_person) if c.effective_on else None
    moved = move(c.amount, debit=fund(), credit=source())
    return Effects({"funded": c.amount}, (entry("toy.fund", c.effective_on or today, moved, backdating=dated),))


def decide_grant(c: Grant, _s: State, _p: Policies, today: date) -> Effects:
    moved = move(c.amount, debit=purse(c.purse), credit=fund())
    return Effects({"grant": c.number("G")}, (entry("toy.grant", today, moved),))


def decide_hold(c: Hold, _s: State, _p: Policies, today: date) -> Effects:
    return Effects({}, (entry("toy.hold", today, move(c.amount, debit=held(c.purse), credit=purse(c.purse))),))


def decide_spend(c: Spend, state: State, _p: Policies, today: date) -> Effects:
    standing = state.one(PURSES, c.purse)
    if c.amount > standing.held:
        raise NothingHeld(purse=c.purse, held=standing.held, wanted=c.amount)
    spent = entry(
        "toy.spend",
        today,
        move(c.amount, debit=SPENT.at(entity=K), credit=held(c.purse)),
        move(standing.held - c.amount, debit=purse(c.purse), credit=held(c.purse)),
        move(c.amount, debit=BANK.at(entity=U, party=U), credit=INCOME.at(entity=U, party=U)),
    )
    return Effects({"left": standing.available + standing.held - c.amount}, (spent,))


def decide_introduce(_c: Introduce, _s: State, _p: Policies, _t: date) -> Effects:
    return Effects({"hello": True})


def decide_explode(_c: Explode, _s: State, _p: Policies, _t: date) -> Effects:
    raise ZeroDivisionError("on purpose")


def none(_: Command) -> Keys:
    return frozenset()


def of_purse(command: Grant | Hold | Spend) -> Keys:
    return PURSES.keys(command.purse)


TOY = Slice(
    name="toy",
    use_cases=(
        UseCase(Fund, none, decide_fund),
        UseCase(Grant, of_purse, decide_grant),
        UseCase(Hold, of_purse, decide_hold),
        UseCase(Spend, of_purse, decide_spend),
        UseCase(Introduce, none, decide_introduce),
        UseCase(Explode, none, decide_explode),
    ),
    aggregates=(PURSES,),
    accounts=(SOURCE, FUND, PURSE, HELD, SPENT, BANK, INCOME),
    templates=TEMPLATES,
)


def toy_house() -> House:
    built = House((bookkeeping(lambda: built.chart), TOY))
    return built


def a_year(year: int = 2017) -> OpenBook:
    return OpenBook(
        tenant="K", key=f"open-{year}", actor="P-1", period=str(year), starts_on=date(year, 1, 1), ends_on=date(year, 12, 31)
    )


def clock_at(day: date) -> SimulatedClock:
    clock = SimulatedClock(datetime(2000, 1, 1, tzinfo=UTC))
    clock.move_to(day)
    return clock


