"""Receive a payment: what the payer of a bill bears itself has reached the unit's bank."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.amounts import whole_amount
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.fees.postings import receipt_entry
from ledger.fees.rules import check_receipt
from ledger.fees.store import BILLS, RECEIPTS, FeeReceiptTable
from ledger.registry.rules import require_role
from ledger.registry.store import PEOPLE
from ledger.registry.text import checked_name, readable
from ledger.registry.values import Role
from policies.kernel.policies import Policies


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivePayment(Command):
    kind: ClassVar[str] = "fee.receive-payment"

    bill: str
    amount_fen: int
    bank_reference: str
    """Of the unit's bank; the same slip counts once for a bill."""


def reads(command: ReceivePayment) -> Keys:
    return readable(command, BILLS.keys(command.bill) | RECEIPTS.keys(command.bill) | PEOPLE.keys(command.actor))


def decide(command: ReceivePayment, state: State, _policies: Policies, today: date) -> Effects:
    amount_fen = whole_amount(command.amount_fen)
    reference = checked_name(command.bank_reference, "银行流水号", "bank reference")
    bill = state.one(BILLS, command.bill)
    require_role(state, command.actor, Role.UNIT_OFFICER, bill.unit)
    check_receipt(bill, amount_fen, reference, state.one(RECEIPTS, bill.number))

    row = FeeReceiptTable(
        number=command.number("RC"),
        bill=bill.number,
        amount_fen=amount_fen,
        bank_reference=reference,
        received_on=today,
    )
    return Effects(
        {"receipt": row.number, "bill": bill.number, "open_fen": bill.open_fen - amount_fen},
        entries=(receipt_entry(bill, amount_fen, today, reference),),
        rows=(row,),
    )


USE_CASE = UseCase(ReceivePayment, reads, decide)
