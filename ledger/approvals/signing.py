"""The rows of one signature.  (pure)"""

from ledger.approvals.store import ApprovalSignerTable, ApprovalStepTable
from ledger.approvals.values import Decision, Request
from ledger.journal.tables import EventRow
from ledger.registry.values import Person


def step_rows(request: Request, person: Person, decision: Decision, reason: str = "") -> tuple[EventRow, ...]:
    """The signature, and everybody who counts by it."""
    position = len(request.signatures) + 1
    step = ApprovalStepTable(
        request=request.number,
        version=request.version,
        position=position,
        person=person.code,
        maker=request.maker,
        content_hash=request.content_hash,
        decision=decision.value,
        reason=reason,
    )
    return (
        step,
        *(
            ApprovalSignerTable(request=request.number, version=request.version, person=counted, position=position)
            for counted in sorted(person.counts_as)
        ),
    )
