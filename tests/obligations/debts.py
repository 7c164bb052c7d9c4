"""A small slice above obligations: it spends a budget, decides that it is owed back, and makes awards to the debtor.

It does what a programme does: it posts the decision, gives back budget that came back in its year, and treats the part
of an award that was set off as paid.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, ClassVar

from office import BUREAU, COMMISSION, UNIT, Office

from ledger.approvals.approve import Approve
from ledger.bookkeeping.open_period import OpenPeriod
from ledger.executor.commands import Command, Effects, Keys, Reaction, State, UseCase
from ledger.executor.slices import Slice
from ledger.journal.accounts import AccountClass, AccountType, Normal, Side
from ledger.journal.assets import BUDGET, CNY
from ledger.journal.entries import entry, move
from ledger.journal.tables import BudgetLineTable
from ledger.journal.templates import Flow, Template
from ledger.obligations import addresses as a
from ledger.obligations.decided import obligation, obligation_row
from ledger.obligations.events import AwardOffset, BudgetCameBack
from ledger.obligations.offset import OffsetRecovery
from ledger.obligations.receive import ReceiveRecovery
from ledger.obligations.slice import SLICE as OBLIGATIONS_SLICE
from ledger.obligations.steps import subject_kind
from ledger.obligations.store import OBLIGATIONS
from ledger.obligations.values import Obligation, StepKind
from ledger.payments.addresses import BANK, EXPENSE, FISCAL_INCOME, PAYABLE, bank, fiscal_income, payable
from ledger.payments.payables import payable_row
from ledger.registry.store import WORKING_DAYS
from ledger.registry.values import Role
from policies.kernel.policies import Policies

LINE = "L-1"
SCHEME = "jinyun-2017"
"""Fifteen working days to pay, 0.05 % a day after that."""
PLAIN = "beijing-2015"
"""Thirty days to pay, and no interest."""
SUBJECT = "toy.debt"


def _budget(name: str, kind: AccountType, normal: Normal) -> AccountClass:
    return AccountClass(f"budget:{name}:{{scheme}}:{{year}}", BUDGET, kind, normal, name, name)


def _money(pattern: str, kind: AccountType, normal: Normal) -> AccountClass:
    return AccountClass(pattern, CNY, kind, normal, pattern, pattern, Side.FINANCIAL, may_overdraw=True)


APPROPRIATED = _budget("appropriated", AccountType.SOURCE, Normal.CREDIT)
AVAILABLE = _budget("available", AccountType.BUCKET, Normal.DEBIT)
EXPENDED = _budget("expended", AccountType.BUCKET, Normal.DEBIT)
INCOME = _money("toy:income:{party}", AccountType.INCOME, Normal.CREDIT)
RECEIVABLE = _money("toy:receivable:{party}", AccountType.ASSET, Normal.DEBIT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spend(Command):
    """A payment of the treasury to a party, out of a year's budget."""

    kind: ClassVar[str] = "toy.spend"

    payee: str
    amount_fen: int
    year: int
    scheme: str = SCHEME
    first: bool = True
    """Opens the budget line."""


def _spend(c: Spend, _state: State, _policies: Policies, today: date) -> Effects:
    appropriated, available, expended = (
        line.at(entity=COMMISSION, scheme=c.scheme, year=c.year) for line in (APPROPRIATED, AVAILABLE, EXPENDED)
    )
    spent = entry(
        "toy.spend",
        today,
        move(c.amount_fen, debit=available, credit=appropriated, budget_line=LINE),
        move(c.amount_fen, debit=expended, credit=available, budget_line=LINE),
        move(
            c.amount_fen,
            debit=EXPENSE.at(entity=COMMISSION, party=COMMISSION),
            credit=fiscal_income(COMMISSION),
        ),
        move(c.amount_fen, debit=bank(c.payee), credit=INCOME.at(entity=c.payee, party=c.payee)),
    )
    line = BudgetLineTable(
        code=LINE,
        document_number="财预1号",
        project_code="P",
        functional_class="2060503",
        economic_class="50799",
        funding_source="general",
        plan_stage="Q1",
    )
    return Effects({}, entries=(spent,), rows=(line,) if c.first else ())


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideDebt(Command):
    """What was spent in a year is owed back."""

    kind: ClassVar[str] = "toy.decide-debt"

    debtor: str
    amount_fen: int
    year: int
    scheme: str = SCHEME
    keeps_books: bool = True


def _decide_debt(c: DecideDebt, state: State, policies: Policies, today: date) -> Effects:
    owed = obligation(
        number=c.number("OB"),
        debtor=c.debtor,
        creditor=COMMISSION,
        subject_kind=SUBJECT,
        subject="S-1",
        ground="refund",
        decision_number="决1号",
        citation="invented#toy",
        amount_fen=c.amount_fen,
        scheme=c.scheme,
        year=c.year,
        budget_line=LINE,
        debtor_keeps_books=c.keeps_books,
        decided_on=today,
        policies=policies,
        calendar=state.one(WORKING_DAYS, "book"),
    )
    recovering = a.budget(a.RECOVERING, scheme=c.scheme, year=c.year, creditor=COMMISSION)
    relieved = (
        EXPENSE.at(entity=COMMISSION, party=COMMISSION)
        if owed.charged_to_its_year
        else a.of_party(a.DUE_TO_TREASURY, COMMISSION)
    )
    decided = entry(
        "toy.decide-debt",
        today,
        move(
            c.amount_fen,
            debit=recovering,
            credit=EXPENDED.at(entity=COMMISSION, scheme=c.scheme, year=c.year),
            budget_line=LINE,
        ),
        move(c.amount_fen, debit=a.recovery(owed.number, creditor=COMMISSION), credit=relieved),
        move(
            c.amount_fen if c.keeps_books else 0,
            debit=INCOME.at(entity=c.debtor, party=c.debtor),
            credit=a.owed_to_fiscal(owed.number, debtor=c.debtor),
        ),
    )
    return Effects({"obligation": owed.number}, entries=(decided,), rows=(obligation_row(owed),))


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeAward(Command):
    """Something more is to be paid to a party."""

    kind: ClassVar[str] = "toy.make-award"

    payee: str
    amount_fen: int


def _make_award(c: MakeAward, _state: State, _policies: Policies, today: date) -> Effects:
    award = c.number("AW")
    row = payable_row(
        number=c.number("PAY"),
        subject_kind="toy.new-award",
        subject=award,
        payer=COMMISSION,
        payee=c.payee,
        amount_fen=c.amount_fen,
        budget_line=LINE,
        purpose="奖励",
        created_on=today,
    )
    made = entry(
        "toy.make-award",
        today,
        move(
            c.amount_fen,
            debit=EXPENSE.at(entity=COMMISSION, party=COMMISSION),
            credit=payable(award, payer=COMMISSION),
        ),
        move(
            c.amount_fen,
            debit=RECEIVABLE.at(entity=c.payee, party=c.payee),
            credit=INCOME.at(entity=c.payee, party=c.payee),
        ),
    )
    return Effects({"payable": row.number, "award": award}, entries=(made,), rows=(row,))


def _give_back(event: BudgetCameBack, _c: Command, _s: State, _p: Policies, _today: date) -> Effects:
    owed = event.obligation
    source = a.budget(a.REINSTATEMENT, scheme=owed.scheme, year=owed.year, creditor=owed.creditor)
    back = entry(
        "toy.give-back",
        event.on,
        move(
            event.amount_fen,
            debit=AVAILABLE.at(entity=COMMISSION, scheme=owed.scheme, year=owed.year),
            credit=source,
            budget_line=owed.budget_line,
        ),
        backdating=event.backdating,
    )
    return Effects({}, entries=(back,))


def _settle(event: AwardOffset, _c: Command, _s: State, _p: Policies, _today: date) -> Effects:
    if not event.obligation.debtor_keeps_books:
        return Effects({})
    debtor = event.obligation.debtor
    settled = move(
        event.amount_fen,
        debit=a.owed_to_fiscal(event.obligation.number, debtor=debtor),
        credit=RECEIVABLE.at(entity=debtor, party=debtor),
    )
    return Effects({"left": event.payable.net_fen}, entries=(entry("toy.settle", event.on, settled),))


def _nothing(_: Command) -> Keys:
    return frozenset()


DEBTS = Slice(
    name="toy-debts",
    use_cases=(
        UseCase(Spend, _nothing, _spend),
        UseCase(DecideDebt, lambda _: WORKING_DAYS.keys("book"), _decide_debt),
        UseCase(MakeAward, _nothing, _make_award),
    ),
    reactions=(
        Reaction(BudgetCameBack, Approve, _nothing, _give_back),
        Reaction(AwardOffset, Approve, _nothing, _settle),
    ),
    accounts=(APPROPRIATED, AVAILABLE, EXPENDED, INCOME, RECEIVABLE),
    templates=(
        Template(
            "toy.spend",
            "支出",
            "spend",
            (
                Flow(AVAILABLE, APPROPRIATED),
                Flow(EXPENDED, AVAILABLE),
                Flow(EXPENSE, FISCAL_INCOME),
                Flow(BANK, INCOME),
            ),
        ),
        Template(
            "toy.decide-debt",
            "决定追回",
            "decide",
            (
                Flow(a.RECOVERING, EXPENDED),
                Flow(a.RECOVERY, EXPENSE),
                Flow(a.RECOVERY, a.DUE_TO_TREASURY),
                Flow(INCOME, a.OWED_TO_FISCAL),
            ),
        ),
        Template("toy.make-award", "奖励", "award", (Flow(EXPENSE, PAYABLE), Flow(RECEIVABLE, INCOME))),
        Template("toy.give-back", "恢复", "give back", (Flow(AVAILABLE, a.REINSTATEMENT),)),
        Template("toy.settle", "抵扣", "settle", (Flow(a.OWED_TO_FISCAL, RECEIVABLE),)),
    ),
)
SLICES = (OBLIGATIONS_SLICE, DEBTS)


@dataclass
class Desk:
    """An office with a second year open, and short cuts for what a test does not care about."""

    office: Office
    spent: bool = field(default=False)

    @property
    def today(self) -> date:
        return self.office.clock.now().date()

    def move(self, to: date | None = None, days: int = 0) -> None:
        self.office.clock.move_to(to or self.today + timedelta(days=days))

    def open_next_year(self) -> None:
        self.office.do(OpenPeriod, "finance", period="2018", starts_on=date(2018, 1, 1), ends_on=date(2018, 12, 31))

    def spend(self, amount_fen: int, year: int = 2017, payee: str = UNIT, scheme: str = SCHEME) -> None:
        self.office.do(Spend, payee=payee, amount_fen=amount_fen, year=year, scheme=scheme, first=not self.spent)
        self.spent = True

    def owed(self, amount_fen: int = 10_000_00, year: int = 2017, debtor: str = UNIT, **more: object) -> str:
        """What was spent is owed back from today; its obligation."""
        return str(self.office.do(DecideDebt, debtor=debtor, amount_fen=amount_fen, year=year, **more)["obligation"])

    def award(self, amount_fen: int, payee: str = UNIT) -> str:
        return str(self.office.do(MakeAward, payee=payee, amount_fen=amount_fen)["payable"])

    def obligation(self, number: str) -> Obligation:
        return self.office.load(OBLIGATIONS, number)[number]

    def receipt(
        self, obligation: str, amount_fen: int, slip: str = "回单1", on: date | None = None
    ) -> dict[str, object]:
        return {
            "obligation": obligation,
            "amount_fen": amount_fen,
            "received_on": on or self.today,
            "bank_reference": slip,
        }

    def step(self, kind: StepKind, command: type[Command], by: str = "treasury", **facts: object) -> dict[str, Any]:
        """Proposed by one person and signed by another; the answer to the signature."""
        proposed = self.office.do(command, by, **facts)
        return self.office.sign(subject_kind(kind), proposed["step"], "finance")

    def receive(self, obligation: str, amount_fen: int, slip: str = "回单1", on: date | None = None) -> dict[str, Any]:
        return self.step(StepKind.RECEIPT, ReceiveRecovery, **self.receipt(obligation, amount_fen, slip, on))

    def offset(self, obligation: str, payable: str, amount_fen: int) -> dict[str, Any]:
        facts = self.against(obligation, payable, amount_fen)
        return self.step(StepKind.OFFSET, OffsetRecovery, "operator", **facts)

    @staticmethod
    def against(obligation: str, payable: str, amount_fen: int) -> dict[str, object]:
        return {
            "obligation": obligation,
            "payable": payable,
            "amount_fen": amount_fen,
            "decision_number": "抵1号",
            "reason": "欠款未缴",
        }

    def standing(self, obligation: str) -> dict[str, int]:
        """What stands on the accounts that a recovery moves; what holds nothing is left out."""
        names = {
            "recovering": f"budget:recovering:{SCHEME}:2017",
            "recovered": f"budget:recovered:{SCHEME}:2017",
            "reinstated": f"budget:reinstated:{SCHEME}:2017",
            "written off": f"budget:written-off:{SCHEME}:2017",
            "available": f"budget:available:{SCHEME}:2017",
            "1218": f"recovery:{obligation}",
            "2103": f"due-to-treasury:{COMMISSION}",
            "3501": f"prior-surplus:{COMMISSION}",
            "loss": f"write-off-loss:{COMMISSION}",
            "bank": f"bank:{COMMISSION}",
            "4001": f"fiscal-income:{COMMISSION}",
            "5001": f"expense:{COMMISSION}",
            "2307": f"owed-to-fiscal:{obligation}",
            "late": f"late-cost:{UNIT}",
            "bank of U": f"bank:{UNIT}",
        }
        found = {name: self.office.balance(address) for name, address in names.items()}
        return {name: fen for name, fen in found.items() if fen}

    def well(self) -> None:
        """Every law of every slice holds, and verify finds nothing."""
        assert self.office.breaches() == []
        assert self.office.faults() == []


def hire_more(office: Office) -> None:
    """Somebody of another bureau, and somebody of finance who works for the debtor too."""
    office.hire("other operator", (BUREAU, Role.OPERATOR))
    office.hire("torn", (BUREAU, Role.FINANCE), (UNIT, Role.UNIT_OFFICER))
