"""What an entry rests on: its legal date, its article, its calculation.  (pure)"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol
from uuid import UUID

from ledger.journal.entries import Backdating, Entry, Transfer, entry


class Rested(Protocol):
    """A line of something, whose amount was computed."""

    @property
    def citation(self) -> str: ...

    @property
    def calculation(self) -> UUID | None: ...


@dataclass(frozen=True, slots=True)
class Ground:
    """What an entry rests on."""

    on: date
    """Legal date."""
    citation: str = ""
    calculation: UUID | None = None
    backdating: Backdating | None = None
    memo: str = ""

    def of(self, rested: Rested) -> "Ground":
        """The same for a part that rests on a calculation of its own."""
        return replace(self, citation=rested.citation, calculation=rested.calculation)

    def entry(self, template: str, *moves: tuple[Transfer, ...]) -> Entry:
        return entry(
            template,
            self.on,
            *moves,
            citation=self.citation,
            calculation=self.calculation,
            backdating=self.backdating,
            memo=self.memo,
        )
