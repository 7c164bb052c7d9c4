"""The approval sheet and the unit's notice: the same bytes every time, the same totals as the books, no glyph lost."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from databases import Database
from season import A, Season, open_season

from ledger.amounts import yuan
from ledger.assembly import BOOK
from ledger.executor.reading import Reader
from ledger.reports.pdf.fonts import GlyphMissing, check_glyphs
from ledger.reports.pdf.subsidy import approval_sheet, unit_notice
from ledger.reports.pdf.words import both_ways, in_capitals
from ledger.reports.subsidy import SubsidySheet, subsidy_sheet


@pytest.fixture
def season(database: Database) -> Iterator[Season]:
    with open_season(database) as season:
        season.to_autumn()
        yield season


def sheet_of(season: Season, batch: str) -> SubsidySheet:
    with season.database.writer.connect() as connection:
        return subsidy_sheet(Reader(connection, BOOK), batch)


def test_a_sheet_is_the_same_bytes_every_time(season: Season) -> None:
    batch, _ = season.approved()
    sheet = sheet_of(season, batch)

    made = approval_sheet(sheet)
    if folder := os.environ.get("LOOK_AT"):
        (Path(folder) / "sheet.pdf").write_bytes(made)
        (Path(folder) / "sheet-en.pdf").write_bytes(approval_sheet(sheet, "en"))
        (Path(folder) / "notice.pdf").write_bytes(unit_notice(sheet, A))

    assert made.startswith(b"%PDF-")
    assert approval_sheet(sheet) == made
    assert approval_sheet(sheet_of(season, batch)) == made
    assert unit_notice(sheet, A) == unit_notice(sheet, A)
    assert approval_sheet(sheet, "en") != made
    assert sheet.hash == season.request("subsidy.batch", batch).content_hash
    assert len(sheet.signed) == 2


@pytest.mark.parametrize(
    ("fen", "capitals"),
    [
        (0, "零元整"),
        (1, "壹分"),
        (10, "壹角"),
        (100_05, "壹佰元零伍分"),
        (962_962_26, "玖拾陆万贰仟玖佰陆拾贰元贰角陆分"),
        (1_000_000_05, "壹佰万元零伍分"),
        (3_000_000_00, "叁佰万元整"),
        (1_464_605_34, "壹佰肆拾陆万肆仟陆佰零伍元叁角肆分"),
    ],
)
def test_amounts_in_capitals(fen: int, capitals: str) -> None:
    assert in_capitals(fen) == capitals
    assert both_ways(fen) == f"¥{yuan(fen)}（{capitals}）"


def test_a_character_without_a_glyph_stops_the_print_and_is_named() -> None:
    with pytest.raises(GlyphMissing, match="U\\+20BB7") as caught:
        check_glyphs(["材料研究所", "𠮷野研究所"])

    assert caught.value.facts["text"] == "𠮷野研究所"
