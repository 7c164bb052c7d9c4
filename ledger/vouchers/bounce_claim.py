"""What follows when a payment came back: what it paid is approved and owed again, and its payable can be paid again."""

from datetime import date

from ledger.amounts import yuan
from ledger.budgets import rules as budget_rules
from ledger.budgets.ground import Ground
from ledger.budgets.store import BUDGET_CHANGES
from ledger.budgets.values import Budget
from ledger.errors import Refused
from ledger.executor.commands import Command, Effects, Keys, Reaction, State
from ledger.journal.entries import Backdating
from ledger.payments.bank.match_return import MatchReturn
from ledger.payments.events import PaymentReturned
from ledger.payments.payables import charged_anew_row
from ledger.payments.return_payment import ReturnPayment
from ledger.vouchers.bounce_postings import bounce_entries, later_bounce_entries
from ledger.vouchers.claim_values import Charge, Claim, ClaimPayable
from ledger.vouchers.review_claim import KIND
from ledger.vouchers.store import BOUNCES, CLAIMS, bounce_id
from ledger.vouchers.tables import VoucherClaimBounceTable
from policies.kernel.policies import Policies
from policies.payments.returns import PaidAgainFrom, ReturnRules, return_rules

SLIP_DATE = "按银行退回日期入账 / dated by the bank's return"


class RecoveredAlready(Refused):
    zh = (
        "{payable} 支付的合同 {contract} 已决定退款或追缴，不能再登记为退票。银行退回的款项请登记为该应追回款项的收款；"
        "多退的部分先挂账，再退还。"
    )
    en = (
        "{payable} paid contract {contract}, of which something is owed back by decision: it is not recorded as sent "
        "back. Record what came as a receipt of that obligation; hold the rest in suspense and return it."
    )


class LaterBudgetTooSmall(Refused):
    zh = (
        "{payable} 于 {paid_on} 支付、{returned_on} 退回，须由计划“{scheme}”{year} 年度的预算再支付 {needed} 元，"
        "而该年度没有一条预算指标够用（可用合计 {available} 元）。请先下达或追加 {year} 年度指标，再登记退回。"
    )
    en = (
        "{payable} was paid on {paid_on} and came back on {returned_on}, so {needed} yuan are to be paid again from "
        "the budget of {scheme} for {year}, and no budget line of that year holds as much ({available} in all). "
        "Appropriate more for {year} first, then record the return."
    )


def reads(command: ReturnPayment) -> Keys:
    # The claim and the budgets that may pay again are followed; payables of other slices lead nowhere.
    return BOUNCES.keys(bounce_id(command.payable, command.returned_on.year))


def matched_reads(command: MatchReturn) -> Keys:
    return BOUNCES.keys(bounce_id(command.payable, command.on.year))


def bounce(event: PaymentReturned, _command: Command, state: State, policies: Policies, today: date) -> Effects:
    """One entry for each contract that the payment paid, dated as the bank says."""
    if event.payable.subject_kind != KIND:
        return Effects({})
    claim = state.one(CLAIMS, event.payable.subject)
    payable = claim.payable(event.payable.number)
    part = claim.paid_by(payable).between(event.payable.offset_fen, event.payable.amount_fen)
    if taken_back := next((line for line in part.lines if line.recovered), None):
        raise RecoveredAlready(payable=payable.number, contract=taken_back.contract)
    law = return_rules(event.returned_on, policies.known_on)

    backdating = Backdating(SLIP_DATE, event.maker) if event.returned_on < today else None
    ground = Ground(event.returned_on, law.cite, backdating=backdating, memo=event.bank_reference)
    if not _from_another_year(event, law):
        again = Charge(payable.open_in, payable.charge.budget_line)
        return Effects({}, entries=bounce_entries(part, payable.open_in, ground), rows=(_row(payable, again, event),))
    anew = _charge(event, claim, state, today)
    return Effects(
        {},
        entries=later_bounce_entries(part, anew, ground),
        rows=(
            _row(payable, anew, event),
            charged_anew_row(payable.number, event.payable.attempts, anew.budget_line),
        ),
    )


def _from_another_year(event: PaymentReturned, law: ReturnRules) -> bool:
    return event.paid_on.year < event.returned_on.year and law.paid_again_from is PaidAgainFrom.YEAR_OF_RETURN


def _charge(event: PaymentReturned, claim: Claim, state: State, today: date) -> Charge:
    """A budget line that holds what is to be paid again, of the first year from that of the return that goes on."""
    needed_fen = event.payable.net_fen
    _, later = state.one(BOUNCES, bounce_id(event.payable.number, event.returned_on.year))
    found = (state.find(BUDGET_CHANGES, id_) for id_ in later)
    budget = next((budget for budget in found if budget and not budget.ended_on), None) or Budget(
        scheme=claim.scheme, year=today.year, operator=claim.operator
    )
    year = budget.year
    if budget.operator != claim.operator:
        raise budget_rules.BudgetOfAnotherBureau(
            scheme=claim.scheme, year=year, operator=budget.operator, tenant=claim.operator
        )
    line = next((line for line in budget.lines if line.available_fen >= needed_fen), None)
    if line is None:
        raise LaterBudgetTooSmall(
            payable=event.payable.number,
            paid_on=event.paid_on,
            returned_on=event.returned_on,
            scheme=claim.scheme,
            year=year,
            needed=yuan(needed_fen),
            available=yuan(budget.available_fen),
        )
    return Charge(year, line.code)


def _row(payable: ClaimPayable, charge: Charge, event: PaymentReturned) -> VoucherClaimBounceTable:
    return VoucherClaimBounceTable(
        payable=payable.number,
        position=payable.bounces + 1,
        batch=event.batch,
        bounced_on=event.returned_on,
        bank_reference=event.bank_reference,
        reason=event.reason,
        year=charge.year,
        budget_line=charge.budget_line,
    )


REACTIONS = (
    Reaction(PaymentReturned, ReturnPayment, reads, bounce),
    Reaction(PaymentReturned, MatchReturn, matched_reads, bounce),
)
