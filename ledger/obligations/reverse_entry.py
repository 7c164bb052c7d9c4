"""No step of an obligation is taken back by reversing its entry: the record of the step would stand."""

from datetime import date

from ledger.bookkeeping.events import EntryReversing
from ledger.bookkeeping.reverse_entry import ReverseEntry
from ledger.executor.commands import Effects, Keys, Reaction, State
from ledger.obligations.rules import RecoveryNotReversible
from ledger.obligations.templates import TEMPLATES
from policies.kernel.policies import Policies

_STEPS = {template.name for template in TEMPLATES}


def reads(_: ReverseEntry) -> Keys:
    return frozenset()


def check(event: EntryReversing, _command: ReverseEntry, _state: State, _policies: Policies, _today: date) -> Effects:
    if event.template in _STEPS:
        raise RecoveryNotReversible(seq=event.seq, template=event.template)
    return Effects({})


NOT_REVERSIBLE = Reaction(EntryReversing, ReverseEntry, reads, check)
