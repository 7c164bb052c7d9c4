"""`vledger period`: list, show and report periods; open and close them."""

import json
import sys
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Annotated

import typer

from api.books import open_books
from api.cli.options import AsJson, Data, in_language, the_day
from api.cli.sending import TENANT, As, IdempotencyKey, as_object, confirm, said_before, send, sending
from api.cli.tables import print_table, units
from ledger.assembly import BOOK
from ledger.bookkeeping.close_period import ClosePeriod
from ledger.bookkeeping.open_book import OpenBook
from ledger.bookkeeping.open_period import OpenPeriod
from ledger.executor.clock import CITY
from ledger.journal.attestation import plain
from ledger.journal.periods import PeriodStatus
from ledger.reports.periods import (
    PeriodReport,
    PeriodStanding,
    PeriodStep,
    ReportLine,
    Sides,
    period_named,
    period_report,
    periods,
    unfinished_work,
)

app = typer.Typer(no_args_is_help=True, help="Periods of legal dates: list, report, open, close.  会计期间")

Code = Annotated[str, typer.Argument(help="Code of the period, such as 2017.  期间编号")]


class Filing(StrEnum):
    """The steps by which a period is filed."""

    ADJUSTING = "adjusting"
    CLOSED = "closed"


@app.command(name="list")
def list_(data: Data = None, *, as_json: AsJson = False) -> None:
    """Every period with its status, who signed it, and in which block.  全部期间."""
    with open_books(data) as books, books.snapshot() as connection:
        found = periods(connection, BOOK)
    if as_json:
        print(json.dumps({"periods": [_head(period) for period in found]}, ensure_ascii=False))
        return
    headings = in_language(
        zh="期间|首日|末日|状态|签字|区块", en="period|first day|last day|status|signatures|block"
    ).split("|")
    print_table(headings, [[*_days(period), *_step(period.last)] for period in found], right=1)


@app.command()
def show(code: Code, data: Data = None, *, as_json: AsJson = False) -> None:
    """A period's steps, and what is unfinished in it.  一个期间的各步骤与未完成的工作."""
    with open_books(data) as books, books.snapshot() as connection:
        found = period_named(connection, BOOK, code)
        work = unfinished_work(connection, BOOK, code)
    if as_json:
        steps = [_step_object(step) for step in found.steps]
        print(json.dumps(_head(found) | {"steps": steps, "unfinished": work}, ensure_ascii=False))
        return
    print("  ".join(_days(found)))
    headings = in_language(
        zh="状态|签字|区块|入账时刻|余额哈希", en="status|signatures|block|recorded|hash of the balances"
    )
    print_table(headings.split("|"), [_whole_step(step) for step in found.steps])
    if found.status is not PeriodStatus.CLOSED:
        print(_told(work))


@app.command()
def report(
    code: Code,
    filed: Annotated[
        Filing | None, typer.Option("--filed", help="As filed at this step; default: the last.  以哪一步为准")
    ] = None,
    data: Data = None,
    *,
    as_json: AsJson = False,
) -> None:
    """The trial balance as filed and as now known, and what differs.  期间报告：报送时与现在所知."""
    with open_books(data) as books, books.snapshot() as connection:
        found = period_report(connection, BOOK, code, PeriodStatus(filed) if filed else None)
    if as_json:
        print(json.dumps(_report_object(found), ensure_ascii=False))
    else:
        _print_report(found)


@app.command(name="open")
def open_(
    code: Code,
    first: Annotated[str, typer.Option("--from", help="First day, YYYY-MM-DD.  首日")],
    last: Annotated[str, typer.Option("--to", help="Last day, YYYY-MM-DD.  末日")],
    actor: As,
    key: IdempotencyKey = "",
    data: Data = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Open a period; the first one opens the books.  建立期间（第一个期间即启用账簿）."""
    starts_on, ends_on = the_day("--from", first), the_day("--to", last)

    def opening_as(kind: type[OpenBook | OpenPeriod]) -> Callable[[str], OpenBook | OpenPeriod]:
        return lambda key: kind(tenant=TENANT, key=key, actor=actor, period=code, starts_on=starts_on, ends_on=ends_on)

    with open_books(data) as books:
        with books.snapshot() as connection:
            opening = sending(connection, opening_as(OpenBook), key)
            if periods(connection, BOOK) and not opening.replays:
                opening = sending(connection, opening_as(OpenPeriod), key)
        answer = send(books, opening.command, as_json=as_json)
    if as_json:
        print(json.dumps(as_object(answer), ensure_ascii=False))
    else:
        opened = in_language(
            zh=f"会计期间 {code} 已建立：{first} 至 {last}。", en=f"Period {code} is open: {first} to {last}."
        )
        print(opened + said_before(answer))


@app.command()
def close(
    code: Code,
    to: Annotated[Filing, typer.Option("--to", help="The next step, one way.  下一步")],
    actor: As,
    second: Annotated[str, typer.Option("--second", metavar="PERSON", help="Signs too.  第二签字人编号")],
    key: IdempotencyKey = "",
    data: Data = None,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.  不再询问")] = False,
    as_json: AsJson = False,
) -> None:
    """Take a period one step towards its close; asks first.  结账（先列出未完成的工作，再确认）."""

    def command(key: str) -> ClosePeriod:
        return ClosePeriod(tenant=TENANT, key=key, actor=actor, period=code, to=to.value, second_person=second)

    with open_books(data) as books:
        with books.snapshot() as connection:
            found = period_named(connection, BOOK, code)
            work = unfinished_work(connection, BOOK, code)
            closing = sending(connection, command, key)
        if not closing.replays:
            _ask(found, work, to, (actor, second), yes=yes)
        answer = send(books, closing.command, as_json=as_json)
    if as_json:
        print(json.dumps(as_object(answer), ensure_ascii=False))
        return
    status = _word(PeriodStatus(to))
    print(
        in_language(
            zh=f"会计期间 {code}：{status}，第 {answer.block} 块。",
            en=f"Period {code}: {status}, block {answer.block}.",
        )
        + said_before(answer)
    )


def _ask(found: PeriodStanding, work: Sequence[str], to: Filing, people: tuple[str, str], *, yes: bool) -> None:
    """On standard error, so that standard output is the answer alone. No ends the program with status 1."""
    step = f"{_word(found.status)} → {_word(PeriodStatus(to))}"
    print(
        "\n".join([_told(work), "  ".join([*_days(found), step, _signed(people)])]),
        file=sys.stderr,
    )
    if not yes:
        confirm(in_language(zh="状态只进不退。确定吗？", en="There is no way back. Go on?"))


# -- on a terminal -----------------------------------------------------------------------------------------------------


def _word(status: PeriodStatus) -> str:
    zh = {PeriodStatus.OPEN: "未结账", PeriodStatus.ADJUSTING: "调整中", PeriodStatus.CLOSED: "已结账"}[status]
    return in_language(zh=f"{zh}（{status}）", en=status)


def _days(period: PeriodStanding) -> list[str]:
    return [period.code, str(period.starts_on), str(period.ends_on)]


def _signed(people: Sequence[str]) -> str:
    return in_language(zh="、", en=", ").join(people)


def _step(step: PeriodStep) -> list[str]:
    return [_word(step.status), _signed(step.signatures), str(step.block)]


def _whole_step(step: PeriodStep) -> list[str]:
    return [*_step(step), f"{step.recorded_at.astimezone(CITY):%Y-%m-%d %H:%M:%S}", step.trial_balance_hash or ""]


def _told(work: Sequence[str]) -> str:
    if not work:
        return in_language(zh="没有未完成的工作。", en="No work is unfinished.")
    heading = in_language(
        zh=f"未完成的工作 {len(work)} 项（办结或做到期处理后才能结账）：",
        en=f"{len(work)} unfinished: to be finished, or their expiry posted, before it can be closed:",
    )
    return "\n".join([heading, *(f"  {number}" for number in work)])


def _print_report(found: PeriodReport) -> None:
    print("  ".join([*_days(found.period), _word(found.period.status)]))
    if found.filed is None:
        print(in_language(zh="尚未报送，只列出现在所知。", en="Nothing was filed yet; this is what is known now."))
        _print_lines(found.totals, beside=False)
        return
    step, recorded = _word(found.filed.status), f"{found.filed.recorded_at.astimezone(CITY):%Y-%m-%d %H:%M:%S}"
    print(
        in_language(
            zh=f"报送时：{step}，第 {found.filed.block} 块，{recorded}，至第 {found.filed.last_seq} 号凭证。",
            en=f"As filed: {step}, block {found.filed.block}, {recorded}, up to entry {found.filed.last_seq}.",
        )
    )
    _print_lines(found.totals)
    if found.differing:
        print(in_language(zh="\n有差异的账户：", en="\nAccounts that differ:"))
        _print_lines(found.differing)
    else:
        print(in_language(zh="与报送时没有差异。", en="Nothing differs from what was filed."))


def _print_lines(lines: Sequence[ReportLine], *, beside: bool = True) -> None:
    """Debits and credits as now known; `beside`: as filed before them, and what came since behind."""
    headings = in_language(zh="主体|资产|方面|账户", en="entity|asset|side|account")
    known = in_language(zh="|现知借方|现知贷方", en="|debits known|credits known")
    if beside:
        headings += in_language(zh="|报送借方|报送贷方", en="|debits filed|credits filed")
        known += in_language(zh="|借方差|贷方差", en="|debits since|credits since")
    print_table(f"{headings}{known}".split("|"), [_row(line) for line in lines], right=6 if beside else 2)


def _row(line: ReportLine) -> list[str]:
    entity = line.entity or in_language(zh="全部主体", en="all entities")
    account = line.address or in_language(zh="合计", en="total")
    columns = (line.known,) if line.filed is None else (line.filed, line.known, line.difference)
    amounts = [units(line.asset, amount) for sides in columns for amount in (sides.debits, sides.credits)]
    return [entity, line.asset, line.side, account, *amounts]


# -- as JSON -----------------------------------------------------------------------------------------------------------


def _head(period: PeriodStanding) -> dict[str, object]:
    return {
        "period": period.code,
        "starts_on": plain(period.starts_on),
        "ends_on": plain(period.ends_on),
        "status": period.status.value,
        "signatures": period.last.signatures,
        "block": period.last.block,
    }


def _step_object(step: PeriodStep) -> dict[str, object]:
    return {name: plain(getattr(step, name)) for name in PeriodStep.__slots__}


def _report_object(found: PeriodReport) -> dict[str, object]:
    return {
        **_head(found.period),
        "filed": _step_object(found.filed) if found.filed else None,
        "totals": [_line_object(line) for line in found.totals],
        "differing": [_line_object(line) for line in found.differing],
    }


def _line_object(line: ReportLine) -> dict[str, object]:
    return {
        "entity": line.entity,
        "asset": line.asset,
        "side": line.side,
        "address": line.address,
        "filed": line.filed and _sides(line.filed),
        "known": _sides(line.known),
        "difference": line.filed and _sides(line.difference),
    }


def _sides(sides: Sides) -> dict[str, int]:
    return {"debits": sides.debits, "credits": sides.credits}
