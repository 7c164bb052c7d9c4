"""Reserve: a contract with a unit takes a part of a voucher; what is held is no longer available."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.amounts import whole_amount, yuan
from ledger.budgets.ground import Ground
from ledger.errors import Refused
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.fees.evidence import claim_evidence_rows
from ledger.fees.store import EVIDENCE
from ledger.registry.rules import are_related, require_party
from ledger.registry.store import PARTIES, PEOPLE
from ledger.registry.text import checked_date, checked_name, readable
from ledger.registry.values import CertificateKind, Party, PartyKind
from ledger.vouchers import rules
from ledger.vouchers.acting import require_acting_for, require_holder
from ledger.vouchers.flags import check_unflagged
from ledger.vouchers.matching import case_of, check_alone
from ledger.vouchers.postings import reservation_entry
from ledger.vouchers.store import VOUCHERS, contract_evidence
from ledger.vouchers.tables import VoucherContractTable
from ledger.vouchers.terms import cite, terms
from ledger.vouchers.values import Voucher
from policies.kernel.policies import Policies
from policies.vouchers.schemes import Case, VoucherScheme

CONTRACT_SUBJECT = "voucher.contract"
"""Kind of subject that claims a contract and its invoice as evidence."""


class RegionNotRecognised(Refused):
    zh = "{name}（{unit}）住所在 {region}，计划“{scheme}”的券只能用于 {home} 和互认地区（{recognised}）的服务单位。"
    en = (
        "{name} ({unit}) works in {region}; vouchers of {scheme} are used at units of {home} and of the regions that "
        "are recognised ({recognised})."
    )


class UnitNotListed(Refused):
    zh = "{name}（{unit}）住所在 {region}，未登记在该地区的互认名录中。如已列入名录，请由计划管理员登记。"
    en = (
        "{name} ({unit}) works in {region} and is on no list of mutual recognition of that region. "
        "Where it is listed, have an operator record that."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reserve(Command):
    kind: ClassVar[str] = "voucher.reserve"

    voucher: str
    unit: str
    contract_number: str
    """As the two parties number it; a contract supports one voucher claim."""
    service: str
    fee_fen: int
    """Fee agreed, with VAT."""
    amount_fen: int
    """Face value to set aside."""
    service_ends_on: date


def reads(command: Reserve) -> Keys:
    checked_name(command.contract_number, "合同编号", "contract number", rules.CONTRACT_NUMBER_MAX)
    return readable(
        command,
        VOUCHERS.keys(command.voucher)  # its holder is followed
        | PARTIES.keys(command.unit)
        | PEOPLE.keys(command.actor)
        | EVIDENCE.keys(contract_evidence(command.unit, command.contract_number)),
    )


def decide(command: Reserve, state: State, policies: Policies, today: date) -> Effects:
    voucher = state.one(VOUCHERS, command.voucher)
    holder = require_holder(state, voucher.holder)
    require_acting_for(state, command.actor, holder)
    check_unflagged(holder, today)
    rules.check_valid(voucher, today)
    unit = require_party(state, command.unit, PartyKind.UNIT)
    check_unrelated(holder, unit, state)
    scheme = terms(policies, voucher.scheme, today)
    check_alone(scheme)
    check_recognised(unit, scheme, today)
    contract_number = checked_name(command.contract_number, "合同编号", "contract number", rules.CONTRACT_NUMBER_MAX)
    service = checked_name(command.service, "服务内容", "service")
    until = rules.hold_until(today, scheme.hold_days_max, voucher.expires_on)
    check_term(checked_date(command.service_ends_on, "服务结束日期", "end of the service"), until, voucher, today)
    check_amount(command.fee_fen, command.amount_fen, voucher, scheme, case_of(scheme, holder, unit, today))

    number = command.number("C")
    row = VoucherContractTable(
        number=number,
        voucher=voucher.number,
        unit=unit.code,
        contract_number=contract_number,
        service=service,
        fee_fen=command.fee_fen,
        service_ends_on=command.service_ends_on,
        reserved_on=today,
        hold_until=until,
        person=command.actor,
    )
    evidence = state.one(EVIDENCE, contract_evidence(command.unit, command.contract_number))
    ground = Ground(today, cite(scheme, "public_share_max"), memo=contract_number)
    return Effects(
        {"contract": number, "held_fen": command.amount_fen, "hold_until": until},
        entries=(reservation_entry(voucher, number, command.amount_fen, ground),),
        rows=(row, *claim_evidence_rows(evidence, CONTRACT_SUBJECT, number)),
    )


def check_unrelated(holder: Party, unit: Party, state: State) -> None:
    """Neither the holder nor, for a startup team, the recommending body that acts for it is related to the unit."""
    for party in (holder, *([state.one(PARTIES, holder.body)] if holder.body else [])):
        if are_related(party, unit):
            raise rules.RelatedParty(party, unit)


def check_recognised(unit: Party, scheme: VoucherScheme, today: date) -> None:
    """Refuse a unit of another place, unless its place is recognised and it is on the list of mutual recognition.

    Where no paper says where it works, it is a unit of this operator, who registered it.
    """
    region = unit.region_on(today)
    if scheme.home_region is None or region is None or region.startswith(scheme.home_region):
        return
    named = {"unit": unit.code, "name": unit.name, "region": region}
    if not region.startswith(scheme.recognised_regions):
        raise RegionNotRecognised(
            cite=cite(scheme, "recognised_regions"),
            scheme=scheme.name,
            home=scheme.home_region,
            recognised=", ".join(scheme.recognised_regions) or "—",
            **named,
        )
    listed = unit.certificate_on(CertificateKind.MUTUAL_LIST, today)
    if listed is None or not region.startswith(listed.region[: len(scheme.home_region)]):
        raise UnitNotListed(cite=cite(scheme, "recognised_regions"), **named)


def check_term(service_ends_on: date, until: date, voucher: Voucher, today: date) -> None:
    """Refuse a service that is over, or that ends after the hold."""
    if service_ends_on < today:
        raise rules.ServiceOver(service_ends_on=service_ends_on, today=today)
    if service_ends_on > until:
        raise rules.ServiceEndsTooLate(service_ends_on=service_ends_on, hold_until=until, expires_on=voucher.expires_on)


def check_amount(fee_fen: int, amount_fen: int, voucher: Voucher, scheme: VoucherScheme, case: Case) -> None:
    """Whole tokens, not more than the voucher's share of the fee agreed, not more than is available."""
    fee_fen, amount_fen = whole_amount(fee_fen), whole_amount(amount_fen)
    rules.check_whole_tokens(amount_fen, voucher.denomination_fen)
    share_fen = scheme.accepted(fee_fen=fee_fen, held_fen=fee_fen, case=case).whole("public_fen")
    limit_fen = rules.round_up(share_fen, voucher.denomination_fen or 1)
    if amount_fen > limit_fen:
        raise rules.OverShare(
            cite=cite(scheme, "public_share_max"), fee=yuan(fee_fen), limit=yuan(limit_fen), amount=yuan(amount_fen)
        )
    if amount_fen > voucher.available_fen:
        raise rules.OverAvailable(
            voucher=voucher.number, available=yuan(voucher.available_fen), amount=yuan(amount_fen)
        )


USE_CASE = UseCase(Reserve, reads, decide)
