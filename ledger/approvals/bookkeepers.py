"""Who keeps the books: periods, accounts and reversals take people with a role, and two of them where two sign.

Bookkeeping itself knows persons by number only; here is known what they may do. A reversal is finance's, or that of the
officers of the one unit whose accounts alone it moves.
"""

from collections.abc import Collection
from datetime import date

from ledger.bookkeeping.close_account import CloseAccount
from ledger.bookkeeping.close_period import ClosePeriod
from ledger.bookkeeping.events import AccountClosing, EntryReversing, PeriodOpening, PeriodStepping
from ledger.bookkeeping.open_period import OpenPeriod
from ledger.bookkeeping.reverse_entry import ReverseEntry
from ledger.executor.commands import Command, Effects, Keys, Reaction, State
from ledger.registry.rules import SecondPersonMissing, require_any_role, require_person, require_role, same_person
from ledger.registry.store import PEOPLE
from ledger.registry.values import Role
from policies.kernel.policies import Policies


def one_reads(command: Command) -> Keys:
    return PEOPLE.keys(command.actor)


def two_read(command: ClosePeriod | ReverseEntry) -> Keys:
    return PEOPLE.keys(command.actor, command.second_person.strip())


def opens(_event: PeriodOpening, command: OpenPeriod, state: State, _policies: Policies, _today: date) -> Effects:
    require_any_role(state, command.actor, {Role.FINANCE, Role.OPERATOR})
    return Effects({})


def closes(_event: AccountClosing, command: CloseAccount, state: State, _policies: Policies, _today: date) -> Effects:
    require_role(state, command.actor, Role.FINANCE)
    return Effects({})


def steps(event: PeriodStepping, command: ClosePeriod, state: State, _policies: Policies, _today: date) -> Effects:
    _two_of_finance(state, command.actor, event.second_person.strip())
    return Effects({})


def reverses(event: EntryReversing, command: ReverseEntry, state: State, _policies: Policies, _today: date) -> Effects:
    if _are_officers(state, (command.actor, event.second_person.strip()), event.entities):
        _are_two(state, command.actor, event.second_person.strip())
    else:
        _two_of_finance(state, command.actor, event.second_person.strip())
    return Effects({})


def _are_officers(state: State, people: Collection[str], entities: frozenset[str]) -> bool:
    """Whether both are the own officers of the one unit that is concerned."""
    if len(entities) != 1:
        return False
    (unit,) = entities
    return all(require_person(state, person).holds(Role.UNIT_OFFICER, unit) for person in people)


def _two_of_finance(state: State, first: str, second: str) -> None:
    for person in (first, second):
        require_role(state, person, Role.FINANCE)
    _are_two(state, first, second)


def _are_two(state: State, first: str, second: str) -> None:
    if same_person(require_person(state, first), require_person(state, second)):
        raise SecondPersonMissing(person=first)


REACTIONS = (
    Reaction(PeriodOpening, OpenPeriod, one_reads, opens),
    Reaction(AccountClosing, CloseAccount, one_reads, closes),
    Reaction(PeriodStepping, ClosePeriod, two_read, steps),
    Reaction(EntryReversing, ReverseEntry, two_read, reverses),
)
