"""Record what a paper proves about a party: an operator has seen it."""

import re
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.errors import Invalid, Refused
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.registry.certificates import PartyCertificateTable
from ledger.registry.rules import KIND_NAMES, require_party, require_role
from ledger.registry.store import PARTIES, PARTY_CHANGES, PEOPLE
from ledger.registry.text import checked_choice, checked_date, checked_name, readable, shown
from ledger.registry.values import CertificateKind, Party, PartyKind, Role
from policies.kernel.policies import Policies

_REGION = re.compile(r"[1-9][0-9]{5}")
NAMES_A_PLACE = frozenset({CertificateKind.PLACE, CertificateKind.MUTUAL_LIST})
CARRIED_BY = {
    CertificateKind.HIGH_TECH: frozenset({PartyKind.FIRM}),
    CertificateKind.PLACE: frozenset({PartyKind.FIRM, PartyKind.UNIT, PartyKind.BODY, PartyKind.BUREAU}),
    CertificateKind.MUTUAL_LIST: frozenset({PartyKind.UNIT}),
    CertificateKind.MUNICIPAL_UNIVERSITY: frozenset({PartyKind.UNIT}),
    CertificateKind.OWN_BUDGET: frozenset({PartyKind.UNIT}),
}


class RegionUnreadable(Invalid):
    zh = "行政区划代码“{region}”应为 6 位数字（GB/T 2260），例如聊城市 371500。"
    en = "The region code “{region}” should be six digits (GB/T 2260), such as 371500 for Liaocheng."


class RegionNotAsked(Invalid):
    zh = "此类证明不写行政区划代码，现为“{region}”。"
    en = "A certificate of this kind names no region; “{region}” was given."


class NeverValid(Refused):
    zh = "证明自 {valid_from} 起有效、至 {valid_until} 止，没有有效的一日。请核对日期。"
    en = "The certificate holds from {valid_from} to {valid_until}: not for a day. Check the dates."


class NotOfThisKind(Refused):
    zh = "{name}（{code}）登记为{kind_zh}，不能持有此类证明（{certificate}）。"
    en = "{name} ({code}) is registered as a {kind_en}, which has no certificate of this kind ({certificate})."


class CertificateStands(Refused):
    zh = "{code} 的同类证明 {number}（{paper}）在该期间已经登记。请先终止原证明，或从其期满之后起登记。"
    en = (
        "Certificate {number} ({paper}) of this kind stands for {code} in that time already. Withdraw it first, or "
        "record the new one from the day after its last."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordCertificate(Command):
    kind: ClassVar[str] = "registry.record-certificate"

    party: str
    certificate: CertificateKind
    paper_number: str
    """Of the certificate, the licence or the published list."""
    valid_from: date
    valid_until: date | None = None
    """Last day; None: until it is withdrawn."""
    region: str = ""
    """Six digits (GB/T 2260): of the place of business, or of the city whose list it is."""


def reads(command: RecordCertificate) -> Keys:
    keys = PEOPLE.keys(command.actor) | PARTIES.keys(command.party) | PARTY_CHANGES.keys(command.party)
    return readable(command, keys)


def decide(command: RecordCertificate, state: State, _policies: Policies, today: date) -> Effects:
    require_role(state, command.actor, Role.OPERATOR)
    party = require_party(state, command.party)
    kind = checked_choice(CertificateKind, command.certificate, "证明种类", "kind of certificate")
    paper_number = checked_name(command.paper_number, "证书编号", "number of the paper")
    checked_date(command.valid_from, "有效期起", "first day")
    if command.valid_until is not None:
        checked_date(command.valid_until, "有效期止", "last day")
    _check_kind(kind, party)
    _check_region(kind, command.region)
    _check_time(command, kind, party)

    row = PartyCertificateTable(
        number=command.number("CT"),
        party=party.code,
        kind=kind.value,
        region=command.region,
        paper_number=paper_number,
        valid_from=command.valid_from,
        valid_until=command.valid_until,
        recorded_on=today,
        person=command.actor,
    )
    return Effects({"party": party.code, "certificate": row.number}, rows=(row,))


def _check_kind(kind: CertificateKind, party: Party) -> None:
    if party.kind not in CARRIED_BY[kind]:
        kind_zh, kind_en = KIND_NAMES[party.kind]
        raise NotOfThisKind(name=party.name, code=party.code, kind_zh=kind_zh, kind_en=kind_en, certificate=kind.value)


def _check_region(kind: CertificateKind, region: str) -> None:
    if kind not in NAMES_A_PLACE:
        if region:
            raise RegionNotAsked(region=shown(region))
    elif not _REGION.fullmatch(region):
        raise RegionUnreadable(region=shown(region))


def _check_time(command: RecordCertificate, kind: CertificateKind, party: Party) -> None:
    """Some day in it, and no other of its kind on any of them: what a party is on a day has one answer."""
    last = command.valid_until or date.max
    if last < command.valid_from:
        raise NeverValid(valid_from=command.valid_from, valid_until=command.valid_until)
    for other in party.certificates:
        in_time = other.valid_from <= last and command.valid_from <= (other.valid_until or date.max)
        if in_time and other.kind is kind and other.withdrawn_on is None:
            raise CertificateStands(code=party.code, number=other.number, paper=other.paper_number)


USE_CASE = UseCase(RecordCertificate, reads, decide)
