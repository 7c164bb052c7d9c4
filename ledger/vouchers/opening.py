"""Vouchers that were issued before the books began: what is open of each, and what it had paid.  (pure)"""

import hashlib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ledger.journal.attestation import Json, plain
from ledger.journal.verify_receipt import canonical

LIST_MAX = 5_000
"""Most vouchers of one list: it is signed as a whole and posted as a whole."""


class ListState(StrEnum):
    RECORDING = "recording"
    PROPOSED = "proposed"
    POSTED = "posted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """One voucher of a list. Amounts are whole fen of face value."""

    number: str
    list_number: str
    scheme: str
    year: int
    """In which it was issued: of its caps, and of the budget that bore it."""
    operator: str
    holder: str
    body: str | None
    controller: str
    legacy_number: str
    """As it was numbered before the books began."""
    budget_line: str
    face_fen: int
    redeemed_fen: int
    """Paid before the books began."""
    open_fen: int
    """Usable still."""
    denomination_fen: int | None
    issued_on: date
    expires_on: date

    @property
    def retired_fen(self) -> int:
        """Expired or taken back before the books began."""
        return self.face_fen - self.redeemed_fen - self.open_fen


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningList:
    number: str
    openings: tuple[Opening, ...] = ()
    """In the order of their schemes and old numbers."""
    state: ListState = ListState.RECORDING

    def content(self) -> Json:
        """What the second person is shown, and signs: control totals, and a hash over every line."""
        shown: Json = plain(
            {
                "list": self.number,
                "operator": self.openings[0].operator,
                "vouchers": len(self.openings),
                "face_fen": sum(one.face_fen for one in self.openings),
                "redeemed_fen": sum(one.redeemed_fen for one in self.openings),
                "open_fen": sum(one.open_fen for one in self.openings),
                "retired_fen": sum(one.retired_fen for one in self.openings),
                "budgets": [
                    {"scheme": scheme, "year": year, "open_fen": open_fen, "redeemed_fen": redeemed_fen}
                    for (scheme, year), (open_fen, redeemed_fen) in sorted(self.by_budget().items())
                ],
                "lines_hash": self.lines_hash(),
            }
        )
        return shown

    def by_budget(self) -> dict[tuple[str, int], tuple[int, int]]:
        """What is open and what was paid, by scheme and year."""
        found: dict[tuple[str, int], tuple[int, int]] = {}
        for one in self.openings:
            open_fen, redeemed_fen = found.get((one.scheme, one.year), (0, 0))
            found[one.scheme, one.year] = (open_fen + one.open_fen, redeemed_fen + one.redeemed_fen)
        return found

    def by_line(self) -> dict[tuple[str, int, str], int]:
        """What each budget line must bear: what is open and what was paid."""
        found: dict[tuple[str, int, str], int] = {}
        for one in self.openings:
            key = (one.scheme, one.year, one.budget_line)
            found[key] = found.get(key, 0) + one.open_fen + one.redeemed_fen
        return found

    def lines_hash(self) -> str:
        """SHA-256 over all lines, 64 hex digits."""
        lines = [
            [
                one.scheme,
                one.legacy_number,
                one.holder,
                one.face_fen,
                one.redeemed_fen,
                one.open_fen,
                one.issued_on.isoformat(),
                one.expires_on.isoformat(),
                one.budget_line,
            ]
            for one in self.openings
        ]
        return hashlib.sha256(b"vledger:opening:1:" + canonical(lines)).hexdigest()
