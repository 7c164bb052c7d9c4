"""Calendar days that uses touch: the quantity on which diverted use is taxed."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from policies.kernel.facts import CITY

DAY = timedelta(days=1)
INSTANT = timedelta(microseconds=1)


def days_touched(started_at: datetime, ended_at: datetime) -> Iterator[date]:
    """The days in the city between two instants; one that ends at midnight does not touch the day that begins then."""
    day = started_at.astimezone(CITY).date()
    last = (ended_at.astimezone(CITY) - INSTANT).date()
    while day <= last:
        yield day
        day += DAY


def distinct_days(sessions: Iterable[tuple[datetime, datetime]]) -> frozenset[date]:
    """Every day that some session touches, once; in any order, overlapping as they may."""
    return frozenset(day for started_at, ended_at in sessions for day in days_touched(started_at, ended_at))


def last_supervised(released_on: date, years: int) -> date:
    """The anniversary of the release is supervised too; 28 February for a release on 29 February of a leap year.

    Whether that day itself is inside is uncertain; taking it in is the careful reading.
    """
    year = released_on.year + years
    try:
        return released_on.replace(year=year)
    except ValueError:  # 29 February
        return date(year, 2, 28)
