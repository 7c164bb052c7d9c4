"""What a slice declares to the executor and the journal, and to those who sign."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ledger.executor.commands import Aggregate, Reaction, UseCase
from ledger.executor.reading import Reader
from ledger.journal.accounts import AccountClass
from ledger.journal.attestation import Json
from ledger.journal.laws import Law
from ledger.journal.tables import EventRow
from ledger.journal.templates import Template

Content = Callable[[Reader, str], Json]
"""Everything that is shown of a subject, by its number, to those who are to approve it. Its hash binds them."""


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
    contents: Mapping[str, Content] = field(default_factory=dict)
    """By the kind of subject for which the slice asks for approval."""
