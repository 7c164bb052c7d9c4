"""Submit a consent: for what others may use a supervised instrument, as the unit asks, or has on the platform."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.amounts import whole_amount
from ledger.customs.rules import checked_place, needs_users
from ledger.customs.store import CONSENTS, LINKS, SUPERVISED
from ledger.customs.tables import CustomsConsentStepTable, CustomsConsentTable, CustomsConsentUserTable
from ledger.customs.values import SCIENCE, Consent, ConsentState, Route, Supervision
from ledger.errors import Invalid, Refused
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.fees.values import PurposeClass
from ledger.journal.tables import EventRow
from ledger.registry.rules import require_party, require_role
from ledger.registry.store import INSTRUMENTS, PARTIES, PEOPLE
from ledger.registry.text import checked_choice, checked_date, checked_name, readable
from ledger.registry.values import Role
from policies.customs.supervision import platform_route
from policies.kernel.policies import Policies

USERS_MAX = 200


class NotSupervised(Refused):
    zh = "仪器 {instrument} 在 {on} 不在海关监管之下，不需要海关同意。"
    en = "Instrument {instrument} is not under customs' supervision on {on}; it needs no consent."


class ConsentOutlivesSupervision(Refused):
    zh = (
        "海关同意的有效期至 {valid_until}，晚于仪器 {instrument} 的监管期满日 {supervised_until}。"
        "请将有效期改至该日以前。"
    )
    en = (
        "The consent would last until {valid_until}, longer than the supervision of instrument {instrument}, which "
        "ends on {supervised_until}. Let it end by then."
    )


class ConsentNeverValid(Invalid):
    zh = "有效期自 {valid_from} 至 {valid_until}，没有有效的一日。请核对日期。"
    en = "From {valid_from} to {valid_until} there is not a day. Check the dates."


class PurposeNotForConsent(Invalid):
    zh = "用途“{purpose}”不在可同意之列：减免税货物只能用于科研、科技开发和教学。"
    en = "“{purpose}” is no purpose to consent to: duty-free goods are for research, development and teaching."


class UsersMissing(Invalid):
    zh = "逐案同意须写明使用单位（至多 {most} 个）。请填写。"
    en = "A consent per case names its users, at most {most}. Name them."


class MinutesMissing(Invalid):
    zh = "逐案同意须写明机时（分钟）。请填写。"
    en = "A consent per case says how many minutes. Give them."


class NoPlatformRoute(Refused):
    zh = "{on} 时尚无国家网络管理平台途径（自 2018-10-30 起）。请改为逐案同意。"
    en = "On {on} there was no route through the national platform (it begins on 2018-10-30). Ask per case."


class ConsentNotReturned(Refused):
    zh = "海关同意 {consent} 的状态为“{state}”，只有被退回的才能重新提交。"
    en = "Consent {consent} is {state}; only one that was returned can be submitted anew."


class ConsentOfAnotherInstrument(Refused):
    zh = "海关同意 {consent} 是仪器 {other} 的，不是 {instrument} 的。"
    en = "Consent {consent} is of instrument {other}, not of {instrument}."


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitConsent(Command):
    """By an officer of the unit."""

    kind: ClassVar[str] = "customs.submit-consent"

    instrument: str
    route: Route
    document_number: str
    """Of the application; on the platform, the number of the registration there."""
    users: tuple[str, ...]
    purposes: tuple[PurposeClass, ...]
    place: str
    minutes: int | None
    valid_from: date
    valid_until: date
    consent: str = ""
    """Given: the one that customs returned, changed."""


def reads(command: SubmitConsent) -> Keys:
    return readable(
        command,
        PEOPLE.keys(command.actor)
        | INSTRUMENTS.keys(command.instrument)
        | LINKS.keys(command.instrument)
        | SUPERVISED.keys(command.instrument)
        | PARTIES.keys(*command.users[:USERS_MAX])
        | (CONSENTS.keys(command.consent) if command.consent else frozenset()),
    )


def decide(command: SubmitConsent, state: State, policies: Policies, today: date) -> Effects:
    instrument = state.one(INSTRUMENTS, command.instrument)
    require_role(state, command.actor, Role.UNIT_OFFICER, instrument.unit)
    before = _returned(command, state)
    wanted = _wanted(command, state, before)
    _check_time(wanted, state.one(SUPERVISED, instrument.code), policies)
    return Effects(
        {"consent": wanted.number, "version": wanted.version, "state": ConsentState.SUBMITTED},
        rows=tuple(_rows(command, wanted, today)),
    )


def _returned(command: SubmitConsent, state: State) -> Consent | None:
    if not command.consent:
        return None
    before = state.one(CONSENTS, command.consent)
    if before.instrument != command.instrument:
        raise ConsentOfAnotherInstrument(consent=before.number, other=before.instrument, instrument=command.instrument)
    if before.state is not ConsentState.RETURNED:
        raise ConsentNotReturned(consent=before.number, state=before.state)
    return before


def _wanted(command: SubmitConsent, state: State, before: Consent | None) -> Consent:
    route = checked_choice(Route, command.route, "途径", "route")
    instrument = state.one(INSTRUMENTS, command.instrument)
    purposes = frozenset(
        checked_choice(PurposeClass, purpose, "用途类别", "class of purposes") for purpose in command.purposes
    )
    for purpose in sorted(purposes - SCIENCE):
        raise PurposeNotForConsent(purpose=purpose)
    users = frozenset(require_party(state, user).code for user in command.users[:USERS_MAX])
    if len(command.users) > USERS_MAX or (needs_users(route) and not users):
        raise UsersMissing(most=USERS_MAX)
    if needs_users(route) and command.minutes is None:
        raise MinutesMissing
    return Consent(
        number=before.number if before else command.number("CS"),
        instrument=instrument.code,
        unit=instrument.unit,
        route=route,
        document_number=checked_name(command.document_number, "文号", "number of the document"),
        users=users,
        purposes=purposes or SCIENCE,
        place=checked_place(command.place),
        minutes=None if command.minutes is None else whole_amount(command.minutes),
        valid_from=checked_date(command.valid_from, "有效期起", "first day"),
        valid_until=checked_date(command.valid_until, "有效期止", "last day"),
        version=before.version + 1 if before else 1,
        steps=before.steps if before else 0,
    )


def _check_time(wanted: Consent, supervision: Supervision, policies: Policies) -> None:
    if wanted.valid_until < wanted.valid_from:
        raise ConsentNeverValid(valid_from=wanted.valid_from, valid_until=wanted.valid_until)
    items = supervision.supervised_on(wanted.valid_from)
    if not items:
        raise NotSupervised(instrument=wanted.instrument, on=wanted.valid_from)
    last = max(item.last_day for item in items)
    if wanted.valid_until > last:
        raise ConsentOutlivesSupervision(
            valid_until=wanted.valid_until, instrument=wanted.instrument, supervised_until=last
        )
    if wanted.route is Route.PLATFORM and not platform_route(wanted.valid_from, policies.known_on):
        raise NoPlatformRoute(on=wanted.valid_from)


def _rows(command: SubmitConsent, wanted: Consent, today: date) -> Iterator[EventRow]:
    yield CustomsConsentTable(
        number=wanted.number,
        version=wanted.version,
        instrument=wanted.instrument,
        unit=wanted.unit,
        route=wanted.route.value,
        document_number=wanted.document_number,
        purposes=",".join(sorted(wanted.purposes)),
        place=wanted.place,
        minutes=wanted.minutes,
        valid_from=wanted.valid_from,
        valid_until=wanted.valid_until,
        submitted_on=today,
        person=command.actor,
    )
    for user in sorted(wanted.users):
        yield CustomsConsentUserTable(consent=wanted.number, version=wanted.version, user_code=user)
    yield CustomsConsentStepTable(
        consent=wanted.number,
        step=wanted.steps + 1,
        state=ConsentState.SUBMITTED.value,
        since=today,
        document_number=wanted.document_number,
        reason="",
        recorded_on=today,
        person=command.actor,
    )


USE_CASE = UseCase(SubmitConsent, reads, decide)
