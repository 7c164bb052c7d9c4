"""What follows when a part of an award is set off against what its unit owes: that part counts as paid."""

from datetime import date

from ledger.approvals.approve import Approve
from ledger.budgets.ground import Ground
from ledger.executor.commands import Effects, Keys, Reaction, State
from ledger.obligations.events import AwardOffset
from ledger.obligations.steps import KINDS
from ledger.subsidies import rules
from ledger.subsidies.postings import offset_entry
from ledger.subsidies.store import BATCHES, BATCHES_OF_STEPS
from ledger.subsidies.values import AWARD, BatchState
from policies.kernel.policies import Policies
from policies.kernel.words import Words


def reads(command: Approve) -> Keys:
    # The batch is followed; steps of other slices lead nowhere.
    return BATCHES_OF_STEPS.keys(command.subject) if command.subject_kind in KINDS else frozenset()


def set_off(event: AwardOffset, command: Approve, state: State, _policies: Policies, _today: date) -> Effects:
    if event.payable.subject_kind != AWARD:
        return Effects({})
    found = state.one(BATCHES, state.one(BATCHES_OF_STEPS, command.subject))
    rules.check_state(found, BatchState.APPROVED, Words("抵扣", "set off"))
    part = found.part(event.payable.number)
    award = found.award(part.award)
    rules.check_passes_commission(award, Words("抵扣", "set off"))
    ground = Ground(event.on, calculation=award.calculation, memo=event.memo)
    return Effects(
        {"award": award.number},
        entries=(offset_entry(found, award, part, event.amount_fen, event.obligation, ground),),
    )


REACTIONS = (Reaction(AwardOffset, Approve, reads, set_off),)
