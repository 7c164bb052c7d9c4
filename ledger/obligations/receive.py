"""Receive: what the debtor has paid, all or a part, as the bank's slip says; the same slip counts once."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.amounts import whole_amount
from ledger.errors import Refused
from ledger.executor.commands import Command, Effects, Event, Keys, State, UseCase
from ledger.obligations.events import BudgetCameBack
from ledger.obligations.postings import receipt_entry
from ledger.obligations.rules import check_dated, check_open, require_bureau
from ledger.obligations.steps import Posting, Signed, proposed
from ledger.obligations.store import OBLIGATIONS, SLIPS
from ledger.obligations.values import Step, StepKind
from ledger.registry.store import PEOPLE
from ledger.registry.text import checked_date, checked_name, readable
from policies.kernel.policies import Policies


class SlipCounted(Refused):
    zh = "银行流水号 {reference} 已登记为 {obligation} 的收款（{step}），同一回单只能登记一次。"
    en = "The slip {reference} is recorded as a receipt of {obligation} already ({step}); a slip counts once."


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveRecovery(Command):
    kind: ClassVar[str] = "obligation.receive"

    obligation: str
    amount_fen: int
    received_on: date
    """As the bank's slip says."""
    bank_reference: str


def reads(command: ReceiveRecovery) -> Keys:
    reference = checked_name(command.bank_reference, "银行流水号", "bank reference")
    return readable(command, OBLIGATIONS.keys(command.obligation) | SLIPS.keys(reference) | PEOPLE.keys(command.actor))


def decide(command: ReceiveRecovery, state: State, _policies: Policies, today: date) -> Effects:
    obligation = state.one(OBLIGATIONS, command.obligation)
    person = require_bureau(state, command.actor, obligation)
    amount_fen = whole_amount(command.amount_fen)
    received_on = checked_date(command.received_on, "收款日期", "date of receipt")
    reference = checked_name(command.bank_reference, "银行流水号", "bank reference")
    slip = state.one(SLIPS, reference)
    if counted := slip.live.get(obligation.creditor):
        step, of = counted
        raise SlipCounted(reference=reference, obligation=of, step=step)
    check_dated(obligation, received_on, today)
    check_open(obligation, amount_fen)

    step_ = Step(
        number=command.number("OS"),
        obligation=obligation.number,
        creditor=obligation.creditor,
        kind=StepKind.RECEIPT,
        amount_fen=amount_fen,
        dated_on=received_on,
        reference=reference,
        maker=person.code,
    )
    return proposed(obligation, step_, today, attempt=slip.attempts.get(obligation.creditor, 0) + 1)


def effect(signed: Signed) -> Posting:
    """Dated by the slip; what comes in the year of its budget may be spent again."""
    parts = signed.obligation.parts_of(signed.step.amount_fen, signed.terms.settles_first)
    ground = signed.ground(signed.step.dated_on)
    return Posting(
        receipt_entry(signed.obligation, parts, ground),
        parts,
        events=came_back(signed, parts.principal_fen, ground.on),
    )


def came_back(signed: Signed, principal_fen: int, on: date) -> tuple[Event, ...]:
    """The budget's keeper is told of what came in its year."""
    if not principal_fen or not signed.obligation.came_in_its_year(on):
        return ()
    ground = signed.ground(on)
    return (BudgetCameBack(signed.obligation, principal_fen, on, ground.backdating, ground.memo),)


USE_CASE = UseCase(ReceiveRecovery, reads, decide)
