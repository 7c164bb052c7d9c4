"""`vledger demo`: a year of a real voucher programme, or a September, kept to the fen in a database of its own."""

import json
import time
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from api.books import OpenBooks
from api.cli import demo_report, demo_september, demo_worked
from api.cli.demo_books import complete, demo_books, verified_with_progress
from api.cli.options import AsJson, Data, in_language
from api.cli.verify import as_object, bar
from ledger.assembly import BOOK
from ledger.database.directory import data_directory
from ledger.demo.jinyun import COMMISSION, LAST_COMMAND, SCHEME, YEAR, Year, commands_in
from ledger.demo.plan import plan
from ledger.demo.stage import Stage
from ledger.executor.clock import CITY, SimulatedClock
from ledger.journal.verify import Verification
from ledger.reports.programme import ProgrammeTotals, programme_totals
from policies.vouchers.published import PublishedTotals, published


@dataclass(frozen=True, slots=True)
class Told:
    """What the demo came to."""

    published: PublishedTotals
    computed: ProgrammeTotals
    verified: Verification
    fresh: bool
    seconds: float


class Story(StrEnum):
    JINYUN = "jinyun"
    SEPTEMBER = "september"
    CUSTOMS = "customs"
    EQUITY = "equity"


def demo(
    story: Annotated[
        Story,
        typer.Argument(
            help="jinyun: vouchers of 2017. september: 344 units, graded, subsidised and paid. "
            "customs, equity: the worked examples, figure beside figure.  演示"
        ),
    ] = Story.JINYUN,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="DIR", help="september: where files are written (default: out/ in the data directory)"
        ),
    ] = None,
    data: Data = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Tell a story in a database of its own: Jinyun's vouchers of 2017, a September, or a worked example.  演示."""
    if story is Story.SEPTEMBER:
        demo_september.september(data, out, as_json=as_json)
    elif story in {Story.CUSTOMS, Story.EQUITY}:
        demo_worked.worked(story.value, data, as_json=as_json)
    else:
        _jinyun(data, as_json=as_json)


def _jinyun(data: Path | None, *, as_json: bool) -> None:
    """The vouchers of Jinyun county, 2017: published beside computed."""
    started = time.monotonic()
    with demo_books(demo_directory(data)) as books:
        fresh = _tell(books)
        with books.snapshot() as connection:
            verified = verified_with_progress(books, connection)
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


def _tell(books: OpenBooks) -> bool:
    """Live the year unless it has been lived; a year cut short goes on where it stopped. Whether anything was new."""
    if complete(books, COMMISSION, LAST_COMMAND):
        return False
    planned = plan(published(SCHEME))
    clock = SimulatedClock(datetime(YEAR, 1, 1, tzinfo=CITY))
    with books.commands(clock) as open_, bar() as progress:
        task = progress.add_task(in_language(zh="2017年的业务", en="the year 2017"), total=commands_in(planned))
        Year(Stage(open_.executor, clock, lambda done: progress.advance(task, done)), planned).tell()
    return True


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
