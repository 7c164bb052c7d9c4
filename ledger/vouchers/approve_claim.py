"""What follows when finance has answered: the claim is approved and becomes payable, or goes back to the unit."""

from datetime import date

from ledger.approvals.approve import Approve
from ledger.approvals.events import ApprovalGiven, ApprovalRefused
from ledger.approvals.reject import Reject
from ledger.budgets.ground import Ground
from ledger.executor.commands import Effects, Keys, Reaction, State
from ledger.payments.payables import payable_row
from ledger.vouchers import rules
from ledger.vouchers.claim_values import Claim
from ledger.vouchers.postings import approval_entries
from ledger.vouchers.review_claim import KIND, sent_back
from ledger.vouchers.states import ClaimState
from ledger.vouchers.store import CLAIMS, OBJECTIONS
from ledger.vouchers.tables import VoucherClaimPayableTable, VoucherClaimStepTable
from policies.kernel.policies import Policies
from policies.kernel.words import Words


def answer_reads(command: Approve | Reject) -> Keys:
    if command.subject_kind != KIND:
        return frozenset()
    return CLAIMS.keys(command.subject) | OBJECTIONS.keys(command.subject)


def approve(event: ApprovalGiven, command: Approve, state: State, _policies: Policies, today: date) -> Effects:
    """Two officers of finance have signed, after a public notice without open objection: a payable per budget line."""
    if event.subject_kind != KIND:
        return Effects({})
    claim = _passed(state, event.subject, Words("批准", "approved"))
    if claim.notice_until is None or today <= claim.notice_until:
        raise rules.NoticeRunning(claim=claim.number, notice_until=claim.notice_until, today=today)
    if unanswered := [one for one in state.one(OBJECTIONS, claim.number) if one.answered_on is None]:
        raise rules.ObjectionOpen(claim=claim.number, objections=", ".join(one.number for one in unanswered))

    payables = {line: command.number("PAY", claim.number, line) for line in claim.by_budget_line}
    step = VoucherClaimStepTable(
        claim=claim.number,
        position=claim.steps + 1,
        step=ClaimState.APPROVED.value,
        taken_on=today,
        person=command.actor,
        reason="",
    )
    return Effects(
        {"claim": claim.number, "state": ClaimState.APPROVED, "payables": list(payables.values())},
        entries=approval_entries(claim, Ground(today)),
        rows=(
            step,
            *(
                VoucherClaimPayableTable(payable=number, claim=claim.number, budget_line=line)
                for line, number in payables.items()
            ),
            *(
                payable_row(
                    number=payables[line],
                    subject_kind=KIND,
                    subject=claim.number,
                    payer=claim.operator,
                    payee=claim.unit,
                    amount_fen=amount_fen,
                    budget_line=line,
                    purpose=f"创新券兑付 {claim.number}",
                    created_on=today,
                )
                for line, amount_fen in claim.by_budget_line.items()
            ),
        ),
    )


def refuse(event: ApprovalRefused, command: Reject, state: State, policies: Policies, today: date) -> Effects:
    """An officer of finance said no: the claim goes back to the unit with the reason."""
    if event.subject_kind != KIND:
        return Effects({})
    claim = _passed(state, event.subject, Words("退回", "sent back"))
    return sent_back(claim, policies, today, command.actor, event.reason)


def _passed(state: State, number: str, wanted: Words) -> Claim:
    claim = state.one(CLAIMS, number)
    if claim.state is not ClaimState.PASSED:
        raise rules.WrongState(rules.CLAIM, number, claim.state, wanted)
    return claim


REACTIONS = (
    Reaction(ApprovalGiven, Approve, answer_reads, approve),
    Reaction(ApprovalRefused, Reject, answer_reads, refuse),
)
