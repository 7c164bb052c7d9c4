"""Record the resolution of the firm's members: the capital rises, and nobody takes up a right of priority."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import ClassVar

from ledger.amounts import whole_amount
from ledger.equity.file_appraisal import step_row
from ledger.equity.rules import check_conversion, check_in_force, check_known_capital, check_past, float_free
from ledger.equity.store import AGREEMENTS, COMPANIES, CONVERSIONS
from ledger.equity.tables import EquityResolutionTable
from ledger.equity.values import ConversionState
from ledger.errors import Refused
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.registry.rules import require_own
from ledger.registry.store import PEOPLE
from ledger.registry.text import checked_date, checked_name, readable
from ledger.registry.values import Role
from policies.equity.terms import equity_terms
from policies.kernel.policies import Policies


class NotEnoughVotes(Refused):
    zh = "决议有 {votes_for} 票赞成，共 {votes_all} 票，不足 {needed}，增资决议不成立。"
    en = "{votes_for} of {votes_all} votes are for it, which is not {needed}: the capital is not changed by that."


class PriorityNotWaived(Refused):
    zh = "原股东的优先认缴权没有放弃，不能向 {unit} 增发。请取得放弃的书面意见。"
    en = "The members have not waived their right of priority, so {unit} cannot take the increase. Get it in writing."


class ResolvedBeforeAppraisal(Refused):
    zh = "决议日期 {resolved_on} 早于评估基准日 {appraised_on}。顺序应为评估、决议、转股、登记。"
    en = "The resolution of {resolved_on} is before the appraisal of {appraised_on}. Appraise first, then resolve."


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordResolution(Command):
    """By a person of the firm itself."""

    kind: ClassVar[str] = "equity.record-resolution"

    conversion: str
    resolution_number: str
    resolved_on: date
    votes_for: int
    votes_all: int
    """All votes there are, whoever came."""
    registered_fen: int
    """Registered capital before the increase."""
    priority_waived: bool


def reads(command: RecordResolution) -> Keys:
    return readable(command, PEOPLE.keys(command.actor) | CONVERSIONS.keys(command.conversion))


def decide(command: RecordResolution, state: State, policies: Policies, today: date) -> Effects:
    conversion = state.one(CONVERSIONS, command.conversion)
    agreement = state.one(AGREEMENTS, conversion.agreement)
    require_own(state, command.actor, Role.APPLICANT, conversion.firm)
    check_in_force(agreement, "登记决议", "resolved on")
    check_conversion(conversion, {ConversionState.APPRAISED}, "登记决议", "resolved on")
    resolved_on = check_past(checked_date(command.resolved_on, "决议日期", "day"), today, "决议日期", "resolution")
    if resolved_on < conversion.appraised_on:
        raise ResolvedBeforeAppraisal(resolved_on=resolved_on, appraised_on=conversion.appraised_on)
    terms = equity_terms(resolved_on, policies.known_on)
    votes_for, votes_all = whole_amount(command.votes_for), whole_amount(command.votes_all)
    if votes_for > votes_all or Fraction(votes_for, votes_all) < terms.votes_at_least:
        raise NotEnoughVotes(votes_for=votes_for, votes_all=votes_all, needed=float_free(terms.votes_at_least))
    if not command.priority_waived:
        raise PriorityNotWaived(unit=conversion.unit)
    registered_fen = whole_amount(command.registered_fen)
    check_known_capital(state.one(COMPANIES, conversion.firm), registered_fen)

    row = EquityResolutionTable(
        conversion=conversion.number,
        resolution_number=checked_name(command.resolution_number, "决议编号", "number of the resolution"),
        resolved_on=resolved_on,
        votes_for=votes_for,
        votes_all=votes_all,
        registered_fen=registered_fen,
        recorded_on=today,
        person=command.actor,
    )
    step = step_row(conversion, ConversionState.RESOLVED, resolved_on, today, command.actor, row.resolution_number)
    return Effects({"conversion": conversion.number, "state": ConversionState.RESOLVED}, rows=(row, step))


USE_CASE = UseCase(RecordResolution, reads, decide)
