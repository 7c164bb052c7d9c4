"""What follows when finance has answered: every award is owed and payable, or the batch is refused."""

from dataclasses import replace
from datetime import date

from ledger.approvals.approve import Approve
from ledger.approvals.events import ApprovalGiven, ApprovalRefused
from ledger.approvals.reject import Reject
from ledger.budgets.ground import Ground
from ledger.executor.commands import Effects, Keys, Reaction, State
from ledger.payments.payables import payable_row
from ledger.payments.tables import PayableTable
from ledger.registry.values import CertificateKind, standing
from ledger.subsidies import rules
from ledger.subsidies.postings import approval_entry, release_entries
from ledger.subsidies.steps import step_row
from ledger.subsidies.store import BATCHES, OWN_BUDGETS
from ledger.subsidies.tables import SubsidyOwnBudgetTable, SubsidyPayableTable
from ledger.subsidies.values import AWARD, BATCH, AwardPart, Batch, BatchState
from policies.kernel.policies import Policies
from policies.kernel.words import Words


def answer_reads(command: Approve | Reject) -> Keys:
    if command.subject_kind != BATCH:
        return frozenset()
    return BATCHES.keys(command.subject) | OWN_BUDGETS.keys(command.subject)


def approve(event: ApprovalGiven, command: Approve, state: State, _policies: Policies, today: date) -> Effects:
    """Two officers of finance have signed, after a public notice without open objection."""
    if event.subject_kind != BATCH:
        return Effects({})
    batch = state.one(BATCHES, event.subject)
    rules.check_state(batch, BatchState.PUBLICISED, Words("批准", "approved"))
    if batch.notice_until is None or today <= batch.notice_until:
        raise rules.NoticeStillRunning(batch=batch.number, notice_until=batch.notice_until, today=today)
    if batch.open_objections:
        numbers = ", ".join(one.number for one in batch.open_objections)
        raise rules.BatchObjected(batch=batch.number, objections=numbers)

    papers = state.one(OWN_BUDGETS, batch.number)
    own = {unit: paper for unit, of in papers.items() if (paper := standing(of, CertificateKind.OWN_BUDGET, today))}
    batch = replace(batch, awards=tuple(replace(one, own_budget=one.unit in own) for one in batch.awards))
    payables = {part: command.number("PAY", part.award, part.budget_line) for part in batch.parts}
    return Effects(
        {
            "batch": batch.number,
            "state": BatchState.APPROVED,
            "awarded_fen": batch.awarded_fen,
            "payables": list(payables.values()),
        },
        entries=tuple(
            approval_entry(batch, award, part, Ground(today, calculation=award.calculation))
            for part in batch.parts
            if (award := batch.award(part.award))
        ),
        rows=(
            step_row(batch, BatchState.APPROVED, today, command.actor),
            *(
                SubsidyPayableTable(payable=payable, award=part.award, budget_line=part.budget_line)
                for part, payable in payables.items()
            ),
            *(_payable(batch, part, payable, today) for part, payable in payables.items()),
            *(
                SubsidyOwnBudgetTable(award=award.number, certificate=own[award.unit].number)
                for award in batch.awards
                if award.own_budget
            ),
        ),
    )


def _payable(batch: Batch, part: AwardPart, payable: str, today: date) -> PayableTable:
    award = batch.award(part.award)
    return payable_row(
        number=payable,
        subject_kind=AWARD,
        subject=award.number,
        payer=batch.operator,
        payee=award.unit,
        amount_fen=part.amount_fen,
        budget_line=part.budget_line,
        purpose=f"开放共享后补贴 {award.number}",
        created_on=today,
    )


def refuse(event: ApprovalRefused, command: Reject, state: State, _policies: Policies, today: date) -> Effects:
    """An officer of finance said no: what was committed is free again, and a new version may be computed."""
    if event.subject_kind != BATCH:
        return Effects({})
    batch = state.one(BATCHES, event.subject)
    rules.check_state(batch, BatchState.PUBLICISED, Words("驳回", "refused"))
    return Effects(
        {"batch": batch.number, "state": BatchState.REFUSED},
        entries=release_entries(batch, Ground(today, memo=event.reason)),
        rows=(step_row(batch, BatchState.REFUSED, today, command.actor, event.reason),),
    )


REACTIONS = (
    Reaction(ApprovalGiven, Approve, answer_reads, approve),
    Reaction(ApprovalRefused, Reject, answer_reads, refuse),
)
