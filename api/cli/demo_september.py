"""`vledger demo september`: 344 units with the published grades of 2024, from records of use to a published batch."""

import json
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from api.books import OpenBooks
from api.cli.demo_books import complete, demo_books, verified_with_progress
from api.cli.options import in_language, language
from api.cli.verify import as_object, bar
from ledger.amounts import yuan
from ledger.assembly import BOOK, house
from ledger.database.directory import data_directory
from ledger.demo.season import BASE_YEAR, Season, season
from ledger.demo.september import COMMISSION, LAST_COMMAND, SCHEME, YEAR, September, steps_in
from ledger.demo.stage import Stage
from ledger.executor.clock import CITY, SimulatedClock
from ledger.executor.reading import Reader
from ledger.journal.bulk import run
from ledger.journal.verify import Verification
from ledger.reports.pdf.seal import configured_seal
from ledger.reports.subsidy_publication import published
from ledger.reports.tables import written_to
from ledger.subsidies.store import BATCHES
from ledger.subsidies.values import Batch


@dataclass(frozen=True, slots=True)
class Told:
    """What the September came to."""

    batch: Batch
    units: int
    grades: Mapping[str, int]
    """Units by grade, as published."""
    budget_fen: int
    paid_fen: int
    verified: Verification
    files: tuple[Path, ...]
    fresh: bool
    seconds: float


def september(data: Path | None, out: Path | None, *, as_json: bool, planned: Season | None = None) -> None:
    """Tell it unless it has been told, verify all of it, write its files, and say what it came to."""
    started = time.monotonic()
    own = data_directory(data)
    with demo_books(own if data else own.with_name(own.name + "-demo-september")) as books:
        fresh = _tell(books, planned or season())
        with books.snapshot() as connection:
            verified = verified_with_progress(books, connection)
            told = _told(books, connection, verified, out, fresh=fresh, started=started)
    if as_json:
        print(json.dumps(_as_object(told), ensure_ascii=False))
    else:
        _show(told)
    if not verified.ok:
        sys.exit(1)


def _tell(books: OpenBooks, planned: Season) -> bool:
    """Whether anything was new; a September cut short goes on where it stopped."""
    if complete(books, COMMISSION, LAST_COMMAND):
        return False
    clock = SimulatedClock(datetime(BASE_YEAR, 1, 1, tzinfo=CITY))
    with books.commands(clock) as open_, bar() as progress:
        title = in_language(zh="登记、使用、评价、补贴", en="registration, use, grades, subsidy")
        task = progress.add_task(title, total=steps_in(planned))
        September(Stage(open_.executor, clock, lambda done: progress.advance(task, done)), planned).tell()
    return True


def _told(
    books: OpenBooks, connection: Connection, verified: Verification, out: Path | None, *, fresh: bool, started: float
) -> Told:
    reader = Reader(connection, BOOK)
    ((number,),) = reader.rows("SELECT number FROM subsidy_batch WHERE book = %s AND scheme = %s", BOOK, SCHEME)
    batch = BATCHES.load(reader, [number])[number]
    with bar() as progress:
        task = progress.add_task(in_language(zh="排版", en="printing"), total=None)
        files = published(
            reader,
            number,
            house().chart,
            language(),
            progress=lambda page: progress.update(task, completed=page),
        ).sealed(configured_seal())
    folder = (out or books.store.data / "out").expanduser().resolve()
    paths = written_to(folder, files.all)
    grades = dict(
        run(
            connection,
            "SELECT grade, count(*)::int FROM evaluation_grade WHERE book = %s AND evaluation = %s GROUP BY grade "
            "ORDER BY min(rank)",
            [BOOK, batch.evaluation],
        )
    )
    ((budget,),) = run(
        connection,
        "SELECT sum(amount_fen)::int8 FROM voucher_appropriation WHERE book = %s AND scheme = %s AND year = %s",
        [BOOK, SCHEME, YEAR],
    )
    return Told(
        batch,
        sum(grades.values()),
        grades,
        budget,
        sum(part.amount_fen for part in batch.parts if part.paid),
        verified,
        tuple(path for path in paths if path.name in files.listed),
        fresh,
        round(time.monotonic() - started, 1),
    )


def _as_object(told: Told) -> dict[str, object]:
    verified = as_object(told.verified)
    return {
        "units": told.units,
        "grades": dict(told.grades),
        "entitled_fen": told.batch.entitled_fen,
        "awarded_fen": told.batch.awarded_fen,
        "budget_fen": told.budget_fen,
        "paid_fen": told.paid_fen,
        "synthetic": told.batch.synthetic,
        "verify": {name: verified[name] for name in ("ok", "entries", "transfers", "blocks")},
        "files": [str(path) for path in told.files],
        "seconds": told.seconds,
        "fresh": told.fresh,
    }


def _show(told: Told) -> None:
    grades = "，".join(f"{grade} {count}" for grade, count in told.grades.items())
    batch = told.batch
    print(
        in_language(
            zh=f"{told.units} 个单位（{grades}）；可分配 {yuan(told.budget_fen)} 元，"
            f"应得 {yuan(batch.entitled_fen)} 元，补贴 {yuan(batch.awarded_fen)} 元，已付 {yuan(told.paid_fen)} 元。",
            en=f"{told.units} units ({grades}); budget {yuan(told.budget_fen)}, entitled {yuan(batch.entitled_fen)}, "
            f"awarded {yuan(batch.awarded_fen)}, paid {yuan(told.paid_fen)} yuan.",
        )
    )
    print(
        in_language(
            zh="SYNTHETIC：公式、单位、收入和预算均为虚构；等次的数目和平均机时为公布数。",
            en="SYNTHETIC: formula, units, income and budget are invented; counts of grades and mean hours are not.",
        )
    )
    checked, seconds = told.verified, told.seconds
    ok = (
        in_language(zh="账簿核对无误", en="the books verify")
        if checked.ok
        else in_language(zh="账簿核对有误", en="the books do NOT verify")
    )
    counts = in_language(
        zh=f"凭证 {checked.entries:,} 张，转账 {checked.transfers:,} 笔，区块 {checked.blocks:,} 个；用时 {seconds} 秒",
        en=f"{checked.entries:,} entries, {checked.transfers:,} transfers, {checked.blocks:,} blocks; {seconds} s",
    )
    print(in_language(zh=f"{ok}：{counts}。", en=f"{ok}: {counts}."))
    for fault in checked.faults:
        print(f"  {fault}")
    for path in told.files:
        print(path)
