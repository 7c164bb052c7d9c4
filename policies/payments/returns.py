"""The rules for a payment that came back, typed, for whoever books it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from policies.kernel.loading import read_policy
from policies.kernel.parameters import Rules


class PaidAgainFrom(StrEnum):
    YEAR_OF_RETURN = "year-of-return"
    YEAR_OF_PAYMENT = "year-of-payment"


@dataclass(frozen=True, slots=True)
class ReturnRules:
    """As in force on the day of the return."""

    paid_again_from: PaidAgainFrom
    """Whose budget pays again what was paid in an earlier year."""
    cite: str
    """The article, as `source#article`."""


def return_rules(on: date, known_on: date) -> ReturnRules:
    """The rules for a payment that came back on a day, as known on another."""
    rules = Rules(read_policy("payments/returns"), on, known_on)
    return ReturnRules(PaidAgainFrom(rules.word("paid_again_from")), rules.cite("paid_again_from"))
