"""What a red invoice has credited is not reversed besides: its credit notes, and all else about the bill, stand."""

from datetime import date

from ledger.bookkeeping.events import EntryReversing
from ledger.bookkeeping.reverse_entry import ReverseEntry
from ledger.executor.commands import Effects, Keys, Reaction, State
from ledger.fees.rules import CreditNotReversible
from ledger.fees.store import ENTRIES_OF_CREDITED
from policies.kernel.policies import Policies


def reads(command: ReverseEntry) -> Keys:
    return ENTRIES_OF_CREDITED.keys(str(command.seq))


def check(event: EntryReversing, _command: ReverseEntry, state: State, _policies: Policies, _today: date) -> Effects:
    if state.find(ENTRIES_OF_CREDITED, str(event.seq)):
        raise CreditNotReversible(seq=event.seq)
    return Effects({})


NOT_REVERSIBLE = Reaction(EntryReversing, ReverseEntry, reads, check)
