"""One batch: take the locks, read, decide each command with a pure function, write everything as one block."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias

from sqlalchemy import Connection

from ledger.errors import Refused, Spoken
from ledger.executor.commands import Answer, Command, Effects, Keys, Reaction, State, UseCase
from ledger.executor.faults import Faults
from ledger.executor.idempotency import Stored, find_stored, new_salts, request_of
from ledger.executor.reading import Aggregates, Reader, lock, shut_the_gate
from ledger.executor.tables import PersonalTable
from ledger.executor.typed import check_declared
from ledger.journal.attestation import Json, plain
from ledger.journal.bulk import BulkInsert
from ledger.journal.entries import Entry
from ledger.journal.post import ACCEPTED, REFUSED, Decided, Journal, refusal_answer
from ledger.journal.tables import EventRow, table_of
from policies.kernel.policies import Policies

Outcome: TypeAlias = Answer | BaseException
"""What a command came to: an answer, or a fault of ours that is nobody's answer."""

NO_BLOCK = 0
"""Where a rehearsal's answer stands: in no block."""

_insert_personal = BulkInsert(table_of(PersonalTable))


class Registry:
    """What the slices declared: use cases, reactions, aggregates."""

    def __init__(
        self,
        use_cases: Iterable[UseCase[Any]],
        reactions: Iterable[Reaction[Any, Any]],
        aggregates: Aggregates,
    ) -> None:
        self.aggregates = aggregates
        self._use_cases = {use_case.command: use_case for use_case in use_cases}
        self._reactions = list(reactions)

    @property
    def commands(self) -> Collection[type[Command]]:
        """Every kind of command that is taken."""
        return self._use_cases.keys()

    def use_case(self, command: Command) -> UseCase[Any]:
        try:
            return self._use_cases[type(command)]
        except KeyError:
            raise ValueError(f"no slice declares {type(command).__name__}") from None

    def reads(self, command: Command) -> Keys:
        """What a command reads, with what its possible reactions read.

        Raises `Invalid` where a field is not of its declared type; a sentence of the slice's own comes first.
        """
        use_case = self.use_case(command)
        try:
            keys = use_case.reads(command)
            for reaction in self._reactions_to(command):
                keys |= reaction.reads(command)
        except Spoken:
            raise
        except Exception:
            check_declared(command)
            raise
        check_declared(command)
        return keys

    def decide(self, command: Command, state: State, policies: Policies, today: date) -> Effects:
        """The command's effects and those of the reactions to its events, in declared order.

        What a reaction makes happen may be reacted to in its turn, by a slice further up. A refusal by one refuses all.
        """
        effects = self.use_case(command).decide(command, state, policies, today)
        reactions = self._reactions_to(command)
        met = 0
        while met < len(effects.events):
            event = effects.events[met]
            met += 1
            for reaction in reactions:
                if isinstance(event, reaction.event):
                    effects = effects.and_also(reaction.decide(event, command, state, policies, today))
        return effects

    def shuts_the_gate(self, command: Command) -> bool:
        return any(reaction.shuts_the_gate(command) for reaction in self._reactions_to(command))

    def _reactions_to(self, command: Command) -> list[Reaction[Any, Any]]:
        return [reaction for reaction in self._reactions if isinstance(command, reaction.command)]


@dataclass(slots=True)
class Plan:
    """Which of the waiting commands can share a transaction, and what they read."""

    chosen: list[int] = field(default_factory=list)
    deferred: list[int] = field(default_factory=list)
    faults: dict[int, BaseException] = field(default_factory=dict)
    keys: dict[int, Keys] = field(default_factory=dict)
    locks: set[str] = field(default_factory=set)
    single: bool = False
    """One command and no other."""
    alone: bool = False
    """It is one that others rely on not happening beside them."""
    gated: bool = False
    """It is one beside which nobody decides anything."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Runs commands of one book against one connection."""

    journal: Journal
    registry: Registry
    policies: Callable[[date], Policies]
    faults: Faults

    def plan(self, reader: Reader, commands: Sequence[Command]) -> Plan:
        """Take as many commands as have nothing in common, in their order; what shares an aggregate waits its turn."""
        plan = Plan()
        wanted: dict[int, Keys] = {}
        for index, command in enumerate(commands):
            try:
                wanted[index] = self.registry.reads(command)
            except Exception as fault:  # noqa: BLE001  whatever it is, it belongs to this command alone
                plan.faults[index] = fault
        plan.keys = self.registry.aggregates.follow(reader, wanted)
        spoken_for: set[str] = set()
        for index, keys in plan.keys.items():
            command = commands[index]
            locks = self.registry.aggregates.locks(keys) | {f"key:{command.tenant}:{command.key}"}
            use_case = self.registry.use_case(command)
            gated = self.registry.shuts_the_gate(command)
            single = use_case.alone or use_case.apart or gated
            if plan.single or (single and index) or locks & spoken_for:
                plan.deferred.append(index)
            else:
                plan.chosen.append(index)
                plan.locks |= locks
                plan.single, plan.alone, plan.gated = single, use_case.alone, gated
            spoken_for |= locks
        return plan

    def run(self, connection: Connection, commands: Sequence[Command], plan: Plan, today: date) -> dict[int, Outcome]:
        """Run the chosen commands in the caller's transaction; the caller commits.

        Returns the outcome of each by its index. Nothing is written when every one was a replay or a fault.
        """
        reader = Reader(connection, self.journal.book)
        if plan.gated:
            shut_the_gate(reader)
        lock(reader, plan.locks)
        if plan.alone:
            self.journal.hold_head(connection)
        self.faults.at("after-locks")
        chosen = {index: commands[index] for index in plan.chosen}
        stored = find_stored(reader, list(chosen.values()))
        outcomes: dict[int, Outcome] = {}
        fresh: dict[int, Command] = {}
        for index, command in chosen.items():
            found = stored.get((command.tenant, command.key))
            if found:
                outcomes[index] = _replay(found, command)
            else:
                fresh[index] = command
        if fresh:
            state = self.registry.aggregates.load(reader, {key for index in fresh for key in plan.keys[index]})
            self.faults.at("after-load")
            outcomes |= self._decide_and_post(connection, fresh, state, today)
        return outcomes

    def rehearse(self, connection: Connection, commands: Sequence[Command], today: date) -> list[Outcome]:
        """What each command would be answered, in their order; nothing is locked, nothing is written, no key used up.

        Each is decided on the books as the caller's snapshot shows them; of what the commands before it would change it
        sees the balances, not the rows.
        """
        reader = Reader(connection, self.journal.book)
        stored = find_stored(reader, commands)
        outcomes: dict[int, Outcome] = {}
        wanted: dict[int, Keys] = {}
        for index, command in enumerate(commands):
            found = stored.get((command.tenant, command.key))
            try:
                if found:
                    outcomes[index] = _replay(found, command)
                else:
                    wanted[index] = self.registry.reads(command)
            except Exception as fault:  # noqa: BLE001  whatever it is, it belongs to this command alone
                outcomes[index] = fault
        keys = self.registry.aggregates.follow(reader, wanted)
        state = self.registry.aggregates.load(reader, {key for some in keys.values() for key in some})
        decided, faults = self._decide_all({index: commands[index] for index in keys}, state, today)
        outcomes |= faults
        admitted = self.journal.rehearse(connection, [decision for decision, _ in decided.values()], today)
        for index, outcome in zip(decided, admitted, strict=True):
            outcomes[index] = Answer(outcome.status == ACCEPTED, outcome.answer, outcome.id, NO_BLOCK)
        return [outcomes[index] for index in range(len(commands))]

    def _decide_and_post(
        self, connection: Connection, commands: Mapping[int, Command], state: State, today: date
    ) -> dict[int, Outcome]:
        decided, outcomes = self._decide_all(commands, state, today)
        self.faults.at("after-decide")
        if decided:
            posted = self.journal.post(
                connection, [decision for decision, _ in decided.values()], today, self.faults.at
            )
            _insert_personal(connection, [row for _, rows in decided.values() for row in rows])
            for index, outcome in zip(decided, posted.outcomes, strict=True):
                outcomes[index] = Answer(outcome.status == ACCEPTED, outcome.answer, outcome.id, posted.block)
        return outcomes

    def _decide_all(
        self, commands: Mapping[int, Command], state: State, today: date
    ) -> tuple[dict[int, tuple[Decided, list[dict[str, object]]]], dict[int, Outcome]]:
        """What each decides, with the rows of its personal fields; and the faults."""
        policies = self.policies(today)
        decided: dict[int, tuple[Decided, list[dict[str, object]]]] = {}
        faults: dict[int, Outcome] = {}
        for index, command in commands.items():
            salts = new_salts(command)
            try:
                decision = self._decide(command, salts, state, policies, today)
            except Exception as fault:  # noqa: BLE001  a bug in one decision touches nobody else's
                faults[index] = fault
            else:
                decided[index] = decision, _personal_rows(self.journal, command, salts)
        return decided, faults

    def _decide(
        self, command: Command, salts: Mapping[str, bytes], state: State, policies: Policies, today: date
    ) -> Decided:
        try:
            effects = self.registry.decide(command, state, policies, today)
        except Refused as refusal:
            return self._decided(command, salts, REFUSED, refusal_answer(refusal))
        return self._decided(command, salts, ACCEPTED, plain(effects.answer), effects.entries, effects.rows)

    def _decided(
        self,
        command: Command,
        salts: Mapping[str, bytes],
        status: str,
        answer: Json,
        entries: tuple[Entry, ...] = (),
        rows: tuple[EventRow, ...] = (),
    ) -> Decided:
        return Decided(
            id=command.id_in(self.journal.code),
            tenant=command.tenant,
            key=command.key,
            kind=command.kind,
            actor=command.actor,
            request=request_of(command, salts),
            status=status,
            answer=answer,
            entries=entries,
            rows=rows,
        )


def _replay(stored: Stored, command: Command) -> Outcome:
    try:
        return stored.replay(command)
    except Exception as fault:  # noqa: BLE001  another body, or one that cannot be compared: this command's alone
        return fault


def _personal_rows(journal: Journal, command: Command, salts: Mapping[str, bytes]) -> list[dict[str, object]]:
    if not salts:
        return []
    body = command.body()
    return [
        {
            "book": journal.book,
            "command": command.id_in(journal.code),
            "field": name,
            "salt": salt,
            "value": str(body[name]),
        }
        for name, salt in salts.items()
    ]
