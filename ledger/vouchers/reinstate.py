"""What follows when money of a voucher came back in the year of its budget: so much may be spent again."""

from datetime import date

from ledger.approvals.approve import Approve
from ledger.budgets.store import BUDGET_CHANGES, budget_id
from ledger.executor.commands import Effects, Keys, Reaction, State
from ledger.obligations.events import BudgetCameBack
from ledger.obligations.steps import KINDS
from ledger.vouchers import claw_back, decide_refund
from ledger.vouchers.recovery_postings import reinstatement_entry
from ledger.vouchers.store import BUDGETS_OF_STEPS
from policies.kernel.policies import Policies

RECOVERED = frozenset({decide_refund.KIND, claw_back.KIND})


def reads(command: Approve) -> Keys:
    # The budget is followed; steps of other slices lead nowhere.
    return BUDGETS_OF_STEPS.keys(command.subject) if command.subject_kind in KINDS else frozenset()


def reinstate(event: BudgetCameBack, _command: Approve, state: State, _policies: Policies, _today: date) -> Effects:
    owed = event.obligation
    if owed.subject_kind not in RECOVERED:
        return Effects({})
    budget = state.find(BUDGET_CHANGES, budget_id(owed.scheme, owed.year))
    ended = budget is None or budget.ended_on is not None
    return Effects(
        {"reinstated_fen": 0 if ended else event.amount_fen},
        entries=(reinstatement_entry(owed, event.amount_fen, event.on, event.backdating, event.memo, ended=ended),),
    )


REACTIONS = (Reaction(BudgetCameBack, Approve, reads, reinstate),)
