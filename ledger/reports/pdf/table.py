"""Tables on paper: names beside values, and lists over as many pages as they need."""

from collections.abc import Sequence
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.platypus import LongTable, Paragraph, Table, TableStyle

from ledger.reports.pdf.page import FAINT, INK, RULE, styles

SHADE = HexColor(0xF1F3F5)


def plain_table(
    rows: Sequence[Sequence[str]], font: str, widths: Sequence[float], height: float | None = None
) -> Table:
    """Names on the left, values beside them; long values wrap."""
    look = styles(font)["cell"]
    cells = [[row[0], *(Paragraph(escape(cell), look) for cell in row[1:])] for row in rows]
    style = TableStyle(
        [
            ("FONT", (0, 0), (-1, -1), font, 8),
            ("TEXTCOLOR", (0, 0), (0, -1), FAINT),
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ("LINEBELOW", (0, 0), (-1, -1), 0.25, RULE),
            ("TOPPADDING", (0, 0), (-1, -1), 2),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
        ]
    )
    return Table(
        cells, colWidths=widths, rowHeights=[height] * len(rows) if height else None, style=style, hAlign="LEFT"
    )


def long_table(
    rows: Sequence[Sequence[str]],
    font: str,
    widths: Sequence[float],
    right: int,
    *,
    total: bool = False,
    wrap: Sequence[int] = (2,),
) -> Table:
    """A table over as many pages as it needs, its head on each; the last `right` columns flush right."""
    look = styles(font)["cell"]
    cells: list[list[object]] = [list(rows[0])]
    cells += [
        [
            Paragraph(escape(cell), look) if n in wrap and _is_long(cell, widths[n]) else cell
            for n, cell in enumerate(row)
        ]
        for row in rows[1:]
    ]
    style = [
        ("FONT", (0, 0), (-1, -1), font, 8),
        ("TEXTCOLOR", (0, 0), (-1, -1), INK),
        ("BACKGROUND", (0, 0), (-1, 0), SHADE),
        ("LINEBELOW", (0, 0), (-1, -1), 0.25, RULE),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
        ("LEFTPADDING", (0, 0), (-1, -1), 3),
        ("RIGHTPADDING", (0, 0), (-1, -1), 3),
    ]
    if right:
        style.append(("ALIGN", (-right, 0), (-1, -1), "RIGHT"))
    if total:
        style += [("LINEABOVE", (0, -1), (-1, -1), 0.75, INK), ("BACKGROUND", (0, -1), (-1, -1), SHADE)]
    return LongTable(cells, colWidths=list(widths), repeatRows=1, style=TableStyle(style), hAlign="LEFT")


def _is_long(text: str, width: float) -> bool:
    """Whether it might not fit on one line: a Chinese character is as wide as the letters are high."""
    return sum(8.0 if ord(letter) > 0x2E80 else 4.6 for letter in text) > width - 6  # noqa: PLR2004  first CJK block
