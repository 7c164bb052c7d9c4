"""Decide an exposure: review, clear, assess, report, guarantee, contest. Only customs clears or assesses.

A clearing lets its days count no more: the estimates of the uses after it are counted anew in the same transaction.
"""

from dataclasses import dataclass, replace
from datetime import date
from itertools import count
from typing import ClassVar

from ledger.amounts import AMOUNT_MAX, is_whole
from ledger.customs.exposing import Restated, restated, restated_rows, step_row
from ledger.customs.postings import settlement_entries
from ledger.customs.store import EXPOSURES, OFFICES_OF, SUPERVISED
from ledger.customs.values import Exposure, ExposureState, Supervision, Taxes
from ledger.customs.who import require_customs_word, require_unit_or_customs
from ledger.errors import Invalid, Refused
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.registry.store import PEOPLE
from ledger.registry.text import TEXT_LENGTH_MAX, checked_choice, checked_name, readable, shown
from policies.kernel.policies import Policies

NEXT: dict[ExposureState, frozenset[ExposureState]] = {
    ExposureState.DETECTED: frozenset({ExposureState.UNDER_REVIEW}),
    ExposureState.UNDER_REVIEW: frozenset({ExposureState.CLEARED, ExposureState.ASSESSED}),
    ExposureState.ASSESSED: frozenset({ExposureState.REPORTED}),
    ExposureState.REPORTED: frozenset({ExposureState.GUARANTEED, ExposureState.CONTESTED}),
    ExposureState.GUARANTEED: frozenset({ExposureState.CONTESTED}),
    ExposureState.CONTESTED: frozenset({ExposureState.CLEARED, ExposureState.ASSESSED}),
}
UNITS_OWN = frozenset({ExposureState.UNDER_REVIEW, ExposureState.REPORTED, ExposureState.CONTESTED})
"""What the unit itself may say; everything else is customs' word."""


class ExposureNotSo(Refused):
    zh = "或有税款 {exposure} 的状态为“{state}”，不能变为“{wanted}”。"
    en = "Exposure {exposure} is {state}; it cannot become {wanted}."


class AssessmentMissing(Invalid):
    zh = "海关核定须写明关税、增值税和消费税各多少分（没有的填 0）。"
    en = "An assessment says how many fen of duty, VAT and consumption tax there are (0 where there is none)."


class AssessmentUnreadable(Invalid):
    zh = "税额“{value}”应为不小于 0 的整数（单位：分）。"
    en = "The tax “{value}” should be a whole number of fen, at least 0."


class AssessmentNotAsked(Invalid):
    zh = "只有海关核定时才填写税额。"
    en = "Amounts are given with an assessment only."


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideExposure(Command):
    """By the competent customs, or by an operator on a document of customs; a unit may ask, report and contest."""

    kind: ClassVar[str] = "customs.decide-exposure"

    exposure: str
    outcome: ExposureState
    document_number: str
    reason: str
    duty_fen: int | None = None
    """With an assessment, as customs has set it."""
    vat_fen: int | None = None
    consumption_fen: int | None = None


def reads(command: DecideExposure) -> Keys:
    return readable(
        command, PEOPLE.keys(command.actor) | OFFICES_OF.keys(command.actor) | EXPOSURES.keys(command.exposure)
    )


def decide(command: DecideExposure, state: State, policies: Policies, today: date) -> Effects:
    outcome = checked_choice(ExposureState, command.outcome, "决定", "decision")
    exposure = state.one(EXPOSURES, command.exposure)
    if outcome in UNITS_OWN:
        require_unit_or_customs(state, command.actor, exposure.unit, exposure.district)
    else:
        require_customs_word(state, command.actor, exposure)
    if outcome not in NEXT.get(exposure.state, frozenset()):
        raise ExposureNotSo(exposure=exposure.number, state=exposure.state, wanted=outcome)
    after = _standing(command, exposure, outcome)
    step = step_row(
        exposure,
        outcome,
        after,
        command,
        today,
        document_number=checked_name(command.document_number, "文号", "number of the document"),
        reason=checked_name(command.reason, "理由", "reason", TEXT_LENGTH_MAX),
    )
    changes = _others(state, exposure, outcome, policies)
    reason = f"{exposure.number}: {outcome.value}"
    moved = [(exposure, after), *((change.before, change.after.exposure.standing) for change in changes)]
    return Effects(
        {
            "exposure": exposure.number,
            "state": outcome,
            "at_risk_fen": after.total_fen,
            "restated": [change.before.number for change in changes],
        },
        entries=settlement_entries(moved, today, command.document_number),
        rows=(step, *restated_rows(changes, command, today, count(1), reason)),
    )


def _standing(command: DecideExposure, exposure: Exposure, outcome: ExposureState) -> Taxes:
    given = (command.duty_fen, command.vat_fen, command.consumption_fen)
    if outcome is ExposureState.ASSESSED:
        return Taxes(*(_tax(value) for value in given))
    if given != (None, None, None):
        raise AssessmentNotAsked
    return Taxes() if outcome is ExposureState.CLEARED else exposure.standing


def _tax(value: int | None) -> int:
    if value is None:
        raise AssessmentMissing
    if not is_whole(value) or not 0 <= value <= AMOUNT_MAX:
        raise AssessmentUnreadable(value=shown(value))
    return value


def _others(state: State, exposure: Exposure, outcome: ExposureState, policies: Policies) -> tuple[Restated, ...]:
    """Estimates that change because the days of this one do not count any more."""
    if outcome is not ExposureState.CLEARED:
        return ()
    supervision: Supervision = state.one(SUPERVISED, exposure.instrument)
    cleared = replace(exposure, state=outcome, standing=Taxes())
    exposures = tuple(cleared if one.number == cleared.number else one for one in supervision.exposures)
    return restated(replace(supervision, exposures=exposures), policies)


USE_CASE = UseCase(DecideExposure, reads, decide)
