"""Sending one command from the command line: under which key, and what is said of its answer."""

import hashlib
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Annotated

import typer
from sqlalchemy import Connection

from api.books import OpenBooks
from api.cli.options import in_language
from ledger.assembly import BOOK
from ledger.executor.commands import Answer, Command
from ledger.executor.idempotency import find_stored
from ledger.executor.reading import Reader
from ledger.journal.verify_receipt import canonical

TENANT = "vledger"
"""For which keys of the command line are unique."""
REFUSED = DECLINED = 1

As = Annotated[str, typer.Option("--as", metavar="PERSON", help="The person who acts.  办理人编号")]
IdempotencyKey = Annotated[
    str,
    typer.Option(
        "--key", help="Idempotency key; without it, the same words are the same request.  幂等键（默认按内容生成）"
    ),
]


@dataclass(frozen=True, slots=True)
class Sending:
    """A command under its key."""

    command: Command
    replays: bool
    """It was accepted before: nothing will change."""


def sending(connection: Connection, make: Callable[[str], Command], key: str = "") -> Sending:
    """A command under the key that was given, or under one that follows from who asks for what.

    The same words give the same key, so what was accepted is answered again and not done twice. What was refused is
    asked anew: the stored refusal would stand for ever, even when its reason is gone.
    """
    if key:
        return _known(connection, make(key))[0]
    words = make("")
    digest = hashlib.sha256(canonical([words.kind, words.actor, words.body()])).hexdigest()[:16]
    attempts = (_known(connection, make(f"{words.kind}:{digest}:{attempt}")) for attempt in count(1))
    return next(known for known, refused in attempts if not refused)


def _known(connection: Connection, command: Command) -> tuple[Sending, bool]:
    """The command, and whether it was refused under this key."""
    stored = find_stored(Reader(connection, BOOK), [command]).get((command.tenant, command.key))
    accepted = stored is not None and stored.kind == command.kind and stored.status == "accepted"
    return Sending(command, accepted), stored is not None and not accepted


def confirm(question: str) -> None:
    """Anything but yes ends the program with status 1. On standard error: standard output is for the answer."""
    print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
    said = sys.stdin.readline() if sys.stdin else ""
    if said.strip().lower() not in {"y", "yes", "是"}:
        print(in_language(zh="未作改动。", en="Nothing was changed."), file=sys.stderr)
        raise typer.Exit(DECLINED)


def send(books: OpenBooks, command: Command, *, as_json: bool) -> Answer:
    """The answer to a command; a refusal is printed, and ends the program with status 1."""
    with books.commands() as open_:
        answer = open_.executor.run(command)
    if answer.accepted:
        return answer
    sentence = in_language(zh=answer.body["zh"], en=answer.body["en"])
    if as_json:
        refusal = {"code": answer.body["code"], "message": sentence, "cite": answer.body.get("cite")}
        print(json.dumps({"refusal": refusal}, ensure_ascii=False))
    else:
        print(sentence, file=sys.stderr)
    raise typer.Exit(REFUSED)


def as_object(answer: Answer) -> dict[str, object]:
    """The answer with its place in the chain."""
    return {**answer.body, "block": answer.block, "replayed": answer.replayed}


def said_before(answer: Answer) -> str:
    """A word for an answer that was given before."""
    return (
        in_language(zh="（此前已办理，未作改动）", en=" (done before; nothing was changed)") if answer.replayed else ""
    )
