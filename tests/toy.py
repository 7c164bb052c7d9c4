"""A small slice for tests of the journal and the executor: a fund grants; purses hold, spend and give back.

Its only law is that of any books. Three commands are bugs on purpose: `Explode` fails in its decision, `Misfile` writes
a row that the database refuses, `Stray` posts what no template declares. `A_SMALL_YEAR` leaves a row in every attested
table of the journal.
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import ClassVar

from ledger.amounts import whole_amount
from ledger.assembly import Books, House
from ledger.bookkeeping.close_account import CloseAccount
from ledger.bookkeeping.close_period import ClosePeriod
from ledger.bookkeeping.open_book import OpenBook
from ledger.bookkeeping.open_period import OpenPeriod
from ledger.bookkeeping.reverse_entry import ReverseEntry
from ledger.bookkeeping.slice import bookkeeping
from ledger.errors import Refused
from ledger.executor.calculations import calculation_id, stored
from ledger.executor.clock import SimulatedClock
from ledger.executor.commands import Aggregate, Command, Effects, Event, Keys, State, UseCase
from ledger.executor.reading import Reader
from ledger.executor.slices import Slice
from ledger.journal.accounts import Account, AccountClass, AccountType, Normal, Side
from ledger.journal.assets import BUDGET, CNY, VOUCHER
from ledger.journal.entries import Backdating, entry, move
from ledger.journal.tables import BudgetLineTable, PeriodStepTable
from ledger.journal.templates import Flow, Template
from policies.kernel.policies import Policies

SOURCE = AccountClass("toy:source", VOUCHER, AccountType.SOURCE, Normal.CREDIT, "来源", "source")
FUND = AccountClass("toy:fund", VOUCHER, AccountType.BUCKET, Normal.DEBIT, "基金", "fund", hot=True)
PURSE = AccountClass("toy:purse:{purse}", VOUCHER, AccountType.BUCKET, Normal.DEBIT, "钱包", "purse")
HELD = AccountClass("toy:held:{purse}", VOUCHER, AccountType.BUCKET, Normal.DEBIT, "占用", "held")
SPENT = AccountClass("toy:spent", VOUCHER, AccountType.BUCKET, Normal.DEBIT, "已用", "spent", hot=True)
BANK = AccountClass(
    *("toy:bank:{party}", CNY, AccountType.ASSET, Normal.DEBIT, "银行存款", "bank", Side.FINANCIAL, "1002"),
    may_overdraw=True,
)
INCOME = AccountClass(
    *("toy:income:{party}", CNY, AccountType.INCOME, Normal.CREDIT, "收入", "income", Side.FINANCIAL, "4101"),
    may_overdraw=True,
)
AUTHORITY = AccountClass("toy:authority", BUDGET, AccountType.SOURCE, Normal.CREDIT, "批复指标", "authority")
AVAILABLE = AccountClass("toy:available", BUDGET, AccountType.BUCKET, Normal.DEBIT, "可用指标", "available authority")

K, U = "K", "U"
TEMPLATES = (
    Template("toy.fund", "拨入", "fund", (Flow(FUND, SOURCE),)),
    Template("toy.grant", "发放", "grant", (Flow(PURSE, FUND),)),
    Template("toy.hold", "占用", "hold", (Flow(HELD, PURSE),), frozenset({"purse"})),
    Template("toy.release", "释放", "release", (Flow(PURSE, HELD),), frozenset({"purse"})),
    Template(
        *(
            "toy.spend",
            "使用",
            "spend",
            (Flow(SPENT, HELD), Flow(PURSE, HELD), Flow(BANK, INCOME)),
            frozenset({"purse"}),
        )
    ),
    Template("toy.appropriate", "下达", "appropriate", (Flow(AVAILABLE, AUTHORITY),)),
    Template("toy.assess", "核定", "assess", (Flow(BANK, INCOME),), frozenset({"party"})),
)


def source() -> Account:
    return SOURCE.at(entity=K)


def fund() -> Account:
    return FUND.at(entity=K)


def purse(name: str) -> Account:
    return PURSE.at(entity=K, owner=f"purse:{name}", purse=name)


def held(name: str) -> Account:
    return HELD.at(entity=K, owner=f"purse:{name}", purse=name)


def spent() -> Account:
    return SPENT.at(entity=K)


def bank(party: str = U) -> Account:
    return BANK.at(entity=party, party=party)


def income(party: str = U) -> Account:
    return INCOME.at(entity=party, party=party)


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


# -- commands --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated(Command):
    """A command that may be entered late, with a second person."""

    effective_on: date | None = None
    second_person: str = ""

    @property
    def backdating(self) -> Backdating | None:
        return Backdating("late letter", self.second_person) if self.effective_on else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fund(Dated):
    kind: ClassVar[str] = "toy.fund"
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant(Dated):
    kind: ClassVar[str] = "toy.grant"
    purse: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold(Dated):
    kind: ClassVar[str] = "toy.hold"
    purse: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Release(Dated):
    kind: ClassVar[str] = "toy.release"
    purse: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Spend(Dated):
    """Uses part of what is held; the rest goes back."""

    kind: ClassVar[str] = "toy.spend"
    purse: str
    amount: int


@dataclass(frozen=True, slots=True)
class HasSpent(Event):
    purse: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AddBudgetLine(Command):
    kind: ClassVar[str] = "toy.add-budget-line"
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Appropriate(Command):
    kind: ClassVar[str] = "toy.appropriate"
    line: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Assess(Command):
    """Computes a net amount, keeps the calculation and posts it, with evidence."""

    kind: ClassVar[str] = "toy.assess"
    gross: int
    rate: str = "0.06"
    evidence: str = "an invoice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Introduce(Command):
    """Carries a person's name."""

    kind: ClassVar[str] = "toy.introduce"
    personal: ClassVar[frozenset[str]] = frozenset({"name"})
    name: str
    purpose: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explode(Command):
    kind: ClassVar[str] = "toy.explode"


@dataclass(frozen=True, slots=True, kw_only=True)
class Misfile(Command):
    """Writes a step of a period that the database does not know: only the insert shows it."""

    kind: ClassVar[str] = "toy.misfile"
    status: str = "half-open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stray(Command):
    """Posts from one purse into what another holds."""

    kind: ClassVar[str] = "toy.stray"


# -- decisions -------------------------------------------------------------------------------------------------------


def decide_fund(c: Fund, _s: State, _p: Policies, today: date) -> Effects:
    moved = move(whole_amount(c.amount), debit=fund(), credit=source())
    posted = entry("toy.fund", c.effective_on or today, moved, backdating=c.backdating)
    return Effects({"funded": c.amount}, (posted,))


def decide_grant(c: Grant, _s: State, _p: Policies, today: date) -> Effects:
    moved = move(whole_amount(c.amount), debit=purse(c.purse), credit=fund())
    posted = entry("toy.grant", c.effective_on or today, moved, backdating=c.backdating)
    return Effects({"grant": c.number("G")}, (posted,))


def decide_hold(c: Hold, _s: State, _p: Policies, today: date) -> Effects:
    moved = move(whole_amount(c.amount), debit=held(c.purse), credit=purse(c.purse))
    return Effects({}, (entry("toy.hold", c.effective_on or today, moved, backdating=c.backdating),))


def decide_release(c: Release, _s: State, _p: Policies, today: date) -> Effects:
    moved = move(whole_amount(c.amount), debit=purse(c.purse), credit=held(c.purse))
    return Effects({}, (entry("toy.release", c.effective_on or today, moved, backdating=c.backdating),))


def decide_spend(c: Spend, state: State, _p: Policies, today: date) -> Effects:
    standing = state.one(PURSES, c.purse)
    if whole_amount(c.amount) > standing.held:
        raise NothingHeld(purse=c.purse, held=standing.held, wanted=c.amount)
    posted = entry(
        "toy.spend",
        c.effective_on or today,
        move(c.amount, debit=spent(), credit=held(c.purse)),
        move(standing.held - c.amount, debit=purse(c.purse), credit=held(c.purse)),
        move(c.amount, debit=bank(), credit=income()),
        backdating=c.backdating,
    )
    left = standing.available + standing.held - c.amount
    return Effects({"left": left}, (posted,), events=(HasSpent(c.purse, c.amount),))


def decide_add_budget_line(c: AddBudgetLine, _s: State, _p: Policies, _t: date) -> Effects:
    row = BudgetLineTable(
        code=c.code,
        document_number="京财指〔2017〕1号",
        project_code="P-2017",
        functional_class="2060499",
        economic_class="31204",
        funding_source="city",
        plan_stage="1",
    )
    return Effects({"code": c.code}, rows=(row,))


def decide_appropriate(c: Appropriate, _s: State, _p: Policies, today: date) -> Effects:
    available, authority = AVAILABLE.at(entity=K), AUTHORITY.at(entity=K)
    moved = move(whole_amount(c.amount), debit=available, credit=authority, budget_line=c.line)
    return Effects({}, (entry("toy.appropriate", today, moved, memo="下达预算指标"),))


def decide_assess(c: Assess, _s: State, policies: Policies, today: date) -> Effects:
    calculation = policies.calculate("fees/tax-split", {"gross_fen": c.gross, "vat_rate": c.rate}, on=today)
    posted = entry(
        "toy.assess",
        today,
        move(calculation.whole("net_fen"), debit=bank(), credit=income()),
        citation="toy-rules#3",
        calculation=calculation_id(c),
        evidence_hash=hashlib.sha256(c.evidence.encode()).digest(),
    )
    return Effects({"net": calculation.whole("net_fen")}, (posted,), rows=(stored(c, calculation),))


def decide_introduce(_c: Introduce, _s: State, _p: Policies, _t: date) -> Effects:
    return Effects({"hello": True})


def decide_explode(_c: Explode, _s: State, _p: Policies, _t: date) -> Effects:
    raise ZeroDivisionError("on purpose")


def decide_misfile(c: Misfile, _s: State, _p: Policies, _t: date) -> Effects:
    row = PeriodStepTable(period="2017", status=c.status, first_signature="P-1", second_signature="P-2")
    return Effects({}, rows=(row,))


def decide_stray(_c: Stray, _s: State, _p: Policies, today: date) -> Effects:
    return Effects({}, (entry("toy.hold", today, move(1, debit=held("a"), credit=purse("b"))),))


def none(_: Command) -> Keys:
    return frozenset()


def of_purse(command: Grant | Hold | Release | Spend) -> Keys:
    return PURSES.keys(command.purse)


TOY = Slice(
    name="toy",
    use_cases=(
        UseCase(Fund, none, decide_fund),
        UseCase(Grant, of_purse, decide_grant),
        UseCase(Hold, of_purse, decide_hold),
        UseCase(Release, of_purse, decide_release),
        UseCase(Spend, of_purse, decide_spend),
        UseCase(AddBudgetLine, none, decide_add_budget_line),
        UseCase(Appropriate, none, decide_appropriate),
        UseCase(Assess, none, decide_assess),
        UseCase(Introduce, none, decide_introduce),
        UseCase(Explode, none, decide_explode),
        UseCase(Misfile, none, decide_misfile),
        UseCase(Stray, none, decide_stray),
    ),
    aggregates=(PURSES,),
    accounts=(SOURCE, FUND, PURSE, HELD, SPENT, BANK, INCOME, AUTHORITY, AVAILABLE),
    templates=TEMPLATES,
)


def toy_house(*more: Slice) -> House:
    built = House((bookkeeping(lambda: built.chart), TOY, *more))
    return built


# -- a book in use ---------------------------------------------------------------------------------------------------


def a_year(year: int = 2017) -> OpenBook:
    return OpenBook(
        tenant="K",
        key=f"open-{year}",
        actor="P-1",
        period=str(year),
        starts_on=date(year, 1, 1),
        ends_on=date(year, 12, 31),
    )


def clock_at(day: date) -> SimulatedClock:
    clock = SimulatedClock(datetime(2000, 1, 1, tzinfo=UTC))
    clock.move_to(day)
    return clock


def by(person: str, key: str) -> dict[str, str]:
    """Who asks, for whom, under which key."""
    return {"tenant": "K", "key": key, "actor": person}


A_SMALL_YEAR: tuple[tuple[date, Command], ...] = (
    (date(2017, 1, 2), a_year()),
    (date(2017, 1, 3), AddBudgetLine(**by("P-1", "line"), code="L-1")),
    (date(2017, 1, 3), Appropriate(**by("P-1", "appropriate"), line="L-1", amount=900_00)),
    (date(2017, 1, 4), Fund(**by("P-1", "fund"), amount=1_000_00)),
    (date(2017, 2, 1), Grant(**by("P-1", "grant-a"), purse="a", amount=300_00)),
    (date(2017, 2, 1), Grant(**by("P-1", "grant-b"), purse="b", amount=200_00)),
    (date(2017, 2, 2), Grant(**by("P-1", "grant-too-much"), purse="b", amount=9_000_00)),
    (date(2017, 3, 1), Hold(**by("P-2", "hold"), purse="a", amount=100_00)),
    (date(2017, 3, 9), Spend(**by("P-2", "spend"), purse="a", amount=70_00)),
    (date(2017, 4, 1), Assess(**by("P-2", "assess"), gross=1_060_00)),
    (
        date(2017, 4, 3),
        Fund(**by("P-1", "late-letter"), amount=50_00, effective_on=date(2017, 2, 20), second_person="P-2"),
    ),
    (
        date(2017, 4, 4),
        ReverseEntry(
            **by("P-1", "reverse"), seq=4, effective_on=date(2017, 4, 4), reason="wrong purse", second_person="P-2"
        ),
    ),
    (date(2017, 4, 5), CloseAccount(**by("P-1", "close-b"), address="toy:purse:b", reason="never used")),
    (date(2017, 4, 6), Introduce(**by("P-1", "introduce"), name="王小明")),
    (
        date(2017, 5, 1),
        OpenPeriod(**by("P-1", "open-2018"), period="2018", starts_on=date(2018, 1, 1), ends_on=date(2018, 12, 31)),
    ),
    (date(2018, 1, 9), ClosePeriod(**by("P-1", "adjust-2017"), period="2017", to="adjusting", second_person="P-2")),
    (date(2018, 1, 9), ClosePeriod(**by("P-1", "close-2017"), period="2017", to="closed", second_person="P-2")),
    (date(2018, 1, 9), Fund(**by("P-1", "fund-2018"), amount=1_00)),
)
"""Every attested table of the journal gets rows; every column that may be empty is filled in some row."""


def live_through(books: Books, clock: SimulatedClock, days: tuple[tuple[date, Command], ...] = A_SMALL_YEAR) -> None:
    """Run dated commands, one after the other."""
    for day, command in days:
        clock.move_to(day)
        books.executor.run(command)
