"""What this slice declares."""

from ledger.approvals import approve, bookkeepers, declare_interest, reject
from ledger.approvals.store import (
    APPROVALS,
    INTERESTS,
    ApprovalInterestTable,
    ApprovalLapseTable,
    ApprovalRequestTable,
    ApprovalSignerTable,
    ApprovalStepTable,
)
from ledger.executor.slices import Slice

SLICE = Slice(
    name="approvals",
    use_cases=(approve.USE_CASE, reject.USE_CASE, declare_interest.USE_CASE),
    reactions=bookkeepers.REACTIONS,
    aggregates=(APPROVALS, INTERESTS),
    tables=(ApprovalRequestTable, ApprovalStepTable, ApprovalSignerTable, ApprovalLapseTable, ApprovalInterestTable),
)
