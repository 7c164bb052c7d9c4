"""Cancel a party that is no more; what it did stays, nothing new is done for it."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.registry.rules import require_party, require_role
from ledger.registry.store import PARTIES, PARTY_CHANGES, PEOPLE
from ledger.registry.tables import PartyCancellationTable
from ledger.registry.text import checked_name, readable
from ledger.registry.values import Role
from policies.kernel.policies import Policies


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelRegistration(Command):
    kind: ClassVar[str] = "registry.cancel"

    party: str
    reason: str


def reads(command: CancelRegistration) -> Keys:
    keys = PEOPLE.keys(command.actor) | PARTIES.keys(command.party) | PARTY_CHANGES.keys(command.party)
    return readable(command, keys)


def decide(command: CancelRegistration, state: State, _policies: Policies, today: date) -> Effects:
    require_role(state, command.actor, Role.OPERATOR)
    party = require_party(state, command.party)
    row = PartyCancellationTable(
        party=party.code, cancelled_on=today, reason=checked_name(command.reason, "理由", "reason")
    )
    return Effects({"party": party.code, "cancelled_on": today}, rows=(row,))


USE_CASE = UseCase(CancelRegistration, reads, decide)
