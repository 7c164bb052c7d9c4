"""`vledger verify`: recompute everything. Exit status 1 with the rows at fault."""

import json
import time

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from api.books import open_books
from api.cli.options import AsJson, Data, in_language, language
from ledger.assembly import house
from ledger.journal.verify import Verification

FAILED = 1


def verify(data: Data = None, *, as_json: AsJson = False) -> None:
    """Recompute shape, chain, sums, periods, laws, stored calculations and personal fields.  重新计算并核对全部账簿."""
    started = time.monotonic()
    with open_books(data) as books, books.snapshot() as connection, bar() as progress:
        task = progress.add_task(in_language(zh="核对", en="verifying"), total=None)
        found = (
            house()
            .verifier()
            .verify(
                connection, books.anchors.read(), lambda done, total: progress.update(task, completed=done, total=total)
            )
        )
    seconds = round(time.monotonic() - started, 1)
    if as_json:
        print(json.dumps(as_object(found) | {"seconds": seconds}, ensure_ascii=False))
    else:
        print("\n".join(sentences(found)))
    if not found.ok:
        raise typer.Exit(FAILED)


def bar() -> Progress:
    """Progress on standard error; standard output is for results."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )


def as_object(found: Verification) -> dict[str, object]:
    return {
        "ok": found.ok,
        "commands": found.commands,
        "entries": found.entries,
        "transfers": found.transfers,
        "blocks": found.blocks,
        "anchors": found.anchors,
        "calculations": found.calculations,
        "personal": found.personal,
        "erased": found.erased,
        "faults": [{"check": fault.check, "row": fault.row, "zh": fault.zh, "en": fault.en} for fault in found.faults],
    }


def sentences(found: Verification) -> list[str]:
    """The verdict, then each fault."""
    counted = in_language(
        zh=f"已核对 {found.commands:,} 条命令、{found.entries:,} 张凭证、{found.transfers:,} 笔分录、"
        f"{found.blocks:,} 个区块、{found.anchors:,} 个签名锚定、{found.calculations:,} 项计算、"
        f"{found.personal:,} 个个人信息栏（另有 {found.erased:,} 个已抹除）。",
        en=f"Checked {found.commands:,} commands, {found.entries:,} entries, {found.transfers:,} transfers, "
        f"{found.blocks:,} blocks, {found.anchors:,} signed heads, {found.calculations:,} calculations, "
        f"{found.personal:,} personal fields ({found.erased:,} more were erased).",
    )
    if found.ok:
        return [counted, in_language(zh="全部相符。", en="Everything agrees.")]
    verdict = in_language(zh=f"有 {len(found.faults)} 处不符：", en=f"{len(found.faults)} things do not agree:")
    return [counted, verdict, *(f"  {fault.say(language())}" for fault in found.faults)]
