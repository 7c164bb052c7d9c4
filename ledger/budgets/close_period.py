"""No period closes over a budget year that ended in it and was not ended in the books: that takes `ProposeYearEnd`."""

from datetime import date

from ledger.bookkeeping.close_period import ClosePeriod
from ledger.bookkeeping.events import PeriodClosing
from ledger.budgets.rules import some
from ledger.budgets.years import UNSETTLED_YEARS
from ledger.errors import Refused
from ledger.executor.commands import Effects, Keys, Reaction, State
from policies.kernel.policies import Policies


class YearsNotEnded(Refused):
    zh = "会计期间 {period} 不能结账：{years} 的预算尚未办理年末结转。请先提出年末结转并由财政复核。"
    en = (
        "Period {period} cannot be closed: these budgets have not been ended: {years}. "
        "Propose the year end of each, and have finance sign it."
    )


def reads(command: ClosePeriod) -> Keys:
    return UNSETTLED_YEARS.keys(command.period)


def check(event: PeriodClosing, _command: ClosePeriod, state: State, _policies: Policies, _today: date) -> Effects:
    if years := state.one(UNSETTLED_YEARS, event.period):
        raise YearsNotEnded(period=event.period, years=some(years))
    return Effects({})


YEARS_ENDED = Reaction(PeriodClosing, ClosePeriod, reads, check)
