"""A department's scores from a spreadsheet: errors by cell, and nothing stored while there is one."""

from collections.abc import Sequence
from pathlib import Path

import pytest
import xlsxwriter
from platform_books import EDUCATION, INDICATORS, A, B, C, D, Platform

from api.imports.kinds import SHEETS
from api.imports.lookups import BooksLookups
from api.imports.run import Report, run_of
from api.imports.sheets import By
from api.imports.source import HeadingsMissing, MergedCells

HEADINGS = ("评价年度", "管理单位代码", *INDICATORS)
SHEET = SHEETS["scores-national-2026"]


def row(unit: str, *points: object) -> tuple[object, ...]:
    """The named points first, 80 for every other indicator."""
    return (2026, unit, *points, *[80] * (len(INDICATORS) - len(points)))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "scores.xlsx"


def write(path: Path, *rows: Sequence[object], merged: str = "") -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        for number, cells in enumerate(rows):
            sheet.write_row(number, 0, cells)
        if merged:
            sheet.merge_range(merged, "")
    return path


def take_in(platform: Platform, path: Path, *, keep: bool = True) -> Report:
    who = By(EDUCATION, platform.people["education"])
    lookups = BooksLookups(platform.database.writer)
    return run_of(path, SHEET, who, lookups, lambda _done, _total: None).into(platform.books, keep=keep)


def test_a_sheet_of_scores_is_what_the_commands_would_have_said(platform: Platform, path: Path) -> None:
    report = take_in(platform, write(path, HEADINGS, row(A, 90, "85.5"), row(B)))

    assert (report.rows, report.faults, report.kept) == (2, [], True)
    scores = platform.evaluation().scores
    ((stored,),) = platform.rows("SELECT scores FROM evaluation_score WHERE unit = :unit", unit=A)
    assert set(scores) == {A, B}
    assert [line["score_hundredths"] for line in stored] == [90_00, 85_50, *[80_00] * (len(INDICATORS) - 2)]
    assert scores[B].total_hundredths == 80_00
    assert platform.breaches() == []


def test_what_is_wrong_is_said_by_cell_and_nothing_is_stored(platform: Platform, path: Path) -> None:
    rows = [
        row(A),
        row(A, 81),  # twice
        row(B, "100.01"),  # above what an indicator is worth
        row(C),  # of another department
        row(D),  # not on the platform
        row("91110000000000000X"),  # no code
        (2026, B, *[80] * (len(INDICATORS) - 1)),  # one is missing
        row(B, "八十", "80.555", -1),
    ]

    report = take_in(platform, write(path, HEADINGS, *rows))

    said = {fault.place: fault.words.zh for fault in report.faults}
    assert not report.kept
    assert set(said) == {"3", "C4", "5", "6", "B7", "K8", "C9", "D9", "E9"}
    assert "在第 2 行已有" in said["3"]
    assert "100.01" in said["C4"]
    assert (said["C9"], said["D9"]) == (
        "“八十”不是得分。请填写最多两位小数的数字，例如 85.5。",
        "“80.555”不是得分。请填写最多两位小数的数字，例如 85.5。",
    )
    assert platform.rows("SELECT count(*) FROM evaluation_score") == [(0,)]


def test_merged_cells_and_a_missing_column_are_named(platform: Platform, path: Path) -> None:
    with pytest.raises(MergedCells) as merged:
        take_in(platform, write(path, HEADINGS, row(A), row(B), merged="C2:C3"))
    with pytest.raises(HeadingsMissing) as missing:
        take_in(platform, write(path, HEADINGS[:-1], row(A)))

    assert "C2:C3" in merged.value.say("zh")
    assert INDICATORS[-1] in missing.value.say("zh")


def test_a_second_file_needs_a_reason_for_each_unit_that_has_a_score(platform: Platform, path: Path) -> None:
    take_in(platform, write(path, HEADINGS, row(A)))

    without = take_in(platform, write(path, HEADINGS, row(A, 70)))
    with_one = take_in(platform, write(path, (*HEADINGS, "重新评分的理由"), (*row(A, 70), "机时漏报")))
    again = take_in(platform, path)

    assert ["理由" in fault.words.zh for fault in without.faults] == [True]
    assert with_one.kept
    assert again.repeated == 1
    assert platform.evaluation().scores[A].version == 2
