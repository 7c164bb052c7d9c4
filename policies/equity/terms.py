"""What an agreement that turns fees into shares must keep to: how long papers are good for, what must follow when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from policies.kernel.derivation import Cite
from policies.kernel.loading import read_policy
from policies.kernel.parameters import Rules

POLICY = "equity/terms"


@dataclass(frozen=True, slots=True)
class EquityTerms:
    """As in force on a day; `cites` has the citation of each value, by parameter."""

    share_below: Fraction
    """A share is to stay below this: no conversion gives control."""
    appraisal_months: int
    """How long an appraisal is good for, from its day."""
    votes_at_least: Fraction
    """Of all votes, for changing the registered capital."""
    registration_days: int
    """From the resolution, the first day not counted."""
    publication_working_days: int
    """From the registration, the first day not counted."""
    notice_days: int
    """In which the other members may take what is sold to an outsider."""
    cites: Mapping[str, Cite]

    def cite(self, parameter: str) -> str:
        """The article that a value rests on, as `source#article`."""
        return str(self.cites[parameter])


def equity_terms(on: date, known_on: date) -> EquityTerms:
    """The rules in force on a day, as known on another."""
    rules = Rules(read_policy(POLICY), on, known_on)
    return EquityTerms(
        share_below=Fraction(rules.decimal("share_below")),
        appraisal_months=rules.whole("appraisal_months"),
        votes_at_least=Fraction(*(int(part) for part in rules.word("votes_at_least").split("/"))),
        registration_days=rules.whole("registration_days"),
        publication_working_days=rules.whole("publication_working_days"),
        notice_days=rules.whole("notice_days"),
        cites=rules.cites(),
    )


def supply_rates(supply: str, on: date, known_on: date) -> tuple[str, ...]:
    """Rates of value-added tax, as decimal text, for a `service` or a `lease` billed on a day."""
    rows = Rules(read_policy(POLICY), on, known_on).rows("supply_rates")
    return tuple(str(row["rate"]) for row in rows if row["supply"] == supply)
