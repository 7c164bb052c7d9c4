"""Instruments that units registered while they were to mend something, for whoever approves purchases."""

from datetime import date

from pydantic import Field

from api.bodies import Filter, Shown, example
from api.dependencies import Reading
from api.paging import Page, Paging
from api.routing import SliceRouter
from ledger.evaluation.listing import flagged_page

router = SliceRouter("/v1/flagged-purchases", tag="evaluations")

_FLAGGED = {
    "instrument": "I-1A2B-3C4D-5E6F7",
    "name": "场发射扫描电子显微镜",
    "asset_number": "20260001",
    "original_value_fen": 67_810_000,
    "unit": "12331122MA0000232L",
    "rectification": "RF-1A2B-3C4D-5E6F7",
    "flagged_on": "2026-05-18",
    "cited": "state-council-2014-70#开放效果差的，停止新购 / who opens badly buys nothing new",
}


class FlaggedPurchase(Shown):
    model_config = example(_FLAGGED)

    instrument: str
    name: str
    asset_number: str
    original_value_fen: int
    unit: str
    rectification: str
    flagged_on: date
    cited: str = Field(description="`source#article`")


class FlaggedPurchasePage(Page[FlaggedPurchase]):
    model_config = example({"items": [_FLAGGED], "next": None})


@router.get("", summary="Instruments registered by units in rectification")
def flagged_purchases(
    reader: Reading, paging: Paging, unit: Filter | None = None, rectification: Filter | None = None
) -> FlaggedPurchasePage:
    """Those flagged last first; a unit sees its own."""
    found = flagged_page(reader, paging.newest(), paging.look_ahead, unit=unit, rectification=rectification)
    return paging.page(FlaggedPurchasePage, found, FlaggedPurchase.of, lambda one: (one.flagged_on, one.instrument))
