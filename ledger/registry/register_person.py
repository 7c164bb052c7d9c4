"""Register a natural person with its roles; the first ones by the system. The name stands apart and can be erased."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.registry.rules import check_role_fits, require_grantor, require_party, require_role
from ledger.registry.store import PARTIES, PEOPLE
from ledger.registry.tables import PersonRoleTable, PersonTable
from ledger.registry.text import checked_choice, checked_name, readable
from ledger.registry.values import SYSTEM, Role
from policies.kernel.policies import Policies

if TYPE_CHECKING:
    from ledger.journal.tables import EventRow


@dataclass(frozen=True, slots=True)
class Post:
    """A role in an organisation."""

    organisation: str
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterPerson(Command):
    kind: ClassVar[str] = "registry.register-person"
    personal: ClassVar[frozenset[str]] = frozenset({"name"})

    name: str
    posts: tuple[Post, ...] = ()
    """None for a person who is only somebody's actual controller."""


def reads(command: RegisterPerson) -> Keys:
    organisations = PARTIES.keys(*(post.organisation for post in command.posts))
    return readable(command, PEOPLE.keys(command.actor) | organisations)


def decide(command: RegisterPerson, state: State, _policies: Policies, today: date) -> Effects:
    checked_name(command.name, "姓名", "name")
    if command.actor != SYSTEM and not command.posts:
        require_role(state, command.actor, Role.OPERATOR)
    person = command.number("P")
    rows: dict[Post, EventRow] = {post: _role_row(command, state, person, post, today) for post in command.posts}
    return Effects({"person": person}, rows=(PersonTable(code=person, registered_on=today), *rows.values()))


def _role_row(command: RegisterPerson, state: State, person: str, post: Post, today: date) -> PersonRoleTable:
    role = checked_choice(Role, post.role, "职责", "role")
    organisation = require_party(state, post.organisation)
    if command.actor != SYSTEM:
        require_grantor(state, command.actor, organisation, role)
    check_role_fits(organisation, role)
    return PersonRoleTable(
        person=person,
        organisation=organisation.code,
        role=role.value,
        step=1,
        holds=True,
        since=today,
        granted_by=command.actor,
    )


USE_CASE = UseCase(RegisterPerson, reads, decide)
