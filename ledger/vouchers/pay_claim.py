"""What follows when the bank has confirmed: face value is redeemed, budget expended, commission and unit settle."""

from datetime import date

from ledger.budgets.ground import Ground
from ledger.executor.commands import Command, Effects, Keys, Reaction, State
from ledger.journal.entries import Backdating
from ledger.payments.bank.match_payment import MatchPayment
from ledger.payments.confirm import ConfirmPayment
from ledger.payments.events import PaymentConfirmed
from ledger.vouchers import rules
from ledger.vouchers.postings import payment_entries
from ledger.vouchers.review_claim import KIND
from ledger.vouchers.states import ClaimState
from ledger.vouchers.store import CLAIMS, CLAIMS_OF_PAYABLES
from ledger.vouchers.tables import VoucherClaimPaymentTable
from policies.kernel.policies import Policies
from policies.kernel.words import Words

SLIP_DATE = "按银行回单日期入账 / dated by the bank's slip"


def reads(command: ConfirmPayment) -> Keys:
    # Claims are followed; payables of other slices lead nowhere.
    return CLAIMS_OF_PAYABLES.keys(*(payable for payable, _ in command.lines))


def matched_reads(command: MatchPayment) -> Keys:
    return CLAIMS_OF_PAYABLES.keys(*command.payables)


def pay(event: PaymentConfirmed, _command: Command, state: State, _policies: Policies, today: date) -> Effects:
    """One entry for each contract under the payable's budget line, dated as the bank says; what was set off is paid."""
    if event.payable.subject_kind != KIND:
        return Effects({})
    claim = state.one(CLAIMS, event.payable.subject)
    if claim.state is not ClaimState.APPROVED:
        raise rules.WrongState(rules.CLAIM, claim.number, claim.state, Words("支付", "paid"))
    whole = claim.paid_by(claim.payable(event.payable.number))
    part = whole.between(event.payable.offset_fen, whole.amount_fen)
    if part.amount_fen != event.payable.net_fen:
        raise ValueError(f"{event.payable.number} pays another amount than the lines of {claim.number}")

    backdating = Backdating(SLIP_DATE, event.maker) if event.paid_on < today else None
    ground = Ground(event.paid_on, backdating=backdating, memo=event.bank_reference)
    row = VoucherClaimPaymentTable(
        payable=event.payable.number,
        batch=event.batch,
        paid_on=event.paid_on,
        bank_reference=event.bank_reference,
    )
    return Effects({}, entries=payment_entries(part, ground), rows=(row,))


REACTIONS = (
    Reaction(PaymentConfirmed, ConfirmPayment, reads, pay),
    Reaction(PaymentConfirmed, MatchPayment, matched_reads, pay),
)
