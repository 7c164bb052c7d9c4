"""Commands, what they read, and what they may decide.  (pure)"""

import dataclasses
import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar
from uuid import UUID, uuid5

from ledger.errors import NotFound
from ledger.journal.attestation import Json, plain
from ledger.journal.entries import Entry
from ledger.journal.tables import EventRow
from ledger.journal.verify_receipt import canonical

if TYPE_CHECKING:
    from ledger.executor.reading import Reader
    from policies.kernel.policies import Policies

T = TypeVar("T")
C = TypeVar("C", bound="Command")
E = TypeVar("E", bound="Event")

_NAMESPACE = UUID("6f4a2e0c-3f6e-5c43-9a57-d0a7a2a9d3c1")
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A wish to change the books: who, what, and the key that makes it happen once.

    A subclass is frozen too, holds plain values only, and has its name as `kind`, e.g. `voucher.reserve`.
    """

    kind: ClassVar[str]
    personal: ClassVar[frozenset[str]] = frozenset()
    """Fields that hold personal data: the books keep a salted digest, the value stands apart and can be erased."""

    tenant: str
    """The organisation or client for which the key is unique."""
    key: str
    """Idempotency key."""
    actor: str
    """The natural person, or the system, that acts."""

    def id_in(self, book: str) -> UUID:
        return uuid5(_NAMESPACE, _told_apart(book, self.tenant, self.key).decode())

    def number(self, prefix: str, *parts: object) -> str:
        """A number for something this command creates: it follows from tenant and key, so a dry run tells the same."""
        digest = hashlib.sha256(_told_apart(prefix, self.tenant, self.key, *parts)).digest()
        value = int.from_bytes(digest[:8], "big") >> 4
        letters = "".join(_LETTERS[value >> shift & 31] for shift in range(55, -5, -5))
        return f"{prefix}-{letters[:4]}-{letters[4:8]}-{letters[8:]}"

    def body(self) -> Json:
        """The request as it is compared and stored: every field but tenant, key and actor, as JSON."""
        return {
            f.name: _plain(getattr(self, f.name))
            for f in dataclasses.fields(self)
            if f.name not in {"tenant", "key", "actor"}
        }


def _told_apart(*words: object) -> bytes:
    """Words in a row, so written that no two rows look alike, whatever characters a key holds."""
    return canonical([str(word) for word in words])


def _plain(value: object) -> Any:  # noqa: ANN401  any JSON value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return plain(value)


@dataclass(frozen=True, slots=True)
class Key:
    """One thing by name: what is locked and loaded."""

    aggregate: str
    id: str

    @property
    def lock(self) -> str:
        return f"{self.aggregate}:{self.id}"


Keys = frozenset[Key]


@dataclass(frozen=True)
class Aggregate(Generic[T]):
    """A kind of thing that commands read and change together.

    `load` reads many at once, after the locks. `follow` reads, before the locks and without any, which further
    things belong to these; it may only use what never changes once written.
    `locked` False is for reference facts that are only read.
    """

    name: str
    load: "Callable[[Reader, Collection[str]], Mapping[str, T]]" = field(repr=False)
    follow: "Callable[[Reader, Collection[str]], Mapping[str, Keys]] | None" = field(default=None, repr=False)
    what: str = ""
    """Its name for people, `中文/English`, in the sentence that says it is not there."""
    locked: bool = True

    def keys(self, *ids: str) -> Keys:
        return frozenset(Key(self.name, id_) for id_ in ids)


class State:
    """What was loaded, by aggregate and id."""

    def __init__(self, loaded: Mapping[str, Mapping[str, object]]) -> None:
        self._loaded = loaded

    def find(self, aggregate: Aggregate[T], id_: str) -> T | None:
        return self._loaded.get(aggregate.name, {}).get(id_)  # type: ignore[return-value]  # loaded by this aggregate

    def one(self, aggregate: Aggregate[T], id_: str) -> T:
        """The thing, or the sentence that it does not exist."""
        found = self.find(aggregate, id_)
        if found is None:
            raise NotFound(aggregate.what or aggregate.name, id_)
        return found

    def all(self, aggregate: Aggregate[T], ids: Iterable[str]) -> list[T]:
        return [self.one(aggregate, id_) for id_ in ids]


class Event:
    """What a lower slice says has happened; upper slices may react in the same transaction."""


@dataclass(frozen=True, slots=True)
class Effects:
    """Everything a command does: the answer, the entries, the rows, and what others may react to."""

    answer: Mapping[str, object]
    entries: tuple[Entry, ...] = ()
    rows: tuple[EventRow, ...] = ()
    events: tuple[Event, ...] = ()

    def and_also(self, more: "Effects") -> "Effects":
        return Effects(
            {**self.answer, **more.answer},
            self.entries + more.entries,
            self.rows + more.rows,
            self.events + more.events,
        )


@dataclass(frozen=True)
class UseCase(Generic[C]):
    """One command's pure pair: what it reads, what it decides.

    `decide` raises a `Refused` to decline. The same command on the same state
    has the same effects, alone or among many.
    """

    command: type[C]
    reads: Callable[[C], Keys]
    decide: "Callable[[C, State, Policies, date], Effects]"
    alone: bool = False
    """For what others rely on not changing: it runs in a batch of its own, under the head lock, and posts nothing."""
    apart: bool = False
    """For what touches things it cannot name beforehand, as a reversal or a new period does: it runs in a batch of its
    own, and whoever has read meanwhile reads again."""


def _never(_: object) -> bool:
    return False


@dataclass(frozen=True)
class Reaction(Generic[C, E]):
    """What an upper slice does, in the same transaction, when a lower slice's command makes something happen.

    `reads` sees the command, because locks come before decisions; `decide` sees the event.
    """

    event: type[E]
    command: type[C]
    reads: Callable[[C], Keys]
    decide: "Callable[[E, C, State, Policies, date], Effects]"
    shuts_the_gate: Callable[[C], bool] = _never
    """For which of these commands nobody else may decide anything meanwhile: those by which the reaction changes what
    it cannot name, such as the budget behind every open voucher."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the caller gets, now and at every replay."""

    accepted: bool
    body: Json
    command: UUID
    block: int
    replayed: bool = False
