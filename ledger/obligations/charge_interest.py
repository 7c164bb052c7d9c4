"""Charge interest: where the policy has it, being late costs, by a decision with its number."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.errors import Refused
from ledger.executor.calculations import calculation_id, stored
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.obligations.postings import interest_entry
from ledger.obligations.rules import DatedInFuture, NothingOwed, require_bureau
from ledger.obligations.steps import Posting, Signed, proposed, terms_of_obligation
from ledger.obligations.store import OBLIGATIONS
from ledger.obligations.values import Obligation, Step, StepKind
from ledger.registry.store import PEOPLE
from ledger.registry.text import checked_date, checked_name, readable
from policies.kernel.policies import Policies
from policies.kernel.registry import Calculation
from policies.obligations.terms import RecoveryTerms


class NoLateInterest(Refused):
    zh = "{obligation} 适用的规定（{policy}）没有逾期加收。"
    en = "The rules for obligation {obligation} ({policy}) have no late interest."


class NotLate(Refused):
    zh = "{obligation} 的缴回期限为 {due_on}，截至 {until} 没有逾期。"
    en = "Obligation {obligation} is due on {due_on}; up to {until} nothing is late."


class InterestAwaiting(Refused):
    zh = "{obligation} 已有待复核的逾期加收（{step}）。请先复核或驳回。"
    en = "Late interest of {obligation} awaits a signature already ({step}). Have it signed or refused first."


class InterestChanged(Refused):
    zh = "{obligation} 的逾期加收拟为 {proposed_fen} 分，因其间有收款等变动，现应为 {now_fen} 分。请驳回后重新计算。"
    en = (
        "Late interest of {obligation} was proposed as {proposed_fen} fen; by what came in meanwhile it is {now_fen} "
        "fen now. Reject it and have it computed anew."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeInterest(Command):
    """All that being late costs up to a day, less what was charged before."""

    kind: ClassVar[str] = "obligation.charge-interest"

    obligation: str
    until: date
    """Last day it is charged for; at the latest today."""
    decision_number: str


def reads(command: ChargeInterest) -> Keys:
    return readable(command, OBLIGATIONS.keys(command.obligation) | PEOPLE.keys(command.actor))


def decide(command: ChargeInterest, state: State, policies: Policies, today: date) -> Effects:
    obligation = state.one(OBLIGATIONS, command.obligation)
    person = require_bureau(state, command.actor, obligation)
    until = checked_date(command.until, "加收截止日", "last day of the interest")
    terms = terms_of_obligation(policies, obligation)
    _check(obligation, until, terms, today)
    calculation = late_interest(obligation, until, terms, policies)

    step = Step(
        number=command.number("OS"),
        obligation=obligation.number,
        creditor=obligation.creditor,
        kind=StepKind.INTEREST,
        amount_fen=calculation.whole("interest_fen"),
        dated_on=until,
        reference=checked_name(command.decision_number, "决定文号", "number of the decision"),
        calculation=calculation_id(command),
        maker=person.code,
    )
    said = {"synthetic": calculation.synthetic, "calculation": calculation_id(command)}
    return proposed(obligation, step, today, rows=(stored(command, calculation),)).and_also(Effects(said))


def _check(obligation: Obligation, until: date, terms: RecoveryTerms, today: date) -> None:
    if terms.late_interest_per_day is None:
        raise NoLateInterest(cite=terms.cite("days_to_pay"), obligation=obligation.number, policy=terms.policy)
    if not obligation.open_fen:
        raise NothingOwed(obligation=obligation.number)
    if until > today:
        raise DatedInFuture(dated_on=until, today=today)
    if not obligation.late_fen_days(until):
        raise NotLate(obligation=obligation.number, due_on=obligation.due_on, until=until)
    if waiting := next(obligation.proposed(StepKind.INTEREST), None):
        raise InterestAwaiting(obligation=obligation.number, step=waiting.number)


def late_interest(obligation: Obligation, until: date, terms: RecoveryTerms, policies: Policies) -> Calculation:
    """What is to be charged now, by the rules of the day it was decided."""
    facts = {
        "principal_fen": obligation.amount_fen,
        "late_fen_days": obligation.late_fen_days(until),
        "charged_fen": obligation.interest_fen,
    }
    return policies.calculate(terms.late_interest_policy, facts, on=obligation.decided_on)


def effect(signed: Signed) -> Posting:
    """Computed again: what came in since it was proposed may have been in time."""
    step, obligation = signed.step, signed.obligation
    until = step.dated_on or signed.today
    now = late_interest(obligation, until, signed.terms, signed.policies).whole("interest_fen")
    if now != step.amount_fen:
        raise InterestChanged(obligation=obligation.number, proposed_fen=step.amount_fen, now_fen=now)
    return Posting(interest_entry(obligation, step.amount_fen, signed.ground()))


USE_CASE = UseCase(ChargeInterest, reads, decide)
