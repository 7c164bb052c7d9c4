"""Where instants and dates come from: the only clock below the edge is one that is handed in."""

from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

CITY = ZoneInfo("Asia/Shanghai")
"""Legal dates are days of this zone."""


class Clock(Protocol):
    def now(self) -> datetime: ...


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


def today(clock: Clock) -> date:
    """The legal date."""
    return clock.now().astimezone(CITY).date()


class SimulatedClock:
    """A clock that stands until it is moved: for a year told in a minute."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        return self._at

    def move_to(self, day: date, hour: int = 9) -> None:
        """To an hour of a day in the city; never back."""
        self._at = max(self._at, datetime(day.year, day.month, day.day, hour, tzinfo=CITY))
