"""The worked example of duty-free goods: what uses put at risk, what ends cost, what being late costs.

An instrument of 3,650,000.00 yuan, released on 2025-03-10, with 5 % duty and 13 % VAT; the firm has no consent, except
where the story says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection

from ledger.assembly import BOOK
from ledger.customs.decide_consent import DecideConsent
from ledger.customs.decide_exposure import DecideExposure
from ledger.customs.end_item import EndItem
from ledger.customs.pay_exposure import PayExposure
from ledger.customs.record_item import ItemShare, RecordItem
from ledger.customs.register_office import RegisterCustomsOffice
from ledger.customs.submit_consent import SubmitConsent
from ledger.customs.values import ConsentState, ExposureState, GoodsKind, ItemOutcome, Route
from ledger.demo import names
from ledger.demo.stage import Stage
from ledger.demo.worked import Teller, WorkedFigure, balance_of, calculated
from ledger.executor.clock import CITY
from ledger.fees.record_use import RecordUse
from ledger.fees.values import PurposeClass
from ledger.journal.bulk import run
from ledger.registry.values import Role
from policies.calculators import calculate

COMMISSION = names.code(names.BUREAU, 31)
LAST_COMMAND = "last-end"
STEPS = 69
"""How many commands, for the progress bar."""
VALUE_FEN = 3_650_000_00
RELEASED = date(2025, 3, 10)
PLACE = "理化楼101室"
DAY = 24 * 60
SEPTEMBER = date(2026, 9, 1)
LAST_MONTH = date(2028, 2, 10)
"""Thirty-five months after the release."""

GOODS: Mapping[str, Mapping[str, Any]] = {
    "from day to day": {},
    "twelve days": {},
    "forty days": {},
    "four days": {},
    "consented": {},
    "last month": {},
    "17 months 14 days": {},
    "17 months 15 days": {},
    "17 months 18 days": {},
    "at once": {},
    "no duty": {"value_fen": 5_475_000_00, "duty_rate": "0"},
    "vehicle": {"value_fen": 876_000_00, "duty_rate": "0.15", "goods": GoodsKind.VEHICLE},
    "before 2021": {"released_on": date(2018, 3, 10)},
}
"""One instrument for each line of the example, and what is particular about it."""


def asset_number(what: str) -> int:
    return 1 + list(GOODS).index(what)


@dataclass(slots=True)
class CustomsStory:
    """Told once, from the first use out of scope to an end in the last month of a supervision."""

    stage: Stage
    teller: Teller = field(init=False)
    unit: str = ""
    firm: str = ""
    machines: dict[str, str] = field(default_factory=dict)
    items: dict[str, str] = field(default_factory=dict)
    exposures: dict[str, str] = field(default_factory=dict)
    """The latest of each instrument."""

    def __post_init__(self) -> None:
        self.teller = Teller(self.stage, COMMISSION)

    def tell(self) -> None:
        self._found(date(2026, 8, 24))
        self._ends()
        self._uses()
        self._late()
        self._last_month()

    def _found(self, day: date) -> None:
        teller = self.teller
        teller.open(day)
        customs = teller.bureau(day, 32, "合成海关")
        teller.hire(day, "customs", customs, Role.CUSTOMS, by="system")
        teller.do(day, RegisterCustomsOffice, "operator", bureau=customs, district="0113", document_number="关函1号")
        self.unit, self.firm = teller.unit(day, 33), teller.firm(day, 34)
        teller.hire(day, "officer", self.unit, Role.UNIT_OFFICER)
        teller.hire(day, "second officer", self.unit, Role.UNIT_OFFICER)
        for what, changed in GOODS.items():
            self._goods(day, what, **changed)

    def _goods(self, day: date, what: str, value_fen: int = VALUE_FEN, **changed: object) -> None:
        number = asset_number(what)
        machine = self.teller.instrument(day, "officer", self.unit, number, value_fen)
        facts: dict[str, Any] = {
            "unit": self.unit,
            "certificate_number": "Z01011234567",
            "declaration_number": f"0113202510000{number:05d}",
            "line": 1,
            "hs_code": "9027809990",
            "policy_document": "财关税〔2021〕23号",
            "goods": GoodsKind.OTHER,
            "shares": (ItemShare(machine, value_fen),),
            "duty_rate": "0.05",
            "vat_rate": "0.13",
            "consumption_rate": "0",
            "released_on": RELEASED,
            "district": "0113",
            "place": PLACE,
        } | changed
        self.machines[what] = machine
        self.items[what] = str(self.teller.do(day, RecordItem, "officer", **facts)["item"])

    def _end(self, day: date, what: str, ended_on: date) -> None:
        papers = {"document_number": "关准1号", "payment_number": f"缴款书{what}"}
        facts = {"item": self.items[what], "outcome": ItemOutcome.EARLY_RELEASED, "ended_on": ended_on}
        if what == "last month":
            self.teller.end(day, EndItem, "customs", LAST_COMMAND, **facts, **papers)
        else:
            self.teller.do(day, EndItem, "customs", **facts, **papers)

    def _ends(self) -> None:
        self._end(date(2026, 8, 24), "17 months 14 days", date(2026, 8, 24))
        self._end(date(2026, 8, 25), "17 months 15 days", date(2026, 8, 25))
        self._end(date(2026, 8, 28), "17 months 18 days", date(2026, 8, 28))
        self._end(date(2026, 8, 28), "at once", RELEASED)

    def _use(self, recorded_on: date, what: str, start: datetime, minutes: int) -> None:
        """Of the firm, for research; recorded with a second person where it is late."""
        late = (start + timedelta(minutes=minutes - 1)).date() < recorded_on
        body = self.teller.do(
            recorded_on,
            RecordUse,
            "officer",
            instrument=self.machines[what],
            user=self.firm,
            operator=self.teller.people["officer"],
            started_at=start.replace(tzinfo=CITY),
            minutes=minutes,
            purpose="合成样品分析",
            purpose_class=PurposeClass.RESEARCH,
            place=PLACE,
            late_reason="月末汇总登记" if late else "",
            second_person=self.teller.people["second officer"] if late else "",
        )
        self.exposures[what] = str(body["customs"][0]["exposure"])

    def _uses(self) -> None:
        """Each day that is touched counts once, whoever comes how often."""
        for n in range(12):
            day = SEPTEMBER + timedelta(days=n)
            self._use(day, "from day to day", datetime.combine(day, time(9)), 120)
        whole = datetime.combine(SEPTEMBER, time())
        self._use(SEPTEMBER + timedelta(days=11), "twelve days", whole, 12 * DAY)
        self._four_days()
        self._use(SEPTEMBER + timedelta(days=19), "no duty", whole, 20 * DAY)
        self._use(SEPTEMBER + timedelta(days=29), "vehicle", whole, 30 * DAY)
        self._use(SEPTEMBER + timedelta(days=39), "forty days", whole, 40 * DAY)
        self._use(SEPTEMBER + timedelta(days=39), "before 2021", datetime(2020, 6, 1, tzinfo=CITY), 12 * DAY)
        self._consented(SEPTEMBER + timedelta(days=40))

    def _four_days(self) -> None:
        """Two sessions on one day, one across midnight, one of twenty minutes: 830 minutes on four days."""
        recorded_on = date(2026, 9, 14)
        for day, hour, minutes in ((1, time(9), 180), (1, time(14), 510), (3, time(23), 120), (7, time(8), 20)):
            self._use(recorded_on, "four days", datetime.combine(date(2026, 9, day), hour), minutes)

    def _consented(self, day: date) -> None:
        """What customs consented to costs nothing, as long as its minutes last."""
        consent = self.teller.do(
            day,
            SubmitConsent,
            "officer",
            instrument=self.machines["consented"],
            route=Route.CASE,
            document_number="申请1号",
            users=(self.firm,),
            purposes=(PurposeClass.RESEARCH,),
            place=PLACE,
            minutes=600,
            valid_from=day,
            valid_until=day + timedelta(days=365),
        )["consent"]
        papers = {"since": day, "document_number": "关减免1号", "reason": "同意"}
        self.teller.do(day, DecideConsent, "customs", consent=consent, outcome=ConsentState.GRANTED, **papers)
        self._use(day, "consented", datetime.combine(day, time(9)), 120)

    def _late(self) -> None:
        """Customs assesses the twelve days as estimated, and they are paid 47 days late."""
        day = date(2026, 10, 12)
        exposure = self.exposures["twelve days"]
        amounts = {"duty_fen": 2_000_00, "vat_fen": 5_460_00, "consumption_fen": 0}
        for outcome, by, more in (
            (ExposureState.UNDER_REVIEW, "officer", {}),
            (ExposureState.ASSESSED, "customs", amounts),
            (ExposureState.REPORTED, "officer", {}),
        ):
            papers = {"document_number": "关核1号", "reason": "核定"}
            self.teller.do(day, DecideExposure, by, exposure=exposure, outcome=outcome, **papers, **more)
        due_on = date(2026, 10, 15)
        paid_on = due_on + timedelta(days=47)
        facts = {"exposure": exposure, "payment_number": "缴款书1号", "due_on": due_on, "paid_on": paid_on}
        self.teller.do(paid_on, PayExposure, "customs", **facts)

    def _last_month(self) -> None:
        self._end(LAST_MONTH, "last month", LAST_MONTH)


# -- the figures -------------------------------------------------------------------------------------------------------


def figures(connection: Connection) -> list[WorkedFigure]:
    """Every figure of the example, the books' own beside it."""
    found = [
        WorkedFigure("进口时免征的税款", "tax not paid at the import", 680_725_00, _paid(connection, "at once")),
        WorkedFigure(
            "提前解除监管 2026-08-24（17个月14天）",
            "early release on 2026-08-24 (17 months 14 days)",
            359_271_52,
            _paid(connection, "17 months 14 days"),
        ),
        WorkedFigure(
            "提前解除监管 2026-08-25（17个月15天）",
            "early release on 2026-08-25 (17 months 15 days)",
            359_271_52,
            _paid(connection, "17 months 15 days"),
        ),
        WorkedFigure(
            "提前解除监管 2026-08-28（17个月18天）",
            "early release on 2026-08-28 (17 months 18 days)",
            340_362_50,
            _paid(connection, "17 months 18 days"),
        ),
        WorkedFigure(
            "第35个月的计税价格",
            "base in the 35th month",
            101_388_89,
            calculated(connection, "customs/transfer", "base_fen", event_on=LAST_MONTH.isoformat())[0],
        ),
        WorkedFigure("移作他用 1 天", "another use, 1 day", 621_67, _estimate(connection, "from day to day", 1)),
        WorkedFigure("移作他用 10 天", "another use, 10 days", 6_216_67, _estimate(connection, "from day to day", 10)),
        WorkedFigure("移作他用 12 天", "another use, 12 days", 7_460_00, _estimate(connection, "from day to day", 12)),
        WorkedFigure("一次使用 12 天", "one use of 12 days", 7_460_00, _estimate(connection, "twelve days")),
        WorkedFigure("移作他用 40 天", "another use, 40 days", 24_866_67, _estimate(connection, "forty days")),
        WorkedFigure("830分钟、4个日历日", "830 minutes on four days", 2_486_67, _estimate(connection, "four days")),
        WorkedFigure("零关税仪器 20 天", "no duty, 20 days", 13_000_00, _estimate(connection, "no duty")),
        WorkedFigure("车辆（6年）30 天", "a vehicle (6 years), 30 days", 3_594_00, _estimate(connection, "vehicle")),
        WorkedFigure(
            "2020年的12天（按1080天计）",
            "12 days in 2020 (over 1,080 days)",
            7_563_61,
            _estimate(connection, "before 2021"),
        ),
        WorkedFigure("有海关同意的使用", "a use with consent", 0, _estimate(connection, "consented")),
        WorkedFigure(
            "滞纳47天：增值税滞纳金", "47 days late: on the VAT", 128_31, balance_of(connection, "customs:late-fee:%")
        ),
        WorkedFigure(
            "滞纳47天：关税滞纳金（不足50元，免征）",
            "47 days late: on the duty (below 50 yuan, waived)",
            47_00,
            calculated(connection, "customs/late-fee", "late_fee_fen", tax_fen=2_000_00)[0],
        ),
        WorkedFigure(
            "保证金上限 2026-11-22（余475天）",
            "ceiling of a guarantee on 2026-11-22 (475 days left)",
            295_291_67,
            _ceiling(),
            "公开计算器所算；账上不登记保证金",
            "by the public calculator; the books keep no guarantee sums",
        ),
    ]
    at_risk = sum(figure.note_fen for figure in found[7:14] if figure.zh != "一次使用 12 天")
    found.append(
        WorkedFigure(
            "尚未了结的或有税款合计",
            "still at risk, together",
            at_risk,
            balance_of(connection, "customs:at-risk:%"),
        )
    )
    return found


def _paid(connection: Connection, what: str) -> int:
    """Taxes with which a supervision ended before its time."""
    ((fen,),) = run(
        connection,
        "SELECT e.duty_fen + e.vat_fen + e.consumption_fen FROM customs_item_end e "
        "JOIN customs_item_share s ON s.book = e.book AND s.item = e.item "
        "JOIN instrument m ON m.book = s.book AND m.code = s.instrument "
        "WHERE e.book = %s AND m.asset_number = %s",
        [BOOK, f"D{asset_number(what):02d}"],
    )
    return int(fen)


def _estimate(connection: Connection, what: str, uses: int = 10**6) -> int:
    """What the first uses of an instrument were counted with, together."""
    ((fen,),) = run(
        connection,
        "SELECT coalesce(sum(t.duty_fen + t.vat_fen + t.consumption_fen), 0)::int8 FROM ("
        "  SELECT e.book, e.number FROM customs_exposure e "
        "  JOIN instrument m ON m.book = e.book AND m.code = e.instrument "
        "  WHERE e.book = %s AND m.asset_number = %s ORDER BY e.first_on, e.number LIMIT %s) e "
        "JOIN customs_exposure_tax t ON t.book = e.book AND t.exposure = e.number",
        [BOOK, f"D{asset_number(what):02d}", uses],
    )
    return int(fen)


def _ceiling() -> int:
    facts = {
        "value_fen": VALUE_FEN,
        "supervision_years": 3,
        "duty_rate": "0.05",
        "vat_rate": "0.13",
        "consumption_rate": "0",
        "released_on": RELEASED,
        "days": 475,
    }
    return calculate("customs/diverted-use", facts, on=date(2026, 11, 22), known_on=date(2026, 11, 23)).whole(
        "total_fen"
    )
