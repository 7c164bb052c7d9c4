"""Register an API client: a program that acts for a registered person of a party, within its scopes."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.registry.clients import ClientCredentialTable, ClientTable
from ledger.registry.credentials import check_credential, check_of_party, checked_scopes, require_self_or_system
from ledger.registry.rules import require_party
from ledger.registry.store import PARTIES, PEOPLE
from ledger.registry.text import checked_name, readable
from policies.kernel.policies import Policies


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterClient(Command):
    kind: ClassVar[str] = "registry.register-client"

    party: str
    person: str
    """As whom it acts; what it does is that person's doing."""
    label: str
    scopes: tuple[str, ...]
    secret_sha256: str | None = None
    """Of a random secret of 256 bits: long enough that its digest needs no salt and no slow hash."""
    public_key: str | None = None
    """Subject public key info of a P-256 key, base64 on one line."""


def reads(command: RegisterClient) -> Keys:
    check_credential(command.secret_sha256, command.public_key)
    checked_scopes(command.scopes)
    return readable(command, PEOPLE.keys(command.actor, command.person) | PARTIES.keys(command.party))


def decide(command: RegisterClient, state: State, _policies: Policies, today: date) -> Effects:
    require_self_or_system(state, command.actor, command.person)
    party = require_party(state, command.party)
    check_of_party(state.one(PEOPLE, command.person), party.code)
    client = command.number("CL")
    rows = (
        ClientTable(
            code=client,
            party=party.code,
            person=command.person,
            label=checked_name(command.label, "客户端名称", "label"),
            scopes=checked_scopes(command.scopes),
            registered_on=today,
            registered_by=command.actor,
        ),
        ClientCredentialTable(
            client=client,
            step=1,
            secret_sha256=command.secret_sha256,
            public_key=command.public_key,
            set_on=today,
            set_by=command.actor,
        ),
    )
    return Effects({"client": client}, rows=rows)


USE_CASE = UseCase(RegisterClient, reads, decide)
