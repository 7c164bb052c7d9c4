"""Formulas by policy and date, and the one way to run them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from importlib import import_module

from policies.kernel.derivation import Rows, Scalar, Step, derivation_hash
from policies.kernel.errors import Spoken
from policies.kernel.facts import Fact, Given, checked, shown
from policies.kernel.figures import Quantity, Ratio, Table
from policies.kernel.loading import read_policy
from policies.kernel.parameters import Policy, Rules, fingerprint
from policies.kernel.refusals import UnknownPolicy
from policies.kernel.rounding import ratio_text
from policies.kernel.words import Words

Results = Mapping[str, Quantity]
Body = Callable[[Given, Rules], Results]


@dataclass(frozen=True, slots=True)
class Formula:
    """One dated version of a calculation."""

    policy: str
    revision: int
    """Raised when a correction gives another answer or derivation for the same facts; the old one stays registered."""
    since: date | None
    """First day of facts it is for; None for the first: the dated values say when the policy begins."""
    facts: tuple[Fact, ...]
    results: tuple[str, ...]
    rules: str
    """The policy file it reads."""
    body: Body
    words: Words

    @property
    def version(self) -> str:
        return f"{self.policy} r{self.revision} since {self.since}"


_formulas: dict[str, list[Formula]] = {}


def formula(
    policy: str,
    words: Words,
    *,
    facts: tuple[Fact, ...],
    results: tuple[str, ...],
    rules: str | None = None,
    revision: int = 1,
    since: date | None = None,
) -> Callable[[Body], Body]:
    """Register a formula under the name of its policy; `rules` names the file it reads where that is another."""

    def register(body: Body) -> Body:
        versions = _formulas.setdefault(policy, [])
        versions.append(Formula(policy, revision, since, facts, results, rules or policy, body, words))
        versions.sort(key=lambda version: (version.since or date.min, version.revision))
        return body

    return register


def formulas() -> dict[str, Formula]:
    """The latest version of every registered formula, by policy."""
    return {policy: versions[-1] for policy, versions in sorted(_registered().items())}


def _registered() -> dict[str, list[Formula]]:
    """All formulas. The shipped ones register when their modules are imported, which nobody can forget this way."""
    import_module("policies.calculators")
    return _formulas


@dataclass(frozen=True, slots=True)
class Calculation:
    """An amount with all that is needed to compute it again."""

    policy: str
    on: date
    """The day of the fact; its kind is the `basis` of the values."""
    known_on: date
    """What was known on this day decides which enactments count."""
    version: str
    """`effective_from` of the latest value in force, `+`, twelve hex digits of the policy's hash."""
    synthetic: bool
    facts: Mapping[str, Scalar | Rows]
    result: Mapping[str, Scalar | Rows]
    derivation: Step

    @property
    def derivation_hash(self) -> str:
        return derivation_hash(self.derivation)

    def whole(self, name: str) -> int:
        """A result that is a whole number, such as `granted_fen`."""
        value = self.result[name]
        if not isinstance(value, int) or isinstance(value, bool):
            raise TypeError(f"{name} is no whole number")
        return value

    def table(self, name: str) -> Rows:
        """A result that is a table, row by row."""
        value = self.result[name]
        if not isinstance(value, list):
            raise TypeError(f"{name} is no table")
        return value

    def as_json(self) -> dict[str, object]:
        """The public answer."""
        return {
            "policy": self.policy,
            "on": self.on.isoformat(),
            "known_on": self.known_on.isoformat(),
            "version": self.version,
            "synthetic": self.synthetic,
            "result": dict(self.result),
            "derivation": self.derivation.as_json(),
        }

    def as_stored(self) -> dict[str, object]:
        """What the books keep: the answer, its facts, and the hash of its derivation."""
        return self.as_json() | {"facts": dict(self.facts), "derivation_hash": self.derivation_hash}


def calculate(policy: str, facts: Mapping[str, object], *, on: date, known_on: date) -> Calculation:
    """Compute a policy's result for the facts of `on`, with the rules enacted by `known_on`.

    Raises `UnknownPolicy`, `InvalidFacts` (every fault named), or a `Refused` where a rule declines.
    """
    formula = _applicable(policy, on)[-1]
    given = checked(policy, formula.facts, facts)
    return compute(formula, read_policy(formula.rules), given, on=on, known_on=known_on)


def compute(formula: Formula, policy: Policy, given: Given, *, on: date, known_on: date) -> Calculation:
    """Run one formula on one policy: the shipped one, or a proposed one in an impact run."""
    rules = Rules(policy, on, known_on)
    version = version_of(formula, rules)
    named = {name: _named(quantity, name) for name, quantity in formula.body(given, rules).items()}
    if tuple(named) != formula.results:
        raise TypeError(f"{formula.policy} promised {formula.results}, not {tuple(named)}")
    steps = tuple(quantity.step for quantity in named.values())
    return Calculation(
        policy=formula.policy,
        on=on,
        known_on=known_on,
        version=version,
        synthetic=policy.synthetic,
        facts=dict(given.values),
        result={
            name: quantity.rows if isinstance(quantity, Table) else quantity.step.value
            for name, quantity in named.items()
        },
        derivation=Step(formula.words, "calculate", version, "key", steps, name=formula.policy),
    )


def recompute(stored: Mapping[str, object]) -> Calculation:
    """Compute a stored calculation again from its facts and its two dates, with the revision that computed it."""
    policy, facts = str(stored["policy"]), stored["facts"]
    on, known_on = date.fromisoformat(str(stored["on"])), date.fromisoformat(str(stored["known_on"]))
    if not isinstance(facts, Mapping):
        raise TypeError("a stored calculation keeps its facts as an object")
    formulas = _applicable(policy, on)
    same = [
        formula
        for formula in formulas
        if version_of(formula, Rules(read_policy(formula.rules), on, known_on)) == stored["version"]
    ]
    formula = (same or formulas)[-1]
    given = checked(policy, formula.facts, facts)
    return compute(formula, read_policy(formula.rules), given, on=on, known_on=known_on)


def differences(stored: Mapping[str, object]) -> tuple[str, ...]:
    """The fields in which a stored calculation differs from the same computed now; none when it stands."""
    try:
        again = recompute(stored).as_stored()
    except (Spoken, KeyError, TypeError, ValueError) as fault:
        return (f"cannot be computed again: {fault}",)
    return tuple(name for name in again if stored.get(name) != again[name])


def version_of(formula: Formula, rules: Rules) -> str:
    """The latest `effective_from` in force, and twelve hex digits over the formula and the known values."""
    days = _effective(rules)
    begins = max([*days, formula.since] if formula.since else days)
    return f"{begins.isoformat()}+{fingerprint(rules.policy, formula.version, rules.known_on)}"


@lru_cache(maxsize=1024)
def _effective(rules: Rules) -> tuple[date, ...]:
    """Since when each value in force is."""
    return tuple(block.effective_from for block in rules.in_force())


def _applicable(policy: str, on: date) -> list[Formula]:
    """The formulas for facts of a day, the one that computes now last, its earlier revisions before it."""
    registered = _registered()
    if policy not in registered:
        raise UnknownPolicy(shown(policy), sorted(registered))
    begun = [formula for formula in registered[policy] if formula.since is None or formula.since <= on]
    return [formula for formula in begun if formula.since == begun[-1].since]


def _named(quantity: Quantity, name: str) -> Quantity:
    value = ratio_text(quantity.value) if isinstance(quantity, Ratio) else quantity.step.value
    return replace(quantity, step=replace(quantity.step, name=name, value=value))
