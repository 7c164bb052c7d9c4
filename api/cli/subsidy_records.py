"""`vledger subsidy records`: the bills and uses under one line of a batch, as they stood when it was computed."""

import json
from typing import Annotated

import typer

from api.books import open_books
from api.cli.options import AsJson, Data, in_language
from api.cli.tables import print_table
from ledger.amounts import yuan
from ledger.assembly import BOOK
from ledger.errors import NotFound
from ledger.executor.clock import CITY
from ledger.executor.reading import Reader
from ledger.journal.attestation import plain
from ledger.subsidies.records import LEFT_OUT_ZH, BillRecord, UseRecord, bill_records, use_records
from ledger.subsidies.store import BATCHES
from ledger.subsidies.values import Batch


def records(
    number: Annotated[str, typer.Argument(help="Number of the batch, SB-….  补贴批次编号")],
    unit: Annotated[str, typer.Argument(help="Code of the unit, or of the user.  单位代码")],
    data: Data = None,
    *,
    uses: Annotated[bool, typer.Option("--uses", help="Its uses instead of its bills.  列出使用记录")] = False,
    as_json: AsJson = False,
) -> None:
    """Bills, or uses, under one line of a batch, one by one, with why a bill does not count.  一笔补贴所依据的记录."""
    with open_books(data) as books, books.snapshot() as connection:
        reader = Reader(connection, BOOK)
        batch = BATCHES.load(reader, [number]).get(number)
        if batch is None:
            raise NotFound("补贴批次/subsidy batch", number)
        if unit not in {award.unit for award in batch.awards} | {one.unit for one in batch.excluded}:
            raise NotFound("单位/unit", unit)
        bills, used = bill_records(reader, batch, unit), use_records(reader, batch, unit)
    if as_json:
        print(json.dumps(plain(_object(batch, unit, bills, used)), ensure_ascii=False))
    elif uses:
        _print_uses(used)
    else:
        _print_bills(bills)


def _object(batch: Batch, unit: str, bills: list[BillRecord], uses: list[UseRecord]) -> dict[str, object]:
    return {
        "batch": batch.number,
        "unit": unit,
        "records": {
            "year": batch.base_year,
            "block": batch.block,
            "last_seq": batch.last_seq,
            "block_hash": batch.block_hash,
        },
        "bills": [
            {name: getattr(one, name) for name in BillRecord.__slots__} | {"counts_fen": one.counts_fen}
            for one in bills
        ],
        "uses": [{name: getattr(one, name) for name in UseRecord.__slots__} for one in uses],
    }


def _print_bills(bills: list[BillRecord]) -> None:
    if not bills:
        print(in_language(zh="没有账单。", en="There is no bill."))
        return
    headings = in_language(
        zh="账单|发票号码|单位|付款方|日期|税率|不计入的原因|开票（元）|券款（元）|入股（元）|计入（元，含税）",
        en="bill|invoice|unit|payer|issued|tax|why it does not count|billed|vouchers|equity|counts, with tax",
    ).split("|")
    rows = [
        [
            one.bill,
            one.invoice_number,
            one.unit,
            one.payer,
            one.issued_on.isoformat(),
            one.vat_rate,
            _why(one),
            *map(yuan, (one.billed_fen, one.voucher_fen, one.equity_fen, one.counts_fen)),
        ]
        for one in bills
    ]
    sums = [
        yuan(sum(column))
        for column in zip(
            *((one.billed_fen, one.voucher_fen, one.equity_fen, one.counts_fen) for one in bills), strict=True
        )
    ]
    rows.append([in_language(zh="合计", en="total"), *[""] * 6, *sums])
    print_table(headings, rows, right=4)


def _why(one: BillRecord) -> str:
    if one.left_out is None:
        return ""
    return " ".join(filter(None, (in_language(zh=LEFT_OUT_ZH[one.left_out], en=one.left_out.value), one.reason)))


def _print_uses(uses: list[UseRecord]) -> None:
    if not uses:
        print(in_language(zh="没有使用记录。", en="There is no use."))
        return
    headings = in_language(zh="使用记录|仪器|单位|用户|开始|分钟", en="use|instrument|unit|used by|from|minutes").split(
        "|"
    )
    rows = [
        [
            one.use,
            one.instrument,
            one.unit,
            one.used_by,
            one.started_at.astimezone(CITY).strftime("%Y-%m-%d %H:%M"),
            f"{one.minutes:,}",
        ]
        for one in uses
    ]
    total = in_language(zh="合计", en="total")
    rows.append([total, "", "", "", f"{len(uses):,}", f"{sum(one.minutes for one in uses):,}"])
    print_table(headings, rows, right=1)
