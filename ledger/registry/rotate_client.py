"""Give a client a new secret or key: from this moment the old one opens nothing."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.registry.clients import CLIENTS, ClientCredentialTable
from ledger.registry.credentials import check_credential, check_standing, require_self_or_system
from ledger.registry.store import PEOPLE
from ledger.registry.text import readable
from policies.kernel.policies import Policies


@dataclass(frozen=True, slots=True, kw_only=True)
class RotateClient(Command):
    kind: ClassVar[str] = "registry.rotate-client"

    client: str
    secret_sha256: str | None = None
    public_key: str | None = None


def reads(command: RotateClient) -> Keys:
    check_credential(command.secret_sha256, command.public_key)
    return readable(command, PEOPLE.keys(command.actor) | CLIENTS.keys(command.client))


def decide(command: RotateClient, state: State, _policies: Policies, today: date) -> Effects:
    client = state.one(CLIENTS, command.client)
    require_self_or_system(state, command.actor, client.person)
    check_standing(client)
    row = ClientCredentialTable(
        client=client.code,
        step=client.steps + 1,
        secret_sha256=command.secret_sha256,
        public_key=command.public_key,
        set_on=today,
        set_by=command.actor,
    )
    return Effects({"client": client.code}, rows=(row,))


USE_CASE = UseCase(RotateClient, reads, decide)
