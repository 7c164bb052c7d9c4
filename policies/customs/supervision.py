"""How long customs supervises goods, when they are reported on, and on which routes others may use them."""

from dataclasses import dataclass
from datetime import date

from policies.customs.days import last_supervised
from policies.kernel.derivation import Cite
from policies.kernel.loading import read_policy
from policies.kernel.parameters import Rules

POLICY = "customs/supervision"
PLATFORM_TOO = "consent-or-platform"


@dataclass(frozen=True, slots=True)
class Term:
    """A supervision from the release of the goods."""

    years: int
    until: date
    """Last day of it: the anniversary of the release, which is taken in."""
    cite: Cite


def supervision_term(kind: str, released_on: date, known_on: date) -> Term:
    """Years and end for goods of a kind (`ship-or-aircraft`, `vehicle`, `other`) released on a day.

    Raises:
        Refused: for a release before the first rule.
    """
    rules = Rules(read_policy(POLICY), released_on, known_on)
    years = next(row["years"] for row in rules.rows("years") if row["kind"] == kind)
    if not isinstance(years, int):
        raise TypeError("years are whole")
    return Term(years, last_supervised(released_on, years), rules.block("years").cite)


def report_due(year: int, known_on: date) -> date:
    """Last day on which the report made in a year is in time."""
    month, day = Rules(read_policy(POLICY), date(year, 6, 30), known_on).word("report_due").split("-")
    return date(year, int(month), int(day))


def sharing_article(on: date, known_on: date) -> str:
    """The article by which others may use the goods on a day, as `source#article`."""
    return Rules(read_policy(POLICY), on, known_on).cite("shared_with_consent")


def platform_route(on: date, known_on: date) -> bool:
    """Whether registration on the national platform is a route of its own on a day."""
    return Rules(read_policy(POLICY), on, known_on).word("shared_with_consent") == PLATFORM_TOO
