"""What one cell says, from text and from what a spreadsheet keeps."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.imports import cells
from ledger.errors import Invalid
from ledger.executor.clock import CITY
from policies.kernel.words import Words

MIDNIGHT = datetime(2026, 7, 1)  # noqa: DTZ001  a spreadsheet knows no zones
NINE = datetime(2026, 7, 1, 9)  # noqa: DTZ001  as above


@pytest.mark.parametrize(
    ("cell", "fen"),
    [
        ("1234.56", 1_234_56),
        ("1,234.5", 1_234_50),
        (" ¥1,234.56 ", 1_234_56),
        ("0", 0),
        ("１２", 12_00),
        ("-3.10", -3_10),
        (1234.56, 1_234_56),
        (0.1 + 0.2, 30),
        (1.1 * 3, 3_30),
        (5, 5_00),
        (67810000.0, 67_810_000_00),
    ],
)
def test_yuan_become_whole_fen(cell: object, fen: int) -> None:
    assert cells.fen(cell) == fen


@pytest.mark.parametrize(
    "cell",
    ["1.234", 1.234, "1e3", "12 3", "1,23", "1.2.3", "abc", "", "=1+1", True, None, "NaN", "inf", "9" * 30],
)
def test_what_is_no_amount_is_refused_with_its_value(cell: object) -> None:
    with pytest.raises(Invalid, match=r".+"):
        cells.fen(cell)


@given(st.integers(-(10**14), 10**14))
def test_every_amount_survives_being_a_number_of_a_spreadsheet(fen: int) -> None:
    """Fifteen digits are what a spreadsheet shows: up to a trillion yuan to the fen."""
    as_number = float(Decimal(fen) / 100)
    if len(str(abs(fen)).rstrip("0")) <= cells.DIGITS_EXACT:
        assert cells.fen(as_number) == fen


@pytest.mark.parametrize(
    ("cell", "on"),
    [
        ("2026-07-01", date(2026, 7, 1)),
        ("2026/7/1", date(2026, 7, 1)),
        ("2026年7月1日", date(2026, 7, 1)),
        ("2026.07.01", date(2026, 7, 1)),
        (MIDNIGHT, date(2026, 7, 1)),
        (date(2026, 7, 1), date(2026, 7, 1)),
    ],
)
def test_dates_are_read_as_people_write_them(cell: object, on: date) -> None:
    assert cells.day(cell) == on


@pytest.mark.parametrize("cell", ["2026-02-30", "01/07/2026", "20260701", 46204.0, NINE, "七月一日", ""])
def test_a_date_that_is_none_is_refused(cell: object) -> None:
    with pytest.raises(cells.NotADate):
        cells.day(cell)


@pytest.mark.parametrize(
    ("cell", "at"),
    [
        ("2026-07-01 09:00", datetime(2026, 7, 1, 9, tzinfo=CITY)),
        ("2026/7/1 9:05:07", datetime(2026, 7, 1, 9, 5, 7, tzinfo=CITY)),
        ("2026-07-01T09:00", datetime(2026, 7, 1, 9, tzinfo=CITY)),
        ("2026-07-01T01:00:00+00:00", datetime(2026, 7, 1, 9, tzinfo=CITY)),
        (NINE, datetime(2026, 7, 1, 9, tzinfo=CITY)),
    ],
)
def test_an_instant_without_a_zone_is_beijing_s(cell: object, at: datetime) -> None:
    assert cells.instant(cell) == at


@pytest.mark.parametrize("cell", ["2026-07-01", "2026-07-01 25:00", "2026-07-01 9", 0.375, date(2026, 7, 1), "soon"])
def test_an_instant_that_is_none_is_refused(cell: object) -> None:
    with pytest.raises(cells.NotAnInstant):
        cells.instant(cell)


@pytest.mark.parametrize(
    ("cell", "text"),
    [(" a ", "a"), (12.0, "12"), (30122.5, "30122.5"), (None, ""), (100000000000000.0, "1" + "0" * 14)],
)
def test_text_is_what_is_shown(cell: object, text: str) -> None:
    assert cells.text(cell) == text


@pytest.mark.parametrize("cell", ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)"])
def test_text_that_a_spreadsheet_takes_for_a_formula_is_refused(cell: str) -> None:
    with pytest.raises(cells.LikeAFormula):
        cells.text(cell)


def test_a_code_that_was_kept_as_a_number_has_lost_its_end() -> None:
    with pytest.raises(cells.DigitsLost, match="Format"):
        cells.text(911101080123456789.0)


@pytest.mark.parametrize(("read", "cell"), [(cells.whole, "1.5"), (cells.whole, 1.5), (cells.whole, True)])
def test_a_count_is_whole(read: Callable[[object], object], cell: object) -> None:
    with pytest.raises(cells.NotWhole):
        read(cell)


def test_a_choice_is_known_by_its_code_and_in_both_languages() -> None:
    choices = {"hour": Words("小时", "hour"), "sample": Words("样品", "sample")}

    assert [cells.choice(word, choices) for word in ("小时", "Hour", "sample ")] == ["hour", "hour", "sample"]
    with pytest.raises(cells.NotAChoice, match="小时、样品"):
        cells.choice("day", choices)
