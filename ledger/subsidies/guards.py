"""What others may not do over a subsidy that is under way: end its budget year, reverse an entry of it."""

from datetime import date

from ledger.approvals.approve import Approve
from ledger.bookkeeping.steps import not_reversible
from ledger.budgets.end_year import ProposeYearEnd, is_year_end
from ledger.budgets.events import BudgetYearEnding
from ledger.budgets.rules import some
from ledger.budgets.store import budget_id
from ledger.errors import Refused
from ledger.executor.commands import Effects, Keys, Reaction, State
from ledger.subsidies.store import YEARS_IN_PAYMENT
from ledger.subsidies.templates import TEMPLATES
from policies.kernel.policies import Policies


class SubsidyInPayment(Refused):
    zh = "已放行而银行尚未回单的补贴支付批次：{batches}。请先登记付款或退回，再办理年末结转。"
    en = "The bank has not told yet of these released batches of subsidies: {batches}. Confirm their payments first."


def proposal_reads(command: ProposeYearEnd) -> Keys:
    return YEARS_IN_PAYMENT.keys(budget_id(command.scheme, command.year))


def answer_reads(command: Approve) -> Keys:
    return YEARS_IN_PAYMENT.keys(command.subject) if is_year_end(command) else frozenset()


def year_ends(event: BudgetYearEnding, _command: object, state: State, _policies: Policies, _today: date) -> Effects:
    """A payment that the bank has made and not told of would come to be dated before its budget was carried over."""
    if batches := state.one(YEARS_IN_PAYMENT, budget_id(event.scheme, event.year)):
        raise SubsidyInPayment(batches=some(batches))
    return Effects({})


REACTIONS = (
    Reaction(BudgetYearEnding, ProposeYearEnd, proposal_reads, year_ends),
    Reaction(BudgetYearEnding, Approve, answer_reads, year_ends),
    not_reversible(TEMPLATES),
)
