"""Bills of units, and where each fen of them stands."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response, status
from pydantic import Field

from api.access import USE
from api.answers import PROOF_EXAMPLE, ApprovalAsked, Written
from api.bodies import Body, Day, Fen, Filter, Line, Shown, Text, Whole, example
from api.dependencies import Reading, Sending
from api.paging import Page, Paging, day_in, document
from api.routing import SliceRouter
from ledger.fees.credit_bill import CreditBill
from ledger.fees.dispute_bill import DisputeBill
from ledger.fees.issue_bill import IssueBill
from ledger.fees.listing import BEFORE_THE_FIRST_BILL, bills_page, credit_notes_of, receipts_of, repayments_of
from ledger.fees.receive_payment import ReceivePayment
from ledger.fees.repay_payer import RepayPayer
from ledger.fees.rules import LINES_MAX
from ledger.fees.store import BILLS
from ledger.fees.values import BillLine, RedInvoice
from ledger.fees.write_off import KIND, ProposeWriteOff

router = SliceRouter("/v1/bills", tag="bills")

_BILL = {
    "number": "BL-1A2B-3C4D-5E6F7",
    "unit": "12331122MA0000232L",
    "payer": "91331122MA0000267X",
    "contract": "HT-2017-031",
    "invoice_number": "20170000000000000018",
    "invoice_date": "2017-03-08",
    "issued_on": "2017-03-08",
    "gross_fen": 120_000,
    "net_fen": 113_208,
    "vat_fen": 6_792,
    "open_fen": 20_000,
    "cash_fen": 40_000,
    "voucher_fen": 60_000,
    "voucher_due_fen": 60_000,
    "equity_fen": 0,
    "written_off_fen": 0,
    "credited_fen": 0,
    "disputed": False,
    "owed_fen": 0,
}
_LINE = {
    "description": "Transmission electron microscopy, hours",
    "use": "U-1A2B-3C4D-5E6F7",
    "quantity": 2,
    "price_fen": 60_000,
}
_RECEIPT = {
    "number": "RC-1A2B-3C4D-5E6F7",
    "amount_fen": 40_000,
    "bank_reference": "20170309-0044",
    "received_on": "2017-03-09",
}

# -- what is shown -----------------------------------------------------------------------------------------------------


class BillShown(Shown):
    """Billed = open + cash + voucher + equity + written off + credited."""

    model_config = example(_BILL)

    number: str
    unit: str
    payer: str
    contract: str | None = Field(description="As its two parties number it")
    invoice_number: str
    invoice_date: date
    issued_on: date
    gross_fen: int = Field(description="With VAT")
    net_fen: int
    vat_fen: int
    open_fen: int = Field(description="Owed by the payer")
    cash_fen: int = Field(description="Paid by the payer")
    voucher_fen: int = Field(description="Borne by vouchers, whether the bureau has paid it or not")
    voucher_due_fen: int = Field(description="Of `voucher_fen`, what the bureau has not paid yet")
    equity_fen: int
    written_off_fen: int
    credited_fen: int
    disputed: bool = Field(description="The payer contests it; what is contested stays open")
    owed_fen: int = Field(description="Paid, then credited by a red invoice, and not yet paid back")


class BillPage(Page[BillShown]):
    model_config = example({"items": [_BILL], "next": None})


class BillLineShown(Shown):
    description: str
    use: str | None = Field(description="The use that it charges")
    quantity: int
    price_fen: int = Field(description="Per unit, with VAT")
    amount_fen: int


class ReceiptShown(Shown):
    number: str
    amount_fen: int
    bank_reference: str
    received_on: date


class CreditNoteShown(Shown):
    number: str
    invoice_number: str = Field(description="Of the red invoice")
    invoice_date: date
    gross_fen: int = Field(description="Taken back, with VAT")
    net_fen: int
    vat_fen: int
    owed_fen: int = Field(description="Of `gross_fen`, what the payer had paid already")
    reason: str
    credited_on: date
    calculation: UUID = Field(description="Of what all red invoices of the bill credit together; see calculations")


class RepaymentShown(Shown):
    number: str
    amount_fen: int
    bank_reference: str
    repaid_on: date


class BillDocument(BillShown):
    model_config = example(
        {
            **_BILL,
            "lines": [{**_LINE, "amount_fen": 120_000}],
            "receipts": [_RECEIPT],
            "credit_notes": [],
            "repayments": [],
        }
    )

    lines: list[BillLineShown]
    receipts: list[ReceiptShown]
    credit_notes: list[CreditNoteShown]
    repayments: list[RepaymentShown]


@router.get("", summary="Bills by you or to you, newest first")
def bills(
    reader: Reading,
    paging: Paging,
    *,
    unit: Filter | None = None,
    payer: Filter | None = None,
    contract: Filter | None = None,
    since: Day = date.min,
    until: Day = date.max,
    unpaid: Annotated[bool | None, Query(description="Whether anything of it is open")] = None,
    disputed: bool | None = None,
) -> BillPage:
    words = paging.start(2)
    after = (day_in(words[0]), words[1]) if words else BEFORE_THE_FIRST_BILL
    found = bills_page(
        reader,
        after,
        paging.look_ahead,
        unit=unit,
        payer=payer,
        contract=contract,
        since=since,
        until=until,
        unpaid=unpaid,
        disputed=disputed,
    )
    return paging.page(BillPage, found, BillShown.of, lambda bill: (bill.issued_on, bill.number))


@router.get("/{number}", summary="A bill with its lines and what was received on it", response_model=BillDocument)
def bill(number: str, request: Request, reader: Reading) -> Response:
    found = BILLS.load(reader, [number])[number]
    lines = [BillLineShown.of(line) for line in found.lines]
    receipts = [ReceiptShown.of(receipt) for receipt in receipts_of(reader, number)]
    credit_notes = [CreditNoteShown.of(note) for note in credit_notes_of(reader, number)]
    repayments = [RepaymentShown.of(repayment) for repayment in repayments_of(reader, number)]
    return document(
        request,
        BillDocument.of(found, lines=lines, receipts=receipts, credit_notes=credit_notes, repayments=repayments),
    )


# -- what is done ------------------------------------------------------------------------------------------------------


class NewBillLine(Body):
    description: Text
    use: Line | None = Field(default=None, description="The use that it charges; a use is billed once")
    quantity: Whole
    price_fen: Fen = Field(description="Per unit, with VAT")


class NewBill(Body):
    model_config = example(
        {
            **{name: _BILL[name] for name in ("unit", "payer", "contract", "invoice_number", "invoice_date")},
            "vat_rate": "0.06",
            "lines": [_LINE],
        }
    )

    unit: Line
    payer: Line
    contract: Line | None = Field(default=None, description="Number of the contract it is for, where there is one")
    invoice_number: Line = Field(description="20 digits of a fully digital invoice; of another, its code and number")
    invoice_date: Day
    vat_rate: Line = Field(description="As text, such as `0.06`")
    lines: list[NewBillLine] = Field(min_length=1, max_length=LINES_MAX)


class BillIssued(Written):
    model_config = example(
        {
            "bill": "BL-1A2B-3C4D-5E6F7",
            "gross_fen": 120_000,
            "net_fen": 113_208,
            "vat_fen": 6_792,
            "proof": PROOF_EXAMPLE,
        }
    )

    bill: str
    gross_fen: int
    net_fen: int
    vat_fen: int


@router.post("", status_code=status.HTTP_201_CREATED, summary="Issue a bill with its invoice")
async def issue(body: NewBill, sender: Sending) -> BillIssued:
    """By an officer of the unit. The whole of it is open until it is paid, or a voucher bears a part."""
    await sender.check_visible(USE, *(line.use for line in body.lines if line.use))
    command = IssueBill(
        **sender.signed,
        unit=body.unit,
        payer=body.payer,
        contract=body.contract,
        invoice_number=body.invoice_number,
        invoice_date=body.invoice_date,
        vat_rate=body.vat_rate,
        lines=tuple(BillLine(line.description, line.use, line.quantity, line.price_fen) for line in body.lines),
    )
    return BillIssued.told(await sender.send(command))


class NewReceipt(Body):
    model_config = example({name: _RECEIPT[name] for name in ("amount_fen", "bank_reference")})

    amount_fen: Fen
    bank_reference: Line = Field(description="Of the unit's bank; the same slip counts once for a bill")


class PaymentReceived(Written):
    model_config = example(
        {
            "receipt": "RC-1A2B-3C4D-5E6F7",
            "bill": "BL-1A2B-3C4D-5E6F7",
            "open_fen": 20_000,
            "proof": PROOF_EXAMPLE,
        }
    )

    receipt: str
    bill: str
    open_fen: int = Field(description="What is open after it")


@router.post("/{number}/receipts", status_code=status.HTTP_201_CREATED, summary="Record what the payer has paid")
async def receive(number: str, body: NewReceipt, sender: Sending) -> PaymentReceived:
    """By an officer of the unit; never more than is open."""
    command = ReceivePayment(
        **sender.signed, bill=number, amount_fen=body.amount_fen, bank_reference=body.bank_reference
    )
    return PaymentReceived.told(await sender.send(command))


class Ground(Body):
    model_config = example({"reason": "Two hours were billed, one was used"})

    reason: Text


class DisputeRecorded(Written):
    model_config = example({"bill": "BL-1A2B-3C4D-5E6F7", "disputed": True, "open_fen": 20_000, "proof": PROOF_EXAMPLE})

    bill: str
    disputed: bool
    open_fen: int


@router.post("/{number}/dispute", status_code=status.HTTP_201_CREATED, summary="Contest a bill")
async def dispute(number: str, body: Ground, sender: Sending) -> DisputeRecorded:
    """By the payer or an operator. What is contested stays open and moves nowhere by it."""
    return DisputeRecorded.told(await sender.send(DisputeBill(**sender.signed, bill=number, reason=body.reason)))


@router.post("/{number}/settlement", status_code=status.HTTP_201_CREATED, summary="Contest it no more")
async def settle(number: str, body: Ground, sender: Sending) -> DisputeRecorded:
    """By the payer or an operator, saying how it ended."""
    command = DisputeBill(**sender.signed, bill=number, reason=body.reason, settled=True)
    return DisputeRecorded.told(await sender.send(command))


class NewCreditNote(Body):
    model_config = example(
        {
            "invoice_number": "20170000000000000099",
            "invoice_date": "2017-03-10",
            "amount_fen": 20_000,
            "reason": "Two hours were billed, one and two thirds were used",
        }
    )

    invoice_number: Line = Field(description="Of the red invoice, in digits as any other")
    invoice_date: Day
    amount_fen: Fen = Field(description="What it takes back, with VAT: a positive amount")
    reason: Text

    def red(self) -> RedInvoice:
        return RedInvoice(self.invoice_number, self.invoice_date, self.amount_fen, self.reason)


CREDITED = {
    "credit_note": "CN-1A2B-3C4D-5E6F7",
    "bill": "BL-1A2B-3C4D-5E6F7",
    "gross_fen": 20_000,
    "net_fen": 18_868,
    "vat_fen": 1_132,
    "owed_fen": 0,
    "open_fen": 0,
}


class BillCredited(Written):
    model_config = example({**CREDITED, "proof": PROOF_EXAMPLE})

    credit_note: str
    bill: str
    gross_fen: int
    net_fen: int
    vat_fen: int
    owed_fen: int = Field(description="What is owed back to the payer after it")
    open_fen: int = Field(description="What is open after it")


@router.post("/{number}/credit-notes", status_code=status.HTTP_201_CREATED, summary="Credit a bill by a red invoice")
async def credit(number: str, body: NewCreditNote, sender: Sending) -> BillCredited:
    """By an officer of the unit. A bill that a contract has accepted is credited through that contract.

    What is open is credited first; what the payer has paid of it is owed back. Once nothing of the bill stands, its
    uses may be billed anew.
    """
    return BillCredited.told(await sender.send(CreditBill(**sender.signed, bill=number, red=body.red())))


class NewRepayment(Body):
    model_config = example({"amount_fen": 20_000, "bank_reference": "20170312-0007"})

    amount_fen: Fen
    bank_reference: Line = Field(description="Of the unit's bank; the same slip counts once for a bill")


class PayerRepaid(Written):
    model_config = example(
        {"repayment": "RP-1A2B-3C4D-5E6F7", "bill": "BL-1A2B-3C4D-5E6F7", "owed_fen": 0, "proof": PROOF_EXAMPLE}
    )

    repayment: str
    bill: str
    owed_fen: int = Field(description="What is owed back after it")


@router.post("/{number}/repayments", status_code=status.HTTP_201_CREATED, summary="Record what was paid back")
async def repay(number: str, body: NewRepayment, sender: Sending) -> PayerRepaid:
    """By an officer of the unit; never more than is owed back."""
    command = RepayPayer(**sender.signed, bill=number, amount_fen=body.amount_fen, bank_reference=body.bank_reference)
    return PayerRepaid.told(await sender.send(command))


class NewBillWriteOff(Body):
    model_config = example(
        {"amount_fen": 5_000, "decision_number": "核〔2017〕1号", "reason": "The payer was struck off"}
    )

    amount_fen: Fen
    decision_number: Line = Field(description="Of the unit's own decision")
    reason: Text


class BillWriteOffProposed(Written):
    model_config = example(
        {
            "write_off": "WO-1A2B-3C4D-5E6F7",
            "bill": "BL-1A2B-3C4D-5E6F7",
            "approval": {"kind": KIND, "subject": "WO-1A2B-3C4D-5E6F7", "content_hash": "0" * 64},
            "proof": PROOF_EXAMPLE,
        }
    )

    write_off: str
    bill: str
    approval: ApprovalAsked = Field(description="What another officer of the unit is asked to sign")


@router.post("/{number}/write-offs", status_code=status.HTTP_201_CREATED, summary="Propose to give up what is open")
async def write_off(number: str, body: NewBillWriteOff, sender: Sending) -> BillWriteOffProposed:
    """By an officer of the unit itself; another one signs. What is contested is settled first."""
    command = ProposeWriteOff(
        **sender.signed,
        bill=number,
        amount_fen=body.amount_fen,
        decision_number=body.decision_number,
        reason=body.reason,
    )
    return BillWriteOffProposed.told(await sender.send(command))
