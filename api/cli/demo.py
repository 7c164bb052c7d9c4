"""`vledger demo`: a year of a real voucher programme, kept to the fen, in a database of its own."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from api.books import OpenBooks, beside
from api.cli import demo_report
from api.cli.options import AsJson, Data, in_language
from api.cli.verify import as_object, bar
from ledger.assembly import BOOK, house
from ledger.database import migrate
from ledger.database.directory import data_directory
from ledger.database.embedded import embedded
from ledger.database.engine import writer_engine
from ledger.database.store import Store
from ledger.demo.jinyun import LAST_COMMAND, SCHEME, YEAR, Year, commands_in
from ledger.demo.plan import plan
from ledger.demo.stage import Stage
from ledger.errors import Refused
from ledger.executor.clock import CITY, SimulatedClock
from ledger.journal.anchors import Anchors
from ledger.journal.bulk import run
from ledger.journal.verify import Verification
from ledger.reports.programme import ProgrammeTotals, programme_totals
from policies.vouchers.published import PublishedTotals, published


class NotTheDemosBooks(Refused):
    zh = "{path} 中的账簿不是演示账簿。请用 --data 指定另一个目录。"
    en = "The books in {path} are not the demo's. Name another directory with --data."


@dataclass(frozen=True, slots=True)
class Told:
    """What the demo came to."""

    published: PublishedTotals
    computed: ProgrammeTotals
    verified: Verification
    fresh: bool
    seconds: float


def demo(data: Data = None, *, as_json: AsJson = False) -> None:
    """Run the vouchers of Jinyun county, 2017, and show published beside computed.  演示：缙云县2017年科技创新券."""
    started = time.monotonic()
    with _books(data) as books:
        fresh = _tell(books)
        with books.snapshot() as connection:
            verified = _verify(books, connection)
            totals = programme_totals(connection, BOOK, SCHEME, YEAR)
            told = Told(published(SCHEME), totals, verified, fresh, round(time.monotonic() - started, 1))
            if as_json:
                print(json.dumps(_as_object(told), ensure_ascii=False))
            else:
                demo_report.show(connection, told.published, totals, verified, books.store.data)
    if not as_json:
        made = in_language(zh="新建账簿", en="Books made")
        there = in_language(zh="账簿已在，未作改动", en="The books were there; nothing was changed")
        took = in_language(zh=f"用时 {told.seconds} 秒。", en=f"{told.seconds} seconds.")
        print(f"\n{made if fresh else there}{in_language(zh='，', en='; ')}{took}")


def demo_directory(data: Path | None) -> Path:
    """A directory of the demo's own, beside that of real books."""
    own = data_directory(data)
    return own if data else own.with_name(own.name + "-demo")


@contextmanager
def _books(data: Path | None) -> Iterator[OpenBooks]:
    """Always the embedded server, whatever the environment names: a demo has no business in real books."""
    with embedded(demo_directory(data)) as server:
        migrate.upgrade(server.urls.owner)
        urls = server.urls
        store = Store(urls.writer, urls.owner, urls.reader, server.data, embedded=True, fresh=server.fresh)
        writer = writer_engine(store.writer)
        try:
            yield OpenBooks(store, writer, Anchors.at(beside(store.data)))
        finally:
            writer.dispose()


def _tell(books: OpenBooks) -> bool:
    """Live the year unless it has been lived; a year cut short goes on where it stopped. Whether anything was new."""
    if _complete(books):
        return False
    planned = plan(published(SCHEME))
    clock = SimulatedClock(datetime(YEAR, 1, 1, tzinfo=CITY))
    with books.commands(clock) as open_, bar() as progress:
        task = progress.add_task(in_language(zh="2017年的业务", en="the year 2017"), total=commands_in(planned))
        Year(Stage(open_.executor, clock, lambda done: progress.advance(task, done)), planned).tell()
    return True


def _complete(books: OpenBooks) -> bool:
    """Whether the last command of the story is there.

    Raises:
        NotTheDemosBooks: there are commands, and the first is not the demo's.
    """
    with books.snapshot() as connection:
        first = run(connection, "SELECT key FROM command WHERE book = %s AND block = 1 AND position = 0", [BOOK])
        if first and not first[0][0].startswith("demo:"):
            raise NotTheDemosBooks(path=books.store.data)
        last = run(connection, "SELECT 1 FROM command WHERE book = %s AND key = %s", [BOOK, f"demo:{LAST_COMMAND}"])
    return bool(last)


def _verify(books: OpenBooks, connection: Connection) -> Verification:
    with bar() as progress:
        task = progress.add_task(in_language(zh="核对", en="verifying"), total=None)
        return (
            house()
            .verifier()
            .verify(
                connection, books.anchors.read(), lambda done, total: progress.update(task, completed=done, total=total)
            )
        )


def _as_object(told: Told) -> dict[str, object]:
    names = ("issued_fen", "used_fen", "redeemed_fen", "carriers", "firms", "projects")
    verified = as_object(told.verified)
    return {
        "programme": SCHEME,
        "published": {name: getattr(told.published, name) for name in names},
        "computed": asdict(told.computed),
        "verify": {name: verified[name] for name in ("ok", "entries", "transfers", "blocks")},
        "seconds": told.seconds,
        "fresh": told.fresh,
    }
