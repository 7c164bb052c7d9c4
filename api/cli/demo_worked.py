"""`vledger demo customs` and `vledger demo equity`: the worked examples of the notes, told through the books."""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

import typer
from sqlalchemy import Connection

from api.cli.demo_books import complete, demo_books, verified_with_progress
from api.cli.options import in_language
from api.cli.tables import print_table
from api.cli.verify import as_object, bar, sentences
from ledger.amounts import yuan
from ledger.database.directory import data_directory
from ledger.demo import customs, equity
from ledger.demo.stage import Stage
from ledger.demo.worked import OPENS_ON, WorkedFigure
from ledger.executor.clock import CITY, SimulatedClock
from ledger.journal.verify import Verification
from policies.kernel.words import Words


class Told(Protocol):
    def tell(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example that can be told."""

    title: Words
    commission: str
    last_command: str
    steps: int
    story: Callable[[Stage], Told]
    figures: Callable[[Connection], Sequence[WorkedFigure]]


EXAMPLES = {
    "customs": Example(
        Words("减免税仪器：算例与账簿", "Duty-free instruments: the worked examples and the books"),
        customs.COMMISSION,
        customs.LAST_COMMAND,
        customs.STEPS,
        customs.CustomsStory,
        customs.figures,
    ),
    "equity": Example(
        Words("服务费转股：算例与账簿", "Fees that become shares: the worked examples and the books"),
        equity.COMMISSION,
        equity.LAST_COMMAND,
        equity.STEPS,
        equity.EquityStory,
        equity.figures,
    ),
}


def worked(name: str, data: Path | None, *, as_json: bool) -> None:
    """Tell an example unless it has been told, and show every figure beside the books' own.

    Exit status 1 where one of them is another, or where the books do not verify.
    """
    example, started = EXAMPLES[name], time.monotonic()
    with demo_books(demo_directory(name, data)) as books:
        fresh = not complete(books, example.commission, example.last_command)
        if fresh:
            clock = SimulatedClock(datetime.combine(OPENS_ON, datetime.min.time(), CITY))
            with books.commands(clock) as open_, bar() as progress:
                task = progress.add_task(in_language(zh="讲述算例", en="telling the example"), total=example.steps)
                example.story(Stage(open_.executor, clock, lambda done: progress.advance(task, done))).tell()
        with books.snapshot() as connection:
            verified = verified_with_progress(books, connection)
            found = example.figures(connection)
    seconds = round(time.monotonic() - started, 1)
    if as_json:
        print(json.dumps(_as_object(name, found, verified, fresh=fresh, seconds=seconds), ensure_ascii=False))
    else:
        _show(example, found, verified, fresh=fresh, seconds=seconds)
    if not verified.ok or not all(figure.agrees for figure in found):
        raise typer.Exit(1)


def demo_directory(name: str, data: Path | None) -> Path:
    """A directory of each example's own, beside that of real books."""
    own = data_directory(data)
    return own if data else own.with_name(f"{own.name}-demo-{name}")


def _show(
    example: Example, found: Sequence[WorkedFigure], verified: Verification, *, fresh: bool, seconds: float
) -> None:
    print(f"\n== {in_language(zh=example.title.zh, en=example.title.en)} ==")
    headings = in_language(zh="项目|算例（元）|账簿（元）|相符", en="figure|example (yuan)|books (yuan)|agrees")
    rows = []
    for figure in found:
        agrees = in_language(zh="是", en="yes") if figure.agrees else in_language(zh="否", en="NO")
        rows.append([in_language(zh=figure.zh, en=figure.en), yuan(figure.note_fen), yuan(figure.books_fen), agrees])
    print_table(headings.split("|"), rows, right=3)
    for figure in found:
        if figure.remark_zh:
            print(in_language(zh=f"* {figure.zh}：{figure.remark_zh}", en=f"* {figure.en}: {figure.remark_en}"))
    print(f"\n== {in_language(zh='核对', en='Verify')} ==")
    print("\n".join(sentences(verified)))
    made = in_language(zh="新建账簿", en="Books made")
    there = in_language(zh="账簿已在，未作改动", en="The books were there; nothing was changed")
    took = in_language(zh=f"，用时 {seconds} 秒。", en=f"; {seconds} seconds.")
    print(f"\n{made if fresh else there}{took}")


def _as_object(
    name: str, found: Sequence[WorkedFigure], verified: Verification, *, fresh: bool, seconds: float
) -> dict[str, object]:
    told = as_object(verified)
    return {
        "example": name,
        "figures": [
            {"figure": figure.en, "note_fen": figure.note_fen, "books_fen": figure.books_fen, "agrees": figure.agrees}
            for figure in found
        ],
        "verify": {key: told[key] for key in ("ok", "entries", "transfers", "blocks")},
        "seconds": seconds,
        "fresh": fresh,
    }
