"""Entries with their transfers, and the receipts that prove them."""

from datetime import date, datetime
from typing import Any

from fastapi import Request, Response
from pydantic import Field
from sqlalchemy import Connection

from api.bodies import Shown, example
from api.dependencies import Reading, TheCaller, TheServing
from api.paging import document
from api.routing import SliceRouter
from ledger.assembly import BOOK_CODE, house
from ledger.database.walls import EVERYTHING
from ledger.errors import Refused
from ledger.journal.bulk import run
from ledger.journal.listing import entry_shown
from ledger.journal.receipts import receipt

router = SliceRouter("/v1/entries", tag="entries")

_ENTRY = {
    "seq": 41,
    "id": "6d1f2a34-0a9f-5c55-8a60-1d2f7a1c0c11",
    "template": "voucher.reserve",
    "effective_on": "2017-03-07",
    "recorded_at": "2017-03-07T01:00:00Z",
    "block": 128,
    "citation": "invented#jinyun-2017",
    "calculation": None,
    "reverses": None,
    "reason": None,
    "memo": "HT-2017-031",
    "transfers": [
        {
            "line": 1,
            "debit": "vouchers:held:V-1A2B-3C4D-5E6F7:C-1A2B-3C4D-5E6F7",
            "credit": "vouchers:available:V-1A2B-3C4D-5E6F7",
            "asset": "VOUCHER",
            "amount": 2_000_000,
            "budget_line": None,
        }
    ],
}
_RECEIPT = {"version": 1, "entry": 41, "leaf": {"kind": "voucher.reserve"}, "position": 0, "path": [], "blocks": []}


class ReceiptOfAnother(Refused):
    zh = "第 {entry} 号凭证由另一单位的请求产生，收据会载明该请求的全部内容，因此只给该单位和主管部门。"
    en = (
        "Entry {entry} came of another party's request, and a receipt shows all of that request: it is given to that "
        "party and to bureaus only."
    )


class TransferItem(Shown):
    line: int
    debit: str = Field(description="Address; empty when it is another party's and not yours to see")
    credit: str
    asset: str
    amount: int = Field(description="Whole units of the asset")
    budget_line: str | None


class EntryDocument(Shown):
    model_config = example(_ENTRY)

    seq: int
    id: str
    template: str
    effective_on: date = Field(description="Legal date")
    recorded_at: datetime
    block: int = Field(description="Where it stands in the chain")
    citation: str = Field(description="Source and article that it rests on")
    calculation: str | None = Field(description="Id of the stored calculation of its amount")
    reverses: int | None
    reason: str | None = Field(description="Why it was entered late or reversed")
    memo: str
    transfers: list[TransferItem]


class ReceiptDocument(Shown):
    """Keep it as it is, as a file: `verify_receipt.py` checks it offline against the signed heads."""

    model_config = example(_RECEIPT)

    version: int
    entry: int
    leaf: dict[str, Any]
    position: int
    path: list[str]
    blocks: list[dict[str, Any]]


@router.get("/{seq}", summary="An entry with its transfers", response_model=EntryDocument)
def entry(seq: int, request: Request, reader: Reading) -> Response:
    found = entry_shown(reader.connection, reader.book, seq)
    transfers = [TransferItem.of(transfer) for transfer in found.transfers]
    return document(request, EntryDocument.of(found, transfers=transfers))


@router.get("/{seq}/receipt", summary="What proves an entry to somebody who has only the signed heads")
def entry_receipt(seq: int, serving: TheServing, caller: TheCaller) -> ReceiptDocument:
    # The whole block is hashed again for the path, so this reads past the party's walls; what it gives out does not.
    with serving.reading(EVERYTHING) as reader:
        _check_own(reader.connection, reader.book, seq, caller.sees)
        made = receipt(reader.connection, reader.book, BOOK_CODE, house().attested, seq, serving.anchors)
    return ReceiptDocument.model_validate(made)


def _check_own(connection: Connection, book: int, seq: int, party: str) -> None:
    rows = run(
        connection,
        "SELECT c.tenant FROM entry e JOIN command c ON c.book = e.book AND c.id = e.command "
        "WHERE e.book = %s AND e.seq = %s",
        [book, seq],
    )
    if rows and party not in {EVERYTHING, rows[0][0]}:
        raise ReceiptOfAnother(entry=seq)
