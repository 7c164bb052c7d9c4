"""Credit a bill: by a red invoice (红字发票) the fee, or a part of it, is taken back."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.fees.crediting import checked_red_invoice, credited
from ledger.fees.events import BillCredited
from ledger.fees.invoices import invoice
from ledger.fees.store import BILLS, CREDITS, INVOICES
from ledger.fees.values import RedInvoice
from ledger.registry.rules import require_role
from ledger.registry.store import PEOPLE
from ledger.registry.text import readable
from ledger.registry.values import Role
from policies.kernel.policies import Policies


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditBill(Command):
    """The bill is wrong, or the service not as agreed. One that a contract has accepted is credited through that."""

    kind: ClassVar[str] = "fee.credit-bill"

    bill: str
    red: RedInvoice


def reads(command: CreditBill) -> Keys:
    return readable(
        command,
        BILLS.keys(command.bill)
        | CREDITS.keys(command.bill)
        | INVOICES.keys(invoice(command.red.invoice_number))
        | PEOPLE.keys(command.actor),
    )


def decide(command: CreditBill, state: State, policies: Policies, today: date) -> Effects:
    bill = state.one(BILLS, command.bill)
    require_role(state, command.actor, Role.UNIT_OFFICER, bill.unit)
    red = checked_red_invoice(command.red, bill, state, today)
    return credited(command, red, bill, state, policies, today).and_also(Effects({}, events=(BillCredited(bill),)))


USE_CASE = UseCase(CreditBill, reads, decide)
