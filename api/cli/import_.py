"""`vledger import`: a spreadsheet of organisations, instruments, tariffs or uses into the books."""

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from api.books import OpenBooks, open_books
from api.cli.options import AsJson, Data, in_language, language
from api.imports.faults import Fault
from api.imports.handed_back import empty_form, hand_back
from api.imports.kinds import SHEETS
from api.imports.lookups import BooksLookups
from api.imports.run import Progress as Told
from api.imports.run import Report, run_of
from api.imports.sheets import By, Sheet
from api.imports.source import table_of
from ledger.errors import Refused

SHOWN_MAX = 20
FAILED = 1

Kind = StrEnum("Kind", list(SHEETS))  # type: ignore[misc]  # the names are those of the sheets


class NotAsked(Refused):
    zh = "未确认，账簿没有变化。加 --yes 可不经询问直接导入。"
    en = "Not confirmed; the books are as they were. --yes imports without asking."


def import_(
    kind: Annotated[Kind, typer.Argument(help="What the rows are.  内容")],
    file: Annotated[Path | None, typer.Argument(help="CSV or XLSX.  文件")] = None,
    template: Annotated[Path | None, typer.Option(help="Write an empty form here (.xlsx or .csv).  空表")] = None,
    person: Annotated[str, typer.Option("--as", metavar="PERSON", help="Number of who imports.  办理人编号")] = "",
    tenant: Annotated[str, typer.Option("--for", metavar="PARTY", help="Code of whose work it is.  所属单位代码")] = "",
    back: Annotated[
        Path | None, typer.Option("--back", help="The file with a column of errors (default: beside it).  退回文件")
    ] = None,
    data: Data = None,
    *,
    check: Annotated[bool, typer.Option("--check", help="Only look; store nothing.  只检查")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Store without asking.  不再询问")] = False,
    as_json: AsJson = False,
) -> None:
    """Take in a spreadsheet: all of its rows, or none.  导入表格（全部或全不）.

    Every row is decided first and shown; nothing is stored while any of them is wrong. The same row is never counted
    twice, in whatever file it comes again.
    """
    sheet = SHEETS[kind]
    if template is not None:
        empty_form(sheet, template, language())
        print(template)
        return
    if file is None or not person or not tenant:
        raise typer.BadParameter(
            in_language(
                zh="请给出文件、--as 办理人编号和 --for 单位代码，或用 --template 取得空表。",
                en="Give a file, --as PERSON and --for PARTY; or --template for an empty form.",
            )
        )
    with open_books(data) as books:
        report = _take_in(books, sheet, file, By(tenant, person), check=check, yes=yes, as_json=as_json)
    returned = _hand_back(file, sheet, report, back) if report.faults or report.warnings else None
    if as_json:
        print(json.dumps(_json(report, returned), ensure_ascii=False))
    else:
        _say(report, returned, checked=check)
    if not report.ok:
        sys.exit(FAILED)


def _take_in(books: OpenBooks, sheet: Sheet, file: Path, by: By, *, check: bool, yes: bool, as_json: bool) -> Report:
    """Looked at first, unless nobody is to be asked: to store is to look as well."""
    lookups = BooksLookups(books.writer)
    with books.commands() as commands:
        if not (yes and not check):
            with _progress(in_language(zh="检查", en="checking")) as told:
                report = run_of(file, sheet, by, lookups, told).into(commands, keep=False)
            if check or not report.ok:
                return report
            if not as_json:
                _say(report, None, checked=True)
            if not _confirmed():
                raise NotAsked
        with _progress(in_language(zh="导入", en="importing")) as told:
            return run_of(file, sheet, by, lookups, told).into(commands, keep=True)


def _confirmed() -> bool:
    if not sys.stdin.isatty():
        return False
    return typer.confirm(in_language(zh="全部导入？", en="Store all of it?"), err=True)


@contextmanager
def _progress(what: str) -> Iterator[Told]:
    """On standard error, and only where somebody is looking."""
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _hand_back(file: Path, sheet: Sheet, report: Report, back: Path | None) -> Path:
    path = back or file.with_name(f"{file.stem}.{in_language(zh='退回', en='errors')}{file.suffix}")
    hand_back(table_of(file, sheet), [*report.faults, *report.warnings], path, language())
    return path


def _say(report: Report, returned: Path | None, *, checked: bool) -> None:
    _list(in_language(zh="错误", en="errors"), report.faults, report.more_faults)
    _list(in_language(zh="提醒（不影响导入）", en="warnings (no obstacle)"), report.warnings, 0)
    counted = in_language(
        zh=f"共 {report.rows} 行，其中 {report.repeated} 项账簿已有。",
        en=f"{report.rows} rows; {report.repeated} requests the books knew already.",
    )
    print(counted)
    print(_outcome(report, checked=checked))
    if returned:
        print(in_language(zh=f"带错误列的文件：{returned}", en=f"The file with a column of errors: {returned}"))


def _outcome(report: Report, *, checked: bool) -> str:
    if not report.ok:
        return in_language(zh="有错误，没有导入任何一行。", en="There are errors: not one row was stored.")
    if checked:
        return in_language(zh="没有错误，尚未导入。", en="Nothing is wrong; nothing is stored yet.")
    return in_language(zh="全部已导入。", en="All of them are stored.")


def _list(what: str, faults: Sequence[Fault], more: int) -> None:
    if not faults:
        return
    print(f"{what} ({len(faults) + more}):")
    for fault in faults[:SHOWN_MAX]:
        print(f"  {fault.say(language())}")
    if len(faults) + more > SHOWN_MAX:
        print(f"  … {len(faults) + more - SHOWN_MAX}")


def _json(report: Report, returned: Path | None) -> dict[str, object]:
    return {
        "rows": report.rows,
        "stored": report.kept,
        "repeated": report.repeated,
        "errors": [_fault(fault) for fault in report.faults],
        "more_errors": report.more_faults,
        "warnings": [_fault(fault) for fault in report.warnings],
        "returned": str(returned) if returned else None,
    }


def _fault(fault: Fault) -> dict[str, object]:
    return {"cell": fault.place, "row": fault.row, "zh": fault.words.zh, "en": fault.words.en}
