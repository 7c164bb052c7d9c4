"""What lies on goods under supervision: agreements by which fees for them would become a share, and their ends."""

from datetime import date

from pydantic import Field

from api.bodies import Filter, Shown, example
from api.dependencies import Reading
from api.paging import Page, Paging
from api.routing import SliceRouter
from ledger.customs.listing import Goods, goods_page
from ledger.customs.values import ItemOutcome
from ledger.equity.encumbrances import Encumbrance, encumbrances
from ledger.equity.values import AgreementState

router = SliceRouter("/v1/customs/encumbrances", tag="customs", noted=True)

_AGREEMENT = {
    "agreement": "EA-1A2B-3C4D-5E6F7",
    "firm": "91331122MA0000267X",
    "state": "signed",
    "signed_on": "2026-10-01",
    "supervised_uses": 0,
    "supervised_fee_fen": 0,
}
_GOODS = {
    "instrument": "I-1A2B-3C4D-5E6F7",
    "unit": "12331122MA0000232L",
    "supervised_until": "2028-03-10",
    "outcomes": [],
    "agreements": [],
}


class EncumbranceShown(Shown):
    model_config = example(_AGREEMENT)

    agreement: str
    firm: str
    state: AgreementState
    signed_on: date | None
    supervised_uses: int = Field(description="Counted, though a day of them is supervised")
    supervised_fee_fen: int = Field(description="What the bills charge for these, with VAT")


class EncumberedShown(Shown):
    model_config = example(_GOODS)

    instrument: str
    unit: str
    supervised_until: date = Field(description="Last day, of all items of the instrument")
    outcomes: list[ItemOutcome] = Field(description="Of supervisions that ended before their time, such as a transfer")
    agreements: list[EncumbranceShown] = Field(description="Empty, as it must be while the goods are supervised")


class EncumberedPage(Page[EncumberedShown]):
    model_config = example({"items": [_GOODS], "next": None})


def _shown(goods: Goods, found: tuple[Encumbrance, ...]) -> EncumberedShown:
    return EncumberedShown.of(
        goods, outcomes=list(goods.outcomes), agreements=[EncumbranceShown.of(one) for one in found]
    )


@router.get("", summary="What lies on goods that are or were supervised")
def encumbered(
    reader: Reading, paging: Paging, instrument: Filter | None = None, unit: Filter | None = None
) -> EncumberedPage:
    """A unit sees its own goods, customs those of its district. Mortgages are in no books of ours."""
    words = paging.start(1)
    found = goods_page(reader, words[0] if words else "", paging.look_ahead, instrument=instrument, unit=unit)
    lies = encumbrances(reader, [one.instrument for one in found])
    return paging.page(
        EncumberedPage, found, lambda one: _shown(one, lies[one.instrument]), lambda one: (one.instrument,)
    )
