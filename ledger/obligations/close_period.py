"""No period closes over a step of an obligation that awaits its signature and would be dated in it."""

from datetime import date

from ledger.bookkeeping.close_period import ClosePeriod
from ledger.bookkeeping.events import PeriodClosing
from ledger.bookkeeping.rules import UnfinishedWork
from ledger.executor.commands import Effects, Keys, Reaction, State
from ledger.obligations.store import UNSIGNED
from policies.kernel.policies import Policies

NAMED_MAX = 10


def reads(command: ClosePeriod) -> Keys:
    return UNSIGNED.keys(command.period)


def check(event: PeriodClosing, _command: ClosePeriod, state: State, _policies: Policies, _today: date) -> Effects:
    if steps := state.one(UNSIGNED, event.period):
        more = f" … ({len(steps)})" if len(steps) > NAMED_MAX else ""
        raise UnfinishedWork(period=event.period, work=", ".join(steps[:NAMED_MAX]) + more)
    return Effects({})


NOTHING_UNSIGNED = Reaction(PeriodClosing, ClosePeriod, reads, check)
