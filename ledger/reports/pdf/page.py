"""The frame of every page: what it is, its number, page x of y, and the hash of what it shows."""

import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from reportlab.graphics.shapes import Drawing
from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, KeepTogether, PageTemplate, Paragraph, Table

from ledger.reports.pdf.fonts import embed
from policies.kernel.errors import Language

INK, FAINT, RULE, ALARM = HexColor(0x1A1A1A), HexColor(0x5A5A5A), HexColor(0xB8B8B8), HexColor(0xA61B1B)
MARGIN = 18 * mm
WIDTH = A4[0] - 2 * MARGIN
SYNTHETIC_ZH = "SYNTHETIC 合成：公式或办理规则为虚构，不得据以拨付"
SYNTHETIC_EN = "SYNTHETIC: the formula, or how it is run, is invented; nothing is paid by it"


@dataclass(frozen=True, slots=True)
class Head:
    """What stands on every page."""

    title: str
    document_number: str
    hash: str
    synthetic: bool
    language: Language

    def say(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    @property
    def texts(self) -> list[str]:
        """Every word that the frame may print."""
        return [self.title, self.document_number, self.hash, SYNTHETIC_ZH, SYNTHETIC_EN, "第页共", "Page of SHA-256"]


def texts_of(story: Iterable[object]) -> Iterator[str]:
    """Every text in a story, however deep: of paragraphs, of cells of tables, of the axes of charts."""
    for item in story:
        match item:
            case str():
                yield item
            case Paragraph():
                yield item.getPlainText(identify=True)
            case Table():
                for row in item._cellvalues:  # noqa: SLF001  the library has no other way to them
                    yield from texts_of(row)
            case KeepTogether():
                yield from texts_of(item._content)  # noqa: SLF001  as above
            case Drawing():
                yield from (name for part in item.contents for name in _axis(part))
            case list() | tuple():
                yield from texts_of(item)


def _axis(part: object) -> list[str]:
    axis = getattr(part, "categoryAxis", None)
    return list(axis.categoryNames or ()) if axis is not None else []


def styles(font: str) -> dict[str, ParagraphStyle]:
    """By their use."""
    body = ParagraphStyle("body", fontName=font, fontSize=9, leading=13, textColor=INK, wordWrap="CJK")
    return {
        "body": body,
        "title": ParagraphStyle("title", body, fontSize=16, leading=22, alignment=TA_CENTER, spaceAfter=4 * mm),
        "heading": ParagraphStyle("heading", body, fontSize=11, leading=16, spaceBefore=5 * mm, spaceAfter=2 * mm),
        "cell": ParagraphStyle("cell", body, fontSize=8, leading=10.5),
        "faint": ParagraphStyle("faint", body, fontSize=7.5, leading=10, textColor=FAINT),
        "alarm": ParagraphStyle("alarm", body, fontSize=9, leading=13, textColor=ALARM, alignment=TA_CENTER),
    }


def _numbered(head: Head, font: str) -> type[Canvas]:
    """A canvas that waits with its pages until it knows how many there are."""

    class Numbered(Canvas):  # type: ignore[misc]  # the library ships no types
        def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  the library's own
            super().__init__(*args, **{**kwargs, "initialFontName": font, "invariant": 1})
            self._waiting: list[dict[str, Any]] = []

        def showPage(self) -> None:  # noqa: N802  the library's own
            self._waiting.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for number, page in enumerate(self._waiting, start=1):
                self.__dict__.update(page)
                _frame(self, head, font, number, len(self._waiting))
                super().showPage()
            super().save()

    return Numbered


def _frame(canvas: Canvas, head: Head, font: str, page: int, pages: int) -> None:
    width, height = A4
    canvas.saveState()
    canvas.setFont(font, 7.5)
    canvas.setFillColor(FAINT)
    canvas.drawString(MARGIN, height - 11 * mm, head.title)
    canvas.drawRightString(width - MARGIN, height - 11 * mm, head.document_number)
    canvas.setStrokeColor(RULE)
    canvas.line(MARGIN, height - 13 * mm, width - MARGIN, height - 13 * mm)
    canvas.line(MARGIN, 14 * mm, width - MARGIN, 14 * mm)
    canvas.drawString(MARGIN, 10 * mm, f"SHA-256 {head.hash}")
    canvas.drawRightString(width - MARGIN, 10 * mm, head.say(f"第 {page} 页 共 {pages} 页", f"Page {page} of {pages}"))
    if head.synthetic:
        canvas.setFillColor(ALARM)
        canvas.drawCentredString(width / 2, 6 * mm, head.say(SYNTHETIC_ZH, SYNTHETIC_EN))
    canvas.restoreState()


def print_pdf(
    head: Head, story_in: Callable[[str], Iterable[Flowable]], progress: Callable[[int], None] | None = None
) -> bytes:
    """The document; the same story gives the same bytes.

    Args:
        head: stands on every page.
        story_in: what is printed, top to bottom, in a font of this name. It is asked twice: the font is made of the
            characters that it prints.
        progress: told of the number of each page that was laid out.

    Raises:
        GlyphMissing: a character that the font lacks; nothing is printed.
    """
    font = embed([*head.texts, *texts_of(story_in("Helvetica"))])
    written = io.BytesIO()
    template = BaseDocTemplate(
        written,
        pagesize=A4,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=18 * mm,
        bottomMargin=18 * mm,
        title=head.title,
        author="vledger",
        subject=head.document_number,
        invariant=1,
        initialFontName=font,
    )
    frame = Frame(MARGIN, 18 * mm, WIDTH, A4[1] - 36 * mm, id="body", leftPadding=0, rightPadding=0)

    def laid_out(_canvas: Canvas, document: BaseDocTemplate) -> None:
        if progress:
            progress(document.page)

    template.addPageTemplates([PageTemplate(id="page", frames=[frame], onPage=laid_out)])
    template.build(list(story_in(font)), canvasmaker=_numbered(head, font))
    return written.getvalue()
