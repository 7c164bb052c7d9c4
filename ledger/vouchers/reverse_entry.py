"""No step of a voucher's life is taken back by reversing its entry: rows stand beside it, often a second entry too."""

from datetime import date

from ledger.bookkeeping.events import EntryReversing
from ledger.bookkeeping.reverse_entry import ReverseEntry
from ledger.executor.commands import Effects, Keys, Reaction, State
from ledger.fees.templates import VOUCHER
from ledger.vouchers import rules
from ledger.vouchers.templates import TEMPLATES
from policies.kernel.policies import Policies

_STEPS = {template.name for template in (*TEMPLATES, VOUCHER)}


def reads(_: ReverseEntry) -> Keys:
    return frozenset()


def check(event: EntryReversing, _command: ReverseEntry, _state: State, _policies: Policies, _today: date) -> Effects:
    if event.template in _STEPS:
        raise rules.StepNotReversible(seq=event.seq, template=event.template)
    return Effects({})


REACTIONS = (Reaction(EntryReversing, ReverseEntry, reads, check),)
