"""Credit a bill that a voucher bears a part of: the voucher's share of what the service costs now is computed anew.

Before it is claimed. What stands in a claim is taken out of it first; what finance has approved is paid, and then
refunded.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.errors import Refused
from ledger.executor.calculations import calculation_id, stored
from ledger.executor.commands import Command, Effects, Keys, Reaction, State, UseCase
from ledger.fees.credit_bill import CreditBill
from ledger.fees.crediting import checked_red_invoice, credited
from ledger.fees.events import BillCredited
from ledger.fees.evidence import release_evidence_rows
from ledger.fees.invoices import invoice
from ledger.fees.store import BILLS, EVIDENCE, INVOICES
from ledger.fees.values import RedInvoice
from ledger.journal.entries import Entry
from ledger.journal.tables import EventRow
from ledger.registry.rules import require_role
from ledger.registry.store import PEOPLE
from ledger.registry.text import readable
from ledger.registry.values import Role
from ledger.vouchers import rules
from ledger.vouchers.parts import Ground
from ledger.vouchers.postings import credit_entry, voucher_part_withdrawn_entry
from ledger.vouchers.store import (
    BILLS_OF_CONTRACTS,
    CONTRACTS,
    CONTRACTS_OF_BILLS,
    INVOICES_OF_CONTRACTS,
    VOUCHERS,
    contract_evidence,
)
from ledger.vouchers.tables import VoucherContractEndTable, VoucherCreditTable
from ledger.vouchers.terms import cite, terms
from ledger.vouchers.values import Contract, ContractEnd, ContractState, Split, Voucher
from policies.kernel.policies import Policies
from policies.kernel.registry import Calculation
from policies.kernel.words import Words
from policies.vouchers.schemes import VoucherScheme


class CreditedThroughContract(Refused):
    zh = "账单 {bill} 已由合同 {contract} 验收、使用创新券。请在该合同项下登记红字发票，券额随之重新核定。"
    en = (
        "Bill {bill} was accepted under contract {contract} and a voucher pays a part. Credit it under that contract: "
        "the voucher's share is computed anew."
    )


class CreditInClaim(Refused):
    zh = "合同 {contract} 在兑付申请 {claim} 中。请先撤回该申请，或由主管部门退回，再登记红字发票。"
    en = "Contract {contract} stands in claim {claim}. Withdraw the claim, or have it sent back, then credit the bill."


class CreditTooLate(Refused):
    zh = "合同 {contract} 的兑付申请 {claim} 已经财政批准。请待支付后，由主管部门作出退款决定。"
    en = (
        "Claim {claim} of contract {contract} is approved by finance. Once it is paid, the commission decides a refund."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditContractBill(Command):
    """By the unit, whose bill and red invoice it is."""

    kind: ClassVar[str] = "voucher.credit-bill"

    contract: str
    red: RedInvoice


def reads(command: CreditContractBill) -> Keys:
    # Voucher, holder, unit, the bill and the evidence of contract and invoice are followed.
    return readable(
        command,
        CONTRACTS.keys(command.contract)
        | BILLS_OF_CONTRACTS.keys(command.contract)
        | INVOICES_OF_CONTRACTS.keys(command.contract)
        | INVOICES.keys(invoice(command.red.invoice_number))
        | PEOPLE.keys(command.actor),
    )


def decide(command: CreditContractBill, state: State, policies: Policies, today: date) -> Effects:
    contract = state.one(CONTRACTS, command.contract)
    require_role(state, command.actor, Role.UNIT_OFFICER, contract.unit)
    if contract.state is not ContractState.ACCEPTED:
        raise _not_creditable(contract)
    voucher = state.one(VOUCHERS, contract.voucher)
    bill = state.one(BILLS, state.one(BILLS_OF_CONTRACTS, contract.number))
    red = checked_red_invoice(command.red, bill, state, today)

    scheme = terms(policies, voucher.scheme, contract.accepted_on or today)
    left_fen = max(0, bill.fee_fen - red.amount_fen)
    share = scheme.accepted(fee_fen=left_fen, held_fen=contract.redeemable_fen) if left_fen else None
    split = _split(contract, voucher, scheme, share.whole("public_fen") if share else 0, valid=voucher.valid_on(today))
    freed_fen = split.returned_fen + split.retired_fen
    ground = Ground(today, cite(scheme, "public_share_max"), memo=red.reason)
    withdrawn = (
        (voucher_part_withdrawn_entry(contract.unit, bill.number, freed_fen, ground),)
        if freed_fen and contract.on_bill
        else ()
    )
    note = credited(command, red, bill, state, policies, today, reopened_fen=freed_fen if withdrawn else 0)
    return Effects(
        {
            "contract": contract.number,
            "share_fen": split.share_fen,
            "returned_fen": split.returned_fen,
            "retired_fen": split.retired_fen,
        },
        entries=(*_freed(voucher, contract, split, ground), *withdrawn),
        rows=_rows(command, contract, split, scheme, share, state, today),
    ).and_also(note)


def _not_creditable(contract: Contract) -> Refused:
    if contract.state is ContractState.CLAIMED:
        return CreditInClaim(contract=contract.number, claim=contract.claim)
    if contract.state in {ContractState.APPROVED, ContractState.PAID}:
        return CreditTooLate(contract=contract.number, claim=contract.claim)
    return rules.WrongState(rules.CONTRACT, contract.number, contract.state, Words("冲减", "credited"))


def _split(contract: Contract, voucher: Voucher, scheme: VoucherScheme, share_fen: int, *, valid: bool) -> Split:
    """As at the acceptance: what is redeemable is the hold now."""
    part_fen = rules.smallest_part(voucher, change_given=scheme.change_given, held_fen=contract.redeemable_fen)
    return rules.split_hold(contract.redeemable_fen, share_fen, part_fen, valid=valid)


def _freed(voucher: Voucher, contract: Contract, split: Split, ground: Ground) -> tuple[Entry, ...]:
    return (credit_entry(voucher, contract, split, ground),) if split.returned_fen + split.retired_fen else ()


def _rows(
    command: CreditContractBill,
    contract: Contract,
    split: Split,
    scheme: VoucherScheme,
    share: Calculation | None,
    state: State,
    today: date,
) -> tuple[EventRow, ...]:
    """What the voucher pays now; the contract has ended where nothing of the bill is left."""
    row = VoucherCreditTable(
        contract=contract.number,
        position=contract.credits + 1,
        share_fen=split.share_fen,
        calculation=calculation_id(command, 2) if share else None,
        citation=cite(scheme, "public_share_max"),
        credited_on=today,
        person=command.actor,
    )
    if share:
        return row, stored(command, share, 2)
    reason = command.red.reason
    return (
        row,
        VoucherContractEndTable(
            contract=contract.number,
            outcome=ContractEnd.CREDITED.value,
            ended_on=today,
            person=command.actor,
            reason=reason,
        ),
        *release_evidence_rows(state.one(EVIDENCE, contract_evidence(contract.unit, contract.contract_number)), reason),
        *release_evidence_rows(state.one(EVIDENCE, state.one(INVOICES_OF_CONTRACTS, contract.number)), reason),
    )


# -- a bill credited without its contract ------------------------------------------------------------------------------


def bill_reads(command: CreditBill) -> Keys:
    return CONTRACTS_OF_BILLS.keys(command.bill)


def check(event: BillCredited, _command: CreditBill, state: State, _policies: Policies, _today: date) -> Effects:
    """A bill that a live contract has accepted is credited through that contract."""
    if contract := state.find(CONTRACTS_OF_BILLS, event.bill.number):
        raise CreditedThroughContract(bill=event.bill.number, contract=contract)
    return Effects({})


USE_CASE = UseCase(CreditContractBill, reads, decide)
REACTIONS = (Reaction(BillCredited, CreditBill, bill_reads, check),)
