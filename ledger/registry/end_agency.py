"""End an agency: the body's people do nothing for the unit any more."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.registry.agencies import AGENCIES, PartyAgencyTable, agency_id
from ledger.registry.rules import AgencyAbsent, require_own, require_person
from ledger.registry.store import PARTIES, PEOPLE
from ledger.registry.text import checked_name, readable
from ledger.registry.values import Role
from policies.kernel.policies import Policies


@dataclass(frozen=True, slots=True, kw_only=True)
class EndAgency(Command):
    """By an officer of the unit itself, by the body, or by an operator."""

    kind: ClassVar[str] = "registry.end-agency"

    principal: str
    """The unit."""
    agent: str
    """The body."""
    document_number: str
    """Of the paper that ends it."""


def reads(command: EndAgency) -> Keys:
    return readable(
        command,
        PEOPLE.keys(command.actor)
        | PARTIES.keys(command.principal, command.agent)
        | AGENCIES.keys(agency_id(command.principal, command.agent)),
    )


def decide(command: EndAgency, state: State, _policies: Policies, today: date) -> Effects:
    principal, agent = state.one(PARTIES, command.principal), state.one(PARTIES, command.agent)
    person = require_person(state, command.actor)
    if not (person.has(Role.OPERATOR) or person.holds(Role.RECOMMENDER, command.agent)):
        require_own(state, command.actor, Role.UNIT_OFFICER, command.principal)
    step, stands = state.one(AGENCIES, agency_id(principal.code, agent.code))
    if not stands:
        raise AgencyAbsent(principal=principal.code, agent=agent.code)
    row = PartyAgencyTable(
        principal=principal.code,
        agent=agent.code,
        step=step + 1,
        stands=False,
        document_number=checked_name(command.document_number, "委托书文号", "number of the paper"),
        since=today,
        person=command.actor,
    )
    return Effects({"principal": principal.code, "agent": agent.code, "stands": False}, rows=(row,))


USE_CASE = UseCase(EndAgency, reads, decide)
