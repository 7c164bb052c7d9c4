"""A computed amount, kept with its derivation beside the entry that uses it."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from ledger.executor.commands import Command
from ledger.executor.reading import Reader
from ledger.journal.tables import CalculationTable
from policies.kernel.derivation import Step
from policies.kernel.registry import Calculation


@dataclass(frozen=True, slots=True)
class StoredCalculation:
    """A calculation as the books keep it."""

    id: UUID
    policy: str
    on: date
    """Day of the fact."""
    known_on: date
    """Rules enacted by this day count."""
    version: str
    synthetic: bool
    """Whether figures of its policy are invented."""
    facts: Mapping[str, Any]
    result: Mapping[str, Any]
    derivation: Mapping[str, Any]
    """Every step, down to facts and cited articles."""
    derivation_hash: str
    """64 hex digits."""


def stored(command: Command, calculation: Calculation, n: int = 1) -> CalculationTable:
    """The row for the n-th calculation of a command; its id is what entries name."""
    return CalculationTable(
        id=calculation_id(command, n),
        policy=calculation.policy,
        fact_on=calculation.on,
        known_on=calculation.known_on,
        version=calculation.version,
        synthetic=calculation.synthetic,
        facts=dict(calculation.facts),
        result=dict(calculation.result),
        derivation=calculation.derivation.as_json(),
        derivation_hash=bytes.fromhex(calculation.derivation_hash),
    )


def first_article(calculation: Calculation) -> str:
    """The first article that its derivation rests on, as `source#article`; nothing where it rests on none."""
    return next(_articles(calculation.derivation), "")


def _articles(step: Step) -> Iterator[str]:
    if step.cite:
        yield str(step.cite)
    for part in step.inputs:
        yield from _articles(part)


def calculation_id(command: Command, n: int = 1) -> UUID:
    return uuid5(command.id_in(""), f"calculation:{n}")


def load_calculations(reader: Reader, ids: Collection[UUID]) -> Mapping[UUID, StoredCalculation]:
    rows = reader.rows(
        "SELECT id, policy, fact_on, known_on, version, synthetic, facts, result, derivation, "
        "encode(derivation_hash, 'hex') FROM calculation WHERE book = %s AND id = ANY(%s)",
        reader.book,
        list(ids),
    )
    return {row[0]: StoredCalculation(*row) for row in rows}
