"""Register a startup team: not incorporated, attached to the recommending body that settles for it."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.registry.registration import party
from ledger.registry.rules import require_own_or_operator, require_party
from ledger.registry.store import PARTIES, PEOPLE
from ledger.registry.text import readable
from ledger.registry.values import PartyKind
from policies.kernel.policies import Policies


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterTeam(Command):
    kind: ClassVar[str] = "registry.register-team"

    recommending_body: str
    name: str


def reads(command: RegisterTeam) -> Keys:
    return readable(command, PEOPLE.keys(command.actor) | PARTIES.keys(command.recommending_body))


def decide(command: RegisterTeam, state: State, _policies: Policies, today: date) -> Effects:
    body = require_party(state, command.recommending_body, PartyKind.BODY)
    require_own_or_operator(state, command.actor, body.code)
    return party(command.number("T"), command.name, PartyKind.TEAM, today, body.code)


USE_CASE = UseCase(RegisterTeam, reads, decide)
