"""The threads that tell registered addresses what has changed. Several processes may each run some."""

import logging
import threading
from datetime import timedelta
from typing import Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine

from api.webhooks import progress
from api.webhooks.message import headers, message_of
from api.webhooks.sending import send
from ledger.assembly import BOOK, house
from ledger.database.engine import read_only_session
from ledger.database.walls import EVERYTHING, act_for
from ledger.executor.clock import Clock
from ledger.reports.changes import Page, changes

LOOK_EVERY = timedelta(seconds=5)
THREADS = 4
"""So that a receiver that takes its time holds up nobody else."""

_logger = logging.getLogger(__name__)


class Deliverer:
    """Looks every few seconds for addresses that are due; sends to each what its party may see, in its order.

    A message is sent at least once: a receiver knows a repeated one by its id. `writer` should be a pool of its own:
    a connection is held while a receiver takes its time.
    """

    def __init__(
        self, writer: Engine, reader: Engine, key: Ed25519PrivateKey, clock: Clock, *, loopback: bool = False
    ) -> None:
        self._writer = writer
        self._reader = reader
        self._key = key
        self._clock = clock
        self._loopback = loopback
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._work, name=f"webhooks-{n}", daemon=True) for n in range(THREADS)]

    def deliver_due(self) -> int:
        """Tell every address that is due one page; how many were looked at."""
        looked_at = 0
        while self._deliver_one():
            looked_at += 1
        return looked_at

    def _deliver_one(self) -> bool:
        at = self._clock.now()
        with progress.taken(self._writer, BOOK, at) as found:
            if found is None:
                return False
            connection, due = found
            page = self._page(due)
            later = at if page.more else at + LOOK_EVERY
            if not page.changes:
                progress.told(connection, BOOK, due, page.next, later)
                return True
            message = message_of(due.webhook, page)
            sent = send(due.address, message.body, headers(message, at, self._key), loopback=self._loopback)
            progress.log(connection, BOOK, due, message, sent, at)
            if sent.taken:
                progress.told(connection, BOOK, due, page.next, later)
            else:
                progress.failed(connection, BOOK, due, at, gone=sent.gone)
        return True

    def _page(self, due: progress.Due) -> Page:
        """As the party itself would see it."""
        with read_only_session(self._reader) as session:
            connection = session.connection()
            act_for(connection, EVERYTHING if due.sees_all else due.party)
            return changes(connection, BOOK, house().attested, due.after)

    # -- the threads ---------------------------------------------------------------------------------------------------

    def _work(self) -> None:
        while not self._stop.wait(LOOK_EVERY.total_seconds()):
            try:
                self.deliver_due()
            except Exception:
                _logger.exception("webhooks could not be delivered; the next look is in %s", LOOK_EVERY)

    def __enter__(self) -> Self:
        with self._writer.begin() as connection:
            progress.forget_old(connection, BOOK, self._clock.now())
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()
