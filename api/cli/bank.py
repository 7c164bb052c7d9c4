"""`vledger bank`: take in the bank's files, see what waits, match what is clear."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from api.books import open_books
from api.cli.options import AsJson, Data, in_language
from api.cli.sending import TENANT, As, IdempotencyKey, as_object, said_before, send, sending
from api.cli.tables import print_table
from ledger.amounts import yuan
from ledger.assembly import BOOK
from ledger.executor.listing import NEWEST
from ledger.executor.reading import Reader
from ledger.payments.bank.files import read_statements
from ledger.payments.bank.import_statement import ImportStatement
from ledger.payments.bank.listing import ReadLine, lines_page
from ledger.payments.bank.meaning import WHY, Meaning, Unclear
from ledger.payments.bank.reconcile import commands, queue
from ledger.payments.bank.values import DIRECTION_WORDS, LineState

app = typer.Typer(no_args_is_help=True, help="Bank statements: import, queue, reconcile.  银行对账单")

PAGE = 500
"""Lines that are read in one step."""


@app.command(name="import")
def import_(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="camt.053 or CSV.  对账单文件")
    ],
    payer: Annotated[str, typer.Option(help="The bureau whose account it is.  开户单位代码")],
    actor: As,
    data: Data = None,
    key: IdempotencyKey = "",
    *,
    as_json: AsJson = False,
) -> None:
    """Take in every statement of a file; a line that is known counts once.  导入对账单."""
    statements = read_statements(file.read_bytes())
    told = []
    with open_books(data) as books:
        for statement in statements:
            own_key = key and f"{key}:{statement.account_number}:{statement.reference}"

            def make(command_key: str, statement: Any = statement) -> ImportStatement:  # noqa: ANN401  bound in the loop
                return ImportStatement(tenant=TENANT, key=command_key, actor=actor, payer=payer, statement=statement)

            with books.snapshot() as connection:
                found = sending(connection, make, own_key)
            told.append((statement, send(books, found.command, as_json=as_json)))
    if as_json:
        print(json.dumps({"statements": [as_object(answer) for _, answer in told]}, ensure_ascii=False))
        return
    for statement, answer in told:
        count, known = answer.body["count"], answer.body["known"]
        print(
            in_language(
                zh=f"{statement.reference}：{count} 条，其中 {known} 条此前已有（{answer.body['statement']}）",
                en=f"{statement.reference}: {count} lines, {known} of them known ({answer.body['statement']})",
            )
            + said_before(answer)
        )


@app.command(name="queue")
def queue_(
    statement: Annotated[str | None, typer.Option(help="Only those of one statement.  只列一份对账单")] = None,
    data: Data = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Every line that waits, with what it means or why that is not clear.  待核对明细."""
    found: list[ReadLine] = []
    with open_books(data) as books, books.snapshot() as connection:
        reader, after = Reader(connection, BOOK), NEWEST
        while page := lines_page(reader, after, PAGE, statement=statement, state=LineState.WAITING):
            found += page
            after = (page[-1].line.booked_on, page[-1].line.number)
    if as_json:
        print(json.dumps({"lines": [_object(one) for one in found]}, ensure_ascii=False))
        return
    headings = in_language(
        zh="明细|日期|借贷|对方|含义或原因|金额", en="line|day|direction|other side|means, or why it waits|amount"
    ).split("|")
    print_table(headings, [_row(one) for one in found], right=1)


@app.command()
def reconcile(
    statement: Annotated[str, typer.Argument(help="Number of the statement.  对账单编号")],
    actor: As,
    data: Data = None,
    key: IdempotencyKey = "",
    *,
    as_json: AsJson = False,
) -> None:
    """Match every waiting line that is clear by itself; by another person than who took it in.  自动核对."""
    with open_books(data) as books:
        with books.snapshot() as connection:
            waiting = queue(Reader(connection, BOOK), statement)
        asked = commands(waiting, tenant=TENANT, key=key or f"bank.reconcile:{statement}", actor=actor)
        with books.commands() as open_:
            answers = [open_.executor.run(command) for command in asked]
    matched = [command.line for command, answer in zip(asked, answers, strict=True) if answer.accepted]
    declined = {
        command.line: in_language(zh=answer.body["zh"], en=answer.body["en"])
        for command, answer in zip(asked, answers, strict=True)
        if not answer.accepted
    }
    left = len(waiting) - len(matched)
    if as_json:
        print(json.dumps({"matched": matched, "declined": declined, "waiting": left}, ensure_ascii=False))
        return
    print(
        in_language(
            zh=f"已匹配 {len(matched)} 条，仍待核对 {left} 条。", en=f"{len(matched)} matched, {left} still wait."
        )
    )
    for line, sentence in declined.items():
        print(f"{line}  {sentence}")


def _row(one: ReadLine) -> list[str]:
    line, words = one.line, DIRECTION_WORDS[one.line.direction]
    return [
        line.number,
        line.booked_on.isoformat(),
        in_language(zh=words.zh, en=words.en),
        line.counterparty_name or line.counterparty_account or "—",
        _said(one),
        yuan(line.amount_fen),
    ]


def _said(one: ReadLine) -> str:
    if isinstance(one.found, Meaning):
        return ", ".join(sorted(one.found.payables))
    words = WHY[one.found or Unclear.NOTHING_FITS]
    return in_language(zh=words.zh, en=words.en)


def _object(one: ReadLine) -> dict[str, Any]:
    line = one.line
    clear = one.found if isinstance(one.found, Meaning) else None
    return {
        "line": line.number,
        "statement": line.statement,
        "booked_on": line.booked_on.isoformat(),
        "direction": line.direction.value,
        "amount_fen": line.amount_fen,
        "counterparty_account": line.counterparty_account,
        "counterparty_name": line.counterparty_name,
        "purpose": line.purpose,
        "batch": clear.batch if clear else None,
        "payables": sorted(clear.payables) if clear else [],
        "why": one.found.value if isinstance(one.found, Unclear) else None,
    }
