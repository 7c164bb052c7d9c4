"""A plan for a September: units, instruments and their year of use, drawn from a seed to the published means.  (pure)

Published of 2024: 344 units graded 50, 100, 189 and 5, with 49,000 instruments that ran 1,511 effective hours and 256
hours for others on average. Which unit has how many, when each ran and for whom, is drawn: nothing of it is real.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from random import Random

from ledger.evaluation.values import Grade
from ledger.executor.clock import CITY

SEED = 2024
BASE_YEAR = 2023
"""Of the use that is graded and paid for."""
MINUTES = 60
EFFECTIVE_HOURS, EXTERNAL_HOURS = 1_511, 256
"""Means of an instrument, as published of 2024."""
GRADES = {Grade.EXCELLENT: 50, Grade.GOOD: 100, Grade.QUALIFIED: 189, Grade.POOR: 5}
INSTRUMENTS = 49_000
FIRMS = 400
OWN_USES, OTHER_USES = 8, 2
"""Records of an instrument's year: of its own unit, and of others."""
PRICE_PER_MINUTE_FEN = 300
"""180 yuan an hour, about what the income published of 2019 comes to; invented all the same."""
BUDGET_FEN = 120_000_000_00
"""Invented, and too small for what the units are entitled to."""
FIRMS_OF_A_UNIT = 5
_POINTS = {
    Grade.EXCELLENT: (85_00, 97_00),
    Grade.GOOD: (70_00, 84_99),
    Grade.QUALIFIED: (60_00, 69_99),
    Grade.POOR: (20_00, 49_99),
}


@dataclass(frozen=True, slots=True)
class PlannedUse:
    """One record of use."""

    instrument: int
    """Counted over all units."""
    firm: int | None
    """None: the unit itself."""
    month: int
    started_at: datetime
    minutes: int


@dataclass(frozen=True, slots=True)
class PlannedUnit:
    number: int
    grade: Grade
    points: int
    """Hundredths, under every indicator alike."""
    first_instrument: int
    instruments: int

    @property
    def its_instruments(self) -> range:
        return range(self.first_instrument, self.first_instrument + self.instruments)


@dataclass(frozen=True, slots=True)
class Season:
    """Everything that is drawn; the uses of a unit are drawn when they are asked for."""

    units: tuple[PlannedUnit, ...]
    seed: int = SEED

    @property
    def instruments(self) -> int:
        return sum(unit.instruments for unit in self.units)

    def uses(self, unit: PlannedUnit) -> list[PlannedUse]:
        """A unit's year by month; always the same ones. Together its instruments run the means, to the minute."""
        dice = Random(self.seed * 1_000_003 + unit.number)  # noqa: S311  a plan, not a secret
        firms = dice.sample(range(FIRMS), FIRMS_OF_A_UNIT)
        found: list[PlannedUse] = []
        own_hours, other_hours = (
            (EFFECTIVE_HOURS - EXTERNAL_HOURS) * unit.instruments,
            EXTERNAL_HOURS * unit.instruments,
        )
        own, others = (
            _shares(hours * MINUTES, [dice.randint(60, 140) for _ in unit.its_instruments])
            for hours in (own_hours, other_hours)
        )
        for place, instrument in enumerate(unit.its_instruments):
            found += [_use(instrument, None, minutes, dice) for minutes in _cut(own[place], OWN_USES, dice)]
            found += [
                _use(instrument, dice.choice(firms), minutes, dice) for minutes in _cut(others[place], OTHER_USES, dice)
            ]
        return sorted(found, key=lambda use: (use.month, use.started_at, use.instrument))


def season(units_of: dict[Grade, int] | None = None, instruments: int = INSTRUMENTS, seed: int = SEED) -> Season:
    """The plan; smaller ones for tests. Units come in the order of their grades, with totals in the same order."""
    counts = units_of or GRADES
    dice = Random(seed)  # noqa: S311  a plan, not a secret
    grades = [grade for grade, count in counts.items() for _ in range(count)]
    sizes = _shares(instruments, [dice.randint(20, 400) for _ in grades])
    starts = [0, *accumulate(sizes)]
    points = [
        point
        for grade, count in counts.items()
        for point in sorted((dice.randint(*_POINTS[grade]) for _ in range(count)), reverse=True)
    ]
    return Season(
        tuple(
            PlannedUnit(n, grade, point, start, size)
            for n, (grade, point, start, size) in enumerate(zip(grades, points, starts, sizes, strict=False))
        ),
        seed,
    )


def _shares(total: int, weights: Sequence[int]) -> list[int]:
    """Whole parts that add up, at least one each; what is left goes to the first ones."""
    spare, whole = total - len(weights), sum(weights)
    parts = [1 + spare * weight // whole for weight in weights]
    for n in range(total - sum(parts)):
        parts[n] += 1
    return parts


def _cut(total: int, parts: int, dice: Random) -> list[int]:
    """A total in so many whole parts of much the same size: a use is over within its month."""
    return _shares(total, [dice.randint(60, 140) for _ in range(parts)])


def _use(instrument: int, firm: int | None, minutes: int, dice: Random) -> PlannedUse:
    """It begins on one of the first days of a month and is over before the month is."""
    month = dice.randint(1, 12)
    longest = (_last_day(month) - date(BASE_YEAR, month, 1)).days - -(-minutes // (24 * MINUTES))
    day = 1 + dice.randrange(max(1, min(longest, 12)))
    started_at = datetime(BASE_YEAR, month, day, 8, tzinfo=CITY)
    return PlannedUse(instrument, firm, month, started_at, minutes)


def _last_day(month: int) -> date:
    return date(BASE_YEAR + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def last_day(month: int) -> date:
    """Of a month of the base year: when its log is handed in."""
    return _last_day(month)
