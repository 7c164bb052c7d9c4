"""Withdraw a certificate: from today on it proves nothing; what was decided on it before stands."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.errors import NotFound, Refused
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.registry.certificates import PartyCertificateEndTable
from ledger.registry.rules import require_party, require_role
from ledger.registry.store import PARTIES, PARTY_CHANGES, PEOPLE
from ledger.registry.text import checked_name, readable
from ledger.registry.values import Role
from policies.kernel.policies import Policies


class CertificateWithdrawn(Refused):
    zh = "证明 {number} 已于 {withdrawn_on} 终止。"
    en = "Certificate {number} was withdrawn on {withdrawn_on} already."


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawCertificate(Command):
    kind: ClassVar[str] = "registry.withdraw-certificate"

    party: str
    certificate: str
    """Its number, `CT-…`."""
    reason: str


def reads(command: WithdrawCertificate) -> Keys:
    keys = PEOPLE.keys(command.actor) | PARTIES.keys(command.party) | PARTY_CHANGES.keys(command.party)
    return readable(command, keys)


def decide(command: WithdrawCertificate, state: State, _policies: Policies, today: date) -> Effects:
    require_role(state, command.actor, Role.OPERATOR)
    party = require_party(state, command.party)
    found = next((one for one in party.certificates if one.number == command.certificate), None)
    if found is None:
        raise NotFound("证明/certificate", command.certificate)
    if found.withdrawn_on is not None:
        raise CertificateWithdrawn(number=found.number, withdrawn_on=found.withdrawn_on)
    row = PartyCertificateEndTable(
        certificate=found.number,
        party=party.code,
        withdrawn_on=today,
        reason=checked_name(command.reason, "理由", "reason"),
        person=command.actor,
    )
    return Effects({"party": party.code, "certificate": found.number, "withdrawn_on": today}, rows=(row,))


USE_CASE = UseCase(WithdrawCertificate, reads, decide)
