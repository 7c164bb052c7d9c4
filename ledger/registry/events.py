"""What the registry says has happened; upper slices react in the same transaction.  (pure)"""

from dataclasses import dataclass

from ledger.executor.commands import Event


@dataclass(frozen=True, slots=True)
class InstrumentAdded(Event):
    """Published by the command `RegisterInstrument`."""

    instrument: str
    unit: str
