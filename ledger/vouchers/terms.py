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


_PARAMETERS = {
    "expert_review_from_fen": ("expert_review_from",),
    "per_firm_year_max_fen": ("per_firm_year_max", "cycle_max"),
    "denomination_fen": ("denomination",),
}
"""Under which parameter of its policy file a scheme keeps a value, where that is not its own name."""


def cite(scheme_terms: VoucherScheme, field: str) -> str:
    """The article that a value of the scheme rests on, as `source#article`."""
    names = _PARAMETERS.get(field, (field,))
    return str(next(scheme_terms.cites[name] for name in names if name in scheme_terms.cites))
