"""Register a unit that runs instruments."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.registry.registration import registered
from ledger.registry.rules import require_role
from ledger.registry.store import PARTY_CHANGES, PEOPLE
from ledger.registry.text import readable
from ledger.registry.values import PartyKind, Role
from policies.kernel.policies import Policies


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterUnit(Command):
    kind: ClassVar[str] = "registry.register-unit"

    code: str
    """Unified social credit code."""
    name: str


def reads(command: RegisterUnit) -> Keys:
    return readable(command, PEOPLE.keys(command.actor) | PARTY_CHANGES.keys(command.code))


def decide(command: RegisterUnit, state: State, _policies: Policies, today: date) -> Effects:
    require_role(state, command.actor, Role.OPERATOR)
    return registered(command.code, command.name, PartyKind.UNIT, state, today)


USE_CASE = UseCase(RegisterUnit, reads, decide)
