"""Record a use: minutes of an instrument that a user had. Out of scope or not, what happened is recorded."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.fees.events import UsesRecorded
from ledger.fees.postings import use_entry
from ledger.fees.rules import check_duration, checked_instant, checked_purpose_class
from ledger.fees.store import FeeUseCircumstanceTable, FeeUseTable
from ledger.fees.values import Use
from ledger.journal.entries import Backdating
from ledger.journal.tables import EventRow
from ledger.registry.rules import SecondPersonMissing, require_party, require_person, require_role, same_person
from ledger.registry.store import INSTRUMENTS, PARTIES, PEOPLE
from ledger.registry.text import TEXT_LENGTH_MAX, checked_name, readable
from ledger.registry.values import Person, Role
from policies.kernel.policies import Policies


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordUse(Command):
    kind: ClassVar[str] = "fee.record-use"

    instrument: str
    user: str
    """Code of the party that used it."""
    operator: str
    """The natural person who ran it."""
    started_at: datetime
    """With its time zone."""
    minutes: int
    purpose: str
    service: str = ""
    purpose_class: str = ""
    """One of `PurposeClass`; empty: not stated. An instrument under customs' supervision asks for it."""
    place: str = ""
    """Where the instrument stood; empty: not stated. An instrument under customs' supervision asks for it."""
    late_reason: str = ""
    """Why it is recorded on a later day than it took place; then a second person of the unit confirms it."""
    second_person: str = ""


def reads(command: RecordUse) -> Keys:
    checked_instant(command.started_at)
    people = {command.actor, command.operator, command.second_person} - {""}
    # The instrument's unit is followed.
    return readable(command, INSTRUMENTS.keys(command.instrument) | PARTIES.keys(command.user) | PEOPLE.keys(*people))


def decide(command: RecordUse, state: State, _policies: Policies, today: date) -> Effects:
    minutes, used_on = check_duration(command.started_at, command.minutes, today)
    instrument = state.one(INSTRUMENTS, command.instrument)
    unit = require_party(state, instrument.unit)
    actor = require_role(state, command.actor, Role.UNIT_OFFICER, unit.code)
    user = require_party(state, command.user)
    operator = require_person(state, command.operator)

    use = Use(
        number=command.number("U"),
        instrument=instrument.code,
        unit=unit.code,
        user=user.code,
        operator=operator.code,
        started_at=command.started_at,
        minutes=minutes,
        purpose=checked_name(command.purpose, "用途", "purpose", TEXT_LENGTH_MAX),
        service=command.service.strip(),
        purpose_class=checked_purpose_class(command.purpose_class),
        place=command.place.strip(),
    )
    late = _lateness(command, state, actor, unit.code) if used_on < today else None
    return Effects(
        {"use": use.number, "minutes": use.minutes, "used_on": used_on},
        entries=(use_entry(use, used_on, late),),
        rows=use_rows(use),
        events=(UsesRecorded((use,)),),
    )


def _lateness(command: RecordUse, state: State, actor: Person, unit: str) -> Backdating | None:
    """Reason and second person where they are given; without them the journal says what it needs."""
    if not command.second_person:
        return None
    second = require_role(state, command.second_person, Role.UNIT_OFFICER, unit)
    if same_person(actor, second):
        raise SecondPersonMissing(person=actor.code)
    return Backdating(command.late_reason, second.code)


def use_rows(use: Use) -> tuple[EventRow, ...]:
    """A use as it is kept, and what was stated of it besides."""
    row = FeeUseTable(
        number=use.number,
        instrument=use.instrument,
        unit=use.unit,
        used_by=use.user,
        operator=use.operator,
        started_at=use.started_at,
        minutes=use.minutes,
        purpose=use.purpose,
        service=use.service,
    )
    if use.purpose_class is None and not use.place:
        return (row,)
    stated = FeeUseCircumstanceTable(recorded_use=use.number, purpose_class=use.purpose_class or "", place=use.place)
    return (row, stated)


USE_CASE = UseCase(RecordUse, reads, decide)
