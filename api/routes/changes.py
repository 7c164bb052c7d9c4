"""What has changed for the caller, by cursor."""

from datetime import datetime
from typing import Annotated

from fastapi import Query
from pydantic import Field

from api.bodies import Shown, example
from api.dependencies import Reading
from api.routing import SliceRouter
from api.webhooks.message import change_json
from ledger.assembly import house
from ledger.reports.changes import LOOKED_AT_MAX, START, Place
from ledger.reports.changes import changes as feed

router = SliceRouter("/v1/changes", tag="changes", noted=True)

_CHANGE = {
    "cursor": "128.0",
    "what": "voucher.reserve",
    "recorded_at": "2017-03-07T01:00:00Z",
    "things": [{"kind": "contract", "number": "C-1A2B-3C4D-5E6F7"}],
}


class ThingShown(Shown):
    kind: str = Field(description="Such as voucher, claim or bill: ask for it to see how it stands now")
    number: str


class ChangeShown(Shown):
    model_config = example(_CHANGE)

    cursor: str
    what: str = Field(description="Kind of the command that did it")
    recorded_at: datetime
    things: list[ThingShown]


class ChangePage(Shown):
    model_config = example({"changes": [_CHANGE], "next": "128.0", "more": False})

    changes: list[ChangeShown]
    next: str = Field(description="Give it as `after`, also when the page is empty: it moves on")
    more: bool = Field(description="Whether something later is there already")


@router.get("", summary="What has changed for you, in the order in which it was recorded")
def changes(
    reader: Reading,
    after: Annotated[str, Query(max_length=40, description="`next` of the page before")] = "",
    limit: Annotated[int, Query(ge=1, le=LOOKED_AT_MAX, description="How many commands are looked at")] = 100,
) -> ChangePage:
    place = Place.of(after) if after else START
    page = feed(reader.connection, reader.book, house().attested, place, limit)
    told = [ChangeShown.model_validate(change_json(change)) for change in page.changes]
    return ChangePage(changes=told, next=str(page.next), more=page.more)
