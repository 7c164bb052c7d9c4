"""Many commands in one transaction: all of them, or none."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, Engine

from ledger.errors import Invalid
from ledger.executor.batch import Batch
from ledger.executor.clock import Clock, today
from ledger.executor.commands import Answer, Command
from ledger.executor.executor import BATCH_MAX
from ledger.executor.reading import Reader, shut_the_gate

Numbered = tuple[int, Command]
Told = Callable[[int, Answer | Invalid], None]


def always() -> bool:
    return True


def never() -> bool:
    return False


@dataclass(slots=True)
class Tally:
    """What became of them."""

    accepted: int = 0
    refused: int = 0
    unreadable: int = 0
    replayed: int = 0
    """Of both: decided before, under the same keys."""
    last_block: int | None = None
    kept: bool = False
    """Committed. If not, the books are as they were, and no key is used up."""

    def count(self, outcome: Answer | Invalid) -> None:
        if isinstance(outcome, Invalid):
            self.unreadable += 1
            return
        self.accepted += outcome.accepted
        self.refused += not outcome.accepted
        self.replayed += outcome.replayed
        if not outcome.replayed:
            self.last_block = outcome.block


class Together:
    """Takes any number of commands through one transaction, a block for each few hundred of them.

    It has the book to itself meanwhile: executors wait at the gate. Memory stays flat, for commands are taken as they
    are needed and answers are told as they come.
    """

    def __init__(
        self,
        engine: Engine,
        new_batch: Callable[[], Batch],
        clock: Clock,
        after_commit: Callable[[Connection, int], None],
    ) -> None:
        self._engine = engine
        self._new_batch = new_batch
        self._clock = clock
        self._after_commit = after_commit

    def run(self, commands: Iterable[Command], told: Told, *, keep: Callable[[], bool] = always) -> Tally:
        """All of them are kept when each is accepted; otherwise none, and the books are as they were.

        Args:
            commands: in their order, taken one stretch at a time.
            told: called with the place of each command, from nought, and its answer, or with why it cannot be read, in
                no certain order. What it hears counts only when the tally says that it was kept.
            keep: asked when all have been accepted; `never` rehearses.

        Raises:
            whatever fault one of them meets; nothing is kept then.
        """
        tally = Tally()
        batch = self._new_batch()
        with self._engine.connect() as connection:
            with connection.begin() as transaction:
                shut_the_gate(Reader(connection, batch.journal.book))
                for stretch in _stretches(enumerate(commands)):
                    self._run_stretch(connection, batch, stretch, tally, told)
                tally.kept = not tally.refused and not tally.unreadable and keep()
                if not tally.kept:
                    transaction.rollback()
            if tally.kept and tally.last_block is not None:
                self._after_commit(connection, tally.last_block)
        return tally

    def _run_stretch(
        self, connection: Connection, batch: Batch, stretch: list[Numbered], tally: Tally, told: Told
    ) -> None:
        """Those that have a name in common follow each other, in their order."""
        reader = Reader(connection, batch.journal.book)
        while stretch:
            commands = [command for _, command in stretch]
            plan = batch.plan(reader, commands)
            plan.locks.clear()  # the gate is shut: nobody else decides anything
            outcomes = batch.run(connection, commands, plan, today(self._clock)) | plan.faults
            for index, outcome in outcomes.items():
                if not isinstance(outcome, Answer | Invalid):
                    raise outcome
                tally.count(outcome)
                told(stretch[index][0], outcome)
            stretch = [stretch[index] for index in plan.deferred]


def _stretches(commands: Iterator[Numbered]) -> Iterator[list[Numbered]]:
    stretch: list[Numbered] = []
    for numbered in commands:
        stretch.append(numbered)
        if len(stretch) == BATCH_MAX:
            yield stretch
            stretch = []
    if stretch:
        yield stretch
