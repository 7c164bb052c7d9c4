"""Working days that operators entered from notices published after the shipped calendar."""

from datetime import date
from typing import Annotated

from fastapi import status
from pydantic import Field

from api.answers import PROOF_EXAMPLE, Written
from api.bodies import Body, Day, Line, Shown, example
from api.dependencies import Reading, Sending
from api.paging import Page, Paging, day_in
from api.routing import SliceRouter
from ledger.registry.listing import calendar_days_page
from ledger.registry.set_calendar_days import SetCalendarDays

router = SliceRouter("/v1/calendar-days", tag="calendar days")

_NOTICE = "国办发明电〔2026〕X号"
_DAY = {"day": "2027-02-06", "works": True, "notice": _NOTICE}
DAYS_MAX = 366


class CalendarDayShown(Shown):
    model_config = example(_DAY)

    day: date
    works: bool = Field(description="True: a weekend day that is worked; false: a weekday that is not")
    notice: str = Field(description="Number of the notice it comes from")


class CalendarDayPage(Page[CalendarDayShown]):
    model_config = example({"items": [_DAY], "next": None})


class Notice(Body):
    model_config = example({"notice": _NOTICE, "worked": ["2027-02-06"], "off": ["2027-02-08"], "completes": 2027})

    notice: Line = Field(description="Its number")
    worked: list[Day] = Field(max_length=DAYS_MAX, description="Weekend days that are worked")
    off: list[Day] = Field(max_length=DAYS_MAX, description="Weekdays that are not worked")
    completes: Annotated[int, Field(strict=True, ge=2000, le=2999)] | None = Field(
        default=None, description="The year that is known completely with this notice"
    )


class NoticeEntered(Written):
    model_config = example({"notice": _NOTICE, "days": 2, "proof": PROOF_EXAMPLE})

    notice: str
    days: int


@router.get("", summary="Days that operators entered, in their order")
def calendar_days(
    reader: Reading,
    paging: Paging,
    since: Day = date.min,
    until: Day = date.max,
) -> CalendarDayPage:
    after = day_in(*(paging.start(1) or (str(date.min),)))
    found = calendar_days_page(reader, after, paging.look_ahead, since=since, until=until)
    return paging.page(CalendarDayPage, found, CalendarDayShown.of, lambda entered: (entered.day,))


@router.post("", status_code=status.HTTP_201_CREATED, summary="Enter the days of a notice")
async def enter(body: Notice, sender: Sending) -> NoticeEntered:
    """By an operator. Terms in working days that are counted from now on go by these days too."""
    command = SetCalendarDays(
        **sender.signed, notice=body.notice, worked=tuple(body.worked), off=tuple(body.off), completes=body.completes
    )
    return NoticeEntered.told(await sender.send(command))
