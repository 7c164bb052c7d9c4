"""A September on real books: five units that earned in 2025, graded in April 2026, and a budget that is too small.

The figures are the worked example of the synthetic formula; fees bear no tax here, so that a base is what was billed.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from databases import Database
from office import BUREAU, COMMISSION, FIRM, Office, uscc

from ledger.assembly import Books, house
from ledger.bookkeeping.open_book import OpenBook
from ledger.bookkeeping.open_period import OpenPeriod
from ledger.budgets.appropriate import KIND as LETTER
from ledger.budgets.appropriate import ProposeAppropriation
from ledger.budgets.values import LineFields
from ledger.evaluation.join_platform import JoinPlatform
from ledger.evaluation.open_evaluation import OpenEvaluation
from ledger.evaluation.propose_grades import KIND as GRADES
from ledger.evaluation.propose_grades import ProposeGrades
from ledger.evaluation.score_units import ScoreUnits
from ledger.evaluation.values import Grade, IndicatorScore, NotEvaluated, UnitGrade, UnitScores
from ledger.executor.clock import CITY, SimulatedClock
from ledger.fees.issue_bill import IssueBill
from ledger.fees.values import BillLine
from ledger.payments.compose_batch import ComposeBatch
from ledger.payments.confirm import ConfirmPayment
from ledger.payments.values import PAYMENT_BATCH
from ledger.registry.register_bureau import RegisterBureau
from ledger.registry.register_firm import RegisterFirm
from ledger.registry.register_unit import RegisterUnit
from ledger.registry.values import Role
from ledger.subsidies.compute import ComputeSubsidy
from ledger.subsidies.review import ReviewSubsidy
from ledger.subsidies.store import BATCHES
from ledger.subsidies.values import BATCH, Batch
from policies.evaluation.rounds import round_of

SCHEME, ROUND = "beijing-september", "national-2026:2026"
SPRING, AUTUMN = date(2025, 3, 3), date(2026, 9, 1)
A, B, C, D, E = (uscc("12", 51 + n) for n in range(5))
UNITS = (A, B, C, D, E)
INCOME = {A: 8_000_000_00, B: 6_200_000_55, C: 9_000_000_00, D: 3_333_333_33, E: 1_000_000_00}
POOL = 3_000_000_00
AWARDED = {A: 1_464_605_34, B: 681_041_54, C: 732_302_67, D: 122_050_45}
ENTITLED = {A: 2_000_000_00, B: 930_000_08, C: 1_000_000_00, D: 166_666_67}
LINE = LineFields("P-2026-001", "2060503", "50501", "general public budget", "Q3")
GIVEN = {A: Grade.EXCELLENT, B: Grade.GOOD, C: Grade.GOOD, D: Grade.QUALIFIED, E: Grade.POOR}


@dataclass
class Season(Office):
    @property
    def today(self) -> date:
        return self.clock.now().astimezone(CITY).date()

    def move(self, days: int = 0, to: date | None = None) -> None:
        self.clock.move_to(to or self.today + timedelta(days=days))

    def command(self, kind: Any, actor: str = "system", tenant: str = COMMISSION, **facts: Any) -> Any:  # noqa: ANN401
        return kind(tenant=tenant, key=f"k{next(self._keys)}", actor=self.people.get(actor, actor), **facts)

    def batch(self, number: str) -> Batch:
        return self.load(BATCHES, number)[number]

    def budget(self, bucket: str, year: int = 2026) -> int:
        return self.balance(f"budget:{bucket}:{SCHEME}:{year}")

    def bill(self, unit: str, fen: int, payer: str = FIRM, **more: Any) -> str:  # noqa: ANN401
        facts = {
            "invoice_number": f"{next(self._keys):020d}",
            "invoice_date": self.today,
            "lines": (BillLine("性能测试", None, 1, fen),),
            "vat_rate": "0",
        }
        return str(self.do(IssueBill, f"officer {unit}", unit=unit, payer=payer, **facts | more)["bill"])

    def letter(self, fen: int, number: str = "财预〔2026〕1号", scheme: str = SCHEME, year: int = 2026) -> str:
        facts = {"scheme": scheme, "year": year, "line": LINE, "letter_number": number, "amount_fen": fen}
        body = self.do(ProposeAppropriation, "operator", **facts)
        return str(self.sign(LETTER, body["appropriation"], "finance")["budget_line"])

    def grade(self, given: Mapping[str, Grade], *out: str) -> None:
        """Scores in the order of the grades, then the grades, published."""
        self.do(OpenEvaluation, "operator", system="national-2026", year=2026)
        indicators = round_of("national-2026", 2026, self.today, self.today).indicators
        points = {Grade.EXCELLENT: 90, Grade.GOOD: 70, Grade.QUALIFIED: 60, Grade.POOR: 30}
        units = tuple(
            UnitScores(unit, tuple(IndicatorScore(name, points[grade] * 100) for name in indicators))
            for unit, grade in given.items()
        )
        self.do(ScoreUnits, "operator", evaluation=ROUND, units=units)
        self.do(
            ProposeGrades,
            "operator",
            evaluation=ROUND,
            grades=tuple(UnitGrade(unit, grade) for unit, grade in given.items()),
            not_evaluated=tuple(NotEvaluated(unit, "筹建中") for unit in out),
        )
        self.sign(GRADES, ROUND, "finance")

    def to_autumn(self) -> None:
        """Graded in April, appropriated in September."""
        self.move(to=date(2026, 4, 1))
        self.grade(GIVEN)
        self.move(to=AUTUMN)
        self.letter(POOL)

    def computation(self, **more: Any) -> dict[str, Any]:  # noqa: ANN401
        return {"scheme": SCHEME, "year": 2026, "evaluation": ROUND} | more

    def compute(self, **more: Any) -> str:  # noqa: ANN401
        return str(self.do(ComputeSubsidy, "operator", **self.computation(**more))["batch"])

    def review(self, batch: str, by: str = "second operator") -> dict[str, Any]:
        return self.do(ReviewSubsidy, by, batch=batch)

    def approve(self, batch: str) -> list[str]:
        """After the public notice, by two officers of finance; the payables."""
        notice = self.batch(batch).notice_until
        assert notice is not None
        if self.today <= notice:
            self.move(to=notice + timedelta(days=1))
        return list(self.sign(BATCH, batch, "finance", "second finance")["payables"])

    def approve_last(self, batch: str) -> list[str]:
        """The second signature, where the first is given."""
        return list(self.sign(BATCH, batch, "second finance")["payables"])

    def approved(self, **more: Any) -> tuple[str, list[str]]:  # noqa: ANN401
        batch = self.compute(**more)
        self.review(batch)
        return batch, self.approve(batch)

    def release(self, *payables: str) -> str:
        payment = str(self.do(ComposeBatch, "finance", payables=payables)["batch"])
        self.sign(PAYMENT_BATCH, payment, "second finance")
        return payment

    def confirm(self, payment: str, *payables: str) -> None:
        lines = tuple((payable, f"回单{next(self._keys)}") for payable in payables)
        self.do(ConfirmPayment, "treasury", batch=payment, paid_on=self.today, lines=lines)

    def refused(self, kind: Any, actor: str = "system", **facts: Any) -> str:  # noqa: ANN401
        """The code of what is declined."""
        return super().refused(kind, actor, **facts).split(":")[0]


@contextmanager
def open_season(database: Database) -> Iterator[Season]:
    clock = SimulatedClock(datetime(SPRING.year, SPRING.month, SPRING.day, 9, tzinfo=CITY).astimezone(UTC))
    with Books(database.writer, clock=clock, built=house()) as books:
        season = Season(books, clock, database, house(), {}, count())
        _found(season)
        yield season


def _found(season: Season) -> None:
    season.do(OpenBook, period="2025", starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31))
    season.do(RegisterBureau, code=COMMISSION, name="科学技术委员会")
    season.do(RegisterBureau, code=BUREAU, name="财政局")
    for name in ("operator", "second operator", "third operator"):
        season.hire(name, (COMMISSION, Role.OPERATOR))
    for name in ("finance", "second finance", "third finance"):
        season.hire(name, (BUREAU, Role.FINANCE))
    season.hire("treasury", (BUREAU, Role.TREASURY))
    for year in (2026, 2027):
        season.do(OpenPeriod, "finance", period=str(year), starts_on=date(year, 1, 1), ends_on=date(year, 12, 31))
    season.do(RegisterFirm, "operator", code=FIRM, name="甲公司")
    season.hire("applicant", (FIRM, Role.APPLICANT), by="operator")
    for n, unit in enumerate(UNITS):
        season.do(RegisterUnit, "operator", code=unit, name=f"{'甲乙丙丁戊'[n]}研究所")
        season.hire(f"officer {unit}", (unit, Role.UNIT_OFFICER), by="operator")
        season.set_account(unit, f"62220000{n:02d}")
        paper = {"document_number": f"入网{n}号", "department": COMMISSION, "joined_on": SPRING}
        season.do(JoinPlatform, "operator", unit=unit, **paper)
        season.bill(unit, INCOME[unit])
