"""End a mandate: the deputy's signature counts as its own again."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.registry.rules import MandateAbsent, require_role
from ledger.registry.store import PEOPLE, PERSON_CHANGES
from ledger.registry.tables import PersonMandateTable
from ledger.registry.text import readable
from ledger.registry.values import Role
from policies.kernel.policies import Policies


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawMandate(Command):
    kind: ClassVar[str] = "registry.withdraw-mandate"

    person: str
    """The deputy."""
    acts_for: str
    """The principal."""


def reads(command: WithdrawMandate) -> Keys:
    keys = PEOPLE.keys(command.actor, command.person, command.acts_for)
    return readable(command, keys | PERSON_CHANGES.keys(command.person))


def decide(command: WithdrawMandate, state: State, _policies: Policies, today: date) -> Effects:
    if command.actor != command.acts_for:
        require_role(state, command.actor, Role.OPERATOR)
    person, principal = state.one(PEOPLE, command.person), state.one(PEOPLE, command.acts_for)
    step, holds = state.one(PERSON_CHANGES, person.code).mandates.get(principal.code, (0, False))
    if not holds:
        raise MandateAbsent(person=person.code, acts_for=principal.code)
    row = PersonMandateTable(person=person.code, acts_for=principal.code, step=step + 1, holds=False, since=today)
    return Effects({"person": person.code, "acts_for": principal.code}, rows=(row,))


USE_CASE = UseCase(WithdrawMandate, reads, decide)
