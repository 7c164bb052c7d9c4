"""What customs has asked: an office sees its own queries, the commission, finance and auditors all of them."""

from datetime import datetime

from pydantic import Field

from api.bodies import Filter, Shown, example
from api.dependencies import Reading
from api.paging import Page, Paging, whole_in
from api.routing import SliceRouter
from ledger.customs.query_log import NEWEST, queries_page

router = SliceRouter("/v1/customs/queries", tag="customs")

_QUERY = {
    "id": 17,
    "asked_at": "2026-09-28T01:00:00Z",
    "office": "11331122MA000061XX",
    "district": "0113",
    "person": "P-1A2B-3C4D-5E6F7",
    "client": "CL-1A2B-3C4D-5E6F7",
    "path": "/v1/customs/uses",
    "query": "instrument=I-1A2B-3C4D-5E6F7",
}


class QueryShown(Shown):
    model_config = example(_QUERY)

    id: int
    asked_at: datetime
    office: str
    district: str = Field(description="That the office saw then")
    person: str
    client: str
    path: str
    query: str


class QueryPage(Page[QueryShown]):
    model_config = example({"items": [_QUERY], "next": None})


@router.get("", summary="What customs has asked, the latest first")
def queries(reader: Reading, paging: Paging, office: Filter | None = None) -> QueryPage:
    """Noted before it was answered; nobody can change it."""
    words = paging.start(1)
    found = queries_page(reader, whole_in(words[0]) if words else NEWEST, paging.look_ahead, office=office)
    return paging.page(QueryPage, found, QueryShown.of, lambda one: (one.id,))
