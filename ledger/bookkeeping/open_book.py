"""Open the books: the assets they hold and the first period."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.bookkeeping.rules import BookAlreadyOpen, PeriodBackwards
from ledger.bookkeeping.store import CALENDAR
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.journal.assets import ASSETS
from ledger.journal.periods import PeriodStatus
from ledger.journal.tables import AssetTable, EventRow, PeriodStepTable, PeriodTable
from policies.kernel.policies import Policies


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenBook(Command):
    kind: ClassVar[str] = "book.open"

    period: str
    starts_on: date
    ends_on: date


def reads(_: OpenBook) -> Keys:
    return CALENDAR.keys("book")


def decide(command: OpenBook, state: State, _policies: Policies, _today: date) -> Effects:
    if state.one(CALENDAR, "book").assets:
        raise BookAlreadyOpen
    if command.ends_on < command.starts_on:
        raise PeriodBackwards(starts_on=command.starts_on, ends_on=command.ends_on)
    assets = tuple(
        AssetTable(code=a.code, kind=a.kind.value, scale=a.scale, name_zh=a.name_zh, name_en=a.name_en) for a in ASSETS
    )
    return Effects(
        {"period": command.period, "assets": [asset.code for asset in ASSETS]},
        rows=assets + period_rows(command.period, command.starts_on, command.ends_on, command.actor),
    )


def period_rows(code: str, starts_on: date, ends_on: date, actor: str) -> tuple[EventRow, ...]:
    return (
        PeriodTable(code=code, starts_on=starts_on, ends_on=ends_on),
        PeriodStepTable(period=code, status=PeriodStatus.OPEN.value, first_signature=actor, second_signature=""),
    )


USE_CASE = UseCase(OpenBook, reads, decide, apart=True)
