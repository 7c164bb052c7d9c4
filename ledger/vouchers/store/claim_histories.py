"""What came before a claim, and what became of it: why it was sent back, what it corrects, what corrects it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from ledger.executor.reading import Reader
from ledger.vouchers.claim_values import Correction


@dataclass(frozen=True, slots=True)
class ClaimHistory:
    sent_back: str
    correct_until: date | None
    corrected_by: str | None
    corrects: Correction | None


def claim_histories(reader: Reader, claims: Collection[str]) -> dict[str, ClaimHistory]:
    """For every claim there is, in one statement."""
    return {
        claim: ClaimHistory(
            sent_back,
            correct_until,
            corrected_by,
            Correction(claim=corrects, sent_back=why, statement=statement) if corrects else None,
        )
        for claim, sent_back, correct_until, corrected_by, corrects, why, statement in reader.rows(
            "SELECT c.number, coalesce(s.reason, ''), r.correct_until, later.claim, earlier.corrects, e.reason, "
            "earlier.statement FROM voucher_claim c "
            "LEFT JOIN voucher_claim_step s ON s.book = c.book AND s.claim = c.number AND s.step = 'returned' "
            "LEFT JOIN voucher_claim_return r ON r.book = c.book AND r.claim = c.number "
            "LEFT JOIN voucher_claim_correction later ON later.book = c.book AND later.corrects = c.number "
            "LEFT JOIN voucher_claim_correction earlier ON earlier.book = c.book AND earlier.claim = c.number "
            "LEFT JOIN voucher_claim_step e "
            "ON e.book = earlier.book AND e.claim = earlier.corrects AND e.step = 'returned' "
            "WHERE c.book = %s AND c.number = ANY(%s)",
            reader.book,
            list(claims),
        )
    }
