"""`customs/diverted-use`: the back tax on days on which duty-free goods served another use."""

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction

from policies.customs.days import distinct_days
from policies.customs.taxes import BASE, GOODS, TAXES, taxes
from policies.customs.transfer import BeforeRelease
from policies.kernel import facts
from policies.kernel.derivation import Step
from policies.kernel.facts import UNKNOWN_SHOWN_MAX, Given
from policies.kernel.figures import Figure, Unrounded
from policies.kernel.parameters import Rules
from policies.kernel.refusals import InvalidFacts
from policies.kernel.registry import Results, formula
from policies.kernel.words import Words

POLICY = "customs/diverted-use"
SESSION_DAYS_MAX = 40_000
"""Longest session, in days: more than a hundred years."""


@formula(
    POLICY,
    Words("移作他用的补税", "back tax on another use"),
    facts=(
        *GOODS,
        facts.count("days", "移作他用的天数", "days of another use", "days", required=False),
        facts.rows(
            "sessions",
            "移作他用的各次使用",
            "uses that were another use",
            facts.instant("start", "开始时刻", "begins at"),
            facts.instant("end", "结束时刻", "ends at"),
            required=False,
        ),
    ),
    results=("days", *TAXES),
)
def diverted_use(given: Given, rules: Rules) -> Results:
    """The part of the value that so many days are of the supervision; never more than all its days."""
    value, years, day_basis = given.figure("value_fen"), given.figure("supervision_years"), rules.figure("day_basis")
    in_all = years.times(day_basis, Words("监管天数", "days of supervision"))

    days = _days(given, rules).at_most(in_all, Words("计入的天数", "days counted"))
    exact = Fraction(value.value * days.value, in_all.value)
    base = Unrounded(exact, "multiply by part", "fen", (value.step, days.step, in_all.step)).half_up(BASE)

    return {"days": days, **taxes(base, given)}


def _days(given: Given, rules: Rules) -> Figure:
    """As they are stated, or counted over the sessions."""
    if given.has("days") == given.has("sessions"):
        wanted = Words(
            "须填写 days（天数）或 sessions（各次使用）之一", "give either days or sessions, and not both of them"
        )
        raise InvalidFacts(POLICY, (wanted,))
    if given.has("days"):
        return given.figure("days")
    sessions = _sessions(given.rows("sessions"))
    released_on, release = given.day("released_on")
    touched = distinct_days(sessions)
    if touched and min(touched) < released_on:
        raise BeforeRelease(cite=rules.cite("day_basis"), day=min(touched), released_on=released_on)
    label = Words("各次使用所及的日历日", "calendar days that the uses touch")
    inputs = (release, rules.key("day_counted").step, given.together("sessions"))
    return Figure(len(touched), Step(label, "count distinct days", len(touched), "days", inputs))


def _sessions(rows: Sequence[Given]) -> list[tuple[datetime, datetime]]:
    sessions = [(row.instant("start")[0], row.instant("end")[0]) for row in rows]
    wrong = [place for place, (start, end) in enumerate(sessions) if end <= start]
    wrong += [place for place, (start, end) in enumerate(sessions) if (end - start).days > SESSION_DAYS_MAX]
    if wrong:
        raise InvalidFacts(
            POLICY,
            tuple(
                Words(f"sessions[{place}] 的结束须晚于开始", f"sessions[{place}] must end after it begins")
                if sessions[place][1] <= sessions[place][0]
                else Words(f"sessions[{place}] 过长", f"sessions[{place}] is too long")
                for place in wrong[:UNKNOWN_SHOWN_MAX]
            ),
        )
    return sessions
