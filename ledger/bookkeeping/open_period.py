"""Open a further period: a stretch of legal dates that overlaps no other."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.bookkeeping.events import PeriodOpening
from ledger.bookkeeping.open_book import period_rows
from ledger.bookkeeping.rules import PeriodBackwards, PeriodBeforeClosed, PeriodExists, PeriodOverlaps
from ledger.bookkeeping.store import CALENDAR
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.journal.periods import PeriodStatus
from policies.kernel.policies import Policies


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPeriod(Command):
    kind: ClassVar[str] = "period.open"

    period: str
    starts_on: date
    ends_on: date


def reads(_: OpenPeriod) -> Keys:
    return CALENDAR.keys("book")


def decide(command: OpenPeriod, state: State, _policies: Policies, _today: date) -> Effects:
    calendar = state.one(CALENDAR, "book")
    if command.ends_on < command.starts_on:
        raise PeriodBackwards(starts_on=command.starts_on, ends_on=command.ends_on)
    if calendar.named(command.period):
        raise PeriodExists(period=command.period)
    for other in calendar.periods:
        if other.starts_on <= command.ends_on and command.starts_on <= other.ends_on:
            raise PeriodOverlaps(starts_on=command.starts_on, ends_on=command.ends_on, other=other.code)
        if command.starts_on < other.starts_on and other.status is PeriodStatus.CLOSED:
            raise PeriodBeforeClosed(starts_on=command.starts_on, closed=other.code)
    return Effects(
        {"period": command.period},
        rows=period_rows(command.period, command.starts_on, command.ends_on, command.actor),
        events=(PeriodOpening(),),
    )


USE_CASE = UseCase(OpenPeriod, reads, decide, apart=True)
