"""Payment batches: composed, approved under approvals, given to the bank; what the bank says of each line."""

from datetime import date
from typing import Annotated, Any

from fastapi import Request, Response, status
from pydantic import Field

from api.answers import PROOF_EXAMPLE, Written
from api.bodies import Body, Day, Line, Shown, Text, example
from api.dependencies import Reading, Sending
from api.paging import Page, Paging, document
from api.routing import SliceRouter
from ledger.executor.listing import detail
from ledger.payments.compose_batch import ComposeBatch
from ledger.payments.confirm import ConfirmPayment
from ledger.payments.fail_payment import FailPayment
from ledger.payments.listing import bank_file, batches_page
from ledger.payments.return_payment import ReturnPayment
from ledger.payments.rules import LINES_MAX
from ledger.payments.store import BATCHES
from ledger.payments.values import Batch, BatchLine, BatchStatus

router = SliceRouter("/v1/payment-batches", tag="payment batches")

_HASH = "9f2c1e5b7d3a4c6e8f0a1b2c3d4e5f60718293a4b5c6d7e8f9000112233445566"
_BATCH = {
    "number": "B-1A2B-3C4D-5E6F7",
    "payer": "11331122MA0000001X",
    "maker": "P-1A2B-3C4D-5E6F7",
    "composed_on": "2017-04-21",
    "status": "released",
    "count": 1,
    "total_fen": 2_000_000,
    "content_hash": _HASH,
    "released_on": "2017-04-21",
    "refused_on": None,
    "paid_fen": 0,
    "returned_fen": 0,
    "failed_fen": 0,
    "open_fen": 2_000_000,
}
_LINE = {
    "line": 1,
    "payable": "PAY-1A2B-3C4D-5E6F7",
    "payee": "12331122MA0000232L",
    "payee_name": "Laboratory of physics and chemistry",
    "account_name": "Laboratory of physics and chemistry",
    "bank": "Bank of China, Jinyun branch",
    "account_number": "0012345001",
    "cnaps": "104343912345",
    "amount_fen": 2_000_000,
    "offset_fen": 0,
    "budget_line": "AP-1A2B-3C4D-5E6F7",
    "document_number": "财预〔2017〕1号",
    "purpose": "创新券兑付 CL-1A2B-3C4D-5E6F7",
    "paid": {"paid_on": "2017-04-24", "bank_reference": "20170424-000017"},
    "returned": None,
    "failed": None,
}


class BatchShown(Shown):
    model_config = example(_BATCH)

    number: str
    payer: str
    maker: str
    composed_on: date
    status: BatchStatus
    count: int = Field(description="Control total: how many lines")
    total_fen: int = Field(description="Control total: their sum")
    content_hash: str = Field(description="SHA-256 that the approval is bound to; it stands in the bank's file too")
    released_on: date | None
    refused_on: date | None
    paid_fen: int = Field(description="Paid, and not sent back")
    returned_fen: int = Field(description="Paid, and sent back by the bank")
    failed_fen: int = Field(description="Not carried out by the bank")
    open_fen: int = Field(description="Still waiting for the bank's word")


class PaidShown(Shown):
    paid_on: date
    bank_reference: str


class ReturnedShown(Shown):
    returned_on: date
    bank_reference: str = Field(description="Of the return, not of the payment")
    reason: str


class FailedShown(Shown):
    failed_on: date
    reason: str


class BatchLineShown(Shown):
    line: int
    payable: str
    payee: str
    payee_name: str
    account_name: str
    bank: str
    account_number: str
    cnaps: str
    amount_fen: int = Field(description="What the bank pays")
    offset_fen: int
    budget_line: str
    document_number: str
    purpose: str
    paid: PaidShown | None
    returned: ReturnedShown | None = Field(description="A payment that came back; its payable is free again")
    failed: FailedShown | None = Field(description="A payment that was never made; its payable is free again")


class BatchDocument(BatchShown):
    model_config = example({**_BATCH, "lines": [_LINE]})

    lines: list[BatchLineShown]


class BatchPage(Page[BatchShown]):
    model_config = example({"items": [_BATCH], "next": None})


class NewBatch(Body):
    model_config = example({"payables": ["PAY-1A2B-3C4D-5E6F7"]})

    payables: Annotated[list[Line], Field(min_length=1, max_length=LINES_MAX)] = Field(
        description="Free ones of one payer"
    )


class Composed(Written):
    model_config = example(
        {
            "batch": "B-1A2B-3C4D-5E6F7",
            "count": 1,
            "total_fen": 2_000_000,
            "content_hash": _HASH,
            "proof": PROOF_EXAMPLE,
        }
    )

    batch: str
    count: int
    total_fen: int
    content_hash: str


class PaidLine(Body):
    payable: Line
    bank_reference: Line = Field(description="Number of the bank's slip")


class NewConfirmation(Body):
    model_config = example(
        {
            "paid_on": "2017-04-24",
            "lines": [{"payable": "PAY-1A2B-3C4D-5E6F7", "bank_reference": "20170424-000017"}],
        }
    )

    paid_on: Day = Field(description="As the bank's slip says")
    lines: Annotated[list[PaidLine], Field(min_length=1, max_length=LINES_MAX)] = Field(
        description="The amount is the batch's: none is given"
    )


class NewReturn(Body):
    model_config = example(
        {
            "payable": "PAY-1A2B-3C4D-5E6F7",
            "returned_on": "2017-04-26",
            "bank_reference": "20170426-000003",
            "reason": "The account is closed",
        }
    )

    payable: Line
    returned_on: Day = Field(description="As the bank's slip says")
    bank_reference: Line = Field(description="Of the return, not of the payment")
    reason: Text


class NewFailure(Body):
    model_config = example(
        {"payable": "PAY-1A2B-3C4D-5E6F7", "failed_on": "2017-04-24", "reason": "No account of this number"}
    )

    payable: Line
    failed_on: Day = Field(description="Day on which the bank said so")
    reason: Text


_STANDING = {
    "batch": "B-1A2B-3C4D-5E6F7",
    "status": "settled",
    "paid_fen": 2_000_000,
    "returned_fen": 0,
    "failed_fen": 0,
    "open_fen": 0,
    "proof": PROOF_EXAMPLE,
}
_BACK = {**_STANDING, "status": "settled-in-part", "paid_fen": 0}


class Standing(Written):
    """Where the batch stands now."""

    batch: str
    status: BatchStatus
    paid_fen: int
    returned_fen: int
    failed_fen: int
    open_fen: int


class Confirmed(Standing):
    model_config = example({**_STANDING, "confirmed": ["PAY-1A2B-3C4D-5E6F7"]})

    confirmed: list[str]


class Returned(Standing):
    model_config = example({**_BACK, "returned_fen": 2_000_000, "returned": "PAY-1A2B-3C4D-5E6F7"})

    returned: str = Field(description="The payable, which may be paid again, to a corrected account")


class Failed(Standing):
    model_config = example({**_BACK, "failed_fen": 2_000_000, "failed": "PAY-1A2B-3C4D-5E6F7"})

    failed: str = Field(description="The payable, which may enter another batch")


_SUMS = ("paid_fen", "returned_fen", "failed_fen", "open_fen")


def _sums(batch: Batch) -> dict[str, Any]:
    standing = batch.standing()
    return {name: standing[name] for name in _SUMS}


def _shown(batch: Batch) -> BatchShown:
    return BatchShown.of(batch, **_sums(batch))


def _line(batch: Batch, line: BatchLine) -> BatchLineShown:
    """What the bank has said of a line: at most one thing of each kind."""
    said = {
        "paid": batch.confirmation_of(line.payable),
        "returned": batch.return_of(line.payable),
        "failed": batch.failure_of(line.payable),
    }
    return BatchLineShown.of(line, **said)


@router.get("", summary="Payment batches, newest first")
def batches(reader: Reading, paging: Paging) -> BatchPage:
    found = batches_page(reader, paging.newest(), paging.look_ahead)
    return paging.page(BatchPage, found, _shown, lambda batch: (batch.composed_on, batch.number))


@router.get("/{number}", summary="A batch with its control totals and lines", response_model=BatchDocument)
def batch(number: str, request: Request, reader: Reading) -> Response:
    found = detail(reader, BATCHES, number)
    lines = [_line(found, line) for line in found.lines]
    return document(request, BatchDocument.of(found, **_sums(found), lines=lines))


@router.get(
    "/{number}/export",
    summary="The list for the bank, of a released batch",
    response_class=Response,
    responses={
        200: {
            "description": "CSV in UTF-8 with BOM, control totals first; the same bytes every time",
            "content": {"text/csv": {"example": '"支付批次","B-1A2B-3C4D-5E6F7"\r\n"笔数","1"\r\n'}},
        }
    },
)
def export(number: str, reader: Reading) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{number}.csv"', "Cache-Control": "private, no-store"}
    return Response(bank_file(reader, number), headers=headers, media_type="text/csv")


@router.post("", status_code=status.HTTP_201_CREATED, summary="Freeze payables, and ask for approval")
async def compose(body: NewBatch, sender: Sending) -> Composed:
    """With the payees' accounts of today. A second person of finance approves exactly this list."""
    return Composed.told(await sender.send(ComposeBatch(**sender.signed, payables=tuple(body.payables))))


@router.post("/{number}/confirmations", status_code=status.HTTP_201_CREATED, summary="Record what the bank has paid")
async def confirm(number: str, body: NewConfirmation, sender: Sending) -> Confirmed:
    """By a person who did not compose the batch."""
    lines = tuple((line.payable, line.bank_reference) for line in body.lines)
    command = ConfirmPayment(**sender.signed, batch=number, paid_on=body.paid_on, lines=lines)
    return Confirmed.told(await sender.send(command))


@router.post("/{number}/returns", status_code=status.HTTP_201_CREATED, summary="Record that a payment was sent back")
async def record_return(number: str, body: NewReturn, sender: Sending) -> Returned:
    """By a person who did not compose the batch. The payment comes back whole: no amount is given."""
    command = ReturnPayment(
        **sender.signed,
        batch=number,
        payable=body.payable,
        returned_on=body.returned_on,
        bank_reference=body.bank_reference,
        reason=body.reason,
    )
    return Returned.told(await sender.send(command))


@router.post("/{number}/failures", status_code=status.HTTP_201_CREATED, summary="Record that a payment was not made")
async def record_failure(number: str, body: NewFailure, sender: Sending) -> Failed:
    """By a person who did not compose the batch. Nothing has left the account."""
    command = FailPayment(
        **sender.signed, batch=number, payable=body.payable, failed_on=body.failed_on, reason=body.reason
    )
    return Failed.told(await sender.send(command))
