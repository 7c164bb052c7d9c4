"""The same lists as files to take home: CSV or a workbook, with the filters of the lists."""

from fastapi import Response

from api.bodies import Day, Filter
from api.dependencies import Reading
from api.files import FILE, ROWS_MAX, FileFormat, Wanted, file_answer
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
from ledger.reports.customs_files import exposure_rows, item_rows, use_rows

router = SliceRouter("/v1/customs/files", tag="customs", noted=True)


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
    return file_answer("uses", "使用记录", use_rows(found), wanted)


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
    return file_answer("items", "减免税货物", item_rows(items_page(reader, NEWEST, ROWS_MAX + 1, filters)), wanted)


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
    return file_answer("exposures", "或有税款", exposure_rows(found), wanted)
