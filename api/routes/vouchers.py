"""Vouchers and the contracts they are used for."""

from datetime import date
from functools import partial

from fastapi import Request, Response, status
from pydantic import Field

from api.answers import PROOF_EXAMPLE, Written
from api.bodies import Body, Day, Fen, Filter, Line, Shown, example
from api.dependencies import Reading, Sending, TheServing
from api.paging import Page, Paging, day_in, document
from api.routing import SliceRouter
from ledger.executor.clock import today
from ledger.vouchers.listing import BEFORE_THE_FIRST, contracts_of, vouchers_page
from ledger.vouchers.reserve import Reserve
from ledger.vouchers.store import VOUCHERS
from ledger.vouchers.values import ContractState, Voucher, VoucherState

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
_CONTRACT = {
    "number": "C-1A2B-3C4D-5E6F7",
    "unit": "12331122MA0000232L",
    "contract_number": "HT-2017-031",
    "service": "Tensile tests of a new alloy",
    "fee_fen": 4_000_000,
    "held_fen": 2_000_000,
    "redeemable_fen": 0,
    "service_ends_on": "2017-03-31",
    "reserved_on": "2017-03-01",
    "hold_until": "2017-05-30",
    "state": "reserved",
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


class ContractShown(Shown):
    model_config = example(_CONTRACT)

    number: str
    unit: str
    contract_number: str = Field(description="As its two parties number it")
    service: str
    fee_fen: int = Field(description="Fee agreed, with VAT")
    held_fen: int = Field(description="Face value set aside")
    redeemable_fen: int = Field(description="Face value accepted and not yet claimed")
    service_ends_on: date
    reserved_on: date
    hold_until: date = Field(description="Last day on which the service may be accepted")
    state: ContractState


class VoucherDocument(VoucherShown):
    model_config = example({**_VOUCHER, "contracts": [_CONTRACT]})

    contracts: list[ContractShown]


class VoucherPage(Page[VoucherShown]):
    model_config = example({"items": [_VOUCHER], "next": None})


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


def _place(words: tuple[str, ...] | None) -> tuple[date, str]:
    return (day_in(words[0]), words[1]) if words else BEFORE_THE_FIRST


@router.get("", summary="Vouchers that you may see, newest first")
def vouchers(
    reader: Reading,
    serving: TheServing,
    paging: Paging,
    scheme: Filter | None = None,
    holder: Filter | None = None,
) -> VoucherPage:
    found = vouchers_page(reader, _place(paging.start(2)), paging.look_ahead, scheme=scheme, holder=holder)
    show = partial(_shown, on=today(serving.clock))
    return paging.page(VoucherPage, found, show, lambda voucher: (voucher.issued_on, voucher.number))


@router.get("/{number}", summary="A voucher with its contracts", response_model=VoucherDocument)
def voucher(number: str, request: Request, reader: Reading, serving: TheServing) -> Response:
    found = VOUCHERS.load(reader, [number])[number]
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
