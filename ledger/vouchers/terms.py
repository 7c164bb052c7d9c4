"""The rules of a scheme on a day, as a decision meets them.  (pure)"""

from datetime import date

from policies.kernel.policies import Policies
from policies.vouchers.schemes import VoucherScheme, scheme


def terms(policies: Policies, name: str, on: date) -> VoucherScheme:
    """The scheme as in force on a day, as far as known today.

    Raises:
        UnknownPolicy: there is no such scheme.
        RuleNotYetInForce: the day is before its first rule.
    """
    return scheme(name, on=on, known_on=policies.known_on)


def cite(scheme_terms: VoucherScheme, field: str) -> str:
    """The article that a value of the scheme rests on, as `source#article`."""
    return str(scheme_terms.cites[field])
