"""Pay back: what was paid of a bill and then credited has left the unit's bank for its payer."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.amounts import whole_amount
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.fees.postings import repayment_entry
from ledger.fees.rules import check_repayment
from ledger.fees.store import BILLS, CREDITS, FeeRepaymentTable
from ledger.registry.rules import require_role
from ledger.registry.store import PEOPLE
from ledger.registry.text import checked_name, readable
from ledger.registry.values import Role
from policies.kernel.policies import Policies


@dataclass(frozen=True, slots=True, kw_only=True)
class RepayPayer(Command):
    kind: ClassVar[str] = "fee.repay-payer"

    bill: str
    amount_fen: int
    bank_reference: str
    """Of the unit's bank; the same slip counts once for a bill."""


def reads(command: RepayPayer) -> Keys:
    return readable(command, BILLS.keys(command.bill) | CREDITS.keys(command.bill) | PEOPLE.keys(command.actor))


def decide(command: RepayPayer, state: State, _policies: Policies, today: date) -> Effects:
    amount_fen = whole_amount(command.amount_fen)
    reference = checked_name(command.bank_reference, "银行流水号", "bank reference")
    bill = state.one(BILLS, command.bill)
    require_role(state, command.actor, Role.UNIT_OFFICER, bill.unit)
    check_repayment(bill, amount_fen, reference, state.one(CREDITS, bill.number))

    row = FeeRepaymentTable(
        number=command.number("RP"),
        bill=bill.number,
        amount_fen=amount_fen,
        bank_reference=reference,
        repaid_on=today,
    )
    return Effects(
        {"repayment": row.number, "bill": bill.number, "owed_fen": bill.owed_fen - amount_fen},
        entries=(repayment_entry(bill, amount_fen, today, reference),),
        rows=(row,),
    )


USE_CASE = UseCase(RepayPayer, reads, decide)
