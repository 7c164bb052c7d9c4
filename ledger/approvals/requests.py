"""How an upper slice asks for approval: rows that it writes together with what is to be approved.  (pure)"""

from collections.abc import Collection

from ledger.approvals.content import content_hash
from ledger.approvals.store import ApprovalLapseTable, ApprovalRequestTable
from ledger.approvals.values import Request, RequestStatus, Stage, request_number
from ledger.journal.attestation import Json
from ledger.journal.tables import EventRow


def request_rows(
    subject_kind: str,
    subject: str,
    content: Json,
    maker: str,
    stages: tuple[Stage, ...],
    version: int = 1,
    concerns: Collection[str] = (),
) -> tuple[EventRow, ...]:
    """A request for approval of exactly this content.

    Args:
        subject_kind: e.g. `voucher.claim`; a reaction to the approval knows its own by it.
        subject: number of what is to be approved.
        content: everything the signers are shown; its hash binds them.
        maker: the person who made it, and who will never sign it.
        stages: who must sign, in order.
        version: one more than the last when the content has changed; earlier signatures then count no more.
        concerns: codes of the parties that gain; nobody of theirs may sign.
    """
    if not stages or any(stage.count < 1 for stage in stages):
        raise ValueError("a request for approval has at least one stage, each with at least one signature")
    return (
        ApprovalRequestTable(
            number=request_number(subject_kind, subject),
            version=version,
            subject_kind=subject_kind,
            subject=subject,
            content_hash=content_hash(content),
            maker=maker,
            stages=[{"role": stage.role.value, "count": stage.count} for stage in stages],
            concerns=sorted(concerns),
        ),
    )


def renewed_rows(request: Request, content: Json, maker: str) -> tuple[EventRow, ...]:
    """The same request for changed content: a new version, with no signature yet."""
    return request_rows(
        request.subject_kind,
        request.subject,
        content,
        maker,
        request.stages,
        request.version + 1,
        request.concerns,
    )


def lapse_rows(request: Request, reason: str) -> tuple[EventRow, ...]:
    """Nobody is asked any more, because what was to be approved was taken back; nothing where nobody was asked."""
    if request.status is not RequestStatus.AWAITING:
        return ()
    return (ApprovalLapseTable(request=request.number, version=request.version, reason=reason),)
