"""No period closes over unfinished work: claims under way, what ran out in it and is not posted, years not ended.

What runs out is a voucher, a hold that nobody accepted, an acceptance that nobody claimed; `ExpireDue` posts all three.
A budget year whose last day lies in the period is ended by `ProposeYearEnd`.
"""

from datetime import date

from ledger.bookkeeping.close_period import ClosePeriod
from ledger.bookkeeping.events import PeriodClosing
from ledger.bookkeeping.rules import UnfinishedWork
from ledger.errors import Refused
from ledger.executor.commands import Effects, Keys, Reaction, State
from ledger.vouchers.rules import some
from ledger.vouchers.store import UNFINISHED, UNSETTLED_YEARS
from policies.kernel.policies import Policies


class YearsNotEnded(Refused):
    zh = "会计期间 {period} 不能结账：{years} 的预算尚未办理年末结转。请先提出年末结转并由财政复核。"
    en = (
        "Period {period} cannot be closed: these budgets have not been ended: {years}. "
        "Propose the year end of each, and have finance sign it."
    )


def reads(command: ClosePeriod) -> Keys:
    return UNFINISHED.keys(command.period) | UNSETTLED_YEARS.keys(command.period)


def check(event: PeriodClosing, _command: ClosePeriod, state: State, _policies: Policies, _today: date) -> Effects:
    if work := state.one(UNFINISHED, event.period):
        raise UnfinishedWork(period=event.period, work=some(work))
    if years := state.one(UNSETTLED_YEARS, event.period):
        raise YearsNotEnded(period=event.period, years=some(years))
    return Effects({})


REACTIONS = (Reaction(PeriodClosing, ClosePeriod, reads, check),)
