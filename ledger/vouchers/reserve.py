"""Reserve: a contract with a unit takes a part of a voucher; what is held is no longer available."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.amounts import whole_amount, yuan
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.fees.evidence import claim_evidence_rows
from ledger.fees.store import EVIDENCE
from ledger.registry.rules import are_related, require_party
from ledger.registry.store import PARTIES, PEOPLE
from ledger.registry.text import checked_date, checked_name, readable
from ledger.registry.values import Party, PartyKind
from ledger.vouchers import rules
from ledger.vouchers.acting import require_acting_for, require_holder
from ledger.vouchers.flags import check_unflagged
from ledger.vouchers.parts import Ground
from ledger.vouchers.postings import reservation_entry
from ledger.vouchers.store import VOUCHERS, contract_evidence
from ledger.vouchers.tables import VoucherContractTable
from ledger.vouchers.terms import cite, terms
from ledger.vouchers.values import Voucher
from policies.kernel.policies import Policies
from policies.vouchers.schemes import VoucherScheme

CONTRACT_SUBJECT = "voucher.contract"
"""Kind of subject that claims a contract and its invoice as evidence."""


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
    _check_unrelated(holder, unit, state)
    contract_number = checked_name(command.contract_number, "合同编号", "contract number", rules.CONTRACT_NUMBER_MAX)
    service = checked_name(command.service, "服务内容", "service")
    scheme = terms(policies, voucher.scheme, today)
    until = rules.hold_until(today, scheme.hold_days_max, voucher.expires_on)
    _check_term(checked_date(command.service_ends_on, "服务结束日期", "end of the service"), until, voucher, today)
    _check_amount(command, voucher, scheme)

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


def _check_unrelated(holder: Party, unit: Party, state: State) -> None:
    """Neither the holder nor, for a startup team, the recommending body that acts for it is related to the unit."""
    for party in (holder, *([state.one(PARTIES, holder.body)] if holder.body else [])):
        if are_related(party, unit):
            raise rules.RelatedParty(party, unit)


def _check_term(service_ends_on: date, until: date, voucher: Voucher, today: date) -> None:
    if service_ends_on < today:
        raise rules.ServiceOver(service_ends_on=service_ends_on, today=today)
    if service_ends_on > until:
        raise rules.ServiceEndsTooLate(service_ends_on=service_ends_on, hold_until=until, expires_on=voucher.expires_on)


def _check_amount(command: Reserve, voucher: Voucher, scheme: VoucherScheme) -> None:
    """Whole tokens, not more than the voucher's share of the fee agreed, not more than is available."""
    fee_fen, amount_fen = whole_amount(command.fee_fen), whole_amount(command.amount_fen)
    rules.check_whole_tokens(amount_fen, voucher.denomination_fen)
    share_fen = scheme.accepted(fee_fen=fee_fen, held_fen=fee_fen).whole("public_fen")
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
