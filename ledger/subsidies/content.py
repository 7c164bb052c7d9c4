"""What two officers of finance are shown of a batch, and sign: every line, every exclusion, what both rest on."""

from datetime import date

from ledger.journal.attestation import Json
from ledger.subsidies.values import Award, Batch


def content(batch: Batch, notice_until: date) -> Json:
    return {
        "batch": batch.number,
        "scheme": batch.scheme,
        "year": batch.year,
        "version": batch.version,
        "reason": batch.reason,
        "operator": batch.operator,
        "synthetic": batch.synthetic,
        "policy": batch.policy,
        "policy_version": batch.policy_version,
        "evaluation": batch.evaluation,
        "evaluation_version": batch.evaluation_version,
        "records": {
            "year": batch.base_year,
            "block": batch.block,
            "last_seq": batch.last_seq,
            "block_hash": batch.block_hash,
        },
        "notice_until": notice_until.isoformat(),
        "pool_fen": batch.pool_fen,
        "count": len(batch.awards),
        "entitled_fen": batch.entitled_fen,
        "awarded_fen": batch.awarded_fen,
        "lines": [_line(batch, award) for award in batch.awards],
        **_top_up(batch),
        "excluded": [
            {"unit": one.unit, "why": one.why.value, "detail": one.detail, "base_fen": one.base_fen}
            for one in batch.excluded
        ],
    }


def _top_up(batch: Batch) -> Json:
    """Nothing of a batch that adds to no other."""
    if batch.top_up is None:
        return {}
    return {
        "tops_up": batch.top_up.batch,
        "decision_number": batch.top_up.decision_number,
        "change": batch.top_up.change,
        "budget_year": batch.top_up.budget_year,
        "rules_on": batch.top_up.rules_on.isoformat(),
        "rules_known_on": batch.top_up.known_on.isoformat(),
    }


def _line(batch: Batch, award: Award) -> Json:
    due = award.due
    return {
        **({"due_fen": due.due_fen, "had_fen": due.had_fen, "top_up_calculation": str(due.calculation)} if due else {}),
        "award": award.number,
        "unit": award.unit,
        "grade": award.grade,
        "base_fen": award.base_fen,
        "entitled_fen": award.entitled_fen,
        "awarded_fen": award.awarded_fen,
        "bills": award.bills,
        "uses": award.uses,
        "minutes": award.minutes,
        "base_calculation": str(award.base_calculation),
        "calculation": str(award.calculation),
        "budget_lines": [
            {"budget_line": part.budget_line, "amount_fen": part.amount_fen}
            for part in batch.parts
            if part.award == award.number
        ],
    }
