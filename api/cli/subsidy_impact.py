"""`vledger subsidy impact`: what another policy or budget would have given, and the change proposed for signature."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from api.books import open_books
from api.cli.operators import Bureau, sent
from api.cli.options import AsJson, Data, in_language, the_day
from api.cli.sending import IdempotencyKey, as_object, said_before
from api.cli.tables import print_table
from ledger.amounts import yuan
from ledger.assembly import BOOK
from ledger.errors import Invalid
from ledger.evaluation.values import GRADE_EN, Grade
from ledger.executor.clock import SystemClock, today
from ledger.executor.commands import Command
from ledger.executor.listing import NEWEST, detail
from ledger.executor.reading import Reader
from ledger.subsidies.impact import (
    CHANGE_ZH,
    Change,
    ChangeState,
    Impact,
    PolicyChange,
    Question,
    Total,
    impact_run,
)
from ledger.subsidies.listing import policy_changes_page
from ledger.subsidies.policy_change import ProposePolicyChange, told
from ledger.subsidies.policy_change_store import POLICY_CHANGES
from policies.kernel.words import Words

PAGE = 200
"""Changes that are read in one step."""
CHANGE_STATES = {
    ChangeState.PROPOSED: Words("待审批", "waits for finance"),
    ChangeState.APPROVED: Words("已批准", "approved"),
    ChangeState.REFUSED: Words("已驳回", "refused"),
}


class PaperMissing(Invalid):
    zh = "提请审批须同时写明 --as、--number（文号）和 --reason（理由）。"
    en = "A change that is proposed takes --as, --number (of its document) and --reason together."


def impact(
    scheme: Annotated[str, typer.Argument(help="Such as beijing-september.  补贴名称")],
    year: Annotated[int, typer.Argument(help="Whose batch stands.  预算年度")],
    under: Annotated[str, typer.Option(help="Another subsidy's rules.  另一项补贴的规则")] = "",
    on: Annotated[str, typer.Option(help="Rules in force on a day, YYYY-MM-DD; it may lie ahead.  规则日期")] = "",
    pool_fen: Annotated[int | None, typer.Option("--pool-fen", help="Another total, in fen.  另一个总额（分）")] = None,
    evaluation: Annotated[str, typer.Option(help="Another round of grades.  另一次评价考核")] = "",
    actor: Annotated[
        str, typer.Option("--as", metavar="PERSON", help="Propose the change as this person.  提请审批的办理人编号")
    ] = "",
    document_number: Annotated[str, typer.Option("--number", help="Of the paper that changes the policy.  文号")] = "",
    reason: Annotated[str, typer.Option("--reason", help="Why it is proposed.  理由")] = "",
    bureau: Bureau = "",
    key: IdempotencyKey = "",
    data: Data = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Who would gain and who lose under another policy or budget; with --as, propose it to finance.  影响测算."""
    question = Question(under=under, on=the_day("--on", on) if on else None, pool_fen=pool_fen, evaluation=evaluation)
    if any((actor, document_number, reason)):
        if not (actor and document_number and reason):
            raise PaperMissing
        _propose(scheme, year, question, actor, document_number, reason, bureau, key, data, as_json=as_json)
        return
    with open_books(data) as books, books.snapshot() as connection:
        found = impact_run(Reader(connection, BOOK), scheme, year, question, today(SystemClock()))
    if as_json:
        print(json.dumps(told(found), ensure_ascii=False))
    else:
        _print(found)


def changes(
    number: Annotated[str, typer.Argument(help="Of one change, PC-…; left out: all of them.  政策调整编号")] = "",
    data: Data = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Changes of a policy or budget that were proposed; of one its impact run, as it is signed.  政策调整."""
    with open_books(data) as books, books.snapshot() as connection:
        reader = Reader(connection, BOOK)
        found = [detail(reader, POLICY_CHANGES, number)] if number else _all_changes(reader)
    if as_json:
        print(json.dumps({"changes": [_object(one, lines=bool(number)) for one in found]}, ensure_ascii=False))
    elif not found:
        print(in_language(zh="还没有提出政策调整。", en="No change was proposed yet."))
    elif number:
        print("  ".join([number, _state(found[0].state), found[0].document_number, found[0].reason]))
        _print(found[0].impact)
    else:
        _print_changes(found)


def _all_changes(reader: Reader) -> list[PolicyChange]:
    found, after = [], NEWEST
    while page := policy_changes_page(reader, after, PAGE):
        found += page
        after = (page[-1].proposed_on, page[-1].number)
    return found


def _state(state: ChangeState) -> str:
    words = CHANGE_STATES[state]
    return in_language(zh=words.zh, en=words.en)


def _object(change: PolicyChange, *, lines: bool) -> dict[str, object]:
    run = told(change.impact)
    own = {"change": change.number, "state": change.state.value, "document_number": change.document_number}
    own |= {"reason": change.reason, "proposed_on": change.proposed_on.isoformat()}
    return own | {name: value for name, value in run.items() if lines or name not in {"lines", "corrected"}}


def _print_changes(found: list[PolicyChange]) -> None:
    headings = in_language(
        zh="编号|补贴|年度|状态|文号|增加（元）|减少（元）", en="number|subsidy|year|state|document|gain|loss"
    ).split("|")
    rows = [
        [
            one.number,
            one.impact.scheme,
            str(one.impact.year),
            _state(one.state),
            one.document_number,
            yuan(one.impact.gain_fen),
            yuan(one.impact.loss_fen),
        ]
        for one in found
    ]
    print_table(headings, rows, right=2)


def _propose(
    scheme: str,
    year: int,
    question: Question,
    actor: str,
    document_number: str,
    reason: str,
    bureau: str,
    key: str,
    data: Path | None,
    *,
    as_json: bool,
) -> None:
    def make(tenant: str) -> Callable[[str], Command]:
        return lambda own: ProposePolicyChange(
            tenant=tenant,
            key=own,
            actor=actor,
            scheme=scheme,
            year=year,
            under=question.under,
            on=question.on,
            pool_fen=question.pool_fen,
            evaluation=question.evaluation,
            document_number=document_number,
            reason=reason,
        )

    answer = sent(make, actor, bureau, key, data, as_json=as_json)
    body = answer.body
    if as_json:
        print(json.dumps(as_object(answer), ensure_ascii=False))
        return
    approval = body["approval"]
    print(
        in_language(
            zh=f"{body['change']}  增加 {body['gaining']} 个单位 {yuan(body['gain_fen'])} 元，"
            f"减少 {body['losing']} 个单位 {yuan(body['loss_fen'])} 元；"
            f"待两名财政人员签署 {approval['kind']}:{approval['subject']}",
            en=f"{body['change']}  {body['gaining']} units gain {yuan(body['gain_fen'])}, {body['losing']} lose "
            f"{yuan(body['loss_fen'])} yuan; two officers of finance sign {approval['kind']}:{approval['subject']}",
        )
        + said_before(answer)
    )


def _print(found: Impact) -> None:
    print(f"{found.batch}  {found.scheme} {found.year}")
    headings = in_language(
        zh="|规则|规则日期|等次|单位|总额|应得|补贴", en="|rules|in force on|grades|units|pool|entitled|awarded"
    ).split("|")
    sides = ((in_language(zh="原", en="before"), found.before), (in_language(zh="拟", en="after"), found.after))
    rows = [
        [
            name,
            side.scheme,
            side.on.isoformat(),
            side.evaluation or "—",
            str(side.units),
            yuan(side.pool_fen),
            yuan(side.entitled_fen),
            yuan(side.awarded_fen),
        ]
        for name, side in sides
    ]
    print_table(headings, rows, right=4)
    print(
        in_language(
            zh=f"增加 {found.gaining} 个单位，共 {yuan(found.gain_fen)} 元；"
            f"减少 {found.losing} 个单位，共 {yuan(found.loss_fen)} 元。",
            en=f"{found.gaining} units gain {yuan(found.gain_fen)} yuan, {found.losing} lose {yuan(found.loss_fen)}.",
        )
    )
    if found.after.over_fen:
        over = yuan(found.after.over_fen)
        print(in_language(zh=f"总额不足 {over} 元。", en=f"The pool is {over} yuan too small."))
    if found.corrected:
        print(
            in_language(
                zh=f"批次计算后记录有变：按原规则重算，{len(found.corrected)} 个单位与批次不同。",
                en=f"Records have changed: under its own rules {len(found.corrected)} units differ from the batch.",
            )
        )
    if found.before.synthetic or found.after.synthetic:
        print(
            in_language(
                zh="SYNTHETIC：公式或办理规则为虚构。", en="SYNTHETIC: the formula, or how it is run, is invented."
            )
        )
    _print_totals(in_language(zh="等次", en="grade"), found.by_grade(), _grade)
    _print_totals(in_language(zh="变化", en="change"), found.by_change(), _change)
    headings = in_language(zh="单位|等次|批次|原|拟|差额", en="unit|grade|batch|before|after|difference").split("|")
    lines = [
        [
            line.unit,
            _grade(line.grade),
            _fen(line.awarded_fen),
            _fen(line.before_fen),
            _fen(line.after_fen),
            yuan(line.difference_fen),
        ]
        for line in found.lines
    ]
    print_table(headings, lines, right=4)


def _print_totals(heading: str, totals: tuple[Total, ...], word: Callable[[str], str]) -> None:
    headings = [heading, *in_language(zh="单位|原|拟|差额", en="units|before|after|difference").split("|")]
    rows = [
        [
            word(one.name),
            str(one.units),
            yuan(one.before_fen),
            yuan(one.after_fen),
            yuan(one.after_fen - one.before_fen),
        ]
        for one in totals
    ]
    print_table(headings, rows, right=4)


def _grade(name: str) -> str:
    return in_language(zh=name, en=GRADE_EN[Grade(name)]) if name else "—"


def _change(name: str) -> str:
    return in_language(zh=CHANGE_ZH[Change(name)], en=name)


def _fen(fen: int | None) -> str:
    return "—" if fen is None else yuan(fen)
