"""What the officers of finance are shown of a claim, and sign.  (pure)"""

from datetime import date

from ledger.journal.attestation import Json
from ledger.vouchers.claim_values import Claim, Correction
from ledger.vouchers.refusal_reasons import REFUSAL_WORDS


def content(claim: Claim, notice_until: date) -> Json:
    """Every line that goes on, every one that was refused and why, and what experts think of them."""
    return {
        "claim": claim.number,
        "unit": claim.unit,
        "scheme": claim.scheme,
        "year": claim.year,
        "operator": claim.operator,
        "filed_on": claim.filed_on.isoformat(),
        "corrects": claim.corrects and _corrected(claim.corrects),
        "notice_until": notice_until.isoformat(),
        "count": len(claim.lines),
        "amount_fen": claim.amount_fen,
        "lines": [
            {
                "contract": line.contract,
                "voucher": line.voucher,
                "holder": line.holder,
                "bill": line.bill,
                "budget_line": line.budget_line,
                "amount_fen": line.amount_fen,
                "calculation": str(line.calculation),
            }
            for line in claim.lines
        ],
        "refused_fen": claim.refused_fen,
        "refused": _refused(claim),
        "review": claim.review,
        "opinions": [
            {
                "contract": opinion.contract,
                "expert": opinion.expert,
                "claim": opinion.claim,
                "supports": opinion.supports,
                "reason": opinion.reason,
                "given_on": opinion.given_on.isoformat(),
            }
            for opinion in claim.opinions
        ],
    }


def _corrected(correction: Correction) -> Json:
    return {"claim": correction.claim, "sent_back": correction.sent_back, "statement": correction.statement}


def _refused(claim: Claim) -> list[Json]:
    return [
        {
            "contract": refused.line.contract,
            "voucher": refused.line.voucher,
            "holder": refused.line.holder,
            "bill": refused.line.bill,
            "amount_fen": refused.line.amount_fen,
            "reason_code": refused.reason.value,
            "reason_zh": REFUSAL_WORDS[refused.reason].zh,
            "reason_en": REFUSAL_WORDS[refused.reason].en,
            "sentence": refused.sentence,
        }
        for refused in claim.refused
    ]
