"""A font with exactly the glyphs of one document, embedded: every reader shows the same, and text can be taken out.

Where fonts come from: `LEDGER_PDF_FONT`, then the wheel of Noto Sans SC. That one has cubic outlines, which ReportLab
cannot embed: those of the glyphs that are needed are made quadratic.
"""

import io
import os
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from pathlib import Path

from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont, newTable
from pylopdf_fonts_zh_cn import sans_path
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont as PdfFont

from ledger.errors import Invalid
from policies.kernel.errors import Refused

FONT_VARIABLE = "LEDGER_PDF_FONT"
_ERROR_EM = 1000
"""Largest distance between cubic and quadratic outlines: a thousandth of the em."""
_POSTSCRIPT_NAME, _WINDOWS_ENGLISH = 6, (3, 1, 0x409)
ALWAYS = "".join(chr(code) for code in range(0x20, 0x7F)) + "·…—、。，：；（）《》〔〕“”元年月日号第共页"


class FontMissing(Invalid):
    zh = "找不到字体文件 {path}。请检查环境变量 LEDGER_PDF_FONT。"
    en = "There is no font at {path}. Look at the environment variable LEDGER_PDF_FONT."


class GlyphMissing(Refused):
    zh = "“{text}”中的“{character}”（{code_point}）在打印字体中没有字形，不能打印。请改用有此字的字体。"
    en = (
        "The character “{character}” ({code_point}) in “{text}” has no glyph in the font, so nothing is printed. Name "
        "a font that has it."
    )


def font_path() -> Path:
    chosen = os.environ.get(FONT_VARIABLE)
    path = Path(chosen).expanduser() if chosen else sans_path()
    if not path.is_file():
        raise FontMissing(path=path)
    return path


@cache
def _covered(path: Path) -> frozenset[int]:
    with TTFont(path, lazy=True, fontNumber=0) as font:
        return frozenset(font.getBestCmap())


def check_glyphs(texts: Iterable[str]) -> set[str]:
    """Every character of these texts; the first that the font lacks is named with its text.

    Raises:
        GlyphMissing: a glyph that is missing would vanish from the paper without a word.
    """
    covered = _covered(font_path())
    wanted: set[str] = set(ALWAYS)
    for text in texts:
        for character in text:
            if ord(character) not in covered and character not in "\n\t":
                raise GlyphMissing(text=text, character=character, code_point=f"U+{ord(character):04X}")
        wanted.update(text)
    return wanted - {"\n", "\t"}


def embed(texts: Iterable[str]) -> str:
    """The name of a font that has exactly the characters of these texts; made once for each set of them."""
    wanted = check_glyphs(texts)
    name = f"Sheet-{sha256(''.join(sorted(wanted)).encode() + str(font_path()).encode()).hexdigest()[:12]}"
    if name not in pdfmetrics.getRegisteredFontNames():
        font = PdfFont(name, io.BytesIO(_subset(font_path(), wanted, name)))
        pdfmetrics.registerFont(font)
        if lost := {character for character in wanted if ord(character) not in font.face.charToGlyph}:
            raise RuntimeError(f"the embedded font has lost {sorted(lost)}: they would vanish from the paper")
    return name


def _subset(path: Path, wanted: set[str], name: str) -> bytes:
    """The glyphs of these characters, with quadratic outlines; the same bytes every time.

    It bears the name given: two fonts of one PostScript name are one font to ReportLab, and the second document would
    silently be printed with the characters of the first.
    """
    font = TTFont(path, recalcTimestamp=False, fontNumber=0)
    options = Options(notdef_outline=True, layout_features=[], name_IDs=[1, 2, 4, 6], hinting=False)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[ord(character) for character in wanted])
    subsetter.subset(font)
    font["name"].setName(name, _POSTSCRIPT_NAME, *_WINDOWS_ENGLISH)
    font["name"].names = [one for one in font["name"].names if one.nameID != _POSTSCRIPT_NAME or str(one) == name]
    if "CFF " in font:
        _make_quadratic(font)
    written = io.BytesIO()
    font.save(written)
    return written.getvalue()


def _make_quadratic(font: TTFont) -> None:
    order = font.getGlyphOrder()
    outlines = font.getGlyphSet()
    quadratic = {}
    most = font["head"].unitsPerEm / _ERROR_EM
    for name in order:
        pen = TTGlyphPen(outlines)
        outlines[name].draw(Cu2QuPen(pen, most, reverse_direction=True))
        quadratic[name] = pen.glyph()
    font["loca"] = newTable("loca")
    font["glyf"] = glyf = newTable("glyf")
    glyf.glyphOrder = order
    glyf.glyphs = quadratic
    del font["CFF "]
    if "VORG" in font:
        del font["VORG"]
    glyf.compile(font)
    font["maxp"] = maxp = newTable("maxp")
    maxp.tableVersion = 0x00010000
    for field in (
        "maxZones",
        "maxTwilightPoints",
        "maxStorage",
        "maxFunctionDefs",
        "maxInstructionDefs",
        "maxStackElements",
        "maxSizeOfInstructions",
        "maxComponentElements",
        "maxPoints",
        "maxContours",
        "maxCompositePoints",
        "maxCompositeContours",
        "maxComponentDepth",
    ):
        setattr(maxp, field, 0)
    maxp.maxZones = 1
    maxp.numGlyphs = len(order)
    maxp.compile(font)
    font["post"].formatType = 3.0
    font.sfntVersion = "\x00\x01\x00\x00"
