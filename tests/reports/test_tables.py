"""Spreadsheets that are handed out: nothing that somebody typed runs as a formula, and a number stays a number."""

import csv
import io

import pytest

from ledger.reports.tables import csv_text


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("+1", "'+1"),
        ("-1+1", "'-1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("-1464605.34", "-1464605.34"),
        ("-1.", "'-1."),
        ("甲研究所", "甲研究所"),
        ("", ""),
    ],
)
def test_what_begins_like_a_formula_is_text(cell: str, written: str) -> None:
    data = csv_text([("a", "b"), (cell, 1)])

    assert data.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))) == [["a", "b"], [written, "1"]]
