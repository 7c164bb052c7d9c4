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

from benchmarks import bulk, september
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
    with tempfile.TemporaryDirectory(prefix="vledger-bench-") as folder, embedded(Path(folder) / "data") as server:
        migrate.upgrade(server.urls.owner)
        results["september"] = _september(server.urls.writer, server.urls.owner)
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


def _september(writer: URL, owner: URL) -> dict[str, object]:
    """Seconds and ratios of a September of 1,000 units, in the same minute."""
    engine = writer_engine(writer)
    found: dict[str, list[float]] = {"bare sums": [], "to every amount": [], "the command": []}
    with connect(owner) as driver:
        print("  stocking 1,000 units, 50,000 instruments, 3,000,000 uses …", file=sys.stderr)
        autumn = september.Autumn(engine, driver)
        for _ in range(REPETITIONS):
            found["bare sums"].append(autumn.bare())
            found["to every amount"].append(autumn.share())
            found["the command"].append(autumn.compute())
        sheet = autumn.sheet()
        (printing, pages), listing = september.printed(sheet), september.listed(sheet)
    autumn.books.close()
    engine.dispose()
    medians = {name: statistics.median(seconds) for name, seconds in found.items()}
    return {
        "seconds": {name: [round(one, 2) for one in seconds] for name, seconds in found.items()},
        "from records to every amount / bare sums over the same table": round(
            medians["to every amount"] / medians["bare sums"], 2
        ),
        "the command, with every derivation kept / bare sums": round(medians["the command"] / medians["bare sums"], 2),
        "sheet of 1,000 lines as PDF": {"seconds": round(printing, 2), "pages": pages},
        "sheet as PDF / the same lines as XLSX": round(printing / listing, 1),
        "peak memory in MiB": september.peak_mib(),
    }


if __name__ == "__main__":
    main()
