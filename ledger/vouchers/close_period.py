"""No period closes over unfinished work: claims under way, and what ran out in it and is not posted.

What runs out is a voucher, a hold that nobody accepted, an acceptance that nobody claimed; `ExpireDue` posts all three.
"""

from datetime import date

from ledger.bookkeeping.close_period import ClosePeriod, PeriodClosing
from ledger.bookkeeping.rules import UnfinishedWork
from ledger.executor.commands import Effects, Keys, Reaction, State
from ledger.vouchers.store import UNFINISHED
from policies.kernel.policies import Policies

NAMED_MAX = 10


def reads(command: ClosePeriod) -> Keys:
    return UNFINISHED.keys(command.period)


def check(event: PeriodClosing, _command: ClosePeriod, state: State, _policies: Policies, _today: date) -> Effects:
    if work := state.one(UNFINISHED, event.period):
        more = f" … ({len(work)})" if len(work) > NAMED_MAX else ""
        raise UnfinishedWork(period=event.period, work=", ".join(work[:NAMED_MAX]) + more)
    return Effects({})


REACTIONS = (Reaction(PeriodClosing, ClosePeriod, reads, check),)
