"""Days the books reckon with: months clipped to the month's end, working days with an operator's rows.  (pure)"""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from policies.calendar.table import Term, working_days

__all__ = ["CalendarRow", "Term", "add_months", "working_day_after"]

MONTHS = 12


@dataclass(frozen=True, slots=True)
class CalendarRow:
    """A day that an operator entered after the shipped table: a holiday, or a weekend day that is worked."""

    day: date
    works: bool


def add_months(day: date, months: int) -> date:
    """The corresponding day so many months later; the month's last where there is none (31 January, 1: 28 February).

    A term in months ends on that day (Civil Code, article 202 [from memory]).
    """
    year, month = divmod(day.year * MONTHS + day.month - 1 + months, MONTHS)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def working_day_after(
    start: date,
    working_days_count: int,
    *,
    known_on: date,
    rows: Iterable[CalendarRow] = (),
    complete_years: Iterable[int] = (),
) -> Term:
    """The last day of a term of working days, the first day not counted.

    `rows` are an operator's, and stand over the shipped table; `complete_years` are those whose whole notice they hold.
    The term is provisional when it runs into a year that is in neither.
    """
    shipped = working_days(known_on)
    table = shipped.with_rows({row.day: row.works for row in rows}, frozenset(complete_years))
    return table.after(start, working_days_count)
