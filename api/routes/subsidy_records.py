"""The bills and uses that the lines of a batch rest on, as they stood when it was computed."""

from datetime import date, datetime
from typing import Annotated

from fastapi import Query
from pydantic import Field

from api.bodies import Filter, Shown, example
from api.dependencies import Reading
from api.paging import Page, Paging, day_in, instant_in
from api.routing import SliceRouter
from ledger.executor.listing import detail
from ledger.subsidies.records import FIRST_BILL, FIRST_USE, LeftOutBill, bill_records, use_records
from ledger.subsidies.store import BATCHES

router = SliceRouter("/v1/subsidies", tag="subsidies")

_UNIT = "12331122MA0000232L"
_BILL = {
    "bill": "FB-1A2B-3C4D-5E6F7",
    "invoice_number": "25112000000012345678",
    "unit": _UNIT,
    "payer": "91331122MA00002692",
    "issued_on": "2025-03-08",
    "vat_rate": "0.06",
    "billed_fen": 1_060_000,
    "voucher_fen": 0,
    "equity_fen": 0,
    "left_out": None,
    "reason": "",
    "counts_fen": 1_060_000,
}
_USE = {
    "use": "U-1A2B-3C4D-5E6F7",
    "instrument": "I-1A2B-3C4D-5E6F7",
    "unit": _UNIT,
    "used_by": "91331122MA00002692",
    "started_at": "2025-03-06T01:00:00Z",
    "minutes": 240,
}
Of = Annotated[Filter | None, Query(description="Code of the unit, or of the user; left out: of all")]


class SubsidyBillRecord(Shown):
    model_config = example(_BILL)

    bill: str
    invoice_number: str
    unit: str
    payer: str
    issued_on: date
    vat_rate: str
    billed_fen: int = Field(description="With tax, less what was credited and written off by then")
    voucher_fen: int
    equity_fen: int
    left_out: LeftOutBill | None = Field(description="Why it does not count; null: it does")
    reason: str = Field(description="Of an excluded bill, as it was given")
    counts_fen: int = Field(description="With tax; the base is net of it")


class SubsidyBillRecordPage(Page[SubsidyBillRecord]):
    model_config = example({"items": [_BILL], "next": None})


class SubsidyUseRecord(Shown):
    model_config = example(_USE)

    use: str
    instrument: str
    unit: str
    used_by: str
    started_at: datetime
    minutes: int


class SubsidyUseRecordPage(Page[SubsidyUseRecord]):
    model_config = example({"items": [_USE], "next": None})


@router.get("/{number}/bills", summary="Bills under the lines of a batch, as they stood")
def subsidy_bills(number: str, reader: Reading, paging: Paging, unit: Of = None) -> SubsidyBillRecordPage:
    """For commission, bureau and auditors: relations of others say which bills count. A unit asks `GET /v1/bills`."""
    batch = detail(reader, BATCHES, number)
    start = paging.start(2)
    after = (day_in(start[0]), start[1]) if start else FIRST_BILL
    found = bill_records(reader, batch, unit, after, paging.look_ahead)
    return paging.page(
        SubsidyBillRecordPage,
        found,
        lambda one: SubsidyBillRecord.of(one, counts_fen=one.counts_fen),
        lambda one: (one.issued_on, one.bill),
    )


@router.get("/{number}/uses", summary="Uses under the lines of a batch, as they stood")
def subsidy_uses(number: str, reader: Reading, paging: Paging, unit: Of = None) -> SubsidyUseRecordPage:
    """By start; as far as the caller may see them."""
    batch = detail(reader, BATCHES, number)
    start = paging.start(2)
    after = (instant_in(start[0]), start[1]) if start else FIRST_USE
    found = use_records(reader, batch, unit, after, paging.look_ahead)
    return paging.page(SubsidyUseRecordPage, found, SubsidyUseRecord.of, lambda one: (one.started_at, one.use))
