"""Let a professional service body act for a unit: its people do an officer's work there."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.registry.agencies import AGENCIES, PartyAgencyTable, agency_id
from ledger.registry.rules import AgencyStands, require_own, require_party, require_person
from ledger.registry.store import PARTIES, PEOPLE
from ledger.registry.text import checked_name, readable
from ledger.registry.values import PartyKind, Role
from policies.kernel.policies import Policies


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveAgency(Command):
    """By an officer of the unit itself or an operator."""

    kind: ClassVar[str] = "registry.give-agency"

    principal: str
    """The unit."""
    agent: str
    """The body."""
    document_number: str
    """Of the mandate."""


def reads(command: GiveAgency) -> Keys:
    return readable(
        command,
        PEOPLE.keys(command.actor)
        | PARTIES.keys(command.principal, command.agent)
        | AGENCIES.keys(agency_id(command.principal, command.agent)),
    )


def decide(command: GiveAgency, state: State, _policies: Policies, today: date) -> Effects:
    principal = require_party(state, command.principal, PartyKind.UNIT)
    agent = require_party(state, command.agent, PartyKind.BODY)
    if not require_person(state, command.actor).has(Role.OPERATOR):
        require_own(state, command.actor, Role.UNIT_OFFICER, principal.code)
    step, stands = state.one(AGENCIES, agency_id(principal.code, agent.code))
    if stands:
        raise AgencyStands(principal=principal.code, agent=agent.code)
    row = PartyAgencyTable(
        principal=principal.code,
        agent=agent.code,
        step=step + 1,
        stands=True,
        document_number=checked_name(command.document_number, "委托书文号", "number of the paper"),
        since=today,
        person=command.actor,
    )
    return Effects({"principal": principal.code, "agent": agent.code, "stands": True}, rows=(row,))


USE_CASE = UseCase(GiveAgency, reads, decide)
