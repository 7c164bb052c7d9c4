"""Who used an instrument under supervision, when, where and for what; what is at risk by instrument, unit, district."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from pydantic import Field

from api.bodies import Day, Filter, Shown, example
from api.dependencies import Reading, Today
from api.paging import Page, Paging, instant_in
from api.routing import SliceRouter
from ledger.customs.listing import BEFORE_THE_FIRST_USE, UseFilter, days_in_the_city, risk_by, usage_page
from ledger.customs.values import Reason
from ledger.fees.values import PurposeClass

router = SliceRouter("/v1/customs", tag="customs", noted=True)

_USE = {
    "number": "U-1A2B-3C4D-5E6F7",
    "instrument": "I-1A2B-3C4D-5E6F7",
    "unit": "12331122MA0000232L",
    "district": "0113",
    "user": "91331122MA0000267X",
    "purpose_class": "research",
    "place": "理化楼101室",
    "started_at": "2026-09-01T01:00:00Z",
    "ended_at": "2026-09-01T03:00:00Z",
    "minutes": 120,
    "in_scope": True,
    "reasons": [],
    "consent": "CS-1A2B-3C4D-5E6F7",
    "exposure": None,
    "billed": True,
    "fee_fen": 60_000,
    "voucher": False,
    "evidence_hash": "9f2c1e5b7d3a4c6e8f0a1b2c3d4e5f60718293a4b5c6d7e8f900011223344556",
    "command": "0f0b2f5e-8a5d-5b3e-9b43-0c2f7f7d3c11",
}


class SupervisedUse(Shown):
    model_config = example(_USE)

    number: str
    instrument: str
    unit: str
    district: str
    user: str
    purpose_class: PurposeClass | None = Field(description="null: not stated")
    place: str | None
    started_at: datetime
    ended_at: datetime
    minutes: int
    in_scope: bool
    reasons: list[str] = Field(description="Why it is out of scope")
    consent: str | None
    exposure: str | None = Field(description="What it puts at risk")
    billed: bool
    fee_fen: int = Field(description="What a bill charges for it, VAT included")
    voucher: bool = Field(description="A voucher bears a part of the bill, or did; which one is not for customs")
    evidence_hash: str = Field(description="SHA-256 over who used what, when, where and for what")
    command: UUID = Field(description="The request that recorded it")


class SupervisedUsePage(Page[SupervisedUse]):
    model_config = example({"items": [_USE], "next": None})


@router.get("/uses", summary="Uses of instruments under supervision, the latest first")
def uses(  # filters, by name
    reader: Reading,
    paging: Paging,
    instrument: Filter | None = None,
    unit: Filter | None = None,
    district: Filter | None = None,
    user: Filter | None = None,
    since: Day | None = None,
    until: Day | None = None,
    in_scope: bool | None = None,  # noqa: FBT001  the query's word
    reason: Reason | None = None,
) -> SupervisedUsePage:
    """The records that the bills read. `since` and `until` are days on which they began, in the city."""
    words = paging.start(2)
    after = (instant_in(words[0]), words[1]) if words else BEFORE_THE_FIRST_USE
    begin, end = days_in_the_city(since, until)
    wanted = UseFilter(
        instrument=instrument,
        unit=unit,
        district=district,
        user=user,
        since=begin,
        until=end,
        in_scope=in_scope,
        reason=reason,
    )
    found = usage_page(reader, after, paging.look_ahead, wanted)
    return paging.page(SupervisedUsePage, found, SupervisedUse.of, lambda one: (one.started_at, one.number))


class RiskBy(StrEnum):
    INSTRUMENT = "instrument"
    UNIT = "unit"
    DISTRICT = "district"


_RISK = {
    "subject": "I-1A2B-3C4D-5E6F7",
    "exposures": 12,
    "duty_fen": 200_000,
    "vat_fen": 546_000,
    "consumption_fen": 0,
    "total_fen": 746_000,
}


class RiskShown(Shown):
    model_config = example(_RISK)

    subject: str = Field(description="The instrument, unit or district")
    exposures: int = Field(description="Open ones")
    duty_fen: int
    vat_fen: int
    consumption_fen: int
    total_fen: int


class RiskPage(Page[RiskShown]):
    model_config = example({"items": [_RISK], "next": None})


@router.get("/risk", summary="Import tax at risk, added up")
def risk(
    reader: Reading, paging: Paging, today: Today, by: RiskBy = RiskBy.INSTRUMENT, on: Day | None = None
) -> RiskPage:
    """As it stood at the end of a day; what customs has not assessed is an estimate."""
    words = paging.start(1)
    day: date = on or today
    found = risk_by(reader, by.value, day, words[0] if words else "", paging.look_ahead)
    return paging.page(RiskPage, found, RiskShown.of, lambda one: (one.subject,))
