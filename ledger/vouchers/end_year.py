"""A budget year does not end over vouchers that ran out in it and are not ended, nor over claims that are being paid.

A payment that the bank has made and not told of would come to be dated before its budget was carried over.
"""

from datetime import date

from ledger.approvals.approve import Approve
from ledger.budgets.end_year import ProposeYearEnd, is_year_end
from ledger.budgets.events import BudgetYearEnding
from ledger.budgets.rules import some
from ledger.budgets.store import budget_id
from ledger.errors import Refused
from ledger.executor.commands import Effects, Keys, Reaction, State
from ledger.vouchers.store import YEARS_UNFINISHED
from policies.kernel.policies import Policies


class ExpiriesNotPosted(Refused):
    zh = "{year} 年末前已到期而未登记的创新券：{vouchers}。请先办理到期处理，再办理年末结转。"
    en = (
        "Something of these vouchers was over by the end of {year} and is not posted: {vouchers}. "
        "Expire what is due, then propose the year end."
    )


class PaymentUnderWay(Refused):
    zh = "已放行而银行尚未回单的支付批次：{batches}。请先登记付款或退回，再办理年末结转。"
    en = "The bank has not told yet of these released batches: {batches}. Confirm their payments first."


def proposal_reads(command: ProposeYearEnd) -> Keys:
    return YEARS_UNFINISHED.keys(budget_id(command.scheme, command.year))


def answer_reads(command: Approve) -> Keys:
    return YEARS_UNFINISHED.keys(command.subject) if is_year_end(command) else frozenset()


def check(event: BudgetYearEnding, _command: object, state: State, _policies: Policies, _today: date) -> Effects:
    unfinished = state.one(YEARS_UNFINISHED, budget_id(event.scheme, event.year))
    if unfinished.overdue:
        raise ExpiriesNotPosted(year=event.year, vouchers=some(unfinished.overdue))
    if unfinished.in_payment:
        raise PaymentUnderWay(batches=some(unfinished.in_payment))
    return Effects({})


REACTIONS = (
    Reaction(BudgetYearEnding, ProposeYearEnd, proposal_reads, check),
    Reaction(BudgetYearEnding, Approve, answer_reads, check),
)
