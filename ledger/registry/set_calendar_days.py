"""Enter the working days of a notice that the shipped calendar does not know yet, by an operator."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.registry.rules import CalendarDayTwice, CalendarEmpty, YearNotInNotice, require_role
from ledger.registry.store import PEOPLE, WORKING_DAYS_CHANGES
from ledger.registry.tables import CalendarDayTable, CalendarYearTable
from ledger.registry.text import checked_date, checked_name, readable
from ledger.registry.values import Role
from policies.kernel.policies import Policies

if TYPE_CHECKING:
    from ledger.journal.tables import EventRow


@dataclass(frozen=True, slots=True, kw_only=True)
class SetCalendarDays(Command):
    kind: ClassVar[str] = "registry.set-calendar-days"

    notice: str
    """Its number, e.g. 国办发明电〔2026〕…号."""
    worked: tuple[date, ...] = ()
    """Weekend days that are worked."""
    off: tuple[date, ...] = ()
    completes: int | None = None
    """The year that is known completely with this notice."""


def reads(command: SetCalendarDays) -> Keys:
    return readable(command, PEOPLE.keys(command.actor) | WORKING_DAYS_CHANGES.keys("book"))


def decide(command: SetCalendarDays, state: State, _policies: Policies, _today: date) -> Effects:
    require_role(state, command.actor, Role.OPERATOR)
    notice = checked_name(command.notice, "通知文号", "number of the notice")
    known = state.one(WORKING_DAYS_CHANGES, "book")
    days = _days(command, notice)
    rows: list[EventRow] = [
        CalendarDayTable(day=day, step=known.steps.get(day, 0) + 1, works=works, notice=notice)
        for day, works in sorted(days.items())
    ]
    year = command.completes
    if year is not None and year not in known.published:
        if year not in {day.year for day in days}:
            raise YearNotInNotice(notice=notice, year=year)
        rows.append(CalendarYearTable(year=year, notice=notice))
    return Effects({"notice": notice, "days": len(days)}, rows=tuple(rows))


def _days(command: SetCalendarDays, notice: str) -> dict[date, bool]:
    listed = [checked_date(day, "日期", "day") for day in (*command.worked, *command.off)]
    if not listed:
        raise CalendarEmpty(notice=notice)
    day, times = Counter(listed).most_common(1)[0]
    if times > 1:
        raise CalendarDayTwice(day=day)
    return dict.fromkeys(command.worked, True) | dict.fromkeys(command.off, False)


USE_CASE = UseCase(SetCalendarDays, reads, decide)
