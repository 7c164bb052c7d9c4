"""No period closes over a batch on which its bank has not answered, nor over a bank line that waits to be matched."""

from datetime import date

from ledger.bookkeeping.close_period import ClosePeriod
from ledger.bookkeeping.events import PeriodClosing
from ledger.bookkeeping.rules import UnfinishedWork
from ledger.executor.commands import Effects, Keys, Reaction, State
from ledger.payments.store import UNSETTLED
from policies.kernel.policies import Policies

NAMED_MAX = 10


def reads(command: ClosePeriod) -> Keys:
    return UNSETTLED.keys(command.period)


def check(event: PeriodClosing, _command: ClosePeriod, state: State, _policies: Policies, _today: date) -> Effects:
    if waiting := state.one(UNSETTLED, event.period):
        more = f" … ({len(waiting)})" if len(waiting) > NAMED_MAX else ""
        raise UnfinishedWork(period=event.period, work=", ".join(waiting[:NAMED_MAX]) + more)
    return Effects({})


NOTHING_UNSETTLED = Reaction(PeriodClosing, ClosePeriod, reads, check)
