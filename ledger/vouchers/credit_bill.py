"""Credit a bill that a voucher bears a part of: the voucher's share of what the service costs now is computed anew.

Before it is claimed. What stands in a claim is taken out of it first; what finance has approved is paid, and then
refunded.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.budgets.ground import Ground
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
from ledger.journal.tables import EventRow
from ledger.registry.rules import require_role
from ledger.registry.store import PARTIES, PEOPLE
from ledger.registry.text import readable
from ledger.registry.values import Role
from ledger.vouchers import rules
from ledger.vouchers.matching import case_of
from ledger.vouchers.postings import credit_entry, voucher_part_withdrawn_entry
from ledger.vouchers.states import ContractEnd, ContractState
from ledger.vouchers.store import (
    BILLS_OF_CONTRACTS,
    CONTRACTS,
    CONTRACTS_OF_BILLS,
    INVOICES_OF_CONTRACTS,
    SHARERS,
    VOUCHERS,
    evidence_of,
)
from ledger.vouchers.tables import VoucherContractEndTable, VoucherCreditTable
from ledger.vouchers.terms import cite, terms
from ledger.vouchers.values import Contract, Split, Voucher
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


@dataclass(frozen=True, slots=True)
class _Part:
    """What becomes of one of the contracts that share the bill."""

    contract: Contract
    voucher: Voucher
    scheme: VoucherScheme
    share: Calculation | None
    """What its voucher pays of the bill now; None: nothing of the bill is left."""
    split: Split

    @property
    def freed_fen(self) -> int:
        return self.split.returned_fen + self.split.retired_fen

    def ground(self, red: RedInvoice, today: date) -> Ground:
        return Ground(today, cite(self.scheme, "public_share_max"), memo=red.reason)


def reads(command: CreditContractBill) -> Keys:
    # Voucher, holder, unit, the bill, and the contracts that share it with their evidence are followed.
    return readable(
        command,
        CONTRACTS.keys(command.contract)
        | BILLS_OF_CONTRACTS.keys(command.contract)
        | SHARERS.keys(command.contract)
        | INVOICES.keys(invoice(command.red.invoice_number))
        | PEOPLE.keys(command.actor),
    )


def decide(command: CreditContractBill, state: State, policies: Policies, today: date) -> Effects:
    contract = state.one(CONTRACTS, command.contract)
    require_role(state, command.actor, Role.UNIT_OFFICER, contract.unit)
    if contract.state is not ContractState.ACCEPTED:
        raise _not_creditable(contract)
    bill = state.one(BILLS, state.one(BILLS_OF_CONTRACTS, contract.number))
    red = checked_red_invoice(command.red, bill, state, today)

    parts = _parts(contract, max(0, bill.fee_fen - red.amount_fen), state, policies, today)
    withdrawn = tuple(
        voucher_part_withdrawn_entry(part.contract.unit, bill.number, part.freed_fen, part.ground(red, today))
        for part in parts
        if part.freed_fen and part.contract.on_bill
    )
    reopened_fen = sum(part.freed_fen for part in parts if part.contract.on_bill)
    note = credited(command, red, bill, state, policies, today, reopened_fen=reopened_fen)
    return Effects(
        {
            "contract": contract.number,
            "share_fen": sum(part.split.share_fen for part in parts),
            "returned_fen": sum(part.split.returned_fen for part in parts),
            "retired_fen": sum(part.split.retired_fen for part in parts),
            "shares": [{"contract": part.contract.number, "share_fen": part.split.share_fen} for part in parts],
        },
        entries=(
            *(
                credit_entry(part.voucher, part.contract, part.split, part.ground(red, today))
                for part in parts
                if part.freed_fen
            ),
            *withdrawn,
        ),
        rows=tuple(row for n, part in enumerate(parts, 2) for row in _rows(command, part, n, state, today)),
    ).and_also(note)


def _not_creditable(contract: Contract) -> Refused:
    if contract.state is ContractState.CLAIMED:
        return CreditInClaim(contract=contract.number, claim=contract.claim)
    if contract.state in {ContractState.APPROVED, ContractState.PAID}:
        return CreditTooLate(contract=contract.number, claim=contract.claim)
    return rules.WrongState(rules.CONTRACT, contract.number, contract.state, Words("冲减", "credited"))


def _parts(contract: Contract, left_fen: int, state: State, policies: Policies, today: date) -> tuple[_Part, ...]:
    """All contracts that share the bill, none of them claimed; whoever matches is told what it matches now.

    Args:
        contract: the one under which the bill is credited.
        left_fen: what the service costs now.
        state: has the contracts that share its bill.
        policies: rules of the day on which each was accepted.
        today: decides whether what is freed goes back to its voucher.

    Raises:
        CreditInClaim, CreditTooLate: one of them is claimed, or approved.
    """
    parts: list[_Part] = []
    shares: dict[str, int] = {}
    for number in state.one(SHARERS, contract.number):
        one = state.one(CONTRACTS, number)
        if one.state is not ContractState.ACCEPTED:
            raise _not_creditable(one)
        voucher = state.one(VOUCHERS, one.voucher)
        on = one.accepted_on or today
        scheme = terms(policies, voucher.scheme, on)
        case = case_of(
            scheme,
            state.one(PARTIES, voucher.holder),
            state.one(PARTIES, one.unit),
            on,
            shares.get(one.matches or "", 0),
        )
        share = scheme.accepted(fee_fen=left_fen, held_fen=one.redeemable_fen, case=case) if left_fen else None
        split = _split(one, voucher, scheme, share.whole("public_fen") if share else 0, valid=voucher.valid_on(today))
        shares[number] = split.share_fen
        parts.append(_Part(one, voucher, scheme, share, split))
    return tuple(parts)


def _split(contract: Contract, voucher: Voucher, scheme: VoucherScheme, share_fen: int, *, valid: bool) -> Split:
    """As at the acceptance: what is redeemable is the hold now."""
    part_fen = rules.smallest_part(voucher, change_given=scheme.change_given, held_fen=contract.redeemable_fen)
    return rules.split_hold(contract.redeemable_fen, share_fen, part_fen, valid=valid)


def _rows(
    command: CreditContractBill, part: _Part, calculation: int, state: State, today: date
) -> tuple[EventRow, ...]:
    """What the voucher pays now; the contract has ended where nothing of the bill is left."""
    contract = part.contract
    row = VoucherCreditTable(
        contract=contract.number,
        position=contract.credits + 1,
        share_fen=part.split.share_fen,
        calculation=calculation_id(command, calculation) if part.share else None,
        citation=cite(part.scheme, "public_share_max"),
        credited_on=today,
        person=command.actor,
    )
    if part.share:
        return row, stored(command, part.share, calculation)
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
        *release_evidence_rows(state.one(EVIDENCE, evidence_of(contract)), reason),
        *release_evidence_rows(state.one(EVIDENCE, state.one(INVOICES_OF_CONTRACTS, contract.number)), reason),
    )


# -- a bill credited without its contract ------------------------------------------------------------------------------


def bill_reads(command: CreditBill) -> Keys:
    return CONTRACTS_OF_BILLS.keys(command.bill)


def check(event: BillCredited, _command: CreditBill, state: State, _policies: Policies, _today: date) -> Effects:
    """A bill that a live contract has accepted is credited through that contract."""
    if contracts := state.find(CONTRACTS_OF_BILLS, event.bill.number):
        raise CreditedThroughContract(bill=event.bill.number, contract=contracts[0])
    return Effects({})


USE_CASE = UseCase(CreditContractBill, reads, decide)
REACTIONS = (Reaction(BillCredited, CreditBill, bill_reads, check),)
