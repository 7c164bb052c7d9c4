"""What approvals say has happened; upper slices react in the same transaction.  (pure)"""

from dataclasses import dataclass

from ledger.executor.commands import Event


@dataclass(frozen=True, slots=True)
class ApprovalGiven(Event):
    """The last signature stands. Published by the command `Approve`."""

    subject_kind: str
    subject: str
    content_hash: str
    signers: tuple[str, ...]
    maker: str
    version: int


@dataclass(frozen=True, slots=True)
class ApprovalRefused(Event):
    """One person said no. Published by the command `Reject`."""

    subject_kind: str
    subject: str
    person: str
    reason: str
