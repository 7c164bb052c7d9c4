"""The same lists as files to take home: CSV or a workbook, with the filters of the lists."""

from enum import StrEnum
from typing import Annotated, Any

from fastapi import Query, Response

from api.bodies import Day, Filter
from api.dependencies import Reading
from api.errors import EdgeError
from api.routing import SliceRouter
from ledger.customs.listing import (
    BEFORE_THE_FIRST_USE,
    ItemFilter,
    UseFilter,
    days_in_the_city,
    exposures_page,
    items_page,
    usage_page,
)
from ledger.customs.values import ExposureState, Reason
from ledger.executor.listing import NEWEST
from ledger.reports.customs_files import exposure_rows, file_of, item_rows, use_rows
from ledger.reports.tables import Rows

router = SliceRouter("/v1/customs/files", tag="customs", noted=True)

ROWS_MAX = 50_000
FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "CSV in UTF-8 with a byte order mark, or a workbook",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}, "example": "…"}},
    }
}


class FileFormat(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"


class FileTooLong(EdgeError):
    status = 422
    zh = "符合条件的超过 {most} 行，不能一次取回。请用日期、单位或仪器缩小范围。"
    en = "More than {most} rows fit; they cannot be fetched at once. Narrow them by day, unit or instrument."


Wanted = Annotated[FileFormat, Query(alias="format", description="CSV or a workbook")]


@router.get("/uses", summary="Uses of instruments under supervision", response_class=Response, responses=FILE)
def uses_file(  # filters, by name
    reader: Reading,
    instrument: Filter | None = None,
    unit: Filter | None = None,
    district: Filter | None = None,
    user: Filter | None = None,
    since: Day | None = None,
    until: Day | None = None,
    in_scope: bool | None = None,  # noqa: FBT001  the query's word
    reason: Reason | None = None,
    wanted: Wanted = FileFormat.CSV,
) -> Response:
    """As `GET /v1/customs/uses`, whole."""
    begin, end = days_in_the_city(since, until)
    filters = UseFilter(
        instrument=instrument,
        unit=unit,
        district=district,
        user=user,
        since=begin,
        until=end,
        in_scope=in_scope,
        reason=reason,
    )
    found = usage_page(reader, BEFORE_THE_FIRST_USE, ROWS_MAX + 1, filters)
    return _file("uses", "使用记录", use_rows(found), wanted)


@router.get("/items", summary="Goods under supervision, or that were", response_class=Response, responses=FILE)
def items_file(
    reader: Reading,
    unit: Filter | None = None,
    district: Filter | None = None,
    supervised_on: Day | None = None,
    wanted: Wanted = FileFormat.CSV,
) -> Response:
    """As `GET /v1/customs/items`, whole; one line for each instrument."""
    filters = ItemFilter(unit=unit, district=district, supervised_on=supervised_on)
    return _file("items", "减免税货物", item_rows(items_page(reader, NEWEST, ROWS_MAX + 1, filters)), wanted)


@router.get("/exposures", summary="What is at risk, use by use", response_class=Response, responses=FILE)
def exposures_file(
    reader: Reading,
    unit: Filter | None = None,
    district: Filter | None = None,
    state: ExposureState | None = None,
    wanted: Wanted = FileFormat.CSV,
) -> Response:
    """As `GET /v1/customs/exposures`, whole."""
    found = exposures_page(reader, NEWEST, ROWS_MAX + 1, unit=unit, district=district, state=state)
    return _file("exposures", "或有税款", exposure_rows(found), wanted)


def _file(name: str, sheet: str, rows: Rows, wanted: FileFormat) -> Response:
    if len(rows) > ROWS_MAX + 1:  # the names above them
        raise FileTooLong(most=ROWS_MAX)
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.{wanted.value}"',
        "Cache-Control": "private, no-store",
    }
    content = file_of(sheet, rows, workbook=wanted is FileFormat.XLSX)
    return Response(content, headers=headers, media_type="application/octet-stream")
