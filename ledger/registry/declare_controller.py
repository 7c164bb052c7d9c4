"""Declare who actually controls a party: an organisation, a registered person, or nobody.

Caps per actual controller and related parties follow from it, so only an operator changes what was declared once.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.registry.rules import ControlCircle, ControllerUnknown, require_own_or_operator, require_party, require_role
from ledger.registry.store import CONTROL_CHAINS, CONTROL_LOCK, PARTIES, PARTY_CHANGES, PEOPLE
from ledger.registry.tables import PartyControllerTable
from ledger.registry.text import readable
from ledger.registry.uscc import checked_uscc
from ledger.registry.values import PartyKind, Role
from policies.kernel.policies import Policies

CONTROLLED = (PartyKind.FIRM, PartyKind.TEAM, PartyKind.UNIT, PartyKind.BODY)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclareController(Command):
    kind: ClassVar[str] = "registry.declare-controller"

    party: str
    controller: str | None
    """A unified social credit code, or the number `P-…` of a registered person; None: nobody controls it."""


def reads(command: DeclareController) -> Keys:
    ends = {command.party, command.controller or command.party}
    people = PEOPLE.keys(command.actor, *(ends - {command.party}))
    keys = PARTIES.keys(command.party) | CONTROL_CHAINS.keys(*ends) | CONTROL_LOCK.keys("book")
    return readable(command, people | keys | PARTY_CHANGES.keys(command.party))


def decide(command: DeclareController, state: State, _policies: Policies, today: date) -> Effects:
    party = require_party(state, command.party, *CONTROLLED)
    require_own_or_operator(state, command.actor, party.code)
    step = state.one(PARTY_CHANGES, party.code).controller
    if step:
        require_role(state, command.actor, Role.OPERATOR)
    if command.controller is not None:
        _check_controller(state, party.code, command.controller)
    row = PartyControllerTable(party=party.code, step=step + 1, controller=command.controller, declared_on=today)
    return Effects({"party": party.code, "controller": command.controller}, rows=(row,))


def _check_controller(state: State, party: str, controller: str) -> None:
    if party in (controller, *state.one(CONTROL_CHAINS, controller)):
        raise ControlCircle(party=party, controller=controller)
    if controller.startswith("P-"):
        if state.find(PEOPLE, controller) is None:
            raise ControllerUnknown(controller=controller)
    else:
        checked_uscc(controller)


USE_CASE = UseCase(DeclareController, reads, decide)
