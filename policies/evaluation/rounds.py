"""How a year of evaluation goes: the indicators of its system, whether it is due, by when, and what follows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from policies.evaluation.scores import SHARING
from policies.kernel.derivation import Cite
from policies.kernel.errors import Refused
from policies.kernel.loading import read_policy
from policies.kernel.parameters import DAY, Rules
from policies.kernel.refusals import UnknownPolicy
from policies.kernel.words import Words

SYSTEMS = ("national-2018", "national-2021", "national-2026")
"""Indicator systems: each is the calculator `evaluation/<system>` too."""
TERMS = "evaluation/beijing-2016"


class NoRoundThatYear(Refused):
    zh = "“{system}”每 {cycle} 年评价一次，{year} 年不评价；下一次是 {next} 年。"
    en = "Under {system} units are evaluated every {cycle} years, and not in {year}. The next time is {next}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """The rules of one year's evaluation, as in force on a day."""

    system: str
    title: Words
    synthetic: bool
    indicators: tuple[str, ...]
    """Of the second level, in their order."""
    ranks_by_sharing: bool
    """Units of one total are ordered by what sharing (共享服务) brings."""
    score_by: date
    """Last day by which departments have scored."""
    publish_by: date
    pay_by: date
    """Last day for the subsidies that rest on it."""
    rectification_months: int
    cites: Mapping[str, Cite]

    @property
    def calculator(self) -> str:
        return f"evaluation/{self.system}"


def round_of(system: str, year: int, on: date, known_on: date) -> Round:
    """The round of a year under one indicator system.

    Raises:
        UnknownPolicy: there is no such system.
        RuleNotYetInForce: the day is before its first rule.
        NoRoundThatYear: the year has none.
    """
    if system not in SYSTEMS:
        raise UnknownPolicy(system, list(SYSTEMS))
    indicators, terms = (
        Rules(read_policy(f"evaluation/{system}"), on, known_on),
        Rules(read_policy(TERMS), on, known_on),
    )
    cycle = indicators.whole("cycle_years")
    if past := (year - indicators.whole("cycle_anchor")) % cycle:
        raise NoRoundThatYear(
            cite=indicators.cite("cycle_years"), system=system, cycle=cycle, year=year, next=year + cycle - past
        )
    tie = "tie_by" in indicators.policy.parameters
    return Round(
        system=system,
        title=indicators.policy.title,
        synthetic=indicators.policy.synthetic,
        indicators=tuple(str(row["second"]) for row in indicators.rows("structure")),
        ranks_by_sharing=tie and indicators.word("tie_by") == SHARING,
        score_by=_last_day(year, terms.whole("score_by_month")),
        publish_by=_last_day(year, terms.whole("publish_by_month")),
        pay_by=_last_day(year, terms.whole("pay_by_month")),
        rectification_months=terms.whole("rectification_months"),
        cites={**indicators.cites(), **terms.cites()},
    )


def purchases_flagged(on: date, known_on: date) -> str | None:
    """As `source#article`, why an instrument that a unit in rectification registers is flagged; None: it is not."""
    terms = Rules(read_policy(TERMS), on, known_on)
    return terms.cite("purchases_flagged") if terms.yes("purchases_flagged") else None


def indicators_of(system: str) -> tuple[str, ...]:
    """Indicators of the second level, in their order, as its latest text has them: what a form asks for."""
    structure = read_policy(f"evaluation/{system}").parameters["structure"]
    return tuple(str(row["second"]) for row in structure.blocks[-1].rows)


def _last_day(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - DAY
