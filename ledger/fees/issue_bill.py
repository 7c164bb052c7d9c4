"""Issue a bill: its lines, its invoice, the fee and the VAT in it."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from ledger.executor.calculations import first_article, stored
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.fees.events import Billed
from ledger.fees.invoices import invoice
from ledger.fees.postings import bill_entry
from ledger.fees.rules import InvoiceInFuture, InvoiceUsed, PayerIsUnit, check_chargeable, checked_lines
from ledger.fees.store import INVOICES, USES, FeeBillLineTable, FeeBillTable
from ledger.fees.values import Bill, BillLine
from ledger.journal.tables import EventRow
from ledger.registry.rules import require_party, require_role
from ledger.registry.store import PARTIES, PEOPLE
from ledger.registry.text import checked_date, checked_name, readable
from ledger.registry.values import PartyKind, Role
from policies.kernel.policies import Policies

TAX_SPLIT = "fees/tax-split"


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueBill(Command):
    kind: ClassVar[str] = "fee.issue-bill"

    unit: str
    payer: str
    invoice_number: str
    """20 digits of a fully digital invoice, or code and number of another; spaces and hyphens mean nothing."""
    invoice_date: date
    lines: tuple[BillLine, ...]
    vat_rate: str
    """E.g. `0.06`."""
    contract: str | None = None
    """Number of the contract it is for, where there is one."""


def reads(command: IssueBill) -> Keys:
    uses = {line.use for line in command.lines if line.use}
    # The users of the uses are followed.
    return readable(
        command,
        PARTIES.keys(command.unit, command.payer)
        | PEOPLE.keys(command.actor)
        | INVOICES.keys(invoice(command.invoice_number))
        | USES.keys(*uses),
    )


def decide(command: IssueBill, state: State, policies: Policies, today: date) -> Effects:
    gross_fen = checked_lines(command.lines)
    invoice_number = invoice(command.invoice_number)
    invoice_date = checked_date(command.invoice_date, "发票日期", "date of the invoice")
    unit = require_party(state, command.unit, PartyKind.UNIT)
    payer = require_party(state, command.payer)
    require_role(state, command.actor, Role.UNIT_OFFICER, unit.code)
    if payer.code == unit.code:
        raise PayerIsUnit(unit=unit.code)
    if invoice_date > today:
        raise InvoiceInFuture(invoice_date=invoice_date, today=today)
    if before := state.find(INVOICES, invoice_number):
        raise InvoiceUsed(invoice_number=invoice_number, bill=before)
    for line in command.lines:
        if line.use:
            use = state.one(USES, line.use)
            check_chargeable(use, state.one(PARTIES, use.user), unit.code, payer.code)

    split = policies.calculate(TAX_SPLIT, {"gross_fen": gross_fen, "vat_rate": command.vat_rate}, on=invoice_date)

    calculation = stored(command, split)
    bill = Bill(
        number=command.number("BL"),
        unit=unit.code,
        payer=payer.code,
        contract=None if command.contract is None else checked_name(command.contract, "合同编号", "contract number"),
        invoice_number=invoice_number,
        invoice_date=invoice_date,
        issued_on=today,
        gross_fen=gross_fen,
        net_fen=split.whole("net_fen"),
        vat_fen=split.whole("vat_fen"),
        lines=command.lines,
        open_fen=gross_fen,
        vat_rate=command.vat_rate,
    )
    return Effects(
        {"bill": bill.number, "gross_fen": bill.gross_fen, "net_fen": bill.net_fen, "vat_fen": bill.vat_fen},
        entries=(bill_entry(bill, today, first_article(split), calculation.id),),
        rows=(calculation, *_rows(bill, calculation.id)),
        events=(Billed(bill),),
    )


def _rows(bill: Bill, calculation: UUID) -> tuple[EventRow, ...]:
    head = FeeBillTable(
        number=bill.number,
        unit=bill.unit,
        payer=bill.payer,
        contract=bill.contract,
        invoice_number=bill.invoice_number,
        invoice_date=bill.invoice_date,
        issued_on=bill.issued_on,
        gross_fen=bill.gross_fen,
        net_fen=bill.net_fen,
        vat_fen=bill.vat_fen,
        vat_rate=bill.vat_rate,
        calculation=calculation,
    )
    return (
        head,
        *(
            FeeBillLineTable(
                bill=bill.number,
                line=n,
                description=line.description,
                charged_use=line.use,
                quantity=line.quantity,
                price_fen=line.price_fen,
            )
            for n, line in enumerate(bill.lines, start=1)
        ),
    )


USE_CASE = UseCase(IssueBill, reads, decide)
