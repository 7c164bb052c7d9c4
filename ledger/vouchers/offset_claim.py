"""What follows when a part of a claim is set off against what its payee owes: that part counts as paid."""

from datetime import date

from ledger.approvals.approve import Approve
from ledger.budgets.ground import Ground
from ledger.executor.commands import Effects, Keys, Reaction, State
from ledger.obligations.events import AwardOffset
from ledger.obligations.steps import KINDS
from ledger.vouchers import rules
from ledger.vouchers.claim_tables import VoucherClaimOffsetTable
from ledger.vouchers.recovery_postings import offset_entries
from ledger.vouchers.review_claim import KIND
from ledger.vouchers.states import ClaimState
from ledger.vouchers.store import CLAIMS, CLAIMS_OF_STEPS
from policies.kernel.policies import Policies
from policies.kernel.words import Words


def reads(command: Approve) -> Keys:
    # The claim is followed; steps of other slices lead nowhere.
    return CLAIMS_OF_STEPS.keys(command.subject) if command.subject_kind in KINDS else frozenset()


def set_off(event: AwardOffset, _command: Approve, state: State, _policies: Policies, _today: date) -> Effects:
    """Of its lines in their order, what lies behind that which was set off before."""
    if event.payable.subject_kind != KIND:
        return Effects({})
    claim = state.one(CLAIMS, event.payable.subject)
    if claim.state is not ClaimState.APPROVED:
        raise rules.WrongState(rules.CLAIM, claim.number, claim.state, Words("抵扣", "set off"))
    until_fen = event.payable.offset_fen
    payable = claim.payable(event.payable.number)
    part = claim.paid_by(payable).between(until_fen - event.amount_fen, until_fen)
    return Effects(
        {"claim": claim.number},
        entries=offset_entries(part, event.obligation, Ground(event.on, memo=event.memo)),
        rows=tuple(
            VoucherClaimOffsetTable(
                payable=payable.number,
                position=event.payable.offsets,
                contract=line.contract,
                claim=claim.number,
                year=payable.charge.year,
                budget_line=payable.charge.budget_line,
                amount_fen=line.amount_fen,
                obligation=event.obligation.number,
                set_off_on=event.on,
            )
            for line in part.lines
        ),
    )


REACTIONS = (Reaction(AwardOffset, Approve, reads, set_off),)
