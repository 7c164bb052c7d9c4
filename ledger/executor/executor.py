"""One line of commands per book, many per transaction: the queue, the thread, and what is tried again."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Self

from psycopg import errors as pg
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from ledger.errors import Spoken
from ledger.executor.batch import Batch, Outcome, Plan
from ledger.executor.clock import Clock, today
from ledger.executor.commands import Answer, Command
from ledger.executor.faults import Faults
from ledger.executor.reading import Reader
from ledger.journal.post import GroundMoved

BATCH_MAX = 256
"""Commands per transaction: where the prototype's throughput flattened."""
TRIES_MAX = 200
OUTAGE_MAX = timedelta(seconds=60)
"""How long a batch waits for the database to come back before its callers are told."""

CONFLICTS = (pg.SerializationFailure, pg.DeadlockDetected, pg.UniqueViolation)
"""Two executors met. A unique violation is one too: both opened one account at once; the second try sees it."""
CONFLICT_TRIES_MAX = 5

log = logging.getLogger(__name__)


class StoreUnavailable(Spoken):
    """Nothing is known of the outcome: the same key asks again."""

    zh = "账簿数据库暂时不可用（{reason}）。请稍后用同一幂等键重发；若已入账，将得到原答复。"
    en = "The store cannot be reached ({reason}). Send the same key again later: if it was recorded, its answer comes."


class ExecutorClosed(Spoken):
    zh = "账簿正在关闭，请求未被接收。请稍后重发。"
    en = "The books are closing and did not take this request. Send it again later."


@dataclass(slots=True)
class Waiting:
    command: Command
    future: "Future[Answer]" = field(default_factory=Future)


class Executor:
    """Runs commands of one book in a thread of its own.

    Several processes may each have one on the same book: locks by name, balances in sorted order and the head last keep
    them apart.
    """

    def __init__(
        self,
        engine: Engine,
        batch: Batch,
        clock: Clock,
        faults: Faults | None = None,
        after_commit: Callable[[Connection, int, bool], None] | None = None,
    ) -> None:
        self._engine = engine
        self._batch = batch
        self._clock = clock
        self._faults = faults or Faults()
        self._after_commit = after_commit
        self._queue: deque[Waiting] = deque()
        self._wake = threading.Condition()
        self._closing = False
        self._thread = threading.Thread(target=self._work, name="executor", daemon=True)
        self._thread.start()

    def submit(self, command: Command) -> "Future[Answer]":
        """Take a command; the future gives its answer, or raises a fault.

        What was taken is decided: the future cannot be cancelled, whoever stops waiting for it.

        Raises through the future:
            KeyReused: the key was used for another body.
            StoreUnavailable: the outcome is unknown; the same key asks again.
        """
        return self.submit_all([command])[0]

    def submit_all(self, commands: Sequence[Command]) -> "list[Future[Answer]]":
        waiting = [Waiting(command) for command in commands]
        for item in waiting:
            item.future.set_running_or_notify_cancel()
        with self._wake:
            if self._closing:
                raise ExecutorClosed
            self._queue.extend(waiting)
            self._wake.notify()
        return [item.future for item in waiting]

    def run(self, command: Command) -> Answer:
        """Take a command and wait for its answer."""
        return self.submit(command).result()

    def close(self) -> None:
        """Finish what was taken, then stop."""
        with self._wake:
            self._closing = True
            self._wake.notify()
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- the thread ----------------------------------------------------------------------------------------------------

    def _work(self) -> None:
        while taken := self._take():
            try:
                deferred = self._run_batch(taken)
            except BaseException as fault:  # a caller must never wait for a thread that died
                log.exception("a batch failed")
                deferred = []
                for item in taken:
                    if not item.future.done():
                        item.future.set_exception(fault)
            with self._wake:
                self._queue.extendleft(reversed(deferred))

    def _take(self) -> list[Waiting]:
        """What is waiting, without delay to gather more; empty when closing and nothing is left."""
        with self._wake:
            while not self._queue and not self._closing:
                self._wake.wait()
            return [self._queue.popleft() for _ in range(min(len(self._queue), BATCH_MAX))]

    def _run_batch(self, taken: list[Waiting]) -> list[Waiting]:
        """Run what can share a transaction; give back what must wait for the next one."""
        self._faults.at("taken")
        try:
            outcomes, deferred = self._try_together(taken)
        except StoreUnavailable as gone:  # nobody's doing: to wait for it again with each alone would take hours
            for item in taken:
                item.future.set_exception(gone)
            return []
        except Exception as fault:  # noqa: BLE001  one of them did it: find out which
            if len(taken) == 1:
                taken[0].future.set_exception(fault)
                return []
            # Its kind and not its words: those quote rows, and rows may hold names.
            log.warning("a batch of %d failed (%s); each command runs alone", len(taken), type(fault).__name__)
            for item in taken:
                self._run_batch([item])
            return []
        for index, outcome in outcomes.items():
            if isinstance(outcome, BaseException):
                taken[index].future.set_exception(outcome)
            else:
                taken[index].future.set_result(outcome)
        return [taken[index] for index in deferred]

    def _try_together(self, taken: list[Waiting]) -> tuple[dict[int, Outcome], list[int]]:
        """The whole batch again after a conflict between executors or a lost connection; anything else is a fault."""
        commands = [item.command for item in taken]
        gives_up_at = time.monotonic() + OUTAGE_MAX.total_seconds()
        for attempt in range(1, TRIES_MAX + 1):
            try:
                return self._transact(commands)
            except GroundMoved:
                continue
            except DBAPIError as error:
                self._batch.journal.rolled_back()
                if isinstance(error.orig, CONFLICTS):
                    if attempt > CONFLICT_TRIES_MAX:
                        raise
                elif not connection_lost(error):
                    raise
                elif time.monotonic() > gives_up_at:
                    raise StoreUnavailable(reason=type(error.orig).__name__) from error
                else:
                    time.sleep(min(0.02 * attempt, 1.0))
            except BaseException:
                self._batch.journal.rolled_back()
                raise
        raise StoreUnavailable(reason=f"{TRIES_MAX} tries")

    def _transact(self, commands: list[Command]) -> tuple[dict[int, Outcome], list[int]]:
        with self._engine.connect() as connection:
            with connection.begin():
                reader = Reader(connection, self._batch.journal.book)
                plan = self._batch.plan(reader, commands)
                outcomes = self._batch.run(connection, commands, plan, today(self._clock))
                self._faults.at("before-commit")
            self._faults.at("after-commit")
            self._tell_committed(connection, outcomes, plan)
        return outcomes | plan.faults, plan.deferred

    def _tell_committed(self, connection: Connection, outcomes: dict[int, Outcome], plan: Plan) -> None:
        """What follows a commit may fail, but never as an answer: the commands are in the books."""
        written = [o for o in outcomes.values() if isinstance(o, Answer) and not o.replayed]
        if not written or self._after_commit is None:
            return
        try:
            self._after_commit(connection, written[0].block, plan.alone and written[0].accepted)
        except Exception:
            log.exception("block %d is committed, but what follows a commit failed", written[0].block)


def connection_lost(error: DBAPIError) -> bool:
    """Whether the connection went away or none could be had, as against a statement that is wrong."""
    cause = error.orig
    state = cause.sqlstate if isinstance(cause, pg.Error) else None
    return error.connection_invalidated or (
        isinstance(cause, pg.OperationalError | pg.InterfaceError) and (state is None or state[:4] in {"57P0", "0800"})
    )
