"""What follows the second person's decision on a batch: it is released, or its payables are free again."""

from datetime import date

from ledger.approvals.approve import Approve
from ledger.approvals.events import ApprovalGiven, ApprovalRefused
from ledger.approvals.reject import Reject
from ledger.executor.commands import Effects, Keys, Reaction, State
from ledger.payments.rules import BatchChanged
from ledger.payments.store import BATCHES
from ledger.payments.tables import PayableFreedTable, PaymentRefusalTable, PaymentReleaseTable
from ledger.payments.values import PAYMENT_BATCH
from policies.kernel.policies import Policies


def reads(command: Approve | Reject) -> Keys:
    return BATCHES.keys(command.subject) if command.subject_kind == PAYMENT_BATCH else frozenset()


def release(event: ApprovalGiven, _command: Approve, state: State, _policies: Policies, today: date) -> Effects:
    """The batch may be paid from today."""
    if event.subject_kind != PAYMENT_BATCH:
        return Effects({})
    batch = state.one(BATCHES, event.subject)
    if batch.content_hash != event.content_hash:
        raise BatchChanged(batch=batch.number, now=batch.content_hash, approved=event.content_hash)

    row = PaymentReleaseTable(batch=batch.number, released_on=today, signers=",".join(event.signers))
    return Effects({"batch": batch.number, "released_on": today}, rows=(row,))


def free(event: ApprovalRefused, _command: Reject, state: State, _policies: Policies, today: date) -> Effects:
    """What was in the batch may enter another one."""
    if event.subject_kind != PAYMENT_BATCH:
        return Effects({})
    batch = state.one(BATCHES, event.subject)

    refusal = PaymentRefusalTable(batch=batch.number, refused_on=today, person=event.person, reason=event.reason)
    freed = tuple(
        PayableFreedTable(payable=line.payable, attempt=line.attempt, reason=f"{batch.number}: {event.reason}")
        for line in batch.lines
    )
    return Effects({"batch": batch.number, "freed": [row.payable for row in freed]}, rows=(refusal, *freed))


RELEASE = Reaction(ApprovalGiven, Approve, reads, release)
FREE = Reaction(ApprovalRefused, Reject, reads, free)
