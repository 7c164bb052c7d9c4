"""A receipt: the path from one command's leaf to its block, and the blocks from there to the next signed head."""

from collections.abc import Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Proofs:
    """What proves many commands: each block's header once."""

    proofs: tuple[Json, ...]
    """Leaf, position and path of each command, its block, and the block of the signed head that it leads to."""
    blocks: tuple[Json, ...]
    waiting: tuple[UUID, ...]
    """Commands in no block before a signed head yet."""


def proofs_of(
    connection: Connection,
    book: int,
    code: str,
    tables: Sequence[type[EventRow]],
    commands: Sequence[UUID],
    anchors: Anchors,
) -> Proofs:
    """As `receipt`, for many commands, whether they posted an entry or not."""
    heads = sorted(anchor["block"] for anchor in anchors.read() if anchor["book"] == code)
    placed = run(
        connection,
        "SELECT id, block FROM command WHERE book = %s AND id = ANY(%s) ORDER BY block, position",
        [book, list(commands)],
    )
    anchored = {id_: block for id_, block in placed if heads and block <= heads[-1]}
    proofs: list[Json] = []
    needed: dict[int, int] = {}
    replayed = Replay(connection, book, code, tables).blocks(sorted(set(anchored.values())))
    for number, block in replayed.items():
        head = next(head for head in heads if head >= number)
        needed[head] = min(needed.get(head, number), number)
        leaves = [leaf_hash(command.leaf) for command in block]
        for command in block:
            if command.id in anchored:
                path = [step.hex() for step in merkle_path(leaves, command.position)]
                place = {"block": number, "anchored_at": head, "position": command.position}
                proofs.append({**place, "path": path, "leaf": command.leaf})
    waiting = [id_ for id_, _ in placed if id_ not in anchored]
    headers = {
        block.number: block.header(code)
        for head, first in needed.items()
        for block in blocks_between(connection, book, first, head)
    }
    return Proofs(tuple(proofs), tuple(headers[number] for number in sorted(headers)), tuple(waiting))


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
