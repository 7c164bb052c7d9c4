"""Back tax and conversion: what must hold whatever the figures, each against another way of reckoning it."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.calculators import calculate
from policies.customs.days import distinct_days, last_supervised
from policies.customs.supervision import sharing_article
from policies.customs.transfer import months_since
from policies.kernel.facts import CITY
from policies.kernel.refusals import InvalidFacts

ON = date(2026, 11, 22)
GOODS = {
    "value_fen": 365_000_000,
    "supervision_years": 3,
    "duty_rate": "0.05",
    "vat_rate": "0.13",
    "consumption_rate": "0",
    "released_on": "2025-03-10",
}
SHARES = {"registered_fen": 200_000_000, "pre_money_fen": 2_000_000_000, "fee_fen": 60_000_000, "share_max": "0.34"}
days = st.dates(date(2000, 1, 1), date(2060, 12, 31))
rates = st.integers(0, 9_999).map(lambda n: f"0.{n:04d}")


def result(policy: str, **facts: object) -> dict[str, object]:
    return dict(calculate(policy, facts, on=ON, known_on=ON).result)


@given(
    value=st.integers(0, 10**14),
    years=st.integers(1, 8),
    duty=rates,
    vat=rates,
    consumption=rates,
    n=st.integers(0, 4000),
)
def test_each_tax_is_rounded_and_the_next_is_on_the_rounded(
    value: int, years: int, duty: str, vat: str, consumption: str, n: int
) -> None:
    facts = GOODS | {
        "value_fen": value,
        "supervision_years": years,
        "duty_rate": duty,
        "vat_rate": vat,
        "consumption_rate": consumption,
    }
    got = result("customs/diverted-use", **facts, days=n)

    def nearest(exact: Fraction) -> int:
        return int(exact + Fraction(1, 2))

    counted = min(n, 365 * years)
    base = nearest(Fraction(value * counted, 365 * years))
    due = nearest(base * Fraction(duty))
    luxury = nearest((base + due) * Fraction(consumption) / (1 - Fraction(consumption)))
    added = nearest((base + due + luxury) * Fraction(vat))
    assert got == {
        "days": counted,
        "base_fen": base,
        "duty_fen": due,
        "consumption_fen": luxury,
        "vat_fen": added,
        "total_fen": due + luxury + added,
    }


@given(start=days, end=days)
def test_months_run_from_anniversary_to_anniversary(start: date, end: date) -> None:
    """Counted by walking: the n-th anniversary is reached, a rest of sixteen days or more is one more."""
    start, end = min(start, end), max(start, end)

    def anniversary(months: int) -> date:
        first = date(start.year + (start.month - 1 + months) // 12, (start.month - 1 + months) % 12 + 1, 1)
        following = (first + timedelta(days=32)).replace(day=1)
        return min(first + timedelta(days=start.day - 1), following - timedelta(days=1))

    walked = 0
    while anniversary(walked + 1) <= end:
        walked += 1

    assert months_since(start, end, 15) == walked + ((end - anniversary(walked)).days > 15)


sessions = st.lists(
    st.tuples(st.integers(0, 60 * 24 * 40), st.integers(1, 60 * 24 * 3)).map(
        lambda pair: (
            datetime(2026, 9, 1, tzinfo=UTC) + timedelta(minutes=pair[0]),
            datetime(2026, 9, 1, tzinfo=UTC) + timedelta(minutes=pair[0] + pair[1]),
        )
    ),
    max_size=12,
)


@given(sessions=sessions, seed=st.randoms())
def test_days_are_those_in_which_some_minute_was_used(sessions: list[tuple[datetime, datetime]], seed: object) -> None:
    """Minute by minute, in any order, and saying a session twice changes nothing."""
    minutes = {
        (start + timedelta(minutes=n)).astimezone(CITY).date()
        for start, end in sessions
        for n in range(int((end - start).total_seconds() // 60))
    }

    seed.shuffle(sessions)  # type: ignore[attr-defined]

    assert distinct_days(sessions + sessions[:2]) == minutes


def test_the_anniversary_of_the_release_is_supervised() -> None:
    assert last_supervised(date(2025, 3, 10), 3) == date(2028, 3, 10)
    assert last_supervised(date(2024, 2, 29), 3) == date(2027, 2, 28)
    assert (last_supervised(date(2025, 3, 10), 3) - date(2026, 11, 22)).days + 1 == 475


@given(
    registered=st.integers(1, 10**12),
    premium=st.integers(0, 10**13),
    fee=st.integers(0, 10**12),
    cap=rates,
    held=st.integers(0, 10**12),
)
def test_a_conversion_keeps_every_fen_and_stays_under_the_cap(
    registered: int, premium: int, fee: int, cap: str, held: int
) -> None:
    held, before = held % (registered + 1), registered + premium
    got = result(
        "equity/conversion",
        registered_fen=registered,
        pre_money_fen=before,
        fee_fen=fee,
        share_max=cap,
        held_fen=held,
    )
    new, converted = got["new_registered_fen"], got["converted_fen"]
    assert isinstance(new, int)
    assert isinstance(converted, int)

    assert new + got["reserve_fen"] == converted  # type: ignore[operator]
    assert converted + got["cash_fen"] == fee  # type: ignore[operator]
    assert not new or Fraction(held + new, registered + new) <= Fraction(cap)
    one_more = Fraction(registered * (converted + 1), before)
    assert converted == fee or Fraction(held) + one_more > Fraction(cap) * (registered + one_more)


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({}, "give either days or sessions"),
        ({"days": 3, "sessions": []}, "give either days or sessions"),
        ({"days": -1}, "days must be a whole number"),
        ({"days": 1.5}, "days must be a whole number"),
        ({"sessions": [{"start": "2026-09-01T09:00"}]}, "sessions[0]: end is missing"),
        ({"sessions": [{"start": "yesterday", "end": "2026-09-01"}]}, "sessions[0]: start must be text for an instant"),
        ({"sessions": [{"start": "2026-09-31T09:00", "end": "2026-10-01T09:00"}]}, "sessions[0]: start must be"),
        ({"sessions": [{"start": "0001-01-01T00:00+14:00", "end": "2026-10-01T09:00"}]}, "sessions[0]: start must be"),
        ({"sessions": [{"start": "2026-09-01T09:00Z", "end": "2026-09-01T17:00+08:00"}]}, "sessions[0] must end after"),
        ({"sessions": [{"start": "1900-09-01T09:00Z", "end": "2026-09-01T17:00+08:00"}]}, "sessions[0] is too long"),
        ({"days": 1, "supervision_years": 0}, "supervision_years must be a whole number from 1"),
        ({"days": 1, "vat_rate": "1"}, "vat_rate must be decimal text"),
        ({"days": 1, "duty_rate": 0.05}, "duty_rate must be decimal text"),
        ({"days": 1, "released_on": "2025-02-29"}, "released_on must be text for a date"),
    ],
)
def test_what_is_no_fact_of_another_use(facts: dict[str, object], said: str) -> None:
    with pytest.raises(InvalidFacts) as wrong:
        result("customs/diverted-use", **(GOODS | facts))

    assert said in wrong.value.say("en")
    assert wrong.value.say("zh")


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"registered_fen": 0}, "registered_fen must be a whole number from 1"),
        ({"pre_money_fen": 0}, "pre_money_fen must be a whole number from 1"),
        ({"share_max": "1.0"}, "share_max must be decimal text"),
        ({"held_fen": 200_000_001}, "held_fen must not exceed registered_fen"),
    ],
)
def test_what_is_no_fact_of_a_conversion(facts: dict[str, object], said: str) -> None:
    with pytest.raises(InvalidFacts) as wrong:
        result("equity/conversion", **(SHARES | facts))

    assert said in wrong.value.say("en")


@pytest.mark.parametrize(
    ("on", "source"),
    [
        (date(2008, 1, 1), "customs-announcement-2007-13"),  # the first day on which anything is supervised here
        (date(2016, 12, 25), "customs-announcement-2007-13"),
        (date(2016, 12, 26), "jing-ke-fa-2016-689"),
        (date(2018, 10, 30), "guo-ke-fa-ji-2018-245"),
    ],
)
def test_every_use_that_can_be_supervised_has_its_article(on: date, source: str) -> None:
    """Else a use of long ago would be refused for want of a citation, and a use is never refused for its scope."""
    assert sharing_article(on, ON).partition("#")[0] == source
