"""`vledger approvals`: what waits for a signature, exactly what is signed, and the signature."""

import json
import sys
from datetime import datetime
from typing import Annotated, Any

import typer

from api.books import OpenBooks, open_books
from api.cli.options import AsJson, Data, in_language
from api.cli.sending import TENANT, As, IdempotencyKey, as_object, confirm, said_before, send, sending
from api.cli.tables import print_table
from ledger.approvals.approve import Approve
from ledger.approvals.content import content_hash
from ledger.approvals.listing import BEFORE_ALL, Asked, asked, waiting, waiting_for
from ledger.approvals.reject import Reject
from ledger.approvals.store import load_requests
from ledger.approvals.values import STATUS_ZH, RequestStatus, subject_of
from ledger.assembly import BOOK, house
from ledger.errors import Invalid, NotFound
from ledger.executor.clock import CITY
from ledger.executor.commands import Command
from ledger.executor.reading import Reader
from ledger.journal.attestation import Json, plain

app = typer.Typer(no_args_is_help=True, help="What waits for a signature: list, show, sign, reject.  审批")

PAGE = 500
"""Requests that are read in one step."""
Number = Annotated[str, typer.Argument(help="Number of the request, KIND:SUBJECT.  审批编号")]
Hash = Annotated[
    str, typer.Option("--hash", help="Hash of what you were shown; without it, it is shown first.  所示内容的校验值")
]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.  不再询问")]


class ShownAnother(Invalid):
    zh = "审批 {number} 现在的内容校验值为 {now}，与所示的 {shown} 不同。请重新查看后再签。"
    en = "The content of {number} has the hash {now} now, and you were shown {shown}. Look at it again before you sign."


@app.command(name="list")
def list_(
    person: Annotated[
        str, typer.Option("--as", metavar="PERSON", help="Only what this person may sign.  只列此人可签的")
    ] = "",
    data: Data = None,
    *,
    as_json: AsJson = False,
) -> None:
    """What misses a signature, the oldest first.  待审批事项."""
    found: list[Asked] = []
    with open_books(data) as books, books.snapshot() as connection:
        reader, after = Reader(connection, BOOK), BEFORE_ALL
        while True:
            page = waiting_for(reader, person, after, PAGE) if person else waiting(reader, after, PAGE)
            found += page
            if len(page) < PAGE:
                break
            after = page[-1].place
    if as_json:
        print(json.dumps({"approvals": [_object(one) for one in found]}, ensure_ascii=False))
        return
    if not found:
        print(in_language(zh="没有待审批事项。", en="Nothing waits for a signature."))
        return
    headings = in_language(
        zh="审批编号|提出人|提出时间|待签职责|已签", en="request|made by|asked at|awaits|signed"
    ).split("|")
    print_table(headings, [_cells(one) for one in found], right=0)


@app.command()
def show(number: Number, data: Data = None, *, as_json: AsJson = False) -> None:
    """A request with exactly what is signed.  审批内容."""
    with open_books(data) as books:
        found, content = _read(books, number)
    if as_json:
        print(
            json.dumps(_object(found) | {"content": content, "content_hash": content_hash(content)}, ensure_ascii=False)
        )
        return
    _show(found, content, sys.stdout)


@app.command()
def sign(
    number: Number,
    actor: As,
    shown: Hash = "",
    key: IdempotencyKey = "",
    data: Data = None,
    *,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Sign exactly what was shown; the last signature sets off what waits for it.  审批通过."""
    _decide(number, actor, shown, key, data, None, yes=yes, as_json=as_json)


@app.command()
def reject(
    number: Number,
    actor: As,
    reason: Annotated[str, typer.Option("--reason", help="Why; its maker is told.  驳回理由")],
    shown: Hash = "",
    key: IdempotencyKey = "",
    data: Data = None,
    *,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Refuse what was shown, with a reason.  驳回."""
    _decide(number, actor, shown, key, data, reason, yes=yes, as_json=as_json)


def _decide(
    number: str,
    actor: str,
    shown: str,
    key: str,
    data: Any,  # noqa: ANN401  as typer gives it
    reason: str | None,
    *,
    yes: bool,
    as_json: bool,
) -> None:
    with open_books(data) as books:
        found, content = _read(books, number)
        now = content_hash(content)
        if shown and shown != now:
            raise ShownAnother(number=number, now=now, shown=shown)
        if not shown and not yes:
            _show(found, content, sys.stderr)
            question = ("签署以上内容？", "Sign this?") if reason is None else ("驳回以上内容？", "Reject this?")
            confirm(in_language(zh=question[0], en=question[1]))
        kind, subject = subject_of(number)

        def make(own: str) -> Command:
            facts = {"tenant": TENANT, "key": own, "actor": actor}
            named = {"subject_kind": kind, "subject": subject, "content_hash": now}
            return Approve(**facts, **named) if reason is None else Reject(**facts, **named, reason=reason)

        with books.snapshot() as connection:
            asked_for = sending(connection, make, key)
        answer = send(books, asked_for.command, as_json=as_json)
    if as_json:
        print(json.dumps(as_object(answer), ensure_ascii=False))
        return
    status = RequestStatus(answer.body["status"])
    said = in_language(zh=STATUS_ZH[status], en=status.value)
    print(f"{number}  {said}{said_before(answer)}")


def _read(books: OpenBooks, number: str) -> tuple[Asked, Json]:
    """The request as it stands, and what is signed."""
    with books.snapshot() as connection:
        reader = Reader(connection, BOOK)
        if number not in load_requests(reader, [number]):
            raise NotFound("审批/request", number)
        found = asked(reader, number)
        shown: Json = plain(house().contents[found.request.subject_kind](reader, found.request.subject))
        return found, shown


def _show(found: Asked, content: Json, to: Any) -> None:  # noqa: ANN401  a stream of text
    print("  ".join(_cells(found)), file=to)
    print(json.dumps(content, ensure_ascii=False, indent=2), file=to)
    print(in_language(zh=f"校验值 {content_hash(content)}", en=f"hash {content_hash(content)}"), file=to)


def _cells(one: Asked) -> list[str]:
    request = one.request
    stage = request.stage if request.status is RequestStatus.AWAITING else None
    waits = stage.role.value if stage else in_language(zh=STATUS_ZH[request.status], en=request.status.value)
    return [request.number, request.maker, _at(one.asked_at), waits, str(len(request.signers))]


def _at(instant: datetime) -> str:
    return instant.astimezone(CITY).strftime("%Y-%m-%d %H:%M")


def _object(one: Asked) -> dict[str, object]:
    request = one.request
    return {
        "number": request.number,
        "version": request.version,
        "maker": request.maker,
        "status": request.status,
        "awaits": request.stage.role if request.stage and request.status is RequestStatus.AWAITING else None,
        "signers": list(request.signers),
        "asked_at": one.asked_at.isoformat(),
    }
