"""What every programme that spends a budget says of it, whichever slice runs it: vouchers or subsidies."""

from dataclasses import dataclass
from datetime import date

from policies.kernel.refusals import UnknownPolicy
from policies.kernel.words import Words
from policies.subsidies.schemes import SUBSIDIES, subsidy
from policies.vouchers.schemes import SCHEMES, scheme

PROGRAMMES = (*SCHEMES, *SUBSIDIES)


@dataclass(frozen=True, slots=True)
class Programme:
    """A programme on one day."""

    name: str
    title: Words
    synthetic: bool
    across_year_end: str
    """`carry-over` or `lapse`: what becomes of what is open when its budget year ends."""
    cite: str
    """The article on that, as `source#article`."""


def programme(name: str, on: date, known_on: date) -> Programme:
    """A programme as in force on a day, as known on another.

    Raises:
        UnknownPolicy: there is none of this name.
        RuleNotYetInForce: the day is before its first rule.
    """
    if name not in PROGRAMMES:
        raise UnknownPolicy(name, sorted(PROGRAMMES))
    terms = scheme(name, on, known_on) if name in SCHEMES else subsidy(name, on, known_on)
    return Programme(
        name, terms.title, terms.synthetic, terms.across_year_end.value, str(terms.cites["across_year_end"])
    )
