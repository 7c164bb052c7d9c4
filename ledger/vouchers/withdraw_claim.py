"""Withdraw a claim: the unit takes it back before the commission has passed it.

Every line is redeemable again. Its time for claiming runs on: a withdrawal gives no new time.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.budgets.ground import Ground
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.registry.store import PEOPLE
from ledger.registry.text import TEXT_LENGTH_MAX, checked_name, readable
from ledger.vouchers import rules
from ledger.vouchers.acting import require_claimant
from ledger.vouchers.postings import return_entries
from ledger.vouchers.states import ClaimState
from ledger.vouchers.store import CLAIMS
from ledger.vouchers.tables import VoucherClaimStepTable
from policies.kernel.policies import Policies
from policies.kernel.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawClaim(Command):
    kind: ClassVar[str] = "voucher.withdraw-claim"

    claim: str
    reason: str


def reads(command: WithdrawClaim) -> Keys:
    # Who claims is followed.
    return readable(command, CLAIMS.keys(command.claim) | PEOPLE.keys(command.actor))


def decide(command: WithdrawClaim, state: State, _policies: Policies, today: date) -> Effects:
    claim = state.one(CLAIMS, command.claim)
    require_claimant(state, command.actor, claim.unit)
    reason = checked_name(command.reason, "理由", "reason", TEXT_LENGTH_MAX)
    if claim.state is not ClaimState.FILED:
        raise rules.WrongState(rules.CLAIM, claim.number, claim.state, Words("撤回", "withdrawn"))

    step = VoucherClaimStepTable(
        claim=claim.number,
        position=claim.steps + 1,
        step=ClaimState.WITHDRAWN.value,
        taken_on=today,
        person=command.actor,
        reason=reason,
    )
    return Effects(
        {"claim": claim.number, "state": ClaimState.WITHDRAWN, "amount_fen": claim.amount_fen},
        entries=return_entries(claim, Ground(today, memo=reason), "voucher.withdraw-claim"),
        rows=(step,),
    )


USE_CASE = UseCase(WithdrawClaim, reads, decide)
