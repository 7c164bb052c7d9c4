"""Instruments of the units and what their use costs: offers, open to every party."""

from datetime import date
from typing import Annotated

from fastapi import Query, Request, Response, status
from pydantic import Field

from api.answers import PROOF_EXAMPLE, Written
from api.bodies import Body, Day, Fen, Filter, Line, Shown, example
from api.dependencies import Reading, Sending
from api.paging import Page, Paging, day_in, document
from api.routing import SliceRouter
from ledger.registry.listing import BEFORE_ALL_PRICES, instruments_page, prices_page
from ledger.registry.register_instrument import RegisterInstrument
from ledger.registry.set_tariff import SetTariff
from ledger.registry.store import INSTRUMENTS
from ledger.registry.values import ChargeUnit, UserClass

router = SliceRouter("/v1/instruments", tag="instruments")

_INSTRUMENT = {
    "code": "I-1A2B-3C4D-5E6F7",
    "unit": "12331122MA0000232L",
    "name": "Transmission electron microscope",
    "category": "electron microscopes",
    "asset_number": "2016-00417",
    "original_value_fen": 300_000_000,
    "registered_on": "2017-03-01",
}
_PRICE = {"charge_unit": "hour", "user_class": "external", "price_fen": 60_000, "effective_from": "2017-04-01"}


class InstrumentShown(Shown):
    model_config = example(_INSTRUMENT)

    code: str
    unit: str = Field(description="The unit it stands in, by its unified social credit code")
    name: str
    category: str
    asset_number: str = Field(description="The unit's own")
    original_value_fen: int
    registered_on: date


class InstrumentPage(Page[InstrumentShown]):
    model_config = example({"items": [_INSTRUMENT], "next": None})


class NewInstrument(Body):
    model_config = example({name: _INSTRUMENT[name] for name in _INSTRUMENT if name not in {"code", "registered_on"}})

    unit: Line
    name: Line
    category: Line
    asset_number: Line = Field(description="The unit's own; one instrument has it")
    original_value_fen: Fen


class InstrumentRegistered(Written):
    model_config = example({"instrument": "I-1A2B-3C4D-5E6F7", "flagged_by": None, "proof": PROOF_EXAMPLE})

    instrument: str
    flagged_by: str | None = Field(
        default=None, description="The rectification that its unit has under way: somebody looks at how it was bought"
    )


class PriceShown(Shown):
    model_config = example(_PRICE)

    charge_unit: ChargeUnit
    user_class: UserClass = Field(description="`small`: small and micro firms and startup teams, where priced apart")
    price_fen: int = Field(description="Of one hour, sample or service, VAT included")
    effective_from: date = Field(description="First day; it holds until the next of its kind")


class PricePage(Page[PriceShown]):
    model_config = example({"items": [_PRICE], "next": None})


class NewPrice(Body):
    model_config = example(_PRICE)

    charge_unit: ChargeUnit
    user_class: UserClass
    price_fen: Fen
    effective_from: Day


class PriceSet(Written):
    model_config = example({"instrument": "I-1A2B-3C4D-5E6F7", "effective_from": "2017-04-01", "proof": PROOF_EXAMPLE})

    instrument: str
    effective_from: date


@router.get("", summary="Instruments of all units")
def instruments(
    reader: Reading,
    paging: Paging,
    unit: Filter | None = None,
    category: Filter | None = None,
    name: Annotated[Filter | None, Query(description="Any part of it")] = None,
) -> InstrumentPage:
    (after,) = paging.start(1) or ("",)
    found = instruments_page(reader, after, paging.look_ahead, unit=unit, category=category, name=name)
    return paging.page(InstrumentPage, found, InstrumentShown.of, lambda instrument: (instrument.code,))


@router.get("/{code}", summary="An instrument", response_model=InstrumentShown)
def instrument(code: str, request: Request, reader: Reading) -> Response:
    return document(request, InstrumentShown.of(INSTRUMENTS.load(reader, [code])[code]))


@router.post("", status_code=status.HTTP_201_CREATED, summary="Register an instrument of a unit")
async def register(body: NewInstrument, sender: Sending) -> InstrumentRegistered:
    """By an officer of the unit or an operator."""
    command = RegisterInstrument(
        **sender.signed,
        unit=body.unit,
        name=body.name,
        category=body.category,
        asset_number=body.asset_number,
        original_value_fen=body.original_value_fen,
    )
    return InstrumentRegistered.told(await sender.send(command))


@router.get("/{code}/prices", summary="Its prices, of past and coming days too")
def prices(
    code: str,
    reader: Reading,
    paging: Paging,
    on: Annotated[Day | None, Query(description="Only the prices in force on this day, as that of a use")] = None,
) -> PricePage:
    found = prices_page(reader, code, _place(paging.start(3)), paging.look_ahead, on=on)
    return paging.page(
        PricePage, found, PriceShown.of, lambda price: (price.charge_unit, price.user_class, price.effective_from)
    )


def _place(words: tuple[str, ...] | None) -> tuple[str, str, date]:
    return (words[0], words[1], day_in(words[2])) if words else BEFORE_ALL_PRICES


@router.post("/{code}/prices", status_code=status.HTTP_201_CREATED, summary="Set a price from a day on")
async def set_price(code: str, body: NewPrice, sender: Sending) -> PriceSet:
    """A price is published before it holds; one that holds already is never changed, but followed by another."""
    command = SetTariff(
        **sender.signed,
        instrument=code,
        charge_unit=body.charge_unit,
        user_class=body.user_class,
        price_fen=body.price_fen,
        effective_from=body.effective_from,
    )
    return PriceSet.told(await sender.send(command))
