"""Every kind of sheet there is."""

from collections.abc import Mapping

from api.imports import instruments, organisations, scores, tariffs, uses, vouchers
from api.imports.sheets import Sheet

SHEETS: Mapping[str, Sheet] = {
    sheet.name: sheet
    for sheet in (
        organisations.SHEET,
        instruments.SHEET,
        tariffs.SHEET,
        uses.SHEET,
        vouchers.SHEET,
        *scores.SHEETS,
    )
}
