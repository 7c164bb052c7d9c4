"""The table of working days, checked against an independent one."""

from datetime import date, timedelta

import chinese_calendar
import pytest

from policies.calculators import calculate
from policies.calendar.table import BeyondTheCalendar, working_days
from policies.kernel.loading import read_policy
from policies.kernel.refusals import InvalidFacts, RuleNotYetKnown

TODAY = date(2026, 11, 23)
DAY = timedelta(days=1)


def days(first: date, last: date) -> list[date]:
    return [first + DAY * number for number in range((last - first).days + 1)]


@pytest.mark.parametrize("year", range(2016, 2027))
def test_every_day_agrees_with_chinesecalendar(year: int) -> None:
    table = working_days(TODAY)

    differing = [
        day
        for day in days(date(year, 1, 1), date(year, 12, 31))
        if table.works(day) != chinese_calendar.is_workday(day)
    ]

    assert differing == []


def test_statutory_days_are_days_off_in_every_notice() -> None:
    """What the regulation gives, no notice takes away; so the days entered for later years are at least plausible."""
    statutory = read_policy("calendar/working-days").parameters["statutory"]
    notices = {year: working_days(date(year, 12, 31)) for year in range(2017, 2027)}

    for block in statutory.blocks:
        for row in block.rows:
            first, last = row["first"], row["last"]
            assert isinstance(first, date)
            assert isinstance(last, date)
            for day in days(first, last):
                assert day.year not in notices or not notices[day.year].works(day), day


@pytest.mark.parametrize(("year", "number"), [(2017, 11), (2020, 10), (2024, 11), (2025, 13), (2027, 13), (2028, 12)])
def test_the_regulations_number_of_days(year: int, number: int) -> None:
    """Eleven, since 2025 thirteen; one fewer where mid-autumn falls on a National Day (2020, 2028)."""
    block = read_policy("calendar/working-days").parameters["statutory"].at(date(year, 6, 1), TODAY)
    entered = {day for row in block.rows for day in days(row["first"], row["last"])}  # type: ignore[arg-type]

    assert len(entered) == number


def term(start: str, working: int, known_on: date = TODAY) -> tuple[object, object]:
    found = calculate("calendar/working-days", {"from": start, "working_days": working}, on=TODAY, known_on=known_on)
    return found.result["date"], found.result["provisional"]


def test_a_notice_is_known_from_its_day() -> None:
    """In June 2017 nobody knew the notice of 2018; the term counts Monday to Friday and says it may move."""
    assert term("2017-12-29", 1, date(2017, 6, 1)) == ("2018-01-02", True)
    assert term("2018-02-09", 1, date(2017, 6, 1)) == ("2018-02-12", True)
    assert term("2018-02-09", 1, date(2017, 11, 30)) == ("2018-02-11", False)


@pytest.mark.parametrize("year", [2027, 2030, 2031, 2060])
def test_a_year_without_a_notice_is_always_provisional(year: int) -> None:
    ends, provisional = term(f"{year}-07-01", 5)

    assert provisional is True
    assert date.fromisoformat(str(ends)).weekday() < 5


def test_the_derivation_names_the_notices_it_ran_through() -> None:
    found = calculate("calendar/working-days", {"from": "2016-12-30", "working_days": 1}, on=TODAY, known_on=TODAY)

    cited = [step.cite.source for step in found.derivation.inputs[0].inputs if step.cite]

    assert cited == ["civil-code-2020", "holidays-2016", "holidays-2017"]


def test_before_the_first_notice_nothing_is_known() -> None:
    with pytest.raises(RuleNotYetKnown):
        term("2016-01-04", 1, date(2015, 12, 9))


def test_a_term_beyond_the_calendar_is_refused() -> None:
    with pytest.raises(BeyondTheCalendar) as refusal:
        term("9999-12-01", 30)
    assert "9999-12-31" in refusal.value.say("zh")


def test_an_endless_term_is_a_fault_in_the_facts() -> None:
    with pytest.raises(InvalidFacts):
        term("2016-01-04", 10**9)
    assert term("2016-01-04", 25_000)[1] is True
