"""Register a firm, by an operator or a recommending body."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.registry.registration import registered
from ledger.registry.rules import require_any_role
from ledger.registry.store import PARTY_CHANGES, PEOPLE
from ledger.registry.text import readable
from ledger.registry.values import PartyKind, Role
from policies.kernel.policies import Policies


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterFirm(Command):
    kind: ClassVar[str] = "registry.register-firm"

    code: str
    """Unified social credit code."""
    name: str


def reads(command: RegisterFirm) -> Keys:
    return readable(command, PEOPLE.keys(command.actor) | PARTY_CHANGES.keys(command.code))


def decide(command: RegisterFirm, state: State, _policies: Policies, today: date) -> Effects:
    require_any_role(state, command.actor, {Role.OPERATOR, Role.RECOMMENDER})
    return registered(command.code, command.name, PartyKind.FIRM, state, today)


USE_CASE = UseCase(RegisterFirm, reads, decide)
