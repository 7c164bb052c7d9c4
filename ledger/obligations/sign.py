"""What follows the second person's word on a step: it takes effect, or it may be proposed again."""

from collections.abc import Callable, Mapping
from datetime import date

from ledger.approvals.approve import Approve
from ledger.approvals.events import ApprovalGiven, ApprovalRefused
from ledger.approvals.reject import Reject
from ledger.executor.commands import Effects, Keys, Reaction, State
from ledger.obligations import charge_interest, offset, receive, remit, write_off
from ledger.obligations.rules import check_waiting
from ledger.obligations.steps import KINDS, Posting, Signed
from ledger.obligations.store import OBLIGATIONS, STEPS
from ledger.obligations.tables import ObligationStepEndTable
from ledger.obligations.values import NOTHING, Parts, Step, StepKind, StepState
from policies.kernel.policies import Policies
from policies.kernel.words import Words

EFFECTS: Mapping[StepKind, Callable[[Signed], Posting]] = {
    StepKind.RECEIPT: receive.effect,
    StepKind.OFFSET: offset.effect,
    StepKind.WRITE_OFF: write_off.effect,
    StepKind.INTEREST: charge_interest.effect,
    StepKind.REMITTANCE: remit.effect,
}


def reads(command: Approve | Reject) -> Keys:
    # The obligation, and of an offset the payable, are followed.
    return STEPS.keys(command.subject) if command.subject_kind in KINDS else frozenset()


def post(event: ApprovalGiven, command: Approve, state: State, policies: Policies, today: date) -> Effects:
    """The signature stands: the step is posted."""
    if event.subject_kind not in KINDS:
        return Effects({})
    step = state.one(STEPS, event.subject)
    check_waiting(step, Words("入账", "posted"))
    obligation = state.one(OBLIGATIONS, step.obligation)

    posting = EFFECTS[step.kind](Signed(obligation, step, state, policies, today))

    end = _end(step, StepState.POSTED, command.actor, posted_on=posting.entry.effective_on, parts=posting.parts)
    return Effects(
        {
            "step": step.number,
            "obligation": obligation.number,
            "amount_fen": step.amount_fen,
            **posting.parts._asdict(),
        },
        entries=(posting.entry,),
        rows=(end, *posting.rows),
        events=posting.events,
    )


def refuse(event: ApprovalRefused, command: Reject, state: State, _policies: Policies, _today: date) -> Effects:
    """Nothing was posted; what the step spoke for is free again."""
    if event.subject_kind not in KINDS:
        return Effects({})
    step = state.one(STEPS, event.subject)
    check_waiting(step, Words("驳回", "refused"))
    return Effects(
        {"step": step.number, "obligation": step.obligation},
        rows=(_end(step, StepState.REFUSED, command.actor, reason=event.reason),),
    )


def _end(
    step: Step,
    outcome: StepState,
    person: str,
    *,
    posted_on: date | None = None,
    parts: Parts = NOTHING,
    reason: str = "",
) -> ObligationStepEndTable:
    return ObligationStepEndTable(
        step=step.number,
        obligation=step.obligation,
        outcome=outcome.value,
        posted_on=posted_on,
        principal_fen=parts.principal_fen,
        interest_fen=parts.interest_fen,
        reason=reason,
        maker=step.maker,
        person=person,
    )


REACTIONS = (
    Reaction(ApprovalGiven, Approve, reads, post),
    Reaction(ApprovalRefused, Reject, reads, refuse),
)
