"""Decide a consent: customs returns, refuses, grants, suspends or revokes it. What was judged before stands."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.customs.postings import grant_entry
from ledger.customs.store import CONSENTS, OFFICES_OF, SUPERVISED
from ledger.customs.tables import CustomsConsentStepTable
from ledger.customs.values import Consent, ConsentState, Route, Supervision
from ledger.customs.who import require_customs
from ledger.errors import Refused
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.journal.entries import Entry
from ledger.registry.rules import require_person, require_role
from ledger.registry.store import PEOPLE
from ledger.registry.text import TEXT_LENGTH_MAX, checked_choice, checked_date, checked_name, readable
from ledger.registry.values import Role
from policies.customs.supervision import sharing_article
from policies.kernel.policies import Policies

NEXT: dict[ConsentState, frozenset[ConsentState]] = {
    ConsentState.SUBMITTED: frozenset({ConsentState.RETURNED, ConsentState.REFUSED, ConsentState.GRANTED}),
    ConsentState.GRANTED: frozenset({ConsentState.SUSPENDED, ConsentState.REVOKED}),
    ConsentState.SUSPENDED: frozenset({ConsentState.GRANTED, ConsentState.REVOKED}),
}
WITHDRAWABLE = frozenset({ConsentState.SUBMITTED, ConsentState.RETURNED, ConsentState.GRANTED, ConsentState.SUSPENDED})


class ConsentNotSo(Refused):
    zh = "海关同意 {consent} 的状态为“{state}”，不能变为“{wanted}”。"
    en = "Consent {consent} is {state}; it cannot become {wanted}."


class DecidedInFuture(Refused):
    zh = "决定日期 {since} 晚于今天（{today}）。请核对。"
    en = "The decision is dated {since}, later than today ({today}). Check the date."


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideConsent(Command):
    """By an officer of the competent customs; a registration on the platform also by an operator."""

    kind: ClassVar[str] = "customs.decide-consent"

    consent: str
    outcome: ConsentState
    since: date
    """Date of the decision: from it on a grant stands, or does not any more."""
    document_number: str
    reason: str = ""
    """Needed for everything but a grant."""


def reads(command: DecideConsent) -> Keys:
    return readable(
        command, PEOPLE.keys(command.actor) | OFFICES_OF.keys(command.actor) | CONSENTS.keys(command.consent)
    )


def decide(command: DecideConsent, state: State, policies: Policies, today: date) -> Effects:
    consent = state.one(CONSENTS, command.consent)
    supervision = state.one(SUPERVISED, consent.instrument)
    outcome = checked_choice(ConsentState, command.outcome, "决定", "decision")
    _require(state, command.actor, consent, supervision)
    if outcome not in NEXT.get(consent.state, frozenset()):
        raise ConsentNotSo(consent=consent.number, state=consent.state, wanted=outcome)
    if checked_date(command.since, "决定日期", "day of the decision") > today:
        raise DecidedInFuture(since=command.since, today=today)
    grant = outcome is ConsentState.GRANTED
    row = CustomsConsentStepTable(
        consent=consent.number,
        step=consent.steps + 1,
        state=outcome.value,
        since=command.since,
        document_number=checked_name(command.document_number, "文号", "number of the document"),
        reason=command.reason.strip() if grant else checked_name(command.reason, "理由", "reason", TEXT_LENGTH_MAX),
        recorded_on=today,
        person=command.actor,
    )
    first = grant and consent.state is ConsentState.SUBMITTED
    return Effects(
        {"consent": consent.number, "state": outcome, "left_minutes": _left(consent, first=first)},
        entries=_minutes(consent, today, policies) if first else (),
        rows=(row,),
    )


def _require(state: State, actor: str, consent: Consent, supervision: Supervision) -> None:
    if consent.route is Route.PLATFORM and require_person(state, actor).has(Role.OPERATOR):
        return
    require_customs(state, actor, supervision.items[0].district)


def _left(consent: Consent, *, first: bool) -> int | None:
    if consent.minutes is None:
        return None
    return consent.minutes if first else consent.left_minutes


def _minutes(consent: Consent, today: date, policies: Policies) -> tuple[Entry, ...]:
    if consent.minutes is None:
        return ()
    return (grant_entry(consent, consent.minutes, today, sharing_article(consent.valid_from, policies.known_on)),)


# -- the unit's own word -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawConsent(Command):
    """By an officer of the unit: it asks no more, or shares no more."""

    kind: ClassVar[str] = "customs.withdraw-consent"

    consent: str
    reason: str


def withdraw_reads(command: WithdrawConsent) -> Keys:
    return readable(command, PEOPLE.keys(command.actor) | CONSENTS.keys(command.consent))


def withdraw(command: WithdrawConsent, state: State, _policies: Policies, today: date) -> Effects:
    consent = state.one(CONSENTS, command.consent)
    require_role(state, command.actor, Role.UNIT_OFFICER, consent.unit)
    if consent.state not in WITHDRAWABLE:
        raise ConsentNotSo(consent=consent.number, state=consent.state, wanted=ConsentState.WITHDRAWN)
    row = CustomsConsentStepTable(
        consent=consent.number,
        step=consent.steps + 1,
        state=ConsentState.WITHDRAWN.value,
        since=today,
        document_number=consent.document_number,
        reason=checked_name(command.reason, "理由", "reason", TEXT_LENGTH_MAX),
        recorded_on=today,
        person=command.actor,
    )
    return Effects({"consent": consent.number, "state": ConsentState.WITHDRAWN}, rows=(row,))


USE_CASES = (UseCase(DecideConsent, reads, decide), UseCase(WithdrawConsent, withdraw_reads, withdraw))
