"""What a red invoice does to a bill: how much fee and VAT it takes back, and what is owed back to the payer.  (pure)"""

from datetime import date

from ledger.amounts import whole_amount, yuan
from ledger.executor.calculations import first_article, stored
from ledger.executor.commands import Command, Effects, State
from ledger.fees.invoices import invoice
from ledger.fees.issue_bill import TAX_SPLIT
from ledger.fees.postings import credit_entry
from ledger.fees.rules import CreditBeforeBill, InvoiceInFuture, InvoiceUsed, MoreThanStands
from ledger.fees.store import CREDITS, INVOICES, FeeCreditTable
from ledger.fees.values import Bill, Credit, RedInvoice
from ledger.registry.text import TEXT_LENGTH_MAX, checked_date, checked_name
from policies.kernel.policies import Policies


def checked_red_invoice(red: RedInvoice, bill: Bill, state: State, today: date) -> RedInvoice:
    """The same with its number as digits alone; nobody has used that number, and its date is possible."""
    checked = RedInvoice(
        invoice_number=invoice(red.invoice_number),
        invoice_date=checked_date(red.invoice_date, "红字发票日期", "date of the red invoice"),
        amount_fen=whole_amount(red.amount_fen),
        reason=checked_name(red.reason, "理由", "reason", TEXT_LENGTH_MAX),
    )
    if checked.invoice_date > today:
        raise InvoiceInFuture(invoice_date=checked.invoice_date, today=today)
    if checked.invoice_date < bill.invoice_date:
        raise CreditBeforeBill(invoice_date=checked.invoice_date, billed_on=bill.invoice_date)
    if before := state.find(INVOICES, checked.invoice_number):
        raise InvoiceUsed(invoice_number=checked.invoice_number, bill=before)
    return checked


def credited(
    command: Command, red: RedInvoice, bill: Bill, state: State, policies: Policies, today: date, reopened_fen: int = 0
) -> Effects:
    """Open is credited first; what the payer has paid is owed back.

    Net and VAT are the difference between what all red invoices of the bill credit together and what those before have
    credited, so that parts add up to the whole bill to the fen.

    `red` is checked. `reopened_fen` is what a voucher bore and bears no more: posted before, so it is open now.
    """
    open_fen = bill.open_fen + reopened_fen
    if red.amount_fen > open_fen + bill.cash_fen:
        raise MoreThanStands(bill=bill.number, stands=yuan(open_fen + bill.cash_fen), amount=yuan(red.amount_fen))
    before = state.one(CREDITS, bill.number)
    together_fen = before.gross_fen + red.amount_fen
    split = policies.calculate(TAX_SPLIT, {"gross_fen": together_fen, "vat_rate": bill.vat_rate}, on=bill.invoice_date)
    net_fen = split.whole("net_fen") - before.net_fen
    credit = Credit(
        net_fen=net_fen,
        vat_fen=red.amount_fen - net_fen,
        owed_fen=max(0, red.amount_fen - open_fen),
        reason=red.reason,
    )
    calculation = stored(command, split)
    row = FeeCreditTable(
        number=command.number("CN", bill.number),
        bill=bill.number,
        step=before.count + 1,
        invoice_number=red.invoice_number,
        invoice_date=red.invoice_date,
        gross_fen=credit.gross_fen,
        net_fen=credit.net_fen,
        vat_fen=credit.vat_fen,
        owed_fen=credit.owed_fen,
        whole=together_fen == bill.gross_fen,
        calculation=calculation.id,
        reason=credit.reason,
        credited_on=today,
        person=command.actor,
    )
    return Effects(
        {
            "credit_note": row.number,
            "bill": bill.number,
            "gross_fen": credit.gross_fen,
            "net_fen": credit.net_fen,
            "vat_fen": credit.vat_fen,
            "owed_fen": bill.owed_fen + credit.owed_fen,
            "open_fen": open_fen - credit.gross_fen + credit.owed_fen,
        },
        entries=(credit_entry(bill, credit, today, first_article(split), calculation.id),),
        rows=(calculation, row),
    )
