"""Use of instruments: minutes that a user had, recorded by the unit."""

from datetime import date, datetime
from typing import Annotated

from fastapi import Query, Request, Response, status
from pydantic import Field

from api.answers import PROOF_EXAMPLE, UseJudged, Written
from api.bodies import Body, Day, Filter, Instant, Line, Shown, Text, Whole, example
from api.dependencies import Reading, Sending
from api.paging import Page, Paging, document, instant_in
from api.routing import SliceRouter
from ledger.fees.listing import BEFORE_THE_FIRST_USE, uses_page
from ledger.fees.record_log import USES_MAX, LoggedUse, RecordLog
from ledger.fees.record_use import RecordUse
from ledger.fees.store import USES
from ledger.fees.values import PurposeClass

router = SliceRouter("/v1/uses", tag="uses")

_USE = {
    "number": "U-1A2B-3C4D-5E6F7",
    "instrument": "I-1A2B-3C4D-5E6F7",
    "unit": "12331122MA0000232L",
    "user": "91331122MA0000267X",
    "operator": "P-1A2B-3C4D-5E6F7",
    "started_at": "2017-03-07T01:00:00Z",
    "minutes": 120,
    "purpose": "Fracture surfaces of a new alloy",
    "service": "Transmission electron microscopy",
    "purpose_class": "research",
    "place": "",
    "bill": None,
}


_PURPOSE = Field(
    default=None,
    description="What kind of purpose it was; needed of an instrument that customs supervises",
)
_PLACE = Field(
    default=None,
    description="Where the instrument stood; needed of one that customs supervises",
)


class UseShown(Shown):
    model_config = example(_USE)

    number: str
    instrument: str
    unit: str
    user: str = Field(description="The party that used it")
    operator: str = Field(description="The person who ran it")
    started_at: datetime
    minutes: int
    purpose: str
    service: str
    purpose_class: PurposeClass | None = Field(description="null: not stated")
    place: str = Field(description="Where the instrument stood; empty: not stated")
    bill: str | None = Field(description="The bill that charges it, where it is yours to see")


class UsePage(Page[UseShown]):
    model_config = example({"items": [_USE], "next": None})


class NewUse(Body):
    model_config = example(
        {
            **{name: _USE[name] for name in ("instrument", "user", "operator", "started_at", "minutes", "purpose")},
            "service": "Transmission electron microscopy",
            "purpose_class": "research",
            "place": None,
            "late_reason": None,
            "second_person": None,
        }
    )

    instrument: Line
    user: Line = Field(description="Code of the party that used it")
    operator: Line = Field(description="Number of the person who ran it")
    started_at: Instant
    minutes: Whole
    purpose: Text
    service: Line | None = None
    purpose_class: PurposeClass | None = _PURPOSE
    place: Line | None = _PLACE
    late_reason: Line | None = Field(default=None, description="Why it is recorded on a later day than it took place")
    second_person: Line | None = Field(default=None, description="Then: another officer of the unit, who confirms it")


class UseRecorded(Written):
    model_config = example(
        {"use": "U-1A2B-3C4D-5E6F7", "minutes": 120, "used_on": "2017-03-07", "proof": PROOF_EXAMPLE}
    )

    use: str
    minutes: int
    used_on: date = Field(description="Its legal date: the last day in the city that it touches")
    customs: list[UseJudged] = Field(default=[], description="Of an instrument that customs supervises")


_LOGGED = {
    "instrument": "I-1A2B-3C4D-5E6F7",
    "user": "91331122MA00002692",
    "started_at": "2017-03-07T09:00:00+08:00",
    "minutes": 120,
    "purpose": "断口分析",
}


class LoggedUseBody(Body):
    model_config = example(_LOGGED)

    instrument: Line
    user: Line = Field(description="Code of the party that used it")
    started_at: Instant
    minutes: Whole
    purpose: Text
    service: Line | None = None
    purpose_class: PurposeClass | None = _PURPOSE
    place: Line | None = _PLACE


class NewLog(Body):
    model_config = example(
        {
            "unit": "12331122MA0000232L",
            "operator": "P-1A2B-3C4D-5E6F",
            "uses": [_LOGGED],
            "late_reason": "月末汇总登记",
            "second_person": "P-6F5E-4D3C-2B1A",
        }
    )

    unit: Line
    operator: Line = Field(description="The person who ran the instruments, or answers for the log")
    uses: list[LoggedUseBody] = Field(min_length=1, max_length=USES_MAX)
    late_reason: Line | None = Field(default=None, description="Why uses of earlier days are recorded only now")
    second_person: Line | None = Field(default=None, description="Then: another officer of the unit, who confirms it")


class LogRecorded(Written):
    model_config = example(
        {
            "unit": "12331122MA0000232L",
            "uses": ["U-1A2B-3C4D-5E6F7"],
            "minutes": 120,
            "from": "2017-03-07",
            "until": "2017-03-07",
            "proof": PROOF_EXAMPLE,
        }
    )

    unit: str
    uses: list[str] = Field(description="Their numbers, by day")
    minutes: int
    since: date = Field(alias="from", description="Legal date of the first")
    until: date
    customs: list[UseJudged] = Field(default=[], description="Uses of instruments that customs supervises")


@router.get("", summary="Uses by you or of your instruments, newest first")
def uses(
    reader: Reading,
    paging: Paging,
    *,
    instrument: Filter | None = None,
    unit: Filter | None = None,
    user: Filter | None = None,
    since: Annotated[Day, Query(description="First day of the start")] = date.min,
    until: Annotated[Day, Query(description="Last day of the start")] = date.max,
    billed: Annotated[bool | None, Query(description="Whether a bill that you may see charges it")] = None,
) -> UsePage:
    words = paging.start(2)
    after = (instant_in(words[0]), words[1]) if words else BEFORE_THE_FIRST_USE
    found = uses_page(
        reader,
        after,
        paging.look_ahead,
        instrument=instrument,
        unit=unit,
        user=user,
        since=since,
        until=until,
        billed=billed,
    )
    return paging.page(UsePage, found, UseShown.of, lambda use: (use.started_at.isoformat(), use.number))


@router.get("/{number}", summary="A use", response_model=UseShown)
def use(number: str, request: Request, reader: Reading) -> Response:
    return document(request, UseShown.of(USES.load(reader, [number])[number]))


@router.post("/logs", status_code=status.HTTP_201_CREATED, summary="Record many uses at once, all of them or none")
async def record_log(body: NewLog, sender: Sending) -> LogRecorded:
    """By an officer of the unit, as its log book or its own system has them."""
    command = RecordLog(
        **sender.signed,
        unit=body.unit,
        operator=body.operator,
        uses=tuple(
            LoggedUse(
                one.instrument,
                one.user,
                one.started_at,
                one.minutes,
                one.purpose,
                one.service or "",
                one.purpose_class or "",
                one.place or "",
            )
            for one in body.uses
        ),
        late_reason=body.late_reason or "",
        second_person=body.second_person or "",
    )
    return LogRecorded.told(await sender.send(command))


@router.post("", status_code=status.HTTP_201_CREATED, summary="Record a use")
async def record(body: NewUse, sender: Sending) -> UseRecorded:
    """By an officer of the unit. What happened is recorded, whether it was within any scope or not."""
    command = RecordUse(
        **sender.signed,
        instrument=body.instrument,
        user=body.user,
        operator=body.operator,
        started_at=body.started_at,
        minutes=body.minutes,
        purpose=body.purpose,
        service=body.service or "",
        purpose_class=body.purpose_class or "",
        place=body.place or "",
        late_reason=body.late_reason or "",
        second_person=body.second_person or "",
    )
    return UseRecorded.told(await sender.send(command))
