"""Yearly reports on duty-free goods: drafted from the records, filed, overdue, changed since."""

from datetime import date
from typing import Annotated

from fastapi import Query, status
from pydantic import Field

from api.answers import PROOF_EXAMPLE, Written
from api.bodies import Body, Filter, Line, Shown, Text, Year, example
from api.dependencies import Reading, Sending, Today
from api.paging import Page, Paging
from api.routing import SliceRouter
from ledger.customs.file_report import FIRST_YEAR, LAST_YEAR, FileReport
from ledger.customs.report_store import reports_page
from ledger.customs.values import Report
from policies.customs.supervision import report_due

router = SliceRouter("/v1/customs/reports", tag="customs", noted=True)

_LINE = {
    "item": "CI-1A2B-3C4D-5E6F7",
    "instrument": "I-1A2B-3C4D-5E6F7",
    "value_fen": 365_000_000,
    "place": "理化楼101室",
    "state": "supervised",
    "uses": 3,
    "own_minutes": 120,
    "shared_minutes": 60,
    "outside_minutes": 180,
}
_REPORT = {
    "unit": "12331122MA0000232L",
    "year": 2026,
    "due_on": "2027-06-30",
    "filed_on": None,
    "versions": 0,
    "changed": False,
    "overdue": False,
    "draft": [_LINE],
}


class ReportLineShown(Shown):
    model_config = example(_LINE)

    item: str
    instrument: str
    value_fen: int
    place: str = Field(description="At the end of the year")
    state: str = Field(description="`supervised`, `expired`, or how the supervision ended")
    uses: int = Field(description="That began in the year and were not taken back")
    own_minutes: int
    shared_minutes: int = Field(description="By others, in scope")
    outside_minutes: int = Field(description="Out of scope")


class ReportShown(Shown):
    model_config = example(_REPORT)

    unit: str
    year: int
    due_on: date
    filed_on: date | None
    versions: int = Field(description="How often it was filed")
    changed: bool | None = Field(
        description="The records are others than what was last filed; null where several units are asked for"
    )
    overdue: bool
    draft: list[ReportLineShown] | None = Field(
        description="As the records stand now, of the one unit that was named; null in a list of several"
    )


class ReportPage(Page[ReportShown]):
    model_config = example({"items": [_REPORT], "next": None})


@router.get("", summary="Reports on a year: drafts, filings, what is overdue")
def reports(
    reader: Reading,
    paging: Paging,
    today: Today,
    year: Annotated[int | None, Query(ge=FIRST_YEAR, le=LAST_YEAR, description="Without it, the last one")] = None,
    unit: Filter | None = None,
    overdue: bool = False,  # noqa: FBT001, FBT002  the query's word
) -> ReportPage:
    """A unit sees its own, customs those of its district. With `overdue`, those that are late today.

    Name a unit to have its draft.
    """
    on = year or today.year - 1
    due_on = report_due(on + 1, today)
    words = paging.start(1)
    late = due_on if overdue else None
    after = words[0] if words else ""
    found = reports_page(reader, on, after, paging.look_ahead, unit=unit, overdue_since=late, today=today)
    return paging.page(ReportPage, found, lambda one: _shown(one, today, due_on), lambda one: (one.unit,))


def _shown(report: Report, today: date, due_on: date) -> ReportShown:
    draft = None if report.draft is None else [ReportLineShown.of(line) for line in report.draft]
    return ReportShown.of(report, due_on=due_on, overdue=report.overdue_on(today, due_on), draft=draft)


class NewReport(Body):
    model_config = example(
        {"unit": "12331122MA0000232L", "year": 2026, "document_number": "报〔2027〕1号", "reason": None}
    )

    unit: Line
    year: Year = Field(description="On which it reports")
    document_number: Line
    reason: Text | None = Field(default=None, description="Why a later version differs from the one before")


class ReportFiled(Written):
    model_config = example(
        {
            "unit": "12331122MA0000232L",
            "year": 2026,
            "version": 1,
            "due_on": "2027-06-30",
            "late": False,
            "proof": PROOF_EXAMPLE,
        }
    )

    unit: str
    year: int
    version: int
    due_on: date
    late: bool


@router.post("", status_code=status.HTTP_201_CREATED, summary="File a report as its draft stands")
async def file_report(body: NewReport, sender: Sending) -> ReportFiled:
    """By an officer of the unit. After a correction it is filed anew, with the reason."""
    command = FileReport(
        **sender.signed,
        unit=body.unit,
        year=body.year,
        document_number=body.document_number,
        reason=body.reason or "",
    )
    return ReportFiled.told(await sender.send(command))
