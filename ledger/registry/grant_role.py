"""Give a registered person a role in an organisation: by somebody who holds it there, never to oneself."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.registry.rules import (
    ROLE_NAMES,
    OwnRole,
    RoleAlreadyHeld,
    check_role_fits,
    require_grantor,
    require_party,
    same_person,
)
from ledger.registry.store import PARTIES, PEOPLE, PERSON_CHANGES
from ledger.registry.tables import PersonRoleTable
from ledger.registry.text import checked_choice, readable
from ledger.registry.values import Role
from policies.kernel.policies import Policies


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantRole(Command):
    kind: ClassVar[str] = "registry.grant-role"

    person: str
    organisation: str
    role: Role


def reads(command: GrantRole) -> Keys:
    keys = PEOPLE.keys(command.actor, command.person) | PARTIES.keys(command.organisation)
    return readable(command, keys | PERSON_CHANGES.keys(command.person))


def decide(command: GrantRole, state: State, _policies: Policies, today: date) -> Effects:
    role = checked_choice(Role, command.role, "职责", "role")
    organisation = require_party(state, command.organisation)
    actor = require_grantor(state, command.actor, organisation, role)
    person = state.one(PEOPLE, command.person)
    if same_person(actor, person):
        raise OwnRole(person=command.actor)
    check_role_fits(organisation, role)
    step, holds = state.one(PERSON_CHANGES, person.code).roles.get((organisation.code, role), (0, False))
    if holds:
        role_zh, role_en = ROLE_NAMES[role]
        raise RoleAlreadyHeld(person=person.code, organisation=organisation.code, role_zh=role_zh, role_en=role_en)
    row = PersonRoleTable(
        person=person.code,
        organisation=organisation.code,
        role=role.value,
        step=step + 1,
        holds=True,
        since=today,
        granted_by=command.actor,
    )
    return Effects({"person": person.code, "organisation": organisation.code, "role": role.value}, rows=(row,))


USE_CASE = UseCase(GrantRole, reads, decide)
