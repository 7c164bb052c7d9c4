"""Revoke a client: it gets no token any more, and those it has open nothing."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.registry.clients import CLIENTS, ClientRevocationTable
from ledger.registry.credentials import check_standing, require_may_revoke
from ledger.registry.store import PEOPLE
from ledger.registry.text import checked_name, readable
from policies.kernel.policies import Policies


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeClient(Command):
    kind: ClassVar[str] = "registry.revoke-client"

    client: str
    reason: str


def reads(command: RevokeClient) -> Keys:
    return readable(command, PEOPLE.keys(command.actor) | CLIENTS.keys(command.client))


def decide(command: RevokeClient, state: State, _policies: Policies, today: date) -> Effects:
    client = state.one(CLIENTS, command.client)
    require_may_revoke(state, command.actor, client)
    check_standing(client)
    row = ClientRevocationTable(
        client=client.code,
        revoked_on=today,
        revoked_by=command.actor,
        reason=checked_name(command.reason, "停用原因", "reason"),
    )
    return Effects({"client": client.code, "revoked_on": today}, rows=(row,))


USE_CASE = UseCase(RevokeClient, reads, decide)
