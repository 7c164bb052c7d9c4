"""Commands of an operator of a commission: for the commission that was named, or for the only one there is."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from api.books import open_books
from api.cli.sending import send, sending
from ledger.assembly import BOOK
from ledger.errors import Invalid, Refused
from ledger.executor.commands import Answer, Command
from ledger.executor.reading import Reader
from ledger.registry.store import load_people
from ledger.registry.values import Role

Bureau = Annotated[
    str,
    typer.Option("--for", metavar="BUREAU", help="The commission's code; needed where you work for several.  主管部门"),
]


class WhichBureau(Invalid):
    zh = "{person} 在 {bureaus} 有此职责，请用 --for 写明为哪一个办理。"
    en = "{person} has the role at {bureaus}. Say with --for at which one."


class NotAnOperator(Refused):
    zh = "{person} 没有计划管理员的职责，不能办理。请由有此职责的人办理。"
    en = "{person} is no operator of a commission, and this takes one."


def sent(
    make: Callable[[str], Callable[[str], Command]],
    actor: str,
    bureau: str,
    key: str,
    data: Path | None,
    *,
    as_json: bool,
) -> Answer:
    """The answer to a command of an operator, for the commission that was named or the only one there is."""
    with open_books(data) as books:
        with books.snapshot() as connection:
            tenant = bureau or commission_of(Reader(connection, BOOK), actor)
            asked = sending(connection, make(tenant), key)
        return send(books, asked.command, as_json=as_json)


def commission_of(reader: Reader, person: str) -> str:
    found = load_people(reader, [person]).get(person)
    bureaus = sorted(where for where, role in found.posts if role is Role.OPERATOR) if found else []
    if not bureaus:
        raise NotAnOperator(person=person)
    if len(bureaus) > 1:
        raise WhichBureau(person=person, bureaus=", ".join(bureaus))
    return bureaus[0]
