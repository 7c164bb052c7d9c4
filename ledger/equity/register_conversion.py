"""Register a conversion, and publish what was paid in: only then the share is held."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from ledger.equity.file_appraisal import step_row
from ledger.equity.postings import registration_entry
from ledger.equity.rules import check_conversion, check_past
from ledger.equity.store import CONVERSIONS
from ledger.equity.values import Conversion, ConversionState
from ledger.errors import Refused
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.registry.rules import require_any_role
from ledger.registry.store import PEOPLE, WORKING_DAYS
from ledger.registry.text import checked_date, checked_name, readable
from ledger.registry.values import Person, Role
from policies.calendar.table import working_days
from policies.equity.terms import equity_terms
from policies.kernel.policies import Policies


class OutOfOrder(Refused):
    zh = "日期 {day} 早于上一步（{before}）。顺序应为评估、决议、转股、登记、公示。"
    en = "The day {day} is before the step that precedes it ({before}). Appraise, resolve, convert, register, publish."


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterConversion(Command):
    """By an officer of the unit, or somebody of the firm: the register shows the share."""

    kind: ClassVar[str] = "equity.register-conversion"

    conversion: str
    document_number: str
    """Of the notice of change."""
    happened_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishConversion(Command):
    """By an officer of the unit, or somebody of the firm: the public system shows what was paid in."""

    kind: ClassVar[str] = "equity.publish-conversion"

    conversion: str
    document_number: str
    happened_on: date


def reads(command: RegisterConversion | PublishConversion) -> Keys:
    return readable(
        command,
        PEOPLE.keys(command.actor) | CONVERSIONS.keys(command.conversion) | WORKING_DAYS.keys("book"),
    )


def register(command: RegisterConversion, state: State, policies: Policies, today: date) -> Effects:
    conversion = _own(command, state)
    check_conversion(conversion, {ConversionState.CONVERTED}, "登记", "registered")
    day = _day(command, conversion.days[ConversionState.CONVERTED], today)
    terms = equity_terms(day, policies.known_on)
    assert conversion.resolution is not None  # it converted
    assert conversion.proposal is not None
    due = conversion.resolution.resolved_on + timedelta(days=terms.registration_days)
    number = checked_name(command.document_number, "文号", "number of the document")
    step = step_row(conversion, ConversionState.REGISTERED, day, today, command.actor, number)
    capital_fen = conversion.proposal.new_registered_fen
    entries = (
        (registration_entry(conversion, capital_fen, today, terms.cite("registration_days"), number),)
        if capital_fen
        else ()
    )
    return Effects(
        {"conversion": conversion.number, "state": ConversionState.REGISTERED, "due_on": due, "late": day > due},
        entries=entries,
        rows=(step,),
    )


def publish(command: PublishConversion, state: State, policies: Policies, today: date) -> Effects:
    conversion = _own(command, state)
    check_conversion(conversion, {ConversionState.REGISTERED}, "公示", "published")
    registered_on = conversion.days[ConversionState.REGISTERED]
    day = _day(command, registered_on, today)
    terms = equity_terms(registered_on, policies.known_on)
    days = state.one(WORKING_DAYS, "book")
    calendar = working_days(policies.known_on).with_rows(days.days, days.published)
    due = calendar.after(registered_on, terms.publication_working_days)
    number = checked_name(command.document_number, "文号", "number of the document")
    step = step_row(conversion, ConversionState.HELD, day, today, command.actor, number)
    return Effects(
        {
            "conversion": conversion.number,
            "state": ConversionState.HELD,
            "due_on": due.date,
            "due_provisional": due.provisional,
            "late": day > due.date,
        },
        rows=(step,),
    )


def _own(command: RegisterConversion | PublishConversion, state: State) -> Conversion:
    conversion = state.one(CONVERSIONS, command.conversion)
    _require_either(command, state, conversion)
    return conversion


def _require_either(command: Command, state: State, conversion: Conversion) -> Person:
    found = state.find(PEOPLE, command.actor)
    if found and found.has(Role.APPLICANT, conversion.firm):
        return found
    return require_any_role(state, command.actor, {Role.UNIT_OFFICER}, conversion.unit)


def _day(command: RegisterConversion | PublishConversion, before: date, today: date) -> date:
    day = check_past(checked_date(command.happened_on, "日期", "day"), today, "日期", "step")
    if day < before:
        raise OutOfOrder(day=day, before=before)
    return day


USE_CASES = (UseCase(RegisterConversion, reads, register), UseCase(PublishConversion, reads, publish))
