"""Lists as files to take home: CSV or a workbook."""

from enum import StrEnum
from typing import Annotated, Any

from fastapi import Query, Response

from api.errors import EdgeError
from ledger.reports.tables import Rows, file_of

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


def file_answer(name: str, sheet: str, rows: Rows, wanted: FileFormat) -> Response:
    """Rows, the first of them names, as a download.

    Raises:
        FileTooLong: there are more than `ROWS_MAX`.
    """
    if len(rows) > ROWS_MAX + 1:  # the names above them
        raise FileTooLong(most=ROWS_MAX)
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.{wanted.value}"',
        "Cache-Control": "private, no-store",
    }
    content = file_of(sheet, rows, workbook=wanted is FileFormat.XLSX)
    return Response(content, headers=headers, media_type="application/octet-stream")
