"""Match: a second payer's voucher takes a part of a contract that the first payer's was reserved for (配套)."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.budgets.ground import Ground
from ledger.errors import Refused
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.fees.evidence import claim_evidence_rows
from ledger.fees.store import EVIDENCE
from ledger.registry.rules import require_party
from ledger.registry.store import PEOPLE
from ledger.registry.text import readable
from ledger.registry.values import PartyKind
from ledger.vouchers import rules
from ledger.vouchers.acting import require_acting_for, require_holder
from ledger.vouchers.flags import check_unflagged
from ledger.vouchers.matching import case_of, check_matches
from ledger.vouchers.postings import reservation_entry
from ledger.vouchers.reserve import CONTRACT_SUBJECT, check_amount, check_recognised, check_term, check_unrelated
from ledger.vouchers.store import CONTRACTS, NEW_MATCHES, VOUCHERS, contract_evidence, match_id
from ledger.vouchers.tables import VoucherContractMatchTable, VoucherContractTable
from ledger.vouchers.terms import cite, terms
from policies.kernel.policies import Policies
from policies.kernel.words import Words


class VoucherOfAnother(Refused):
    zh = "创新券 {voucher} 属于 {owner}，合同 {contract} 为 {holder} 所有，不能配套。"
    en = "Voucher {voucher} is {owner}'s and contract {contract} is {holder}'s; it cannot be matched with that."


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchContract(Command):
    """By whoever acts for the holder of both vouchers."""

    kind: ClassVar[str] = "voucher.match"

    contract: str
    """Reserved under the other payer's voucher."""
    voucher: str
    amount_fen: int
    """Face value to set aside."""


def reads(command: MatchContract) -> Keys:
    # Both vouchers, their holder, the unit and the contract as evidence are followed.
    return readable(
        command,
        CONTRACTS.keys(command.contract)
        | VOUCHERS.keys(command.voucher)
        | NEW_MATCHES.keys(match_id(command.contract, command.voucher))
        | PEOPLE.keys(command.actor),
    )


def decide(command: MatchContract, state: State, policies: Policies, today: date) -> Effects:
    voucher = state.one(VOUCHERS, command.voucher)
    holder = require_holder(state, voucher.holder)
    require_acting_for(state, command.actor, holder)
    check_unflagged(holder, today)
    matched = state.one(CONTRACTS, command.contract)
    beside = state.one(VOUCHERS, matched.voucher)
    if beside.holder != holder.code:
        raise VoucherOfAnother(voucher=voucher.number, owner=holder.code, contract=matched.number, holder=beside.holder)
    rules.check_valid(voucher, today)
    rules.check_reserved(matched, beside, Words("配套", "matched"), today)
    scheme = terms(policies, voucher.scheme, today)
    check_matches(scheme, matched, beside.scheme)
    unit = require_party(state, matched.unit, PartyKind.UNIT)
    check_unrelated(holder, unit, state)
    check_recognised(unit, scheme, today)
    until = min(rules.hold_until(today, scheme.hold_days_max, voucher.expires_on), matched.hold_until)
    check_term(matched.service_ends_on, until, voucher, today)
    case = case_of(scheme, holder, unit, today, matched.held_fen)
    check_amount(matched.fee_fen, command.amount_fen, voucher, scheme, case)

    number = command.number("C")
    row = VoucherContractTable(
        number=number,
        voucher=voucher.number,
        unit=unit.code,
        contract_number=matched.contract_number,
        service=matched.service,
        fee_fen=matched.fee_fen,
        service_ends_on=matched.service_ends_on,
        reserved_on=today,
        hold_until=until,
        person=command.actor,
    )
    match = VoucherContractMatchTable(contract=number, matches=matched.number, scheme=scheme.name)
    evidence = state.one(EVIDENCE, contract_evidence(unit.code, matched.contract_number, scheme.name))
    ground = Ground(today, cite(scheme, "public_share_max"), memo=matched.contract_number)
    return Effects(
        {"contract": number, "matches": matched.number, "held_fen": command.amount_fen, "hold_until": until},
        entries=(reservation_entry(voucher, number, command.amount_fen, ground),),
        rows=(row, match, *claim_evidence_rows(evidence, CONTRACT_SUBJECT, number)),
    )


USE_CASE = UseCase(MatchContract, reads, decide)
