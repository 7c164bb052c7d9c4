"""Uses that are taken back give their consent its minutes back.

What they put at risk stays: only customs says that nothing falls due, also of a use that was recorded in error.
"""

from datetime import date

from ledger.bookkeeping.events import EntryReversing
from ledger.bookkeeping.reverse_entry import ReverseEntry
from ledger.customs.postings import return_entry
from ledger.customs.store import MINUTES_OF_ENTRIES
from ledger.executor.commands import Effects, Keys, Reaction, State
from ledger.journal.entries import Backdating
from policies.kernel.policies import Policies


def reads(command: ReverseEntry) -> Keys:
    return MINUTES_OF_ENTRIES.keys(str(command.seq))


def decide(event: EntryReversing, command: ReverseEntry, state: State, _policies: Policies, _today: date) -> Effects:
    taken = state.find(MINUTES_OF_ENTRIES, str(event.seq))
    if not taken:
        return Effects({})
    late = Backdating(command.reason, command.second_person)
    return Effects({}, entries=(return_entry(taken, command.effective_on, late),))


GIVES_BACK = Reaction(EntryReversing, ReverseEntry, reads, decide)
