"""The rules as a decision sees them on one day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from policies.kernel.registry import Calculation, calculate


@dataclass(frozen=True, slots=True)
class Policies:
    """The rules as known on a day; handed to every decision, so that the same decision can be made under other rules.

    Parameters of a scheme are read with `policies.vouchers.schemes.scheme(name, on=…, known_on=policies.known_on)`.
    """

    known_on: date

    def calculate(self, policy: str, facts: Mapping[str, object], on: date) -> Calculation:
        """A policy's result for the facts of a day.

        Raises:
            Refused: where a rule declines.
        """
        return calculate(policy, facts, on=on, known_on=self.known_on)
