"""Declare that two parties are related (关联方), or, by an operator, that they no longer are."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.registry.rules import (
    RelationUnchanged,
    SameParty,
    require_own_or_operator,
    require_party,
    require_role,
)
from ledger.registry.store import PARTIES, PARTY_CHANGES, PEOPLE
from ledger.registry.tables import PartyRelationTable
from ledger.registry.text import checked_name, readable
from ledger.registry.uscc import checked_uscc
from ledger.registry.values import Role
from policies.kernel.policies import Policies


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclareRelation(Command):
    kind: ClassVar[str] = "registry.declare-relation"

    party: str
    other: str
    """A registered party, or the code of an organisation that is not registered here."""
    ground: str
    """E.g. a shareholding, a common director."""
    stands: bool = True
    """False ends the relation."""


def reads(command: DeclareRelation) -> Keys:
    both = (command.party, command.other)
    return readable(command, PEOPLE.keys(command.actor) | PARTIES.keys(*both) | PARTY_CHANGES.keys(*both))


def decide(command: DeclareRelation, state: State, _policies: Policies, today: date) -> Effects:
    party = require_party(state, command.party)
    if command.stands:
        require_own_or_operator(state, command.actor, party.code)
    else:
        require_role(state, command.actor, Role.OPERATOR)
    if state.find(PARTIES, command.other) is None:
        checked_uscc(command.other)
    if command.other == party.code:
        raise SameParty(party=party.code)
    step, stood = state.one(PARTY_CHANGES, party.code).relations.get(command.other, (0, False))
    if stood == command.stands:
        raise RelationUnchanged(party=party.code, other=command.other)
    first, second = sorted((party.code, command.other))
    row = PartyRelationTable(
        party=first,
        other=second,
        step=step + 1,
        stands=command.stands,
        ground=checked_name(command.ground, "理由", "ground"),
        declared_on=today,
    )
    return Effects({"party": party.code, "other": command.other, "stands": command.stands}, rows=(row,))


USE_CASE = UseCase(DeclareRelation, reads, decide)
