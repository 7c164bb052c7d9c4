"""Register a bureau; the first ones by the system, before there are people."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.registry.registration import registered
from ledger.registry.rules import require_role
from ledger.registry.store import PARTY_CHANGES, PEOPLE
from ledger.registry.text import readable
from ledger.registry.values import SYSTEM, PartyKind, Role
from policies.kernel.policies import Policies


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterBureau(Command):
    kind: ClassVar[str] = "registry.register-bureau"

    code: str
    """Unified social credit code."""
    name: str


def reads(command: RegisterBureau) -> Keys:
    return readable(command, PEOPLE.keys(command.actor) | PARTY_CHANGES.keys(command.code))


def decide(command: RegisterBureau, state: State, _policies: Policies, today: date) -> Effects:
    if command.actor != SYSTEM:
        require_role(state, command.actor, Role.OPERATOR)
    return registered(command.code, command.name, PartyKind.BUREAU, state, today)


USE_CASE = UseCase(RegisterBureau, reads, decide)
