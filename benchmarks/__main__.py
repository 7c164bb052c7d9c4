"""`make bench`: print rates and, as what matters, their ratios. A durable embedded server of its own, thrown away."""

import json
import os
import platform
import statistics
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from sqlalchemy import URL

from benchmarks import bulk
from benchmarks.house import Prepare, bench_house
from benchmarks.redemption import CALLERS, FEN, Redemptions
from ledger.database import migrate
from ledger.database.embedded import embedded
from ledger.database.engine import connect, writer_engine

REPETITIONS = 3
COMMANDS = 1_800


def main() -> None:
    # A private directory of root's would not let the server's own user in: the launcher cares for its own folder only.
    with tempfile.TemporaryDirectory(prefix="vledger-bench-") as folder, embedded(Path(folder) / "data") as server:
        migrate.upgrade(server.urls.owner)
        results = _measure(server.urls.writer, server.urls.owner)
    print(json.dumps(results, indent=1))


def _measure(writer: URL, owner: URL) -> dict[str, object]:
    engine = writer_engine(writer)
    redemptions = Redemptions(engine)
    rates: dict[str, list[float]] = {}

    def measure(name: str, rate: Callable[[], float]) -> None:
        rates.setdefault(name, []).append(rate())
        print(f"  {name}: {rates[name][-1]:,.0f}/s", file=sys.stderr)

    with connect(owner) as driver:
        redemptions.run(200)
        house, first = bench_house(), 1_000_000
        for _ in range(REPETITIONS):  # interleaved: A B C A B C, so that a slow minute hits all of them
            measure("redemptions", lambda: redemptions.run(COMMANDS))
            measure("bare inserts", lambda: redemptions.bare(driver, COMMANDS))
            _stock(redemptions, first)
            measure("bulk post", partial(bulk.post, engine, house, first))
            measure("COPY bare", lambda: bulk.copy(driver, indexes=False))
            measure("COPY indexed", lambda: bulk.copy(driver, indexes=True))
            first += 1_000_000
        version = driver.info.server_version
    redemptions.books.close()
    engine.dispose()
    return _report({name: statistics.median(found) for name, found in rates.items()}, rates, version)


def _stock(redemptions: Redemptions, first: int) -> None:
    """Vouchers for the bulk run, outside its time."""
    entries = bulk.TRANSFERS // bulk.PER_ENTRY
    for at in range(first, first + entries, 5_000):
        answer = redemptions.books.executor.run(
            Prepare(tenant="K", key=f"stock-{at}", actor="bench", first=at, count=5_000, fen=FEN)
        )
        assert answer.accepted, answer.body


def _report(medians: dict[str, float], rates: dict[str, list[float]], version: int) -> dict[str, object]:
    return {
        "machine": {"cores": os.cpu_count(), "python": platform.python_version(), "postgresql": version},
        "callers": CALLERS,
        "rates_per_second": {name: [round(rate) for rate in found] for name, found in rates.items()},
        "ratios": {
            "redemptions / bare inserts of the same rows": round(medians["redemptions"] / medians["bare inserts"], 2),
            "bulk post / COPY into a bare table": round(medians["bulk post"] / medians["COPY bare"], 2),
            "bulk post / COPY into the same table with its indexes": round(
                medians["bulk post"] / medians["COPY indexed"], 2
            ),
        },
    }


if __name__ == "__main__":
    main()
