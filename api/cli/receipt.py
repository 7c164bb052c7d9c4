"""`vledger receipt ENTRY`: what proves an entry to somebody who has only the signed heads."""

import json
from typing import Annotated

import typer

from api.books import open_books
from api.cli.options import Data, in_language
from ledger.assembly import BOOK, BOOK_CODE, house
from ledger.journal.receipts import receipt as make


def receipt(
    entry: Annotated[int, typer.Argument(help="Number (seq) of the entry.  凭证号", min=1)], data: Data = None
) -> None:
    """Print the receipt of an entry as JSON; check it offline with verify_receipt.py.  输出凭证的存证收据."""
    with open_books(data) as books, books.snapshot() as connection:
        made = make(connection, BOOK, BOOK_CODE, house().attested, entry, books.anchors)
        path = books.anchors.path
    print(json.dumps(made, ensure_ascii=False, indent=1))
    command = f"python3 ledger/journal/verify_receipt.py RECEIPT.json {path}"
    typer.echo(in_language(zh=f"离线核验：{command}", en=f"Check it offline: {command}"), err=True)
