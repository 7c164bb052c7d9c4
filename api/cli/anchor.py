"""`vledger anchor`: sign the newest head into the anchors file."""

import json

from api.books import open_books
from api.cli.options import AsJson, Data, in_language
from ledger.assembly import BOOK, BOOK_CODE
from ledger.journal.anchors import anchor_head


def anchor(data: Data = None, *, as_json: AsJson = False) -> None:
    """Sign the newest head and keep it outside the database.  对最新区块签名并存于数据库之外."""
    with open_books(data) as books, books.snapshot() as connection:
        signed = anchor_head(connection, BOOK, BOOK_CODE, books.anchors)
        path = books.anchors.path
    if as_json:
        print(json.dumps({"anchor": signed, "file": str(path)}, ensure_ascii=False))
    elif signed is None:
        print(
            in_language(zh="账簿还没有任何记录，无可签名。", en="The books hold nothing yet; there is no head to sign.")
        )
    else:
        print(
            in_language(
                zh=f"第 {signed['block']} 块（至第 {signed['last_seq']} 号凭证）已签名，存于 {path}",
                en=f"Block {signed['block']} (up to entry {signed['last_seq']}) is signed, in {path}",
            )
        )
