"""Base, entitlement and share of every unit under one set of rules: for awards, and for impact runs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from ledger.evaluation.values import Evaluation, Member
from ledger.executor.calculations import calculation_id, stored
from ledger.executor.commands import Command
from ledger.journal.tables import CalculationTable
from ledger.subsidies import rules
from ledger.subsidies.values import EXCLUSION_ZH, Bases, Excluded, Exclusion
from policies.kernel.registry import Calculation
from policies.subsidies.schemes import Claimant, Subsidy


@dataclass(frozen=True, slots=True)
class Line:
    """What a unit gets. Amounts are whole fen."""

    unit: str
    grade: str
    """Empty where none is needed."""
    base_fen: int
    entitled_fen: int
    """Before the pool is looked at."""
    awarded_fen: int


@dataclass(frozen=True, slots=True)
class Shares:
    """What every unit gets, or why it gets nothing, with the calculations behind it."""

    lines: tuple[Line, ...]
    """By unit."""
    excluded: tuple[Excluded, ...]
    base: Mapping[str, Calculation]
    """By unit; of those that get something."""
    share: Mapping[str, Calculation]
    """By unit; a pool's is one that all share."""

    @property
    def version(self) -> str:
        """Version of the policy that shares out."""
        return next(iter(self.share.values())).version


def shares(
    terms: Subsidy,
    bases: Bases,
    members: Mapping[str, Member],
    evaluation: Evaluation | None,
    pool_fen: int,
    home: str = "",
) -> Shares:
    """What every unit, or user, gets of a pool in fen.

    Args:
        terms: the rules.
        bases: the records, of units or of users as the rules ask.
        members: units on the platform.
        evaluation: whose grades count; None where none do.
        pool_fen: what is shared out.
        home: region code of the bureau that pays; empty where the rules do not ask.

    Raises:
        NobodyEligible: every unit is left out.
        Refused: a grade that no row of the policy matches.
    """
    chosen, excluded = rules.sorted_out(terms, bases, members, evaluation, home)
    if not chosen:
        raise rules.NobodyEligible(**_reasons(excluded))
    base = {
        code: terms.base([rate.facts(platform_only=terms.needs_membership) for rate in one.rates])
        for code, one in bases.parties.items()
    }
    fen = {code: calculation.whole("base_fen") for code, calculation in base.items()}
    claimants = [Claimant(of.code, fen[of.code], one.grade, of.high_tech) for one in chosen if (of := one.base)]
    found = terms.shared(claimants, pool_fen)
    grades = {one.base.code: one.grade for one in chosen}
    return Shares(
        lines=tuple(
            Line(one.code, grades[one.code], fen[one.code], one.entitled_fen, one.awarded_fen) for one in found.shares
        ),
        excluded=rules.excluded_lines(excluded, fen),
        base={unit: base[unit] for unit in sorted(grades)},
        share=dict(sorted(found.calculations.items())),
    )


def _reasons(excluded: Mapping[str, tuple[Exclusion, str]]) -> dict[str, str]:
    counted: dict[Exclusion, int] = {}
    for why, _ in excluded.values():
        counted[why] = counted.get(why, 0) + 1
    return {
        "reasons": "、".join(f"{EXCLUSION_ZH[why]} {count}" for why, count in counted.items()) or "没有记录",
        "reasons_en": ", ".join(f"{why.value} {count}" for why, count in counted.items()) or "there are no records",
    }


@dataclass(slots=True)
class Kept:
    """The calculations of one command, each kept once however many units share it."""

    command: Command
    rows: list[CalculationTable] = field(default_factory=list)
    _ids: dict[int, UUID] = field(default_factory=dict)

    def keep(self, calculations: Mapping[str, Calculation]) -> dict[str, UUID]:
        """Their ids, by unit."""
        return {unit: self._keep(calculation) for unit, calculation in calculations.items()}

    def _keep(self, calculation: Calculation) -> UUID:
        if id(calculation) not in self._ids:
            n = len(self.rows) + 1
            self._ids[id(calculation)] = calculation_id(self.command, n)
            self.rows.append(stored(self.command, calculation, n))
        return self._ids[id(calculation)]
