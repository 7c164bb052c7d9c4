"""The import taxes on a base: duty, consumption tax and value-added tax, each rounded, the next from the rounded."""

from fractions import Fraction

from policies.kernel import facts
from policies.kernel.facts import Fact, Given
from policies.kernel.figures import Figure, Unrounded
from policies.kernel.registry import Results
from policies.kernel.words import Words

YEARS_MAX = 100
"""Longest supervision that is computed, in years; the law knows 3, 5, 6 and 8."""
GOODS: tuple[Fact, ...] = (
    facts.fen("value_fen", "原进口计税价格", "taxable value at import"),
    facts.count("supervision_years", "监管年限", "supervision period", "years", least=1, largest=YEARS_MAX),
    facts.rate("duty_rate", "关税税率", "rate of duty"),
    facts.rate("vat_rate", "进口环节增值税税率", "rate of import VAT"),
    facts.rate("consumption_rate", "消费税税率", "rate of consumption tax"),
    facts.day("released_on", "放行日期", "day of release"),
)
"""What is known of an item that paid no duty."""
TAXES = ("base_fen", "duty_fen", "vat_fen", "consumption_fen", "total_fen")
BASE = Words("补税计税价格", "taxable value for back tax")


def taxes(base: Figure, given: Given) -> Results:
    """Duty on the base; consumption tax on base and duty, itself included; VAT on all three."""
    duty = base.share(given.rate("duty_rate")).half_up(Words("关税", "duty"))
    dutiable = base.plus(duty, Words("计税价格与关税之和", "base and duty"))
    consumption = _with_itself(dutiable, given)
    taxed = dutiable.plus(consumption, Words("增值税的组成计税价格", "value that VAT is on"))
    vat = taxed.share(given.rate("vat_rate")).half_up(Words("进口环节增值税", "import VAT"))
    together = duty.plus(vat, Words("关税与增值税之和", "duty and VAT"))
    return {
        "base_fen": base,
        "duty_fen": duty,
        "vat_fen": vat,
        "consumption_fen": consumption,
        "total_fen": together.plus(consumption, Words("税款合计", "taxes together")),
    }


def _with_itself(dutiable: Figure, given: Given) -> Figure:
    """The tax is part of its own base: (base + duty) × c / (1 − c)."""
    rate = given.rate("consumption_rate")
    exact = dutiable.value * rate.value / (Fraction(1) - rate.value)
    return Unrounded(exact, "multiply by ratio / (1 - ratio)", "fen", (dutiable.step, rate.step)).half_up(
        Words("消费税", "consumption tax")
    )
