"""Plain tables on a terminal, with Chinese characters two columns wide."""

import unicodedata
from collections.abc import Sequence

from ledger.amounts import yuan
from ledger.journal.assets import ASSETS

_SCALES = {asset.code: asset.scale for asset in ASSETS}


def units(asset: str, quantity: int) -> str:
    """A quantity as people read it: fen as yuan, minutes as minutes."""
    return yuan(quantity) if _SCALES.get(asset, 2) else f"{quantity:,}"


def width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def print_table(headings: Sequence[str], rows: Sequence[Sequence[str]], right: int = 0) -> None:
    """Columns two spaces apart; the last `right` of them flush right."""
    widths = [max(map(width, column)) for column in zip(headings, *rows, strict=True)]
    first_right = len(headings) - right
    for row in (headings, *rows):
        cells = [
            " " * (widths[i] - width(cell)) + cell if i >= first_right else cell + " " * (widths[i] - width(cell))
            for i, cell in enumerate(row)
        ]
        print("  ".join(cells).rstrip())
