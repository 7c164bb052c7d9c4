"""Periods: which legal dates are still open. Who signed, and what was filed, the bureaus read at a terminal."""

from datetime import date

from pydantic import Field

from api.bodies import Shown, example
from api.dependencies import Reading
from api.routing import SliceRouter
from ledger.journal.periods import PeriodStatus, load_periods

router = SliceRouter("/v1/periods", tag="periods")

_PERIOD = {"code": "2017", "starts_on": "2017-01-01", "ends_on": "2017-12-31", "status": "open"}


class PeriodShown(Shown):
    model_config = example(_PERIOD)

    code: str
    starts_on: date
    ends_on: date = Field(description="Last day")
    status: PeriodStatus = Field(description="open, adjusting (two people for each entry), closed (nothing more)")


class Periods(Shown):
    model_config = example({"items": [_PERIOD]})

    items: list[PeriodShown]


@router.get("", summary="Periods, by first day")
def every(reader: Reading) -> Periods:
    """An entry is dated in one of them; a date in a closed one is refused."""
    return Periods(items=[PeriodShown.of(period) for period in load_periods(reader.connection, reader.book)])


@router.get("/{code}", summary="A period")
def one(code: str, reader: Reading) -> PeriodShown:
    """That there is one, the access rule has looked up."""
    every_period = load_periods(reader.connection, reader.book)
    return next(PeriodShown.of(period) for period in every_period if period.code == code)
