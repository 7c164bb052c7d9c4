"""Vouchers issued before the books began, from a file: recorded and proposed together, and signed by finance."""

from collections.abc import Iterator
from datetime import date

import pytest
from databases import Database
from programme import FIRM, OTHER_FIRM, TOKENS, Programme, open_programme
from taking import TakeIn, Write

from ledger.vouchers.open_vouchers import KIND

HEADINGS = (
    "期初清单编号",
    "计划",
    "原券号",
    "持券人代码",
    "发放日期",
    "到期日",
    "面额（元）",
    "已兑付（元）",
    "可用（元）",
    "指标文号",
)
LETTER = "京财预〔2016〕1号"


@pytest.fixture
def programme(database: Database) -> Iterator[Programme]:
    with open_programme(database, TOKENS, date(2017, 1, 3)) as opened:
        opened.letter(10_000_000_00, year=2016, letter_number=LETTER)
        yield opened


def row(n: int, holder: str = FIRM, left: str = "30000.00", on: str = "期初1号") -> tuple[object, ...]:
    days = ("2016-06-01", "2017-05-31")
    return (on, TOKENS, f"2016-{n:06d}", holder, *days, "50000.00", "20000.00", left, LETTER)


def test_a_file_of_two_lists_waits_for_two_signatures(programme: Programme, take_in: TakeIn, write: Write) -> None:
    path = write("old.xlsx", HEADINGS, *(row(n, on=f"期初{1 + n % 2}号") for n in range(40)))

    report = take_in("vouchers", path)

    assert (report.rows, report.faults, report.kept) == (40, [], True)
    assert programme.rows("SELECT count(*) FROM voucher") == [(0,)]
    for number in ("期初1号", "期初2号"):
        assert programme.sign(KIND, number, "finance")["vouchers"] == 20
    assert programme.rows("SELECT count(*), sum(face_fen)::int8 FROM voucher") == [(40, 40 * 50_000_00)]
    assert programme.budget("committed", 2016) == 40 * 30_000_00
    assert programme.breaches() == []


def test_the_same_file_again_changes_nothing(programme: Programme, take_in: TakeIn, write: Write) -> None:
    path = write("old.csv", HEADINGS, row(1), row(2, OTHER_FIRM))
    take_in("vouchers", path)
    programme.sign(KIND, "期初1号", "finance")

    again = take_in("vouchers", path)

    assert (again.faults, again.repeated) == ([], 3)
    assert programme.rows("SELECT count(*) FROM voucher") == [(2,)]


def test_what_is_wrong_is_said_by_cell_and_nothing_is_kept(programme: Programme, take_in: TakeIn, write: Write) -> None:
    path = write(
        "old.csv",
        HEADINGS,
        row(1),
        row(2, left="40000.00"),
        row(3, left="=B2"),
        row(4, "91330000000000000X"),
        (*row(5)[:4], "2016-13-01", *row(5)[5:]),
    )

    report = take_in("vouchers", path)

    assert not report.kept
    assert [fault.row for fault in report.faults] == [3, 4, 5, 6]
    assert "超过面额" in report.faults[0].words.zh
    assert programme.rows("SELECT count(*) FROM voucher_opening") == [(0,)]


def test_a_rest_that_is_neither_paid_nor_open_is_worth_a_look(
    programme: Programme, take_in: TakeIn, write: Write
) -> None:
    report = take_in("vouchers", write("old.csv", HEADINGS, row(1, left="0")))

    assert report.kept
    assert ["已过期" in warning.words.zh for warning in report.warnings] == [True]
    assert programme.faults() == []
