"""What the law says of budget years: when carried-over money is surplus."""

from dataclasses import dataclass
from datetime import date

from policies.kernel.derivation import Cite
from policies.kernel.loading import read_policy
from policies.kernel.parameters import Rules

POLICY = "vouchers/budget-years"


@dataclass(frozen=True, slots=True)
class Surplus:
    """From when on the money of a year is surplus (结余), if it is not used up by then."""

    first_day: date
    cite: Cite


def surplus(year: int, known_on: date) -> Surplus:
    """For money appropriated for a year, carried over and over: unused for so many years after its own.

    Raises:
        RuleNotYetInForce: the year ended before the first rule.
    """
    rules = Rules(read_policy(POLICY), date(year, 12, 31), known_on)
    return Surplus(date(year + 1 + rules.whole("surplus_after_years"), 1, 1), rules.block("surplus_after_years").cite)
