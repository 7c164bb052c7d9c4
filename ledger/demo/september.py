"""A September from records of use to a signed, paid and published batch, with a budget that is too small.

Everything is sent as commands on simulated days, as a city would send them; the numbers of the grades and the means of
use are published, the rest is drawn (see `ledger.demo.season`). The formula is invented and says so.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from ledger.approvals.approve import Approve
from ledger.bookkeeping.open_book import OpenBook
from ledger.bookkeeping.open_period import OpenPeriod
from ledger.budgets.appropriate import ProposeAppropriation
from ledger.budgets.values import LineFields
from ledger.demo import names
from ledger.demo.season import (
    BASE_YEAR,
    BUDGET_FEN,
    FIRMS,
    PRICE_PER_MINUTE_FEN,
    PlannedUnit,
    PlannedUse,
    Season,
    last_day,
)
from ledger.demo.stage import AT_ONCE, Stage, values
from ledger.evaluation.join_platform import JoinPlatform
from ledger.evaluation.open_evaluation import OpenEvaluation
from ledger.evaluation.propose_grades import ProposeGrades
from ledger.evaluation.score_units import ScoreUnits
from ledger.evaluation.values import IndicatorScore, UnitGrade, UnitScores
from ledger.executor.commands import Answer
from ledger.fees.issue_bill import IssueBill
from ledger.fees.record_log import LoggedUse, RecordLog
from ledger.fees.values import BillLine
from ledger.payments.compose_batch import ComposeBatch
from ledger.payments.confirm import ConfirmPayment
from ledger.payments.set_payee_account import ProposePayeeAccount
from ledger.payments.values import PAYMENT_BATCH
from ledger.registry.register_bureau import RegisterBureau
from ledger.registry.register_firm import RegisterFirm
from ledger.registry.register_instrument import RegisterInstrument
from ledger.registry.register_person import Post, RegisterPerson
from ledger.registry.register_unit import RegisterUnit
from ledger.registry.values import SYSTEM, Role
from ledger.subsidies.compute import ComputeSubsidy
from ledger.subsidies.review import ReviewSubsidy
from policies.evaluation.rounds import round_of

SCHEME = "beijing-september"
SYSTEM_OF_INDICATORS = "national-2021"
YEAR = BASE_YEAR + 1
COMMISSION, FINANCE = names.code(names.BUREAU, 11), names.code(names.BUREAU, 12)
LAST_COMMAND = "confirm"
VAT_RATE = "0.06"
LOG_MAX, BILL_MAX = 400, 400
COMPUTED_ON = date(YEAR, 9, 2)
MONTHS_BILLED = 3
"""A firm gets one bill a quarter."""
LATE = "月末汇总登记"


def unit_code(number: int) -> str:
    return names.code(names.UNIT, 2_000 + number)


def firm_code(number: int) -> str:
    return names.code(names.FIRM, 3_000 + number)


def _by(tenant: str, actor: str, key: str) -> dict[str, Any]:
    return {"tenant": tenant, "key": f"demo:{key}", "actor": actor}


@dataclass(slots=True)
class Cast:
    """Numbers of people and things, as the registry gave them."""

    operators: list[str] = field(default_factory=list)
    finance: list[str] = field(default_factory=list)
    treasury: list[str] = field(default_factory=list)
    officers: list[str] = field(default_factory=list)
    seconds: list[str] = field(default_factory=list)
    instruments: list[str] = field(default_factory=list)


def steps_in(season: Season) -> int:
    """How many things the story does: instruments are registered, uses recorded, and some more."""
    return season.instruments * 11 + len(season.units) * 8


class September:
    """The story, told from the registration of units to the bank's confirmation; returns the batch."""

    def __init__(self, stage: Stage, season: Season) -> None:
        self._stage = stage
        self._season = season
        self._cast = Cast()
        self._uses: dict[tuple[int, int], list[PlannedUse]] = defaultdict(list)
        self._unbilled: dict[int, dict[int, list[BillLine]]] = defaultdict(lambda: defaultdict(list))
        for unit in season.units:
            for use in season.uses(unit):
                self._uses[unit.number, use.month].append(use)

    def tell(self) -> str:
        self.until_appropriated()
        return self._pay(self._compute())

    def until_appropriated(self) -> None:
        """A year of use, the grades, the budget letter: what is missing is the computation."""
        self._open()
        self._register()
        for month in range(1, 13):
            self._month(month)
        self._grade()
        self._appropriate()

    def computation(self, key: str = "compute", reason: str = "") -> ComputeSubsidy:
        """By an operator of the commission."""
        return ComputeSubsidy(
            **_by(COMMISSION, self._cast.operators[0], key),
            scheme=SCHEME,
            year=YEAR,
            evaluation=f"{SYSTEM_OF_INDICATORS}:{YEAR}",
            reason=reason,
        )

    # -- the stage is set ----------------------------------------------------------------------------------------------

    def _open(self) -> None:
        day, on = date(BASE_YEAR, 1, 3), self._stage.on
        first, last = date(BASE_YEAR, 1, 1), date(BASE_YEAR, 12, 31)
        on(day, [OpenBook(**_by(COMMISSION, SYSTEM, "open"), period=str(BASE_YEAR), starts_on=first, ends_on=last)])
        bureaus = ((COMMISSION, "合成科技局"), (FINANCE, "合成财政局"))
        on(day, [RegisterBureau(**_by(COMMISSION, SYSTEM, f"bureau-{c}"), code=c, name=name) for c, name in bureaus])
        cast = self._cast
        cast.operators = self._people([(COMMISSION, Role.OPERATOR)] * 2, "operator", SYSTEM, day)
        cast.finance = self._people([(FINANCE, Role.FINANCE)] * 3, "finance", SYSTEM, day)
        cast.treasury = self._people([(FINANCE, Role.TREASURY)], "treasury", SYSTEM, day)
        first, last = date(YEAR, 1, 1), date(YEAR, 12, 31)
        period = OpenPeriod(
            **_by(COMMISSION, cast.finance[0], f"period-{YEAR}"), period=str(YEAR), starts_on=first, ends_on=last
        )
        on(day, [period])

    def _people(self, posts: Sequence[tuple[str, Role]], key: str, by: str, day: date) -> list[str]:
        commands = [
            RegisterPerson(**_by(COMMISSION, by, f"{key}-{n}"), name=f"合成人员{key}{n}", posts=(Post(where, role),))
            for n, (where, role) in enumerate(posts)
        ]
        return values(self._stage.on(day, commands), "person")

    def _register(self) -> None:
        """Units with two officers each, their accounts, their instruments; the firms that use them."""
        day, on, cast, units = date(BASE_YEAR, 1, 3), self._stage.on, self._cast, self._season.units
        operator = cast.operators[0]
        on(
            day,
            [
                RegisterUnit(
                    **_by(COMMISSION, operator, f"unit-{unit.number}"),
                    code=unit_code(unit.number),
                    name=f"合成研究所{unit.number + 1:03d}号",
                )
                for unit in units
            ],
        )
        posts = [(unit_code(unit.number), Role.UNIT_OFFICER) for unit in units]
        cast.officers = self._people(posts, "officer", operator, day)
        cast.seconds = self._people(posts, "second", operator, day)
        self._accounts(day)
        paper: dict[str, Any] = {"department": COMMISSION, "joined_on": day, "document_number": "合成入网〔2023〕1号"}
        on(
            day,
            [
                JoinPlatform(**_by(COMMISSION, operator, f"join-{unit.number}"), unit=unit_code(unit.number), **paper)
                for unit in units
            ],
        )
        on(
            day,
            [
                RegisterFirm(**_by(COMMISSION, operator, f"firm-{n}"), code=firm_code(n), name=f"合成企业{n + 1:03d}号")
                for n in range(FIRMS)
            ],
        )
        self._instruments(day)

    def _accounts(self, day: date) -> None:
        cast = self._cast
        proposed = self._stage.on(
            day,
            [
                ProposePayeeAccount(
                    **_by(unit_code(unit.number), cast.officers[unit.number], f"account-{unit.number}"),
                    party=unit_code(unit.number),
                    account_name=f"合成研究所{unit.number + 1:03d}号",
                    bank="合成银行",
                    account_number=f"{6_300_000_000 + unit.number}",
                    cnaps=f"{100_000_000_000 + unit.number}",
                )
                for unit in self._season.units
            ],
        )
        self._sign(day, proposed, self._cast.finance[:1], "account")

    def _instruments(self, day: date) -> None:
        for unit in self._season.units:
            officer = self._cast.officers[unit.number]
            commands = [
                RegisterInstrument(
                    **_by(unit_code(unit.number), officer, f"instrument-{n}"),
                    unit=unit_code(unit.number),
                    name="合成分析仪",
                    category="分析仪器",
                    asset_number=f"A{n:06d}",
                    original_value_fen=80_000_000,
                )
                for n in unit.its_instruments
            ]
            self._cast.instruments += values(self._stage.on(day, commands), "instrument")

    # -- a year of use -------------------------------------------------------------------------------------------------

    def _month(self, month: int) -> None:
        """The log of every unit, handed in on the last day; at the end of a quarter the bills for what others used."""
        day = last_day(month)
        logs: list[RecordLog] = []
        bills: list[IssueBill] = []
        for unit in self._season.units:
            for n, part in enumerate(_parts(self._uses[unit.number, month], LOG_MAX)):
                log = self._log(unit, part, f"{unit.number}-{month}-{n}")
                logs.append(log)
                self._to_bill(unit, part, log)
            if month % MONTHS_BILLED == 0:
                bills += self._bills(unit, day)
            if len(logs) >= AT_ONCE // 8:
                self._send(day, logs, bills)
                logs, bills = [], []
        self._send(day, logs, bills)

    def _send(self, day: date, logs: list[RecordLog], bills: list[IssueBill]) -> None:
        self._stage.on(day, logs, hour=17)
        self._stage.counted(sum(len(log.uses) - 1 for log in logs))
        self._stage.on(day, bills, hour=17)

    def _log(self, unit: PlannedUnit, uses: Sequence[PlannedUse], key: str) -> RecordLog:
        cast, own = self._cast, unit_code(unit.number)
        return RecordLog(
            **_by(own, cast.officers[unit.number], f"log-{key}"),
            unit=own,
            operator=cast.officers[unit.number],
            late_reason=LATE,
            second_person=cast.seconds[unit.number],
            uses=tuple(
                LoggedUse(
                    instrument=cast.instruments[use.instrument],
                    user=own if use.firm is None else firm_code(use.firm),
                    started_at=use.started_at,
                    minutes=use.minutes,
                    purpose="合成使用",
                )
                for use in uses
            ),
        )

    def _to_bill(self, unit: PlannedUnit, uses: Sequence[PlannedUse], log: RecordLog) -> None:
        """Uses by others wait for the end of the quarter; a use's number follows from the log's key."""
        for place, use in enumerate(uses, start=1):
            if use.firm is not None:
                line = BillLine("合成使用", log.number("U", place), use.minutes, PRICE_PER_MINUTE_FEN)
                self._unbilled[unit.number][use.firm].append(line)

    def _bills(self, unit: PlannedUnit, day: date) -> Iterator[IssueBill]:
        """For each firm, for its uses of the quarter."""
        for firm, lines in sorted(self._unbilled.pop(unit.number, {}).items()):
            for n, part in enumerate(_parts(lines, BILL_MAX)):
                yield IssueBill(
                    **_by(
                        unit_code(unit.number), self._cast.officers[unit.number], f"bill-{unit.number}-{day}-{firm}-{n}"
                    ),
                    unit=unit_code(unit.number),
                    payer=firm_code(firm),
                    invoice_number=f"{unit.number:04d}{firm:04d}{day.month:02d}{n:010d}",
                    invoice_date=day,
                    lines=tuple(part),
                    vat_rate=VAT_RATE,
                )

    # -- graded --------------------------------------------------------------------------------------------------------

    def _grade(self) -> None:
        on, operator, units = self._stage.on, self._cast.operators[0], self._season.units
        january, april = date(YEAR, 1, 8), date(YEAR, 4, 10)
        id_ = f"{SYSTEM_OF_INDICATORS}:{YEAR}"
        on(
            january,
            [OpenEvaluation(**_by(COMMISSION, operator, "evaluation"), system=SYSTEM_OF_INDICATORS, year=YEAR)],
        )
        indicators = round_of(SYSTEM_OF_INDICATORS, YEAR, january, january).indicators
        scores = tuple(
            UnitScores(unit_code(unit.number), tuple(IndicatorScore(name, unit.points) for name in indicators))
            for unit in units
        )
        on(january, [ScoreUnits(**_by(COMMISSION, operator, "scores"), evaluation=id_, units=scores)])
        grades = tuple(UnitGrade(unit_code(unit.number), unit.grade) for unit in units)
        proposed = on(april, [ProposeGrades(**_by(COMMISSION, operator, "grades"), evaluation=id_, grades=grades)])
        self._sign(april, proposed, self._cast.finance[:1], "grades")

    # -- computed, approved, paid --------------------------------------------------------------------------------------

    def _appropriate(self) -> None:
        on, cast = self._stage.on, self._cast
        line = LineFields("P-SYNTHETIC", "2060503", "50501", "一般公共预算", "第三季度")
        letter = ProposeAppropriation(
            **_by(COMMISSION, cast.operators[0], "letter"),
            scheme=SCHEME,
            year=YEAR,
            letter_number="合成财预〔2024〕9号",
            amount_fen=BUDGET_FEN * len(self._season.units) // 344,
            line=line,
        )
        self._sign(COMPUTED_ON, on(COMPUTED_ON, [letter]), cast.finance[:1], "letter")

    def _compute(self) -> str:
        on, cast, day = self._stage.on, self._cast, COMPUTED_ON
        batch = str(on(day, [self.computation()])[0].body["batch"])
        reviewed = on(day, [ReviewSubsidy(**_by(COMMISSION, cast.operators[1], "review"), batch=batch)])
        until = date.fromisoformat(str(reviewed[0].body["notice_until"]))
        self._payables = self._sign(until + timedelta(days=1), reviewed, cast.finance[:2], "batch")[-1].body["payables"]
        return batch

    def _pay(self, batch: str) -> str:
        on, cast, day = self._stage.on, self._cast, date(YEAR, 9, 18)
        payables = tuple(self._payables)
        composed = on(day, [ComposeBatch(**_by(FINANCE, cast.finance[0], "compose"), payables=payables)])
        number = str(composed[0].body["batch"])
        release = Approve(
            **_by(FINANCE, cast.finance[1], "release"),
            subject_kind=PAYMENT_BATCH,
            subject=number,
            content_hash=str(composed[0].body["content_hash"]),
        )
        on(day, [release])
        lines = tuple((payable, f"合成回单{n:04d}") for n, payable in enumerate(payables, start=1))
        confirm = ConfirmPayment(**_by(FINANCE, cast.treasury[0], LAST_COMMAND), batch=number, paid_on=day, lines=lines)
        on(day, [confirm])
        return batch

    def _sign(self, day: date, asked: Iterable[Answer], people: Sequence[str], key: str) -> list[Answer]:
        """Every request in turn, by each of these people."""
        subjects = [answer.body["approval"] for answer in asked]
        found: list[Answer] = []
        for person in people:
            found = self._stage.on(
                day,
                [
                    Approve(
                        **_by(FINANCE, person, f"sign-{key}-{person}-{n}"),
                        subject_kind=str(subject["kind"]),
                        subject=str(subject["subject"]),
                        content_hash=str(subject["content_hash"]),
                    )
                    for n, subject in enumerate(subjects)
                ],
            )
        return found


def _parts(items: Sequence[Any], most: int) -> Iterator[Sequence[Any]]:
    for start in range(0, len(items), most):
        yield items[start : start + most]
