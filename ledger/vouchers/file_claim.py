"""File a claim: a unit asks to be paid what firms have accepted; or a firm, where its scheme pays the firm.

The firm has paid the unit's bill in full by then, in money: that is what it is paid for.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.amounts import yuan
from ledger.budgets.ground import Ground
from ledger.budgets.store import budget_id
from ledger.errors import Refused
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.fees.store import BILLS
from ledger.fees.values import Bill
from ledger.registry.store import PARTIES, PEOPLE
from ledger.registry.text import readable
from ledger.registry.values import PartyKind
from ledger.vouchers import rules
from ledger.vouchers.acting import require_claimant
from ledger.vouchers.claim_values import Claim, ClaimLine, Correction
from ledger.vouchers.postings import filing_entries
from ledger.vouchers.states import ClaimState, ContractState
from ledger.vouchers.store import BILLS_OF_CONTRACTS, CONTRACTS, VOUCHERS
from ledger.vouchers.tables import VoucherClaimLineTable, VoucherClaimTable
from ledger.vouchers.values import Contract, Voucher
from policies.kernel.policies import Policies
from policies.kernel.words import Words


class BillNotPaid(Refused):
    zh = "账单 {bill} 应付 {fee} 元，管理单位登记收到 {paid} 元。全额支付并由管理单位登记收款后，才能申请兑付。"
    en = (
        "Of bill {bill} {paid} yuan are paid, and {fee} are due. It can be claimed once it is paid in full "
        "and the unit has recorded that."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FileClaim(Command):
    kind: ClassVar[str] = "voucher.file-claim"

    unit: str
    """Who claims and is paid: the unit, or the firm where the scheme pays the firm."""
    contracts: tuple[str, ...]
    """Accepted contracts of one scheme, borne by one year's budget; each is claimed with all that is redeemable."""


def reads(command: FileClaim) -> Keys:
    rules.check_lines(command.contracts)
    # Vouchers and bills are followed.
    return readable(
        command,
        CONTRACTS.keys(*command.contracts)
        | BILLS_OF_CONTRACTS.keys(*command.contracts)
        | PARTIES.keys(command.unit)
        | PEOPLE.keys(command.actor),
    )


def decide(command: FileClaim, state: State, _policies: Policies, today: date) -> Effects:
    return filed(command, command.unit, command.contracts, state, today)


def filed(
    command: Command,
    claimant: str,
    numbers: tuple[str, ...],
    state: State,
    today: date,
    corrects: Correction | None = None,
) -> Effects:
    """A claim of these contracts, whichever way its claimant has asked for it."""
    party = require_claimant(state, command.actor, claimant)
    contracts = state.all(CONTRACTS, numbers)
    vouchers = {contract.number: state.one(VOUCHERS, contract.voucher) for contract in contracts}
    first = vouchers[contracts[0].number]
    for contract in contracts:
        check_line(contract, party.code, today)
        if not contract.on_bill:
            _check_paid(state.one(BILLS, str(contract.bill)))
        _check_same_budget(contract, vouchers[contract.number], contracts[0], first)

    claim = Claim(
        number=command.number("CL"),
        unit=party.code,
        on_bill=party.kind is PartyKind.UNIT,
        scheme=first.scheme,
        year=first.budget_year,
        budget_year=first.budget_year,
        operator=first.operator,
        filed_on=today,
        state=ClaimState.FILED,
        steps=0,
        notice_until=None,
        lines=tuple(_line(contract, vouchers[contract.number]) for contract in contracts),
        corrects=corrects,
    )
    return Effects(
        {"claim": claim.number, "amount_fen": claim.amount_fen, "lines": len(claim.lines)},
        entries=filing_entries(claim, Ground(today)),
        rows=(
            VoucherClaimTable(
                number=claim.number,
                unit=claim.unit,
                scheme=claim.scheme,
                year=claim.year,
                operator=claim.operator,
                filed_on=today,
                person=command.actor,
            ),
            *(
                VoucherClaimLineTable(
                    claim=claim.number,
                    contract=contract.number,
                    attempt=contract.claims + 1,
                    amount_fen=contract.redeemable_fen,
                )
                for contract in contracts
            ),
        ),
    )


def check_line(contract: Contract, unit: str, today: date) -> None:
    """Refuse what is not this unit's, not accepted, too late, or worth nothing."""
    rules.check_state(contract, ContractState.ACCEPTED, Words("申请兑付", "claimed"))
    if contract.claimant != unit:
        raise rules.ContractOfAnotherUnit(contract=contract.number, unit=contract.claimant, claimant=unit)
    if contract.claim_until is not None and today > contract.claim_until:
        raise rules.ClaimWindowOver(
            contract=contract.number,
            accepted_on=contract.accepted_on,
            claim_until=contract.claim_until,
            today=today,
        )
    if not contract.redeemable_fen:
        raise rules.NothingToClaim(contract=contract.number)


def _check_paid(bill: Bill) -> None:
    """Paid by the firm in full, in money."""
    if bill.cash_fen < bill.fee_fen:
        raise BillNotPaid(bill=bill.number, paid=yuan(bill.cash_fen), fee=yuan(bill.fee_fen))


def _check_same_budget(contract: Contract, voucher: Voucher, first: Contract, first_voucher: Voucher) -> None:
    found, wanted = (budget_id(v.scheme, v.budget_year) for v in (voucher, first_voucher))
    if found != wanted:
        raise rules.MixedClaim(contract=contract.number, found=found, first=first.number, wanted=wanted)


def _line(contract: Contract, voucher: Voucher) -> ClaimLine:
    if contract.bill is None:
        raise ValueError(f"{contract.number} was accepted without a bill")
    return ClaimLine(
        contract=contract.number,
        voucher=voucher.number,
        holder=voucher.holder,
        unit=contract.unit,
        bill=contract.bill,
        amount_fen=contract.redeemable_fen,
        budget_line=voucher.budget_line,
        calculation=contract.calculation,
        citation=contract.citation,
    )


USE_CASE = UseCase(FileClaim, reads, decide)
