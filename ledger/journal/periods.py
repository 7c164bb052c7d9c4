"""Periods of legal dates: open, adjusting, closed; one way only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import Connection

from ledger.journal.bulk import run
from ledger.journal.entries import Backdating, Entry
from ledger.journal.refusals import BackdatingUnconfirmed, NoPeriod, NotYet, PeriodClosed


class PeriodStatus(StrEnum):
    OPEN = "open"
    ADJUSTING = "adjusting"
    """Only backdated entries with a reason and a second person."""
    CLOSED = "closed"


ORDER = (PeriodStatus.OPEN, PeriodStatus.ADJUSTING, PeriodStatus.CLOSED)


@dataclass(frozen=True, slots=True)
class Period:
    code: str
    starts_on: date
    ends_on: date
    status: PeriodStatus

    def holds(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on


def check_date(entry: Entry, actor_person: str, periods: Sequence[Period], today: date) -> None:
    """Refuse an entry whose legal date the periods do not accept today.

    Raises:
        NotYet, NoPeriod, PeriodClosed, BackdatingUnconfirmed
    """
    if entry.effective_on > today:
        raise NotYet(effective_on=entry.effective_on, today=today)
    period = next((period for period in periods if period.holds(entry.effective_on)), None)
    if period is None:
        raise NoPeriod(effective_on=entry.effective_on)
    if period.status is PeriodStatus.CLOSED:
        raise PeriodClosed(period=period.code, status=period.status, effective_on=entry.effective_on)
    late = entry.effective_on < today or period.status is PeriodStatus.ADJUSTING
    if (late or entry.backdating) and not _is_confirmed(entry.backdating, actor_person):
        raise BackdatingUnconfirmed(effective_on=entry.effective_on, today=today)


def _is_confirmed(backdating: Backdating | None, actor_person: str) -> bool:
    """Whether there is a reason, and somebody beside the one who enters."""
    if backdating is None:
        return False
    return bool(backdating.reason.strip()) and backdating.second_person.strip() not in {"", actor_person}


def load_periods(connection: Connection, book: int) -> tuple[Period, ...]:
    rows = run(
        connection,
        "SELECT p.code, p.starts_on, p.ends_on, array_agg(s.status) FROM period p "
        "JOIN period_step s ON s.book = p.book AND s.period = p.code WHERE p.book = %s GROUP BY 1, 2, 3 ORDER BY 2",
        [book],
    )
    return tuple(
        Period(code, starts, ends, max((PeriodStatus(step) for step in steps), key=ORDER.index))
        for code, starts, ends, steps in rows
    )
