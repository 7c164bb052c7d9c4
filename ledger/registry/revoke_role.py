"""Take a role back, by whoever could give it."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.registry.rules import ROLE_NAMES, RoleNotHeld, require_grantor
from ledger.registry.store import PARTIES, PEOPLE, PERSON_CHANGES
from ledger.registry.tables import PersonRoleTable
from ledger.registry.text import checked_choice, readable
from ledger.registry.values import Role
from policies.kernel.policies import Policies


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeRole(Command):
    kind: ClassVar[str] = "registry.revoke-role"

    person: str
    organisation: str
    role: Role


def reads(command: RevokeRole) -> Keys:
    keys = PEOPLE.keys(command.actor, command.person) | PARTIES.keys(command.organisation)
    return readable(command, keys | PERSON_CHANGES.keys(command.person))


def decide(command: RevokeRole, state: State, _policies: Policies, today: date) -> Effects:
    role = checked_choice(Role, command.role, "职责", "role")
    organisation = state.one(PARTIES, command.organisation)
    require_grantor(state, command.actor, organisation, role)
    person = state.one(PEOPLE, command.person)
    step, holds = state.one(PERSON_CHANGES, person.code).roles.get((organisation.code, role), (0, False))
    if not holds:
        role_zh, role_en = ROLE_NAMES[role]
        raise RoleNotHeld(person=person.code, organisation=organisation.code, role_zh=role_zh, role_en=role_en)
    row = PersonRoleTable(
        person=person.code,
        organisation=organisation.code,
        role=role.value,
        step=step + 1,
        holds=False,
        since=today,
        granted_by=command.actor,
    )
    return Effects({"person": person.code, "organisation": organisation.code, "role": role.value}, rows=(row,))


USE_CASE = UseCase(RevokeRole, reads, decide)
