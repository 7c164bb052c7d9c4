"""What follows when the bank has paid an award, or has sent the payment back."""

from datetime import date

from ledger.budgets.ground import Ground
from ledger.executor.commands import Command, Effects, Keys, Reaction, State
from ledger.journal.entries import Backdating
from ledger.payments.bank.match_payment import MatchPayment
from ledger.payments.bank.match_return import MatchReturn
from ledger.payments.confirm import ConfirmPayment
from ledger.payments.events import PaymentConfirmed, PaymentReturned
from ledger.payments.return_payment import ReturnPayment
from ledger.subsidies import rules
from ledger.subsidies.postings import bounce_entry, payment_entry
from ledger.subsidies.store import BATCHES, BATCHES_OF_PAYABLES
from ledger.subsidies.tables import SubsidyBounceTable, SubsidyPaymentTable
from ledger.subsidies.values import AWARD, Batch, BatchState
from policies.kernel.policies import Policies
from policies.kernel.words import Words
from policies.subsidies.schemes import subsidy

SLIP_DATE = "按银行回单日期入账 / dated by the bank's slip"


def confirmed_reads(command: ConfirmPayment) -> Keys:
    # Batches are followed; payables of other slices lead nowhere.
    return BATCHES_OF_PAYABLES.keys(*(payable for payable, _ in command.lines))


def matched_reads(command: MatchPayment) -> Keys:
    return BATCHES_OF_PAYABLES.keys(*command.payables)


def returned_reads(command: ReturnPayment | MatchReturn) -> Keys:
    return BATCHES_OF_PAYABLES.keys(command.payable)


def pay(event: PaymentConfirmed, _command: Command, state: State, policies: Policies, today: date) -> Effects:
    """Dated as the bank says; what was set off before is paid already."""
    if event.payable.subject_kind != AWARD:
        return Effects({})
    batch = _batch(state, event.payable.number)
    rules.check_state(batch, BatchState.APPROVED, Words("支付", "paid"))
    part = batch.part(event.payable.number)
    award = batch.award(part.award)
    ground = Ground(
        event.paid_on,
        calculation=award.calculation,
        backdating=Backdating(SLIP_DATE, event.maker) if event.paid_on < today else None,
        memo=event.bank_reference,
    )
    row = SubsidyPaymentTable(
        payable=event.payable.number,
        payment_batch=event.batch,
        award=award.number,
        paid_on=event.paid_on,
        bank_reference=event.bank_reference,
    )
    entry = payment_entry(batch, award, part, event.payable.net_fen, _income(batch, policies), ground)
    return Effects({}, entries=(entry,), rows=(row,))


def bounce(event: PaymentReturned, _command: Command, state: State, policies: Policies, today: date) -> Effects:
    """The payment is taken back whole, and its payable can be paid again."""
    if event.payable.subject_kind != AWARD:
        return Effects({})
    batch = _batch(state, event.payable.number)
    part = batch.part(event.payable.number)
    award = batch.award(part.award)
    if event.paid_on.year != event.returned_on.year or batch.budget_year != event.paid_on.year:
        raise rules.ReturnedInALaterYear(
            payable=event.payable.number, paid_on=event.paid_on, returned_on=event.returned_on
        )
    ground = Ground(
        event.returned_on,
        calculation=award.calculation,
        backdating=Backdating(SLIP_DATE, event.maker) if event.returned_on < today else None,
        memo=event.bank_reference,
    )
    row = SubsidyBounceTable(
        payable=event.payable.number,
        payment_batch=event.batch,
        award=award.number,
        bounced_on=event.returned_on,
        bank_reference=event.bank_reference,
        reason=event.reason,
    )
    entry = bounce_entry(batch, award, part, event.payable.net_fen, _income(batch, policies), ground)
    return Effects({}, entries=(entry,), rows=(row,))


def _batch(state: State, payable: str) -> Batch:
    return state.one(BATCHES, state.one(BATCHES_OF_PAYABLES, payable))


def _income(batch: Batch, policies: Policies) -> str:
    return subsidy(batch.scheme, batch.computed_on, policies.known_on).unit_budget_income


REACTIONS = (
    Reaction(PaymentConfirmed, ConfirmPayment, confirmed_reads, pay),
    Reaction(PaymentConfirmed, MatchPayment, matched_reads, pay),
    Reaction(PaymentReturned, ReturnPayment, returned_reads, bounce),
    Reaction(PaymentReturned, MatchReturn, returned_reads, bounce),
)
