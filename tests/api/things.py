"""One of each thing that a path can name, in a served programme: the walk over all routes tries other parties on it.

Whoever adds a route that names something new adds a line to `THINGS`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from served import Served


@dataclass(frozen=True, slots=True)
class Thing:
    owner: str
    """A person of the programme whose party may see it."""
    stranger: str
    """One whose party may not."""
    make: Callable[[Served], str]


def _voucher(served: Served) -> str:
    served.programme.letter()
    return served.programme.issue()


THINGS: Mapping[str, Thing] = {
    "voucher": Thing("applicant", "other applicant", _voucher),
}
"""By the table in the rule's `Row`."""

EXAMPLES: Mapping[str, str] = {"scheme": "vouchers", "name": "beijing-2015"}
"""For parameters that name nothing of anybody's."""


def thing(served: Served, table: str) -> str:
    """The name of one that exists; made once per programme."""
    return served.thing(table, THINGS[table].make)
