"""A rehearsal: what a command would be answered now, with nothing written and no key used up."""

from collections.abc import Callable, Sequence

from sqlalchemy import Engine

from ledger.database.engine import read_only_session
from ledger.executor.batch import Batch, Outcome
from ledger.executor.clock import Clock, today
from ledger.executor.commands import Answer, Command


class Rehearsal:
    """Runs beside the executor, in the caller's thread; any number at once.

    It reads one snapshot in a transaction that cannot write. Its answer is the real one's in all but the block: ids
    derive from tenant and key, and limits are checked against the same balances. Between the rehearsal and the real
    request others may change the books; then the real answer is the one that counts.
    """

    def __init__(self, engine: Engine, new_batch: Callable[[], Batch], clock: Clock) -> None:
        self._engine = engine
        self._new_batch = new_batch
        self._clock = clock

    def run(self, command: Command) -> Answer:
        """The answer; one that was given before is given again, marked as replayed.

        Raises:
            KeyReused: the key was used for another body.
        """
        (outcome,) = self.run_all([command])
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    def run_all(self, commands: Sequence[Command]) -> list[Outcome]:
        """Each one's answer or fault. They see each other's balances, not each other's rows."""
        with read_only_session(self._engine) as session:
            return self._new_batch().rehearse(session.connection(), commands, today(self._clock))
