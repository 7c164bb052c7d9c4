"""Faults on purpose: something happens when a batch reaches a named point."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import date

from ledger.assembly import Books
from ledger.executor.faults import POINTS, Faults

Opener = Callable[..., Books]
"""Opens another executor on the same book, each time."""
TODAY = date(2017, 3, 1)


class Plugs(Faults):
    """Calls what was put at a point, and counts how often each was reached."""

    def __init__(self, **at: Callable[[], None]) -> None:
        self._at: dict[str, Callable[[], None]] = {}
        self.reached: Counter[str] = Counter()
        for point, action in at.items():
            self.put(point.replace("_", "-"), action)

    def put(self, point: str, action: Callable[[], None]) -> None:
        assert point in POINTS
        self._at[point] = action

    def at(self, point: str) -> None:
        assert point in POINTS
        self.reached[point] += 1
        if point in self._at:
            self._at[point]()


class Gate:
    """Where an executor waits, once, until the test lets it through."""

    def __init__(self) -> None:
        self.reached, self._open = threading.Event(), threading.Event()

    def __call__(self) -> None:
        self.reached.set()
        assert self._open.wait(30)

    def open(self) -> None:
        self._open.set()
