"""Vouchers: what they are worth, what moved them, what is reserved, what is over."""

from datetime import date
from functools import partial

from fastapi import Request, Response, status
from pydantic import Field

from api.answers import PROOF_EXAMPLE, Written
from api.bodies import Body, Day, Fen, Filter, Line, Shown, example
from api.dependencies import Reading, Sending, TheServing
from api.paging import Page, Paging, document
from api.routes.contracts import CONTRACT, ContractShown
from api.routing import SliceRouter
from ledger.assembly import house
from ledger.database.walls import past_the_walls
from ledger.executor.clock import today
from ledger.executor.listing import detail
from ledger.reports.voucher_life import LifeEntry, voucher_life
from ledger.vouchers.expire import ExpireDue, ExpireVoucher
from ledger.vouchers.listing import contracts_of, vouchers_page
from ledger.vouchers.reserve import Reserve
from ledger.vouchers.states import VoucherState
from ledger.vouchers.store import VOUCHERS
from ledger.vouchers.values import Voucher

router = SliceRouter("/v1/vouchers", tag="vouchers")

_VOUCHER = {
    "number": "V-1A2B-3C4D-5E6F7",
    "scheme": "jinyun-2017",
    "year": 2017,
    "holder": "91331122MA0000267X",
    "face_fen": 5_000_000,
    "available_fen": 3_000_000,
    "denomination_fen": None,
    "issued_on": "2017-03-01",
    "expires_on": "2018-02-28",
    "state": "valid",
}
_LIFE = {
    "seq": 41,
    "effective_on": "2017-03-07",
    "template": "voucher.reserve",
    "name_zh": "预留",
    "name_en": "reservation",
    "citation": "invented#jinyun-2017",
    "lines": [
        {
            "address": "vouchers:held:V-1A2B-3C4D-5E6F7:C-1A2B-3C4D-5E6F7",
            "asset": "VOUCHER",
            "debit": 2_000_000,
            "credit": 0,
        },
        {"address": "vouchers:available:V-1A2B-3C4D-5E6F7", "asset": "VOUCHER", "debit": 0, "credit": 2_000_000},
    ],
}


class VoucherShown(Shown):
    model_config = example(_VOUCHER)

    number: str
    scheme: str
    year: int = Field(description="Of its budget")
    holder: str = Field(description="Unified social credit code, or the number of a startup team")
    face_fen: int
    available_fen: int = Field(description="Neither reserved, nor used, nor expired")
    denomination_fen: int | None = Field(description="Face value of one token; null where any amount may be used")
    issued_on: date
    expires_on: date = Field(description="Last day on which it may be used")
    state: VoucherState


class VoucherDocument(VoucherShown):
    model_config = example({**_VOUCHER, "contracts": [CONTRACT]})

    contracts: list[ContractShown]


class LifeLineShown(Shown):
    address: str
    asset: str
    debit: int = Field(description="Whole units of the asset")
    credit: int


class LifeEntryShown(Shown):
    seq: int
    effective_on: date = Field(description="Legal date")
    template: str
    name_zh: str
    name_en: str
    citation: str = Field(description="Source and article that it rests on")
    lines: list[LifeLineShown] = Field(description="Added up by account")


class Life(Shown):
    model_config = example({"entries": [_LIFE]})

    entries: list[LifeEntryShown] = Field(description="In the order in which they were recorded")


class VoucherPage(Page[VoucherShown]):
    model_config = example({"items": [_VOUCHER], "next": None})


class Expired(Written):
    model_config = example(
        {"voucher": "V-1A2B-3C4D-5E6F7", "expired_fen": 3_000_000, "released_fen": 0, "proof": PROOF_EXAMPLE}
    )

    voucher: str
    expired_fen: int = Field(description="Face value that is no more, its budget free again")
    released_fen: int = Field(description="Held for contracts in vain; back with the voucher")


class ExpiryRun(Body):
    model_config = example({"scheme": "jinyun-2017", "on": "2017-12-31", "operator": "11331122MA0000002X"})

    scheme: Line
    on: Day = Field(description="What ended before this day; at the latest today")
    operator: Line | None = Field(
        default=None, description="Only vouchers that this bureau issued; without it every voucher of the scheme"
    )


class ExpiryRunDone(Written):
    model_config = example(
        {
            "scheme": "jinyun-2017",
            "vouchers": ["V-1A2B-3C4D-5E6F7"],
            "expired_fen": 3_000_000,
            "released_fen": 0,
            "more": False,
            "proof": PROOF_EXAMPLE,
        }
    )

    scheme: str
    vouchers: list[str] = Field(description="Of which something ended")
    expired_fen: int
    released_fen: int
    more: bool = Field(description="True: there is more than one run takes; send another")


class Reservation(Body):
    model_config = example(
        {
            "unit": "12331122MA0000232L",
            "contract_number": "HT-2017-031",
            "service": "Tensile tests of a new alloy",
            "fee_fen": 4_000_000,
            "amount_fen": 2_000_000,
            "service_ends_on": "2017-03-31",
        }
    )

    unit: Line = Field(description="The laboratory, by its unified social credit code")
    contract_number: Line = Field(description="As the two parties number it")
    service: Line
    fee_fen: Fen = Field(description="Fee agreed, with VAT")
    amount_fen: Fen = Field(description="Face value to set aside")
    service_ends_on: Day


class Reserved(Written):
    model_config = example(
        {
            "contract": "C-1A2B-3C4D-5E6F7",
            "held_fen": 2_000_000,
            "hold_until": "2017-05-30",
            "proof": PROOF_EXAMPLE,
        }
    )

    contract: str = Field(description="Number of the contract in these books")
    held_fen: int
    hold_until: date = Field(description="Last day on which the service may be accepted")


def _shown(voucher: Voucher, on: date) -> VoucherShown:
    return VoucherShown.of(voucher, state=voucher.state(on))


@router.get("", summary="Vouchers that you may see, newest first")
def vouchers(
    reader: Reading,
    serving: TheServing,
    paging: Paging,
    scheme: Filter | None = None,
    holder: Filter | None = None,
) -> VoucherPage:
    found = vouchers_page(reader, paging.newest(), paging.look_ahead, scheme=scheme, holder=holder)
    show = partial(_shown, on=today(serving.clock))
    return paging.page(VoucherPage, found, show, lambda voucher: (voucher.issued_on, voucher.number))


@router.get("/{number}", summary="A voucher with its contracts", response_model=VoucherDocument)
def voucher(number: str, request: Request, reader: Reading, serving: TheServing) -> Response:
    found = detail(reader, VOUCHERS, number)
    contracts = [ContractShown.of(contract) for contract in contracts_of(reader, number)]
    state = found.state(today(serving.clock))
    return document(request, VoucherDocument.of(found, state=state, contracts=contracts))


@router.post("/{number}/contracts", status_code=status.HTTP_201_CREATED, summary="Reserve a part for a contract")
async def reserve(number: str, body: Reservation, sender: Sending) -> Reserved:
    """Set a part of a voucher aside for a contract with a laboratory. What is held is no longer available."""
    answer = await sender.send(
        Reserve(
            **sender.signed,
            voucher=number,
            unit=body.unit,
            contract_number=body.contract_number,
            service=body.service,
            fee_fen=body.fee_fen,
            amount_fen=body.amount_fen,
            service_ends_on=body.service_ends_on,
        )
    )
    return Reserved.told(answer)


@router.get("/{number}/life", summary="Everything that moved a voucher, as dated lines", response_model=Life)
def life(number: str, request: Request, reader: Reading) -> Response:
    """Its entries and those of the bills it pays, each whole: the sides of budget, unit and commission too."""
    with past_the_walls(reader.connection):
        entries = voucher_life(reader.connection, reader.book, number, house().templates.by_name)
    return document(request, Life(entries=[_life_entry(entry) for entry in entries]))


def _life_entry(entry: LifeEntry) -> LifeEntryShown:
    return LifeEntryShown.of(entry, lines=[LifeLineShown.of(line) for line in entry.lines])


@router.post("/{number}/expiry", status_code=status.HTTP_201_CREATED, summary="End what is over of a voucher")
async def expire(number: str, sender: Sending) -> Expired:
    """By the commission: the voucher itself, holds that ran out, what was accepted and not claimed in time."""
    return Expired.told(await sender.send(ExpireVoucher(**sender.signed, voucher=number)))


@router.post("/expiries", status_code=status.HTTP_201_CREATED, summary="End what is over of every voucher of a scheme")
async def expire_due(body: ExpiryRun, sender: Sending) -> ExpiryRunDone:
    """By the commission. Where several bureaus issue vouchers of one scheme, each names itself and ends its own."""
    command = ExpireDue(**sender.signed, scheme=body.scheme, on=body.on, operator=body.operator)
    return ExpiryRunDone.told(await sender.send(command))
