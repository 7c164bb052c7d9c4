"""Days that are coming up: supervisions and consents that end, moves that are planned, reports that are due."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import Query
from pydantic import Field

from api.bodies import Filter, Shown, example
from api.dependencies import Reading, Today
from api.paging import Page, Paging, day_in
from api.routing import SliceRouter
from ledger.customs.deadlines import Deadline, DeadlineKind, deadlines_page
from policies.customs.supervision import report_due

router = SliceRouter("/v1/customs/deadlines", tag="customs", noted=True)

DAYS_MAX = 3_660
_DEADLINE = {
    "on": "2027-06-30",
    "kind": "report-due",
    "subject": "2026",
    "unit": "12331122MA0000232L",
    "instrument": None,
}


class DeadlineShown(Shown):
    model_config = example(_DEADLINE)

    on: date
    kind: DeadlineKind
    subject: str = Field(description="The item, consent or move; of a report its year")
    unit: str
    instrument: str | None


class DeadlinePage(Page[DeadlineShown]):
    model_config = example({"items": [_DEADLINE], "next": None})


@router.get("", summary="What is due, the nearest first")
def deadlines(
    reader: Reading,
    paging: Paging,
    today: Today,
    days: Annotated[int, Query(ge=0, le=DAYS_MAX, description="From today on")] = 60,
    overdue: Annotated[int, Query(ge=0, le=DAYS_MAX, description="And so many days back")] = 0,
    unit: Filter | None = None,
) -> DeadlinePage:
    """A unit sees its own, customs those of its district. With `overdue`, also what has passed without being done."""
    words = paging.start(3)
    after = (day_in(words[0]), words[1], words[2]) if words else (date.min, "", "")
    since, until = today - timedelta(days=overdue), today + timedelta(days=days)
    years = range(since.year - 1, until.year)
    found = deadlines_page(
        reader,
        after,
        paging.look_ahead,
        since=since,
        until=until,
        reports={year: report_due(year + 1, today) for year in years},
        unit=unit,
    )
    return paging.page(DeadlinePage, found, DeadlineShown.of, _place)


def _place(one: Deadline) -> tuple[object, ...]:
    return one.on, one.kind.value, f"{one.subject} {one.unit}"
