"""What a slice declares to the executor and the journal."""

from dataclasses import dataclass
from typing import Any

from ledger.executor.commands import Aggregate, Reaction, UseCase
from ledger.journal.accounts import AccountClass
from ledger.journal.laws import Law
from ledger.journal.tables import EventRow
from ledger.journal.templates import Template


@dataclass(frozen=True, slots=True)
class Slice:
    """One slice: its use cases, what they read, what they may post, what must always hold."""

    name: str
    use_cases: tuple[UseCase[Any], ...] = ()
    reactions: tuple[Reaction[Any, Any], ...] = ()
    aggregates: tuple[Aggregate[Any], ...] = ()
    accounts: tuple[AccountClass, ...] = ()
    templates: tuple[Template, ...] = ()
    tables: tuple[type[EventRow], ...] = ()
    """Attested event rows."""
    laws: tuple[Law, ...] = ()
