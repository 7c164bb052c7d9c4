"""A signed bundle of evidence about one duty-free instrument, to be checked offline."""

from typing import Any

from pydantic import Field

from api.bodies import Day, Shown, example
from api.dependencies import Reading, TheServing, Today
from api.routing import SliceRouter
from ledger.assembly import BOOK_CODE, house
from ledger.reports.evidence import evidence_bundle

router = SliceRouter("/v1/customs/evidence", tag="customs", noted=True)

_BUNDLE = {
    "version": 1,
    "instrument": "I-1A2B-3C4D-5E6F7",
    "since": "2026-01-01",
    "until": "2026-09-28",
    "uses": [],
    "proofs": [],
    "blocks": [],
    "withheld": [],
    "waiting": [],
    "public_key": "6" * 64,
    "signature": "6" * 128,
}


class EvidenceBundle(Shown):
    """Keep it as it is, as a file: `verify_receipt.py` checks it offline against the signed heads."""

    model_config = example(_BUNDLE)

    version: int
    instrument: str
    since: str
    until: str
    uses: list[dict[str, Any]] = Field(description="Each with the command that recorded it")
    proofs: list[dict[str, Any]] = Field(description="Commands, with their paths to their blocks")
    blocks: list[dict[str, Any]] = Field(description="Headers, from each command's block to the next signed head")
    withheld: list[str] = Field(description="Commands that tell of other instruments too: ask the unit for them")
    waiting: list[str] = Field(description="Commands in no signed block yet")
    public_key: str
    signature: str = Field(description="Ed25519, over all the rest")


@router.get("/{code}", summary="A signed bundle of evidence about one instrument")
def bundle(
    code: str, reader: Reading, serving: TheServing, today: Today, since: Day | None = None, until: Day | None = None
) -> EvidenceBundle:
    """Of uses that begin in these days, without days of this year so far; a unit's own, or of the office's district."""
    last = until or today
    first = since or last.replace(month=1, day=1)
    made = evidence_bundle(reader, BOOK_CODE, house().attested, serving.anchors, code, first, last)
    return EvidenceBundle.model_validate(made)
