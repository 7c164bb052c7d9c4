"""Declare an interest: whoever gains by something, or belongs to a party that does, does not sign it.

It keeps from signing from now on. A signature given before stands until the request is made anew.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.approvals.rules import InterestKnown, NotYoursToDeclare
from ledger.approvals.store import APPROVALS, INTERESTS, ApprovalInterestTable, interest_name
from ledger.errors import NotFound
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.registry.rules import require_person
from ledger.registry.store import PARTIES, PEOPLE
from ledger.registry.text import TEXT_LENGTH_MAX, checked_name, readable
from ledger.registry.values import Role
from policies.kernel.policies import Policies


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclareInterest(Command):
    kind: ClassVar[str] = "approval.declare-interest"

    person: str
    """Whose interest: the actor's own, or anybody's when the actor is an auditor."""
    about: str
    """A request, as `<subject kind>:<subject>`, or a party's code."""
    nature: str


def reads(command: DeclareInterest) -> Keys:
    return readable(
        command,
        APPROVALS.keys(command.about)
        | PARTIES.keys(command.about)
        | PEOPLE.keys(command.actor, command.person)
        | INTERESTS.keys(interest_name(command.person, command.about)),
    )


def decide(command: DeclareInterest, state: State, _policies: Policies, _today: date) -> Effects:
    actor = require_person(state, command.actor)
    person = require_person(state, command.person)
    nature = checked_name(command.nature, "利害关系", "nature of the interest", TEXT_LENGTH_MAX)
    if person != actor and not actor.has(Role.AUDITOR):
        raise NotYoursToDeclare(actor=actor.code)
    if state.find(APPROVALS, command.about) is None and state.find(PARTIES, command.about) is None:
        raise NotFound("审批事项或单位/request or party", command.about)
    if state.find(INTERESTS, interest_name(person.code, command.about)) is not None:
        raise InterestKnown(person=person.code, about=command.about)

    row = ApprovalInterestTable(person=person.code, about=command.about, nature=nature, declared_by=actor.code)
    return Effects({"person": person.code, "about": command.about}, rows=(row,))


USE_CASE = UseCase(DeclareInterest, reads, decide)
