"""What is owed: approved, and paid by the bank or not yet."""

from datetime import date
from typing import Annotated

from fastapi import Query, Request, Response
from pydantic import Field

from api.bodies import Filter, Shown, example
from api.dependencies import Reading
from api.paging import Page, Paging, document
from api.routing import SliceRouter
from ledger.executor.listing import detail
from ledger.payments.listing import payables_page
from ledger.payments.store import PAYABLES

router = SliceRouter("/v1/payables", tag="payables")

_PAYABLE = {
    "number": "PAY-1A2B-3C4D-5E6F7",
    "subject_kind": "voucher.claim",
    "subject": "CL-1A2B-3C4D-5E6F7",
    "payer": "11331122MA0000001X",
    "payee": "12331122MA0000232L",
    "amount_fen": 2_000_000,
    "offset_fen": 0,
    "net_fen": 2_000_000,
    "budget_line": "AP-1A2B-3C4D-5E6F7",
    "document_number": "财预〔2017〕1号",
    "purpose": "创新券兑付 CL-1A2B-3C4D-5E6F7",
    "created_on": "2017-04-20",
    "batch": "B-1A2B-3C4D-5E6F7",
    "paid_on": None,
}


class PayableShown(Shown):
    model_config = example(_PAYABLE)

    number: str
    subject_kind: str = Field(description="What it pays")
    subject: str
    payer: str
    payee: str
    amount_fen: int
    offset_fen: int = Field(description="Set off against what the payee owes")
    net_fen: int = Field(description="To be paid by the bank")
    budget_line: str
    document_number: str = Field(description="Of the budget letter")
    purpose: str = Field(description="As the payee's statement will show it")
    created_on: date
    batch: str | None = Field(description="The live payment batch it is in")
    paid_on: date | None = Field(description="As the bank says")


class PayablePage(Page[PayableShown]):
    model_config = example({"items": [_PAYABLE], "next": None})


@router.get("", summary="Payables that you pay or are paid, newest first")
def payables(
    reader: Reading,
    paging: Paging,
    payee: Filter | None = None,
    *,
    free: Annotated[bool, Query(description="Only those that a payment batch may take now")] = False,
) -> PayablePage:
    found = payables_page(reader, paging.newest(), paging.look_ahead, payee=payee, free=free)
    return paging.page(PayablePage, found, PayableShown.of, lambda payable: (payable.created_on, payable.number))


@router.get("/{number}", summary="A payable", response_model=PayableShown)
def payable(number: str, request: Request, reader: Reading) -> Response:
    return document(request, PayableShown.of(detail(reader, PAYABLES, number)))
