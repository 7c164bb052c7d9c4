"""The rules of a scheme's recoveries on a day, typed, for whoever runs them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from policies.calendar.table import Term, WorkingDays
from policies.kernel.derivation import Cite
from policies.kernel.loading import read_policy
from policies.kernel.parameters import Rules

DEFAULT = "obligations/default"
OWN = frozenset({"jinyun-2017"})
"""Schemes with a policy of their own for what is to be paid back."""
INTEREST = "late_interest_per_day"


class SettlesFirst(StrEnum):
    PRINCIPAL = "principal"
    INTEREST = "interest"


@dataclass(frozen=True, slots=True)
class RecoveryTerms:
    """What holds for what is to be paid back; `cites` has the citation of each value, by parameter."""

    policy: str
    on: date
    synthetic: bool
    """Some of these values are invented; whatever shows them says so."""
    days_to_pay: int
    """Term for paying, the first day not counted."""
    in_working_days: bool
    """Whether that term counts working days; otherwise every day."""
    appeal_days: int
    """Days in which a decision can be appealed, the day it was served not counted."""
    late_interest_per_day: Decimal | None
    """Part of what is open that each day after the term adds. Unit: ratio, 0.0005 is 0.05 %. None: there is none."""
    settles_first: SettlesFirst
    """What a payment settles first."""
    cites: Mapping[str, Cite]

    @property
    def late_interest_policy(self) -> str:
        """The calculator of late interest; only where there is any."""
        return f"{self.policy}-late-interest"

    def cite(self, parameter: str) -> str:
        """The article that a value rests on, as `source#article`."""
        return str(self.cites[parameter])

    def due(self, decided_on: date, calendar: WorkingDays) -> Term:
        """The last day to pay without being late."""
        return last_day(decided_on, self.days_to_pay, calendar if self.in_working_days else None)

    def appeal_until(self, served_on: date) -> date:
        """The last day on which a decision can be appealed."""
        return served_on + timedelta(days=self.appeal_days)


def policy_of(scheme: str) -> str:
    """The policy file of a scheme's recoveries."""
    return f"obligations/{scheme}" if scheme in OWN else DEFAULT


def recovery_terms(policy: str, on: date, known_on: date) -> RecoveryTerms:
    """The rules of `obligations/…` in force on a day, as known on another."""
    rules = Rules(read_policy(policy), on, known_on)
    return RecoveryTerms(
        policy=policy,
        on=on,
        synthetic=rules.policy.synthetic,
        days_to_pay=rules.whole("days_to_pay"),
        in_working_days=in_working_days(rules),
        appeal_days=rules.whole("appeal_days"),
        late_interest_per_day=rules.decimal(INTEREST) if INTEREST in rules.policy.parameters else None,
        settles_first=SettlesFirst(rules.word("settles_first")),
        cites=rules.cites(),
    )


def in_working_days(rules: Rules) -> bool:
    return rules.block("days_to_pay").unit == "working_days"


def last_day(decided_on: date, days: int, calendar: WorkingDays | None) -> Term:
    """The last day of a term, the first day not counted: in working days where a calendar is given."""
    if calendar is None:
        return Term(decided_on + timedelta(days=days), provisional=False)
    return calendar.after(decided_on, days)
