"""A computed amount, kept with its derivation beside the entry that uses it."""

from uuid import UUID, uuid5

from ledger.executor.commands import Command
from ledger.journal.tables import CalculationTable
from policies.kernel.registry import Calculation


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


def calculation_id(command: Command, n: int = 1) -> UUID:
    return uuid5(command.id_in(""), f"calculation:{n}")
