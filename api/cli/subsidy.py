"""`vledger subsidy`: the awards of a year from the computation to the bank, on paper and as open data."""

import json
import sys
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress

from api.books import OpenBooks, open_books
from api.cli.operators import Bureau, sent
from api.cli.options import AsJson, Data, in_language, language, the_day
from api.cli.sending import As, IdempotencyKey, as_object, confirm, said_before, send, sending
from api.cli.subsidy_impact import changes, impact
from api.cli.subsidy_records import records
from api.cli.subsidy_top_up import top_up
from api.cli.subsidy_why import why
from api.cli.tables import print_table
from ledger.amounts import yuan
from ledger.approvals.approve import Approve
from ledger.approvals.store import load_requests
from ledger.approvals.values import request_number
from ledger.assembly import BOOK, house
from ledger.errors import Invalid, NotFound, Refused
from ledger.executor.clock import SystemClock, today
from ledger.executor.commands import Answer, Command
from ledger.executor.listing import NEWEST
from ledger.executor.reading import Reader
from ledger.journal.attestation import plain
from ledger.payments.compose_batch import ComposeBatch
from ledger.payments.store import PAYABLES
from ledger.reports.pdf.seal import configured_seal
from ledger.reports.subsidy import subsidy_sheet
from ledger.reports.subsidy_publication import published
from ledger.reports.tables import written_to
from ledger.subsidies.claw_back import ProposeSubsidyClawBack
from ledger.subsidies.compute import ComputeSubsidy
from ledger.subsidies.listing import batches_page, due_on, is_overdue
from ledger.subsidies.review import ReviewSubsidy
from ledger.subsidies.rules import STATE_WORDS
from ledger.subsidies.store import BATCHES
from ledger.subsidies.values import BATCH, EXCLUSION_ZH, Batch, BatchState, RecoveryGround, differences
from ledger.subsidies.void import VoidSubsidy

app = typer.Typer(
    no_args_is_help=True,
    help="Subsidies: compute, show, why, records, diff, review, approve, pay, impact, top-up, publish.  绩效后补贴",
)

PAGE = 200
"""Batches that are read in one step."""
Number = Annotated[str, typer.Argument(help="Number of the batch, SB-….  补贴批次编号")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.  不再询问")]


class NothingToPay(Refused):
    zh = "补贴批次 {batch} 没有可以支付的款项：{why_zh}。"
    en = "Nothing of batch {batch} can be paid now: {why_en}."


# -- what there is -----------------------------------------------------------------------------------------------------


@app.command(name="list")
def list_(
    scheme: Annotated[str | None, typer.Option(help="Only this subsidy.  只列一项")] = None,
    year: Annotated[int | None, typer.Option(help="Only this budget year.  只列一个年度")] = None,
    data: Data = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Every batch, those computed last first; what is overdue says so.  全部补贴批次."""
    now, found = today(SystemClock()), []
    with open_books(data) as books, books.snapshot() as connection:
        reader, after = Reader(connection, BOOK), NEWEST
        while page := batches_page(reader, after, PAGE, scheme=scheme, year=year):
            found += page
            after = (page[-1].computed_on, page[-1].number)
    if as_json:
        objects = [_object(batch) | {"overdue": is_overdue(batch, now)} for batch in found]
        print(json.dumps({"batches": objects}, ensure_ascii=False))
        return
    if not found:
        print(in_language(zh="还没有补贴批次。", en="There is no batch yet."))
        return
    headings = in_language(
        zh="编号|补贴|年度|版本|状态|单位|补贴合计（元）", en="number|subsidy|year|version|state|units|awarded in yuan"
    ).split("|")
    rows = [
        [
            batch.number,
            batch.scheme,
            str(batch.year),
            str(batch.version),
            _state(batch) + (in_language(zh="，逾期", en=", overdue") if is_overdue(batch, now) else ""),
            str(len(batch.awards)),
            yuan(batch.awarded_fen),
        ]
        for batch in found
    ]
    print_table(headings, rows, right=2)


@app.command()
def show(number: Number, data: Data = None, *, as_json: AsJson = False) -> None:
    """Every award of a batch, and every unit that is left out, with the reason.  一个批次的全部补贴."""
    with open_books(data) as books, books.snapshot() as connection:
        sheet = subsidy_sheet(Reader(connection, BOOK), number)
    batch = sheet.batch
    if as_json:
        lines = [plain(_award(batch, award) | {"name": sheet.name(award)}) for award in batch.awards]
        out = [
            {"unit": one.unit, "why": one.why, "detail": one.detail, "base_fen": one.base_fen} for one in batch.excluded
        ]
        print(json.dumps(_object(batch) | {"hash": sheet.hash, "awards": lines, "excluded": out}, ensure_ascii=False))
        return
    _print_batch(batch)
    columns = (
        in_language(zh="核定|此前已批准|补发", en="due|awarded before|topped up")
        if batch.top_up
        else in_language(zh="基数|应得|补贴", en="base|entitled|awarded")
    )
    headings = [*in_language(zh="单位|名称|等次", en="unit|name|grade").split("|"), *columns.split("|")]
    rows = [[award.unit, sheet.name(award), award.grade, *map(yuan, award.shown_fen)] for award in batch.awards]
    sums = [yuan(sum(column)) for column in zip(*(award.shown_fen for award in batch.awards), strict=True)]
    rows.append([in_language(zh="合计", en="total"), "", "", *sums])
    print_table(headings, rows, right=3)
    for one in batch.excluded:
        why = in_language(zh=EXCLUSION_ZH[one.why], en=one.why.value)
        print(
            "  ".join(
                [in_language(zh="未列入", en="left out"), one.unit, sheet.names.get(one.unit, ""), why, one.detail]
            )
        )


@app.command()
def diff(
    number: Number,
    since: Annotated[str, typer.Option("--since", metavar="BATCH", help="The version before.  与哪一版比较")],
    data: Data = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Units whose award differs between two versions, and why.  两版的差异."""
    with open_books(data) as books:
        before, after = _batch(books, since), _batch(books, number)
    found = differences(before, after)
    if as_json:
        units = [
            {"unit": one.unit, "before_fen": one.before_fen, "after_fen": one.after_fen, "why": list(one.why)}
            for one in found
        ]
        print(json.dumps({"before": before.number, "after": after.number, "units": units}, ensure_ascii=False))
        return
    if not found:
        print(in_language(zh="没有差异。", en="There is no difference."))
        return
    headings = in_language(zh="单位|原因|原|现", en="unit|why|before|after").split("|")
    rows = [[one.unit, ", ".join(one.why), _fen(one.before_fen), _fen(one.after_fen)] for one in found]
    print_table(headings, rows, right=2)


# -- what is done ------------------------------------------------------------------------------------------------------


@app.command()
def compute(
    scheme: Annotated[str, typer.Argument(help="Such as beijing-september.  补贴名称")],
    year: Annotated[int, typer.Argument(help="Of the budget that pays.  预算年度")],
    actor: As,
    evaluation: Annotated[str, typer.Option(help="The round whose grades count.  评价考核")] = "",
    pool_fen: Annotated[
        int | None,
        typer.Option("--pool-fen", help="What is shared out, in fen; default: all available.  可分配总额（分）"),
    ] = None,
    reason: Annotated[str, typer.Option(help="Why it is computed anew.  重新计算的理由")] = "",
    bureau: Bureau = "",
    key: IdempotencyKey = "",
    data: Data = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Compute all awards of a year; a version that stands is superseded as a whole.  计算补贴."""

    def make(tenant: str) -> Callable[[str], Command]:
        return lambda own: ComputeSubsidy(
            tenant=tenant,
            key=own,
            actor=actor,
            scheme=scheme,
            year=year,
            evaluation=evaluation,
            pool_fen=pool_fen,
            reason=reason,
        )

    answer = sent(make, actor, bureau, key, data, as_json=as_json)
    if as_json:
        print(json.dumps(as_object(answer), ensure_ascii=False))
        return
    body = answer.body
    print(
        in_language(
            zh=f"{body['batch']} 第 {body['version']} 版：{body['units']} 个单位，未列入 {body['excluded']} 个；"
            f"应得 {yuan(body['entitled_fen'])} 元，补贴 {yuan(body['awarded_fen'])} 元{said_before(answer)}",
            en=f"{body['batch']} version {body['version']}: {body['units']} units, {body['excluded']} left out; "
            f"entitled {yuan(body['entitled_fen'])}, awarded {yuan(body['awarded_fen'])} yuan{said_before(answer)}",
        )
    )
    if body["synthetic"]:
        print(
            in_language(
                zh="SYNTHETIC：公式或办理规则为虚构。", en="SYNTHETIC: the formula, or how it is run, is invented."
            )
        )


@app.command()
def review(
    number: Number,
    actor: As,
    bureau: Bureau = "",
    key: IdempotencyKey = "",
    data: Data = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Pass a batch: it is publicised, and its total committed.  审核并公示."""
    answer = sent(
        lambda tenant: lambda own: ReviewSubsidy(tenant=tenant, key=own, actor=actor, batch=number),
        actor,
        bureau,
        key,
        data,
        as_json=as_json,
    )
    _tell(
        answer, in_language(zh="已公示，至", en="publicised until") + f" {answer.body['notice_until']}", as_json=as_json
    )


@app.command()
def void(
    number: Number,
    actor: As,
    reason: Annotated[str, typer.Option("--reason", help="Why.  理由")],
    bureau: Bureau = "",
    key: IdempotencyKey = "",
    data: Data = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Take a batch back, before finance has approved it.  撤回批次."""
    answer = sent(
        lambda tenant: lambda own: VoidSubsidy(tenant=tenant, key=own, actor=actor, batch=number, reason=reason),
        actor,
        bureau,
        key,
        data,
        as_json=as_json,
    )
    _tell(answer, in_language(zh="已撤回", en="taken back"), as_json=as_json)


@app.command()
def approve(
    number: Number,
    actor: As,
    shown: Annotated[str, typer.Option("--hash", help="Hash of what you were shown.  所示内容的校验值")] = "",
    key: IdempotencyKey = "",
    data: Data = None,
    *,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Sign a batch as it was publicised; `show` and the approval sheet have the same hash.  财政审批."""
    with open_books(data) as books:
        with books.snapshot() as connection:
            reader = Reader(connection, BOOK)
            sheet = subsidy_sheet(reader, number)
            name = request_number(BATCH, number)
            if name not in load_requests(reader, [name]):
                raise NotFound("审批/request", name)
        if shown and shown != sheet.hash:
            raise ShownAnother(batch=number, now=sheet.hash, shown=shown)
        if not (shown or yes):
            _print_batch(sheet.batch, to_error=True)
            confirm(in_language(zh="签署此批次？", en="Sign this batch?"))

        def make(own: str) -> Command:
            subject = {"subject_kind": BATCH, "subject": number, "content_hash": sheet.hash}
            return Approve(tenant="vledger", key=own, actor=actor, **subject)

        with books.snapshot() as connection:
            asked = sending(connection, make, key)
        answer = send(books, asked.command, as_json=as_json)
    missing = answer.body["missing"]
    said = in_language(zh=f"已签，还差 {missing} 人", en=f"signed, {missing} missing")
    done = in_language(zh="已批准", en="approved")
    _tell(answer, said if missing else done, as_json=as_json, number=number)


class ShownAnother(Invalid):
    zh = "补贴批次 {batch} 现在的校验值为 {now}，与所示的 {shown} 不同。请重新查看后再签。"
    en = "Batch {batch} has the hash {now} now, and you were shown {shown}. Look at it again before you sign."


@app.command()
def pay(number: Number, actor: As, key: IdempotencyKey = "", data: Data = None, *, as_json: AsJson = False) -> None:
    """Compose a payment batch of all that is owed and free; another officer of finance releases it.  编制支付批次."""
    with open_books(data) as books:
        batch = _batch(books, number)
        with books.snapshot() as connection:
            payables = [part.payable for part in batch.parts if part.payable]
            found = PAYABLES.load(Reader(connection, BOOK), payables)
        free = tuple(one.number for one in found.values() if one.batch is None and one.net_fen)
        if not free:
            raise NothingToPay(batch=number, **_why_not(batch))

        def make(own: str) -> Command:
            return ComposeBatch(tenant="vledger", key=own, actor=actor, payables=free)

        with books.snapshot() as connection:
            asked = sending(connection, make, key)
        answer = send(books, asked.command, as_json=as_json)
    body = answer.body
    said = in_language(
        zh=f"{body['batch']}：{body['count']} 笔，{yuan(body['total_fen'])} 元，待另一人放行",
        en=f"{body['batch']}: {body['count']} payments, {yuan(body['total_fen'])} yuan; another person releases it",
    )
    _tell(answer, said, as_json=as_json, number=number)


app.command()(impact)
app.command()(changes)
app.command(name="top-up")(top_up)
app.command()(why)
app.command()(records)


@app.command(name="claw-back")
def claw_back(
    award: Annotated[str, typer.Argument(help="Number of the award, AW-….  补贴编号")],
    amount_fen: Annotated[int, typer.Argument(help="What is taken back, in fen.  追缴金额（分）")],
    actor: As,
    ground: Annotated[RecoveryGround, typer.Option(help="Why.  理由")],
    decision_number: Annotated[str, typer.Option("--number", help="Of the ruling that was served.  决定书文号")],
    decided_on: Annotated[str, typer.Option(help="Its date, YYYY-MM-DD.  决定日期")],
    appeal_until: Annotated[str, typer.Option(help="Last day on which it could be appealed.  申诉期截止日")],
    reason: Annotated[str, typer.Option("--reason", help="In a sentence.  说明")],
    bureau: Bureau = "",
    key: IdempotencyKey = "",
    data: Data = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Propose to take a paid award back; a second operator signs in `vledger approvals`.  依决定追缴."""

    def make(tenant: str) -> Callable[[str], Command]:
        return lambda own: ProposeSubsidyClawBack(
            tenant=tenant,
            key=own,
            actor=actor,
            award=award,
            amount_fen=amount_fen,
            ground=ground,
            decision_number=decision_number,
            reason=reason,
            decided_on=the_day("--decided-on", decided_on),
            appeal_until=the_day("--appeal-until", appeal_until),
        )

    answer = sent(make, actor, bureau, key, data, as_json=as_json)
    approval = answer.body["approval"]
    said = in_language(
        zh=f"拟追缴 {yuan(amount_fen)} 元（{award}），待另一名管理员签署 {approval['kind']}:{approval['subject']}",
        en=f"{yuan(amount_fen)} yuan of {award}; a second operator signs {approval['kind']}:{approval['subject']}",
    )
    _tell(answer, said, as_json=as_json, number=answer.body["claw_back"])


@app.command()
def publish(
    number: Number,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the files are written.  输出目录")],
    data: Data = None,
    *,
    notices: Annotated[bool, typer.Option(help="A notice for each unit too.  同时打印各单位通知单")] = False,
    as_json: AsJson = False,
) -> None:
    """Approval sheet (sealed where a seal is configured), lists, entries, open data, checksums.  打印、导出与公开."""
    seal = configured_seal()
    with open_books(data) as books, books.snapshot() as connection:
        reader = Reader(connection, BOOK)
        with Progress(console=Console(file=sys.stderr), transient=True) as progress:
            task = progress.add_task(in_language(zh="排版", en="printing"), total=None)
            files = published(
                reader,
                number,
                house().chart,
                language(),
                notices=notices,
                progress=lambda page: progress.update(task, completed=page),
            )
        files = files.sealed(seal)
    paths = written_to(out.expanduser().resolve(), files.all)
    listed = [path for path in paths if path.name in files.listed]
    if as_json:
        print(json.dumps({"batch": number, "files": [str(path) for path in listed]}, ensure_ascii=False))
        return
    for path in paths:
        print(path)


# -- helpers -----------------------------------------------------------------------------------------------------------


def _batch(books: OpenBooks, number: str) -> Batch:
    with books.snapshot() as connection:
        found = BATCHES.load(Reader(connection, BOOK), [number]).get(number)
    if found is None:
        raise NotFound("补贴批次/subsidy batch", number)
    return found


def _why_not(batch: Batch) -> dict[str, str]:
    if batch.state in {BatchState.APPROVED, BatchState.PAID}:
        return {"why_zh": "都已付讫或已在支付批次中", "why_en": "all of it is paid, or in a payment batch"}
    said = STATE_WORDS[batch.state]
    return {"why_zh": f"批次{said.zh}", "why_en": f"it is {said.en}"}


def _tell(answer: Answer, said: str, *, as_json: bool, number: str = "") -> None:
    if as_json:
        print(json.dumps(as_object(answer), ensure_ascii=False))
    else:
        print(f"{number or answer.body['batch']}  {said}{said_before(answer)}")


def _print_batch(batch: Batch, *, to_error: bool = False) -> None:
    to = sys.stderr if to_error else sys.stdout
    print(
        "  ".join([batch.number, batch.scheme, str(batch.year), f"v{batch.version}", _state(batch)]),
        file=to,
    )
    figures = in_language(
        zh=f"可分配 {yuan(batch.pool_fen)} 元，应得 {yuan(batch.entitled_fen)} 元，补贴 {yuan(batch.awarded_fen)} 元",
        en=f"pool {yuan(batch.pool_fen)}, entitled {yuan(batch.entitled_fen)}, awarded {yuan(batch.awarded_fen)} yuan",
    )
    print(figures, file=to)
    if added := batch.top_up:
        words = in_language(
            zh=f"依 {added.decision_number} 补发 {added.batch}，由 {added.budget_year} 年度预算支付",
            en=f"tops up {added.batch} by {added.decision_number}, from the budget of {added.budget_year}",
        )
        print(f"{words}  {added.change}".rstrip(), file=to)
    if batch.synthetic:
        print(
            in_language(
                zh="SYNTHETIC：公式或办理规则为虚构。", en="SYNTHETIC: the formula, or how it is run, is invented."
            ),
            file=to,
        )


def _state(batch: Batch) -> str:
    words = STATE_WORDS[batch.state]
    return words.zh if language() == "zh" else words.en


def _fen(fen: int | None) -> str:
    return "—" if fen is None else yuan(fen)


def _object(batch: Batch) -> dict[str, Any]:
    names = ("number", "scheme", "serves", "year", "version", "operator", "evaluation", "evaluation_version")
    figures = ("pool_fen", "entitled_fen", "awarded_fen", "block", "last_seq", "block_hash", "policy", "policy_version")
    rest = ("base_year", "synthetic", "reason", "computed_on", "state", "notice_until")
    found: dict[str, Any] = plain(
        {name: getattr(batch, name) for name in (*names, *figures, *rest)}
        | {"units": len(batch.awards), "due_on": due_on(batch)}
        | {"top_up": {f.name: getattr(batch.top_up, f.name) for f in fields(batch.top_up)} if batch.top_up else None}
    )
    return found


def _award(batch: Batch, award: Any) -> dict[str, Any]:  # noqa: ANN401  a line of the batch
    names = ("number", "unit", "grade", "base_fen", "entitled_fen", "awarded_fen", "bills", "uses", "minutes")
    paid = sum(part.amount_fen for part in batch.parts if part.award == award.number and part.paid)
    due = {"due_fen": award.due.due_fen, "had_fen": award.due.had_fen} if award.due else {}
    return (
        due | {name: getattr(award, name) for name in (*names, "base_calculation", "calculation")} | {"paid_fen": paid}
    )
