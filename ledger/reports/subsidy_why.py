"""Why one unit gets what it gets of a subsidy: the steps of its base and of its share, computed again."""

from dataclasses import dataclass
from uuid import UUID

from ledger.errors import NotFound
from ledger.executor.reading import Reader
from ledger.reports.derivations import stored
from ledger.subsidies.store import BATCHES
from ledger.subsidies.values import Award, Batch, Excluded
from policies.calculators import recompute
from policies.kernel.derivation import Step
from policies.subsidies.schemes import subsidy


@dataclass(frozen=True, slots=True)
class Why:
    """A unit's award with the two derivations behind it; of a unit that is left out, the reason."""

    batch: Batch
    unit: str
    name: str
    award: Award | None
    left_out: Excluded | None
    base: Step | None
    """From the bills to the income that counts."""
    share: Step | None
    """From the base to what is due; of a pool, this unit's part of it."""
    added: Step | None
    """Of a top-up: what is due less what was awarded before."""


def why(reader: Reader, number: str, unit: str) -> Why:
    """What a batch says of one unit.

    Raises:
        NotFound: there is no such batch, or the unit is neither in it nor left out of it.
    """
    batch = BATCHES.load(reader, [number]).get(number)
    if batch is None:
        raise NotFound("补贴批次/subsidy batch", number)
    award = next((one for one in batch.awards if one.unit == unit), None)
    left_out = next((one for one in batch.excluded if one.unit == unit), None)
    if award is None and left_out is None:
        raise NotFound("单位/unit", unit)
    names = reader.rows("SELECT name FROM party WHERE book = %s AND code = %s", reader.book, unit)
    return Why(
        batch,
        unit,
        names[0][0] if names else "",
        award,
        left_out,
        _steps(reader, award.base_calculation) if award else None,
        _share(reader, batch, award) if award else None,
        _steps(reader, award.due.calculation) if award and award.due else None,
    )


def _steps(reader: Reader, calculation: UUID) -> Step:
    return recompute(stored(reader.connection, reader.book, calculation)).derivation


def _share(reader: Reader, batch: Batch, award: Award) -> Step:
    found = recompute(stored(reader.connection, reader.book, award.calculation))
    if not subsidy(batch.scheme, batch.rules_on, batch.known_on).pooled:
        return found.derivation
    units = [row["code"] for row in found.table("units")]
    # The pool itself stands first; then the units in their order.
    return found.derivation.inputs[0].inputs[1 + units.index(award.unit)]
