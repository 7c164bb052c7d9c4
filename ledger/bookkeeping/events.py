"""What keeping the books says to the slices above it.  (pure)"""

from dataclasses import dataclass
from datetime import date

from ledger.executor.commands import Event


@dataclass(frozen=True, slots=True)
class PeriodOpening(Event):
    """A further period is about to be opened."""


@dataclass(frozen=True, slots=True)
class PeriodStepping(Event):
    """A period is about to become adjusting or closed, under two signatures."""

    second_person: str


@dataclass(frozen=True, slots=True)
class PeriodClosing(Event):
    """A period is about to close: upper slices refuse while they have unfinished work in it."""

    period: str
    ends_on: date


@dataclass(frozen=True, slots=True)
class AccountClosing(Event):
    """An account is about to be closed."""


@dataclass(frozen=True, slots=True)
class EntryReversing(Event):
    """An entry is about to be taken back: upper slices refuse where their records would not follow."""

    seq: int
    template: str
    entities: frozenset[str]
    """Whose accounts it moves."""
    second_person: str
