"""`customs/transfer`: the back tax when goods are transferred or released early, by the month of the supervision."""

from calendar import monthrange
from datetime import date
from fractions import Fraction

from policies.customs.taxes import BASE, GOODS, TAXES, taxes
from policies.kernel import facts
from policies.kernel.derivation import Step
from policies.kernel.errors import Refused
from policies.kernel.facts import Given
from policies.kernel.figures import Figure, Unrounded
from policies.kernel.parameters import Rules
from policies.kernel.registry import Results, formula
from policies.kernel.words import Words

POLICY = "customs/transfer"


class BeforeRelease(Refused):
    zh = "{day} 早于放行日期 {released_on}：放行前货物在海关，没有监管期间可计。请核对日期。"
    en = (
        "{day} is before the release on {released_on}: until then the goods are with customs, and no supervision runs. "
        "Check the dates."
    )


@formula(
    POLICY,
    Words("转让、提前解除监管的补税", "back tax on a transfer or an early release"),
    facts=(*GOODS, facts.day("event_on", "转让或解除监管的日期", "day of the transfer or release")),
    results=("months", *TAXES),
)
def transfer(given: Given, rules: Rules) -> Results:
    """The part of the value that the supervision has not used up, by whole months."""
    (released_on, release), (event_on, event) = given.day("released_on"), given.day("event_on")
    if event_on < released_on:
        raise BeforeRelease(cite=rules.cite("months_per_year"), day=event_on, released_on=released_on)
    value, years, per_year = (
        given.figure("value_fen"),
        given.figure("supervision_years"),
        rules.figure("months_per_year"),
    )
    in_all = years.times(per_year, Words("监管月数", "months of supervision"))

    grace = rules.figure("days_not_counted_max")
    passed = months_since(released_on, event_on, grace.value)
    months = Figure(
        passed,
        Step(
            Words("已进口月数", "months since the release"),
            "count months",
            passed,
            "months",
            (release, event, grace.step),
        ),
    ).at_most(in_all, Words("计入的月数", "months counted"))
    left = Fraction(in_all.value - months.value, in_all.value)
    base = Unrounded(value.value * left, "multiply by 1 - part", "fen", (value.step, months.step, in_all.step)).half_up(
        BASE
    )

    return {"months": months, **taxes(base, given)}


def months_since(start: date, end: date, days_not_counted_max: int) -> int:
    """Whole months from one day to a later one; a rest of more days than are let pass is one month more.

    The anniversary is the same day of the month, or its last where there is none: 31 January to 29 February is one
    month and no day.
    """
    months = (end.year - start.year) * 12 + end.month - start.month
    year, month = end.year, end.month
    if end.day < _anniversary(start, year, month).day:
        months -= 1
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    rest = (end - _anniversary(start, year, month)).days
    return months + (1 if rest > days_not_counted_max else 0)


def _anniversary(start: date, year: int, month: int) -> date:
    return date(year, month, min(start.day, monthrange(year, month)[1]))
