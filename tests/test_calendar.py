"""Dates of the ledger: months, working days, an operator's rows."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.calendar import CalendarRow, add_months, working_day_after
from policies.kernel.refusals import RuleNotYetInForce

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2017, 3, 1), 12, date(2018, 3, 1)),
        (date(2017, 1, 31), 1, date(2017, 2, 28)),
        (date(2016, 2, 29), 12, date(2017, 2, 28)),
        (date(2016, 1, 31), 1, date(2016, 2, 29)),
        (date(2017, 12, 15), 1, date(2018, 1, 15)),
        (date(2017, 5, 31), 0, date(2017, 5, 31)),
    ],
)
def test_a_month_without_the_day_ends_on_its_last(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


def test_an_operators_holiday_moves_the_term() -> None:
    start = date(2026, 12, 28)
    plain = working_day_after(start, 5, known_on=TODAY)

    moved = working_day_after(start, 5, known_on=TODAY, rows=[CalendarRow(date(2027, 1, 4), works=False)])

    assert plain.date == date(2027, 1, 5)
    assert moved.date == date(2027, 1, 6)
    assert plain.provisional
    assert moved.provisional


def test_a_year_the_operator_completed_is_no_longer_provisional() -> None:
    rows = [CalendarRow(date(2027, 1, 2), works=True)]

    term = working_day_after(date(2026, 12, 31), 1, known_on=TODAY, rows=rows, complete_years=[2027])

    assert term.date == date(2027, 1, 2)
    assert not term.provisional


def test_before_the_table_begins_is_refused() -> None:
    with pytest.raises(RuleNotYetInForce) as refusal:
        working_day_after(date(2015, 12, 31), 1, known_on=TODAY)

    assert "2016-01-01" in refusal.value.say("en")


@given(
    start=st.dates(date(2016, 1, 1), date(2028, 12, 31)),
    first=st.integers(0, 40),
    more=st.integers(0, 40),
)
def test_a_term_can_be_counted_in_two_parts(start: date, first: int, more: int) -> None:
    """Counting on from where a term ended gives the same day as counting at once."""
    half = working_day_after(start, first, known_on=TODAY).date

    assert (
        working_day_after(half, more, known_on=TODAY).date
        == working_day_after(start, first + more, known_on=TODAY).date
    )


@given(start=st.dates(date(2016, 1, 1), date(2026, 12, 31)), months=st.integers(0, 120))
def test_adding_months_never_skips_a_month(start: date, months: int) -> None:
    moved = add_months(start, months)

    assert (moved.year - start.year) * 12 + moved.month - start.month == months
    assert moved.day <= start.day
    assert moved.day == start.day or (moved + timedelta(days=1)).day == 1
