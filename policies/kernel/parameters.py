"""Dated values with two clocks: what was in force on a day, as far as it was known on another."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Literal

from policies.kernel.derivation import Cite, Scalar, Step, canonical_json
from policies.kernel.figures import Figure, Ratio, Told
from policies.kernel.refusals import RuleEnded, RuleNotYetInForce, RuleNotYetKnown
from policies.kernel.words import Words

Retroactive = Literal["none", "open", "all", "favourable"]
Value = int | Decimal | bool | str | date
Row = Mapping[str, Value]

INTEGER_UNITS = frozenset({"fen", "minutes", "count", "tokens", "days", "working_days", "months", "years", "employees"})
UNITS = INTEGER_UNITS | {"ratio", "flag", "key", "date"}

ONLY_THE_YEAR = Words("仅知年份，按当年1月1日计", "only the year is known; taken as 1 January")


@dataclass(frozen=True, slots=True)
class Block:
    """One dated value: from when, known since when, in what unit, by which article."""

    line: int
    effective_from: date
    enacted_on: date
    effective_until: date | None
    """Last day in force, where the rule says so; without it the block lasts until the next one begins."""
    ended: bool
    """The rule was ended on purpose on `effective_until`; a later block may begin after a pause."""
    supersedes: bool
    """This block knowingly takes the place of an earlier-enacted one before that one's own end."""
    basis: str
    """Which date of a case selects the value: `application_date`, `contract_date`, `service_date` …"""
    retroactive: Retroactive
    unit: str | Mapping[str, str]
    """The unit of `value`, or by column the units of `rows`."""
    value: Value | None
    rows: tuple[Row, ...]
    cite: Cite
    date_uncertain: bool
    label: Words | None
    note: Words | None

    @property
    def begins(self) -> date:
        """First day of facts it governs: with `retroactive = none`, never a day before it was enacted."""
        return max(self.effective_from, self.enacted_on) if self.retroactive == "none" else self.effective_from

    def content(self) -> dict[str, object]:
        """What the hash of a policy covers: everything but the place in the file and the wording."""
        return {
            "effective_from": self.effective_from.isoformat(),
            "enacted_on": self.enacted_on.isoformat(),
            "effective_until": self.effective_until and self.effective_until.isoformat(),
            "basis": self.basis,
            "retroactive": self.retroactive,
            "unit": self.unit if isinstance(self.unit, str) else dict(self.unit),
            "value": None if self.value is None else plain(self.value),
            "rows": [{column: plain(value) for column, value in row.items()} for row in self.rows],
            "cite": [self.cite.source, self.cite.article, self.cite.confidence],
        }


@dataclass(frozen=True, slots=True)
class Parameter:
    """All dated values of one rule, ordered by `effective_from`, then by `enacted_on`."""

    policy: str
    name: str
    blocks: tuple[Block, ...]

    def at(self, fact_date: date, known_on: date) -> Block:
        """The block that governs a fact of `fact_date`, as far as rules enacted by `known_on` say.

        Blocks enacted after `known_on` do not exist yet. Of the others those count that govern the day (`begins`); the
        latest `effective_from` wins, and among equals the latest enacted, so a later enactment supersedes. With
        `retroactive = none` a rule leaves facts before its enactment to the value before it; with `open`, `all` and
        `favourable` it reaches back to `effective_from` whenever something is computed anew, and which stored results
        are to be computed anew (those not yet approved; all; all that gain) is decided by whoever keeps them.
        `effective_until` ends a rule on that day; nothing older comes back to life after it.

        Raises `RuleNotYetInForce` with the first date, `RuleNotYetKnown`, or `RuleEnded`.
        """
        governing = [block for block in self.known(known_on) if block.begins <= fact_date]
        if not governing:
            raise self._too_early(fact_date, known_on)
        block = governing[-1]
        if block.effective_until is not None and fact_date > block.effective_until:
            raise RuleEnded(self.title, fact_date, block.effective_until, str(block.cite))
        return block

    def known(self, known_on: date) -> tuple[Block, ...]:
        return tuple(block for block in self.blocks if block.enacted_on <= known_on)

    @property
    def title(self) -> str:
        return f"{self.policy}#{self.name}"

    def _too_early(self, fact_date: date, known_on: date) -> RuleNotYetInForce | RuleNotYetKnown:
        later = [block for block in self.blocks if block.begins <= fact_date and block.enacted_on > known_on]
        if later:
            enacted = min(later, key=lambda block: block.enacted_on)
            return RuleNotYetKnown(self.title, known_on, enacted.enacted_on, str(enacted.cite))
        first = min(self.known(known_on) or self.blocks, key=lambda block: block.begins)
        return RuleNotYetInForce(self.title, fact_date, first.begins, str(first.cite))


@dataclass(frozen=True, slots=True, eq=False)
class Policy:
    """One file of dated values. Two policies are the same only when they are one object."""

    name: str
    title: Words
    synthetic: bool
    """Its figures are invented; every answer that uses it says so."""
    parameters: Mapping[str, Parameter]


@lru_cache(maxsize=1024)
def fingerprint(policy: Policy, formula: str, known_on: date) -> str:
    """Twelve hex digits over the formula's version and every value enacted by `known_on`.

    Later amendments leave it alone, so that an old result has the same version when it is computed again.
    """
    known = {name: parameter.known(known_on) for name, parameter in policy.parameters.items()}
    content = {
        "formula": formula,
        "synthetic": policy.synthetic,
        "parameters": {name: [block.content() for block in blocks] for name, blocks in known.items() if blocks},
    }
    return hashlib.sha256(canonical_json(content)).hexdigest()[:12]


@lru_cache(maxsize=4096)
def _governing(policy: Policy, name: str, on: date, known_on: date) -> Block:
    """Asked again for every unit of a September, with the same answer."""
    return policy.parameters[name].at(on, known_on)


@lru_cache(maxsize=4096)
def _leaf(policy: Policy, name: str, on: date, known_on: date) -> Step:
    block = _governing(policy, name, on, known_on)
    return block_leaf(policy.name, name, block, "" if block.value is None else plain(block.value))


@dataclass(frozen=True, slots=True)
class Rules:
    """A policy seen on one day with the knowledge of another; what a formula may read beside its facts."""

    policy: Policy
    on: date
    known_on: date

    def in_force(self) -> list[Block]:
        """The blocks in force; a refusal when the policy has blocks and none of them is."""
        blocks: list[Block] = []
        refusals: list[RuleNotYetInForce | RuleNotYetKnown | RuleEnded] = []
        for name in self.policy.parameters:
            try:
                blocks.append(self.block(name))
            except (RuleNotYetInForce, RuleNotYetKnown, RuleEnded) as refusal:
                refusals.append(refusal)
        if refusals and not blocks:
            raise refusals[0]
        return blocks

    def block(self, name: str) -> Block:
        return _governing(self.policy, name, self.on, self.known_on)

    def cite(self, name: str) -> str:
        return str(self.block(name).cite)

    def cites(self) -> dict[str, Cite]:
        """The citation of every parameter in force, by its name."""
        return {name: self.block(name).cite for name in self.policy.parameters}

    def whole(self, name: str) -> int:
        """The bare number of a whole-number parameter."""
        value = self.block(name).value
        if not isinstance(value, int) or isinstance(value, bool):
            raise TypeError(f"{name} is no whole number")
        return value

    def decimal(self, name: str) -> Decimal:
        value = self.block(name).value
        if not isinstance(value, Decimal):
            raise TypeError(f"{name} is no ratio")
        return value

    def yes(self, name: str) -> bool:
        value = self.block(name).value
        if not isinstance(value, bool):
            raise TypeError(f"{name} is no yes or no")
        return value

    def word(self, name: str) -> str:
        value = self.block(name).value
        if not isinstance(value, str):
            raise TypeError(f"{name} is no word")
        return value

    def figure(self, name: str) -> Figure:
        """A whole number with its citation: fen, vouchers, days, months."""
        return Figure(self.whole(name), self._leaf(name))

    def ratio(self, name: str) -> Ratio:
        return Ratio(Fraction(self.decimal(name)), self._leaf(name))

    def flag(self, name: str) -> Told:
        return Told(self.yes(name), self._leaf(name))

    def key(self, name: str) -> Told:
        return Told(self.word(name), self._leaf(name))

    def rows(self, name: str) -> tuple[Row, ...]:
        return self.block(name).rows

    def cell(self, name: str, row: Row, column: str, words: Words) -> Figure:
        """A whole number of a table, as a leaf with the table's citation."""
        block, value = self.block(name), row[column]
        if not isinstance(value, int) or isinstance(value, bool) or isinstance(block.unit, str):
            raise TypeError(f"{name}.{column} is no whole number of a table")
        return Figure(value, replace(self._leaf(name), label=words, value=value, unit=block.unit[column]))

    def cell_ratio(self, name: str, row: Row, column: str, words: Words) -> Ratio:
        """A ratio of a table, as a leaf with the table's citation."""
        value = row[column]
        if not isinstance(value, Decimal):
            raise TypeError(f"{name}.{column} is no ratio of a table")
        return Ratio(Fraction(value), replace(self._leaf(name), label=words, value=plain(value), unit="ratio"))

    def _leaf(self, name: str) -> Step:
        return _leaf(self.policy, name, self.on, self.known_on)


def block_leaf(policy: str, name: str, block: Block, value: Scalar) -> Step:
    """A parameter as a leaf of a derivation, with its citation and the day from which it holds."""
    return Step(
        label=block.label or Words(name, name),
        operation="parameter",
        value=value,
        unit=block.unit if isinstance(block.unit, str) else "table",
        name=f"{policy}#{name}",
        cite=block.cite,
        effective_from=block.effective_from,
        note=block.note or (ONLY_THE_YEAR if block.date_uncertain else None),
    )


def plain(value: Value) -> Scalar:
    """A value as it stands in canonical JSON: decimals as plain text without needless zeros, dates as ISO text."""
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"
    if isinstance(value, date):
        return value.isoformat()
    return value


DAY = timedelta(days=1)
