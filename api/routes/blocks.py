"""The chain: blocks and signed heads, which hold hashes and nothing of anybody's."""

from datetime import datetime
from typing import Annotated

from fastapi import Query
from pydantic import Field

from api.bodies import Shown, example
from api.dependencies import Reading, TheServing
from api.paging import Page
from api.routing import SliceRouter
from ledger.amounts import TOTAL_MAX
from ledger.errors import NotFound
from ledger.journal.blocks import Block, block_at, blocks_between

router = SliceRouter("/v1/blocks", tag="chain")

_BLOCK = {
    "number": 128,
    "first_seq": 41,
    "last_seq": 41,
    "leaves": 1,
    "recorded_at": "2017-03-07T01:00:00Z",
    "merkle_root": "9f" * 32,
    "previous_hash": "3c" * 32,
    "hash": "b1" * 32,
}
_ANCHOR = {
    "book": "main",
    "block": 128,
    "last_seq": 41,
    "recorded_at": "2017-03-07T01:00:00+00:00",
    "hash": "b1" * 32,
    "public_key": "5a" * 32,
    "signature": "77" * 64,
}


class BlockShown(Shown):
    model_config = example(_BLOCK)

    number: int
    first_seq: int
    last_seq: int = Field(description="One less than `first_seq` when the block holds no entry")
    leaves: int = Field(description="Commands decided together")
    recorded_at: datetime
    merkle_root: str
    previous_hash: str
    hash: str

    @classmethod
    def told(cls, block: Block) -> "BlockShown":
        hashes = {name: getattr(block, name).hex() for name in ("merkle_root", "previous_hash", "hash")}
        return cls.of(block, **hashes)


class BlockPage(Page[BlockShown]):
    model_config = example({"items": [_BLOCK], "next": None})

    next: str | None = Field(description="Give it as `after`; null on the last page")


class AnchorShown(Shown):
    """A head signed with Ed25519. Check it with the public key that you were given when the books were opened."""

    model_config = example(_ANCHOR)

    book: str
    block: int
    last_seq: int
    recorded_at: str
    hash: str
    public_key: str
    signature: str


class AnchorPage(Page[AnchorShown]):
    model_config = example({"items": [_ANCHOR], "next": None})

    next: str | None = Field(description="Give it as `after`; null on the last page")


@router.get("", summary="Blocks, the oldest first")
def blocks(
    reader: Reading,
    after: Annotated[int, Query(ge=0, le=2**62, description="Number of a block")] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> BlockPage:
    found = blocks_between(reader.connection, reader.book, after + 1, after + limit + 1)
    items = [BlockShown.told(block) for block in found[:limit]]
    return BlockPage(items=items, next=str(items[-1].number) if len(found) > limit else None)


@router.get("/anchors", summary="Signed heads, the oldest first")
def anchors(
    serving: TheServing,
    after: Annotated[int, Query(ge=0, le=2**62, description="Number of a block")] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> AnchorPage:
    found = [anchor for anchor in serving.anchors.read() if anchor["block"] > after]
    items = [AnchorShown.model_validate(anchor) for anchor in found[:limit]]
    return AnchorPage(items=items, next=str(items[-1].block) if len(found) > limit else None)


@router.get("/{number}", summary="A block")
def block(number: int, reader: Reading) -> BlockShown:
    found = block_at(reader.connection, reader.book, number) if 0 < number <= TOTAL_MAX else None
    if found is None:
        raise NotFound("区块/block", str(number))
    return BlockShown.told(found)
