"""No period closes over unfinished work: claims under way, what ran out in it and is not posted.

What runs out is a voucher, a hold that nobody accepted, an acceptance that nobody claimed; `ExpireDue` posts all three.
"""

from datetime import date

from ledger.bookkeeping.close_period import ClosePeriod
from ledger.bookkeeping.events import PeriodClosing
from ledger.bookkeeping.rules import UnfinishedWork
from ledger.budgets.rules import some
from ledger.executor.commands import Effects, Keys, Reaction, State
from ledger.vouchers.store import UNFINISHED
from policies.kernel.policies import Policies


def reads(command: ClosePeriod) -> Keys:
    return UNFINISHED.keys(command.period)


def check(event: PeriodClosing, _command: ClosePeriod, state: State, _policies: Policies, _today: date) -> Effects:
    if work := state.one(UNFINISHED, event.period):
        raise UnfinishedWork(period=event.period, work=some(work))
    return Effects({})


REACTIONS = (Reaction(PeriodClosing, ClosePeriod, reads, check),)
