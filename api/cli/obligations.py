"""`vledger obligations`: what is owed back, what of it is late, and how each was settled."""

import json
from typing import Annotated, Any

import typer

from api.books import open_books
from api.cli.options import AsJson, Data, in_language, language
from api.cli.tables import print_table
from ledger.amounts import yuan
from ledger.assembly import BOOK
from ledger.errors import NotFound
from ledger.executor.clock import SystemClock, today
from ledger.executor.listing import NEWEST
from ledger.executor.reading import Reader
from ledger.journal.attestation import plain
from ledger.obligations.listing import obligations_page
from ledger.obligations.store import OBLIGATIONS
from ledger.obligations.values import WORDS, Obligation, ObligationState, Step

app = typer.Typer(no_args_is_help=True, help="What is owed back to a bureau: list, show.  应追回款项")

PAGE = 500
"""Obligations that are read in one step."""


@app.command(name="list")
def list_(
    state: Annotated[ObligationState | None, typer.Option(help="Only those of one state.  只列一种状态")] = None,
    debtor: Annotated[str | None, typer.Option(help="Only those of one debtor, by its code.  欠款单位代码")] = None,
    data: Data = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Every obligation with what is open of it, newest first.  全部应追回款项."""
    now, found = today(SystemClock()), []
    with open_books(data) as books, books.snapshot() as connection:
        reader, after = Reader(connection, BOOK), NEWEST
        while page := obligations_page(reader, after, PAGE, today=now, debtor=debtor, state=state):
            found += page
            after = (page[-1].decided_on, page[-1].number)
    if as_json:
        print(json.dumps({"obligations": [_object(one, one.state(now)) for one in found]}, ensure_ascii=False))
        return
    headings = in_language(
        zh="编号|欠款单位|缴回期限|状态|决定金额|未缴回", en="number|debtor|due|state|decided|open"
    ).split("|")
    rows = [
        [
            one.number,
            one.debtor,
            one.due_on.isoformat(),
            _word(one.state(now)),
            yuan(one.amount_fen),
            yuan(one.open_fen),
        ]
        for one in found
    ]
    print_table(headings, rows, right=2)


@app.command()
def show(
    number: Annotated[str, typer.Argument(help="Number of the obligation.  应追回款项编号")],
    data: Data = None,
    *,
    as_json: AsJson = False,
) -> None:
    """An obligation with its steps.  一笔应追回款项及其各步骤."""
    with open_books(data) as books, books.snapshot() as connection:
        found = OBLIGATIONS.load(Reader(connection, BOOK), [number]).get(number)
    if found is None:
        raise NotFound("应追回款项/obligation", number)
    state = found.state(today(SystemClock()))
    if as_json:
        steps = [_step_object(step) for step in found.steps]
        print(json.dumps(_object(found, state) | {"steps": steps}, ensure_ascii=False))
        return
    print("  ".join([found.number, found.debtor, found.decision_number, found.due_on.isoformat(), _word(state)]))
    headings = in_language(zh="步骤|日期|文号|状态|金额", en="step|date|paper|state|amount").split("|")
    rows = [
        [
            _word(step.kind),
            str(step.posted_on or step.dated_on or ""),
            step.reference,
            _word(step.state),
            yuan(step.amount_fen),
        ]
        for step in found.steps
    ]
    print_table(headings, rows, right=1)


def _word(state: Any) -> str:  # noqa: ANN401  a kind or a state
    words = WORDS[state]
    return words.zh if language() == "zh" else words.en


def _object(one: Obligation, state: ObligationState) -> dict[str, Any]:
    names = ("number", "debtor", "creditor", "subject_kind", "subject", "ground", "decision_number", "citation")
    figures = ("amount_fen", "interest_fen", "open_fen", "pending_fen", "decided_on", "due_on", "due_provisional")
    found: dict[str, Any] = plain(
        {name: getattr(one, name) for name in (*names, *figures, "scheme", "year")} | {"state": state}
    )
    return found


def _step_object(step: Step) -> dict[str, Any]:
    names = ("number", "kind", "amount_fen", "dated_on", "reference", "payable", "reason", "state", "posted_on")
    found: dict[str, Any] = plain({name: getattr(step, name) for name in names} | step.parts._asdict())
    return found
