"""What follows when the bank has paid an award, or has sent the payment back."""

from datetime import date

from ledger.amounts import yuan
from ledger.budgets.ground import Ground
from ledger.budgets.store import BUDGET_CHANGES
from ledger.budgets.values import Budget
from ledger.executor.commands import Command, Effects, Keys, Reaction, State
from ledger.journal.entries import Backdating
from ledger.payments.bank.match_payment import MatchPayment
from ledger.payments.bank.match_return import MatchReturn
from ledger.payments.confirm import ConfirmPayment
from ledger.payments.events import PaymentConfirmed, PaymentReturned
from ledger.payments.payables import charged_anew_row
from ledger.payments.return_payment import ReturnPayment
from ledger.subsidies import rules
from ledger.subsidies.postings import bounce_entry, later_bounce_entry, payment_entry
from ledger.subsidies.store import BATCHES, BATCHES_OF_PAYABLES, BOUNCES, bounce_id
from ledger.subsidies.tables import SubsidyBounceTable, SubsidyPaymentTable
from ledger.subsidies.values import AWARD, AwardPart, Batch, BatchState, Charge
from policies.kernel.policies import Policies
from policies.kernel.words import Words
from policies.payments.returns import PaidAgainFrom, ReturnRules, return_rules
from policies.subsidies.schemes import subsidy

SLIP_DATE = "按银行回单日期入账 / dated by the bank's slip"


def confirmed_reads(command: ConfirmPayment) -> Keys:
    # Batches are followed; payables of other slices lead nowhere.
    return BATCHES_OF_PAYABLES.keys(*(payable for payable, _ in command.lines))


def matched_reads(command: MatchPayment) -> Keys:
    return BATCHES_OF_PAYABLES.keys(*command.payables)


def returned_reads(command: ReturnPayment) -> Keys:
    # With the batch the budgets that may pay again are followed.
    return _returned(command.payable, command.returned_on)


def match_reads(command: MatchReturn) -> Keys:
    return _returned(command.payable, command.on)


def _returned(payable: str, on: date) -> Keys:
    return BATCHES_OF_PAYABLES.keys(payable) | BOUNCES.keys(bounce_id(payable, on.year))


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
    """The payment is taken back whole, and its payable can be paid again; later than its year, from another budget."""
    if event.payable.subject_kind != AWARD:
        return Effects({})
    batch = _batch(state, event.payable.number)
    part = batch.part(event.payable.number)
    award = batch.award(part.award)
    rules.check_not_recovered(batch, award.number)
    law = return_rules(event.returned_on, policies.known_on)
    ground = Ground(
        event.returned_on,
        law.cite,
        calculation=award.calculation,
        backdating=Backdating(SLIP_DATE, event.maker) if event.returned_on < today else None,
        memo=event.bank_reference,
    )
    net_fen, income = event.payable.net_fen, _income(batch, policies)
    paid_by = _paid_by(batch, part)
    if not _from_another_year(event, law):
        entry = bounce_entry(batch, award, part, paid_by, net_fen, income, ground)
        return Effects({}, entries=(entry,), rows=(_bounce_row(event, part),))
    anew = _charge(event, batch, state, today)
    return Effects(
        {},
        entries=(later_bounce_entry(batch, award, paid_by, anew, net_fen, ground),),
        rows=(
            _bounce_row(event, part, anew),
            charged_anew_row(event.payable.number, event.payable.attempts, anew.line),
        ),
    )


def _bounce_row(event: PaymentReturned, part: AwardPart, anew: Charge | None = None) -> SubsidyBounceTable:
    return SubsidyBounceTable(
        payable=event.payable.number,
        payment_batch=event.batch,
        award=part.award,
        bounced_on=event.returned_on,
        bank_reference=event.bank_reference,
        reason=event.reason,
        charged_year=anew.year if anew else None,
        charged_line=anew.line if anew else None,
    )


def _paid_by(batch: Batch, part: AwardPart) -> Charge:
    """The budget that paid it: what bears it now, or an earlier year that has been carried over since."""
    years = [one.charge for one in batch.spent_on(part.award) if one.charge.line == part.charge.line]
    return max((charge for charge in years if charge.year <= part.charge.year), default=part.charge)


def _from_another_year(event: PaymentReturned, law: ReturnRules) -> bool:
    return event.paid_on.year < event.returned_on.year and law.paid_again_from is PaidAgainFrom.YEAR_OF_RETURN


def _charge(event: PaymentReturned, batch: Batch, state: State, today: date) -> Charge:
    """A budget line that holds what is to be paid again, of the first year from that of the return that goes on."""
    _, later = state.one(BOUNCES, bounce_id(event.payable.number, event.returned_on.year))
    found = (state.find(BUDGET_CHANGES, id_) for id_ in later)
    budget = next((budget for budget in found if budget and budget.ended_on is None), None) or Budget(
        scheme=batch.scheme, year=today.year, operator=batch.operator
    )
    needed_fen = event.payable.net_fen
    line = next((line for line in budget.lines if line.available_fen >= needed_fen), None)
    if line is None:
        raise rules.NextBudgetTooSmall(
            payable=event.payable.number,
            paid_on=event.paid_on,
            returned_on=event.returned_on,
            scheme=batch.scheme,
            year=budget.year,
            needed=yuan(needed_fen),
            available=yuan(budget.available_fen),
        )
    return Charge(budget.year, line.code)


def _batch(state: State, payable: str) -> Batch:
    return state.one(BATCHES, state.one(BATCHES_OF_PAYABLES, payable))


def _income(batch: Batch, policies: Policies) -> str:
    return subsidy(batch.scheme, batch.computed_on, policies.known_on).unit_budget_income


REACTIONS = (
    Reaction(PaymentConfirmed, ConfirmPayment, confirmed_reads, pay),
    Reaction(PaymentConfirmed, MatchPayment, matched_reads, pay),
    Reaction(PaymentReturned, ReturnPayment, returned_reads, bounce),
    Reaction(PaymentReturned, MatchReturn, match_reads, bounce),
)
