"""A platform on real books: a commission, two departments, units that joined, a round under the rules of 2026."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from databases import Database
from office import BUREAU, COMMISSION, Office, uscc

from ledger.assembly import Books, house
from ledger.bookkeeping.open_book import OpenBook
from ledger.evaluation.join_platform import JoinPlatform
from ledger.evaluation.open_evaluation import OpenEvaluation
from ledger.evaluation.propose_grades import KIND, ProposeGrades
from ledger.evaluation.score_units import ScoreUnits
from ledger.evaluation.store import EVALUATIONS, RECTIFICATIONS
from ledger.evaluation.values import (
    Evaluation,
    Grade,
    IndicatorScore,
    NotEvaluated,
    Rectification,
    UnitGrade,
    UnitScores,
)
from ledger.executor.clock import CITY, SimulatedClock
from ledger.registry.register_bureau import RegisterBureau
from ledger.registry.register_unit import RegisterUnit
from ledger.registry.values import Role
from policies.evaluation.rounds import round_of

SYSTEM, YEAR = "national-2026", 2026
ROUND = f"{SYSTEM}:{YEAR}"
DAY_ONE = date(2026, 3, 2)
EDUCATION, HEALTH = uscc("11", 41), uscc("11", 42)
A, B, C, D = (uscc("12", 43 + n) for n in range(4))
NAMES = {A: "理工大学", B: "材料研究所", C: "第一医院", D: "农科院"}
INDICATORS = round_of(SYSTEM, YEAR, DAY_ONE, DAY_ONE).indicators


def points(unit: str, total: int, sharing: int | None = None, **changed: int) -> UnitScores:
    """Every indicator at so many points, those of sharing at others; named ones as said."""
    shared = {"共享机时", "对外服务成效及用户评价", "服务科技基础条件自主保障"}
    scores = {name: (sharing if sharing is not None and name in shared else total) * 100 for name in INDICATORS}
    return UnitScores(unit, tuple(IndicatorScore(name, score) for name, score in {**scores, **changed}.items()))


@dataclass
class Platform(Office):
    @property
    def today(self) -> date:
        return self.clock.now().astimezone(CITY).date()

    def move(self, days: int = 0, to: date | None = None) -> None:
        self.clock.move_to(to or self.today + timedelta(days=days))

    def command(self, kind: Any, actor: str = "system", tenant: str = COMMISSION, **facts: Any) -> Any:  # noqa: ANN401
        return kind(tenant=tenant, key=f"k{next(self._keys)}", actor=self.people.get(actor, actor), **facts)

    def evaluation(self, id_: str = ROUND) -> Evaluation:
        return self.load(EVALUATIONS, id_)[id_]

    def rectification(self, unit: str) -> Rectification:
        ((number,),) = self.rows("SELECT number FROM evaluation_rectification WHERE unit = :unit", unit=unit)
        return self.load(RECTIFICATIONS, number)[number]

    def join(self, unit: str, department: str = EDUCATION, joined_on: date = date(2025, 5, 6)) -> dict[str, Any]:
        return self.do(
            JoinPlatform, "operator", unit=unit, department=department, joined_on=joined_on, document_number="入网1号"
        )

    def open_round(self, system: str = SYSTEM, year: int = YEAR) -> dict[str, Any]:
        return self.do(OpenEvaluation, "operator", system=system, year=year)

    def score(self, *units: UnitScores, by: str = "education", tenant: str = EDUCATION, **more: str) -> dict[str, Any]:
        return self.do(ScoreUnits, by, tenant, evaluation=ROUND, units=units, **more)

    def do(self, kind: Any, actor: str = "system", tenant: str = COMMISSION, **facts: Any) -> dict[str, Any]:  # noqa: ANN401
        answer = self.books.executor.run(self.command(kind, actor, tenant, **facts))
        assert answer.accepted, answer.body["en"]
        return answer.body

    def grades(self, given: Mapping[str, Grade], *out: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401
        return {
            "evaluation": ROUND,
            "grades": tuple(UnitGrade(unit, grade) for unit, grade in given.items()),
            "not_evaluated": tuple(NotEvaluated(unit, "筹建中") for unit in out),
        } | more

    def publish(self, given: Mapping[str, Grade], *out: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401
        """Proposed, and signed by finance; the answer to the signature."""
        self.do(ProposeGrades, "operator", **self.grades(given, *out, **more))
        return self.sign(KIND, ROUND, "finance")


@contextmanager
def open_platform(database: Database) -> Iterator[Platform]:
    clock = SimulatedClock(datetime(DAY_ONE.year, DAY_ONE.month, DAY_ONE.day, 9, tzinfo=CITY).astimezone(UTC))
    with Books(database.writer, clock=clock, built=house()) as books:
        platform = Platform(books, clock, database, house(), {}, count())
        _found(platform)
        yield platform


def _found(platform: Platform) -> None:
    platform.do(OpenBook, period="2026", starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31))
    for code, name in (
        (COMMISSION, "科学技术委员会"),
        (BUREAU, "财政局"),
        (EDUCATION, "教育委员会"),
        (HEALTH, "卫生健康委"),
    ):
        platform.do(RegisterBureau, code=code, name=name)
    for name in ("operator", "second operator"):
        platform.hire(name, (COMMISSION, Role.OPERATOR))
    for name in ("finance", "second finance", "third finance"):
        platform.hire(name, (BUREAU, Role.FINANCE))
    platform.hire("treasury", (BUREAU, Role.TREASURY))
    platform.hire("education", (EDUCATION, Role.SUPERVISOR))
    platform.hire("health", (HEALTH, Role.SUPERVISOR))
    for unit, name in NAMES.items():
        platform.do(RegisterUnit, "operator", code=unit, name=name)
        platform.hire(f"officer of {name}", (unit, Role.UNIT_OFFICER), by="operator")
