"""Take a batch back before finance has approved it: nothing of it is committed any more."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.approvals.requests import lapse_rows
from ledger.approvals.store import APPROVALS
from ledger.approvals.values import request_number
from ledger.budgets.ground import Ground
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.registry.rules import require_role
from ledger.registry.store import PEOPLE
from ledger.registry.text import TEXT_LENGTH_MAX, checked_name, readable
from ledger.registry.values import Role
from ledger.subsidies import rules
from ledger.subsidies.postings import release_entries
from ledger.subsidies.steps import step_row
from ledger.subsidies.store import BATCHES
from ledger.subsidies.values import BATCH, BatchState
from policies.kernel.policies import Policies
from policies.kernel.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class VoidSubsidy(Command):
    """By an operator of the commission."""

    kind: ClassVar[str] = "subsidy.void"

    batch: str
    reason: str


def reads(command: VoidSubsidy) -> Keys:
    # The budget and the request for approval are followed.
    return readable(command, BATCHES.keys(command.batch) | PEOPLE.keys(command.actor))


def decide(command: VoidSubsidy, state: State, _policies: Policies, today: date) -> Effects:
    batch = state.one(BATCHES, command.batch)
    require_role(state, command.actor, Role.OPERATOR, batch.operator)
    if batch.state not in {BatchState.COMPUTED, BatchState.PUBLICISED}:
        raise rules.BatchWrongState(batch, Words("撤回", "taken back"))
    reason = checked_name(command.reason, "理由", "reason", TEXT_LENGTH_MAX)
    request = state.find(APPROVALS, request_number(BATCH, batch.number))
    return Effects(
        {"batch": batch.number, "state": BatchState.VOID},
        entries=release_entries(batch, Ground(today, memo=reason)),
        rows=(
            step_row(batch, BatchState.VOID, today, command.actor, reason),
            *(lapse_rows(request, reason) if request else ()),
        ),
    )


USE_CASE = UseCase(VoidSubsidy, reads, decide)
