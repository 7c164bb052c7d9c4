"""Accept a service: the voucher's share of the actual fee becomes redeemable, computed anew from the bill."""

from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar

from ledger.amounts import yuan
from ledger.budgets.ground import Ground
from ledger.executor.calculations import calculation_id, stored
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.fees.evidence import claim_evidence_rows, contract_identity
from ledger.fees.postings import voucher_part_entry
from ledger.fees.store import BILLS, EVIDENCE
from ledger.fees.values import Bill
from ledger.registry.store import PARTIES, PEOPLE
from ledger.registry.text import readable
from ledger.registry.values import Party
from ledger.vouchers import rules
from ledger.vouchers.acting import require_acting_for, require_holder
from ledger.vouchers.matching import case_of, check_accepted
from ledger.vouchers.postings import acceptance_entry
from ledger.vouchers.reserve import CONTRACT_SUBJECT
from ledger.vouchers.store import ACCEPTANCES, CONTRACTS, VOUCHERS, acceptance_id, invoice_evidence
from ledger.vouchers.tables import VoucherAcceptancePayeeTable, VoucherAcceptanceTable
from ledger.vouchers.terms import cite, terms
from ledger.vouchers.values import Contract
from policies.kernel.policies import Policies
from policies.kernel.words import Words
from policies.vouchers.schemes import Payee


@dataclass(frozen=True, slots=True, kw_only=True)
class Accept(Command):
    """The holder confirms that the service was done and billed as it should be."""

    kind: ClassVar[str] = "voucher.accept"

    contract: str
    bill: str


def reads(command: Accept) -> Keys:
    # Voucher, holder, unit, what it matches, and the evidence of contract and invoice are followed.
    return readable(
        command,
        CONTRACTS.keys(command.contract)
        | BILLS.keys(command.bill)
        | ACCEPTANCES.keys(acceptance_id(command.contract, command.bill))
        | PEOPLE.keys(command.actor),
    )


def decide(command: Accept, state: State, policies: Policies, today: date) -> Effects:
    contract = state.one(CONTRACTS, command.contract)
    voucher = state.one(VOUCHERS, contract.voucher)
    holder = require_holder(state, voucher.holder)
    require_acting_for(state, command.actor, holder)
    rules.check_reserved(contract, voucher, Words("验收", "accepted"), today)
    if today > contract.hold_until:
        raise rules.ReservationLapsed(
            contract=contract.number,
            contract_number=contract.contract_number,
            hold_until=contract.hold_until,
            today=today,
        )
    bill = state.one(BILLS, command.bill)
    _check_bill(bill, contract, holder)

    matched_fen = 0
    if contract.matches:
        matched = state.one(CONTRACTS, contract.matches)
        check_accepted(contract, matched, bill.number)
        matched_fen = matched.share_fen

    scheme = terms(policies, voucher.scheme, today)
    case = case_of(scheme, holder, state.one(PARTIES, contract.unit), today, matched_fen)
    calculation = scheme.accepted(fee_fen=bill.fee_fen, held_fen=contract.held_fen, case=case)
    part_fen = rules.smallest_part(voucher, change_given=scheme.change_given, held_fen=contract.held_fen)
    split = rules.split_hold(contract.held_fen, calculation.whole("public_fen"), part_fen, valid=True)
    payee = (holder.body or holder.code) if scheme.payee is Payee.FIRM else None
    contract = replace(contract, payee=payee)
    if contract.on_bill and bill.open_fen < split.share_fen:
        raise rules.BillOpenTooLittle(bill=bill.number, open=yuan(bill.open_fen), share=yuan(split.share_fen))

    ground = Ground(today, cite(scheme, "public_share_max"), calculation_id(command), memo=contract.contract_number)
    part = (
        voucher_part_entry(bill, split.share_fen, today, ground.citation, ground.calculation)
        if split.share_fen and contract.on_bill
        else None
    )
    row = VoucherAcceptanceTable(
        contract=contract.number,
        bill=bill.number,
        accepted_on=today,
        claim_until=rules.days_later(today, scheme.claim_window_days),
        calculation=calculation_id(command),
        citation=ground.citation,
        person=command.actor,
    )
    paid_to = (VoucherAcceptancePayeeTable(contract=contract.number, payee=payee),) if payee else ()
    invoice = state.one(EVIDENCE, invoice_evidence(bill.invoice_number, contract.matching))
    return Effects(
        {
            "contract": contract.number,
            "bill": bill.number,
            "share_fen": split.share_fen,
            "matched_fen": matched_fen,
            "firm_fen": bill.fee_fen - matched_fen - split.share_fen,
            "payee": contract.claimant,
            "returned_fen": split.returned_fen,
            "retired_fen": split.retired_fen,
            "claim_until": row.claim_until,
            "synthetic": calculation.synthetic,
            "calculation": calculation_id(command),
        },
        entries=(acceptance_entry(voucher, contract, split, ground), *([part] if part else [])),
        rows=(
            stored(command, calculation),
            row,
            *paid_to,
            *claim_evidence_rows(invoice, CONTRACT_SUBJECT, contract.number),
        ),
    )


def _check_bill(bill: Bill, contract: Contract, holder: Party) -> None:
    """The bill is the unit's, to the holder or the body that settles for it, for this contract, and not older."""
    if bill.unit != contract.unit:
        raise rules.BillOfAnother(bill, contract, rules.UNIT, bill.unit, contract.unit)
    if bill.payer not in {holder.code, holder.body}:
        raise rules.BillOfAnother(bill, contract, rules.PAYER, bill.payer, holder.code)
    if contract_identity(bill.contract or "") != contract_identity(contract.contract_number):
        raise rules.BillOfAnother(bill, contract, rules.CONTRACT_NUMBER, bill.contract or "—", contract.contract_number)
    if not bill.fee_fen:
        raise rules.BillCreditedInFull(bill=bill.number)
    if bill.disputed:
        raise rules.BillDisputed(bill=bill.number)
    if bill.invoice_date < contract.reserved_on:
        raise rules.BillTooEarly(
            bill=bill.number, invoice_date=bill.invoice_date, contract=contract.number, reserved_on=contract.reserved_on
        )


USE_CASE = UseCase(Accept, reads, decide)
