"""A receipt: the path from one command's leaf to its block, and the blocks from there to the next signed head."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection

from ledger.errors import NotFound, Refused
from ledger.journal.anchors import Anchors
from ledger.journal.attestation import Json
from ledger.journal.blocks import blocks_between
from ledger.journal.bulk import run
from ledger.journal.replay import Replay
from ledger.journal.tables import EventRow
from ledger.journal.verify_receipt import RECEIPT_VERSION, leaf_hash, merkle_path


class NotYetAnchored(Refused):
    zh = "第 {entry} 号凭证在第 {block} 块，其后还没有签名锚定。请先运行 vledger anchor。"
    en = "Entry {entry} is in block {block}, and no head has been signed since. Run vledger anchor first."


def receipt(
    connection: Connection, book: int, code: str, tables: Sequence[type[EventRow]], entry: int, anchors: Anchors
) -> Json:
    """The receipt of the command that posted an entry.

    Args:
        connection: a role that sees the whole book.
        book: the book's number.
        code: the book's code, as the hashes name it.
        tables: every attested table.
        entry: the entry's seq.
        anchors: where signed heads are kept.

    Raises:
        NotFound: no such entry.
        NotYetAnchored: no signed head stands at or after its block.
    """
    rows = run(connection, "SELECT command FROM entry WHERE book = %s AND seq = %s", [book, entry])
    if not rows:
        raise NotFound("凭证/entry", str(entry))
    replay = Replay(connection, book, code, tables)
    command: UUID = rows[0][0]
    own = replay.one(command)
    if own is None:
        raise NotFound("凭证/entry", str(entry))
    heads = [anchor["block"] for anchor in anchors.read() if anchor["book"] == code and anchor["block"] >= own.block]
    if not heads:
        raise NotYetAnchored(entry=entry, block=own.block)
    leaves = [leaf_hash(replayed.leaf) for replayed in replay.block(own.block)]
    return {
        "version": RECEIPT_VERSION,
        "entry": entry,
        "leaf": own.leaf,
        "position": own.position,
        "path": [step.hex() for step in merkle_path(leaves, own.position)],
        "blocks": [block.header(code) for block in blocks_between(connection, book, own.block, min(heads))],
    }
