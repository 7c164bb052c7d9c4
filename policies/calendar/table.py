"""Which days are worked, as far as the notices known on a day say."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

from policies.kernel.errors import Refused
from policies.kernel.loading import read_policy
from policies.kernel.parameters import Block, Policy
from policies.kernel.refusals import RuleNotYetInForce, RuleNotYetKnown

POLICY = "calendar/working-days"
DAY = timedelta(days=1)
SATURDAY = 5


class BeyondTheCalendar(Refused):
    zh = "自 {start} 起 {working_days} 个工作日超出日历所能表示的最后一天（9999-12-31）。请改用较早的日期。"
    en = (
        "{working_days} working days from {start} end after the last day there is (9999-12-31). Ask for an earlier day."
    )


@dataclass(frozen=True, slots=True)
class Term:
    """Where a count of working days ends."""

    date: date
    provisional: bool
    """The term runs into days whose notice is not published: the date may move."""


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """The calendar of one day's knowledge."""

    exceptions: Mapping[date, bool]
    """Days that differ from Monday to Friday: True is a weekend day worked, False a day off."""
    published: frozenset[int]
    """Years whose notice is known."""
    first: date
    """The first day of the table."""

    def works(self, day: date) -> bool:
        return self.exceptions.get(day, day.weekday() < SATURDAY)

    def after(self, start: date, working_days: int) -> Term:
        """The last day of a term of so many working days; the first day is not counted, and no days end on it."""
        if start < self.first:
            raise RuleNotYetInForce(POLICY, start, self.first, None)
        day = start
        try:
            for _ in range(working_days):
                day += DAY
                while not self.works(day):
                    day += DAY
        except OverflowError:
            raise BeyondTheCalendar(start=start, working_days=working_days) from None
        return Term(day, provisional=any(year not in self.published for year in range(start.year, day.year + 1)))

    def with_rows(self, rows: Mapping[date, bool], published: frozenset[int] = frozenset()) -> "WorkingDays":
        """The same calendar with an operator's later rows (True: worked) and the years these make complete."""
        return replace(
            self, exceptions=MappingProxyType({**self.exceptions, **rows}), published=self.published | published
        )


def working_days(known_on: date) -> WorkingDays:
    """The shipped calendar as known on a day; refused before the first notice was published."""
    return read_table(read_policy(POLICY), known_on)


@lru_cache(maxsize=256)
def read_table(policy: Policy, known_on: date) -> WorkingDays:
    """Lay the known notices over one another, later ones over earlier, and statutory days where there is none."""
    arrangement = policy.parameters["arrangement"]
    known = arrangement.known(known_on)
    if not known:
        earliest = min(arrangement.blocks, key=lambda block: block.enacted_on)
        raise RuleNotYetKnown(arrangement.title, known_on, earliest.enacted_on, str(earliest.cite))
    published = frozenset(_year(block) for block in known)
    exceptions: dict[date, bool] = {}
    for block in policy.parameters["statutory"].known(known_on):
        if _year(block) not in published:
            _lay(block, exceptions)
    for block in known:
        for day in [day for day in exceptions if day >= block.effective_from and day.year <= _year(block)]:
            del exceptions[day]
        _lay(block, exceptions)
    return WorkingDays(MappingProxyType(exceptions), published, known[0].effective_from)


def _lay(block: Block, exceptions: dict[date, bool]) -> None:
    for row in block.rows:
        day, last = row["first"], row["last"]
        if not isinstance(day, date) or not isinstance(last, date):
            raise TypeError("a row of the calendar has a first and a last day")
        while day <= last:
            exceptions[day] = row.get("kind") == "work"
            day += DAY


def _year(block: Block) -> int:
    if block.effective_until is None:
        raise TypeError("a notice ends with its year")
    return block.effective_until.year
