"""`customs/late-fee`: what being late with one kind of import tax costs."""

from policies.kernel import facts
from policies.kernel.facts import Given
from policies.kernel.figures import Unrounded, told
from policies.kernel.parameters import Rules
from policies.kernel.registry import Results, formula
from policies.kernel.words import Words

POLICY = "customs/late-fee"
DAYS_MAX = 40_000


@formula(
    POLICY,
    Words("滞纳金", "late fee"),
    facts=(
        facts.fen("tax_fen", "滞纳的税款（一个税种）", "tax that is late, of one kind"),
        facts.count("days_late", "滞纳天数", "days late", "days", largest=DAYS_MAX),
    ),
    results=("late_fee_fen", "waived"),
)
def late_fee(given: Given, rules: Rules) -> Results:
    """By the day, half-up; one that is too small is told, and waived."""
    tax, days, rate = given.figure("tax_fen"), given.figure("days_late"), rules.ratio("rate_per_day")

    fee = Unrounded(tax.value * days.value * rate.value, "multiply", "fen", (tax.step, days.step, rate.step)).half_up(
        Words("滞纳金", "late fee")
    )

    least = rules.figure("charged_from_fen")
    return {
        "late_fee_fen": fee,
        "waived": told(fee.value < least.value, "below", "flag", (fee.step, least.step), Words("免征", "waived")),
    }
