"""Record a log: many uses of a unit's instruments at once, as its log book or its own system has them.

All of it or nothing: a use that cannot be is named with its place, and no other is kept.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from ledger.errors import Invalid, Refused
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.fees.events import UsesRecorded
from ledger.fees.postings import log_entry
from ledger.fees.record_use import use_rows
from ledger.fees.rules import check_duration, checked_instant, checked_purpose_class
from ledger.fees.values import Use
from ledger.journal.entries import Backdating
from ledger.registry.rules import SecondPersonMissing, require_party, require_person, require_role, same_person
from ledger.registry.store import INSTRUMENTS, PARTIES, PEOPLE
from ledger.registry.text import TEXT_LENGTH_MAX, checked_name, readable
from ledger.registry.values import PartyKind, Person, Role
from policies.kernel.policies import Policies

USES_MAX = 1_000
"""Of one log."""


class LogEmpty(Invalid):
    zh = "使用日志没有记录。"
    en = "The log has no use in it."


class LogTooLong(Invalid):
    zh = "一份使用日志最多 {most} 条，现为 {count} 条。请分次登记。"
    en = "A log has at most {most} uses, not {count}. Send several."


class InstrumentOfAnother(Refused):
    zh = "第 {place} 条：仪器 {instrument} 属于 {owner}，不是 {unit} 的。"
    en = "Use {place}: instrument {instrument} belongs to {owner}, not to {unit}."


@dataclass(frozen=True, slots=True)
class LoggedUse:
    """One line of a log."""

    instrument: str
    user: str
    """Code of the party that used it."""
    started_at: datetime
    """With its time zone."""
    minutes: int
    purpose: str
    service: str = ""
    purpose_class: str = ""
    """One of `PurposeClass`; empty: not stated."""
    place: str = ""
    """Where the instrument stood; empty: not stated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordLog(Command):
    """By an officer of the unit. Uses of earlier days take a reason and a second person of the unit, once for all."""

    kind: ClassVar[str] = "fee.record-log"

    unit: str
    operator: str
    """The natural person who ran the instruments, or answers for the log."""
    uses: tuple[LoggedUse, ...]
    late_reason: str = ""
    second_person: str = ""


def reads(command: RecordLog) -> Keys:
    if not command.uses:
        raise LogEmpty
    if len(command.uses) > USES_MAX:
        raise LogTooLong(most=USES_MAX, count=len(command.uses))
    for use in command.uses:
        checked_instant(use.started_at)
    people = {command.actor, command.operator, command.second_person} - {""}
    return readable(
        command,
        INSTRUMENTS.keys(*(use.instrument for use in command.uses))
        | PARTIES.keys(command.unit, *(use.user for use in command.uses))
        | PEOPLE.keys(*people),
    )


def decide(command: RecordLog, state: State, _policies: Policies, today: date) -> Effects:
    unit = require_party(state, command.unit, PartyKind.UNIT)
    actor = require_role(state, command.actor, Role.UNIT_OFFICER, unit.code)
    operator = require_person(state, command.operator)
    by_day: dict[date, list[Use]] = defaultdict(list)
    for place, logged in enumerate(command.uses, start=1):
        used_on, use = _use(command, state, logged, place, operator.code, today)
        by_day[used_on].append(use)
    late = _lateness(command, state, actor) if min(by_day) < today else None
    uses = [use for _, of_day in sorted(by_day.items()) for use in of_day]
    return Effects(
        {
            "unit": unit.code,
            "uses": [use.number for use in uses],
            "minutes": sum(use.minutes for use in uses),
            "from": min(by_day),
            "until": max(by_day),
        },
        entries=tuple(
            log_entry(of_day, used_on, late if used_on < today else None) for used_on, of_day in sorted(by_day.items())
        ),
        rows=tuple(row for use in uses for row in use_rows(use)),
        events=(UsesRecorded(tuple(uses)),),
    )


def _use(
    command: RecordLog, state: State, logged: LoggedUse, place: int, operator: str, today: date
) -> tuple[date, Use]:
    minutes, used_on = check_duration(logged.started_at, logged.minutes, today)
    instrument = state.one(INSTRUMENTS, logged.instrument)
    if instrument.unit != command.unit:
        raise InstrumentOfAnother(place=place, instrument=instrument.code, owner=instrument.unit, unit=command.unit)
    user = require_party(state, logged.user)
    return used_on, Use(
        number=command.number("U", place),
        instrument=instrument.code,
        unit=instrument.unit,
        user=user.code,
        operator=operator,
        started_at=logged.started_at,
        minutes=minutes,
        purpose=checked_name(logged.purpose, "用途", "purpose", TEXT_LENGTH_MAX),
        service=logged.service.strip(),
        purpose_class=checked_purpose_class(logged.purpose_class),
        place=logged.place.strip(),
    )


def _lateness(command: RecordLog, state: State, actor: Person) -> Backdating | None:
    """Reason and second person where they are given; without them the journal says what it needs."""
    if not command.second_person:
        return None
    second = require_role(state, command.second_person, Role.UNIT_OFFICER, command.unit)
    if same_person(actor, second):
        raise SecondPersonMissing(person=actor.code)
    return Backdating(command.late_reason, second.code)


USE_CASE = UseCase(RecordLog, reads, decide)
