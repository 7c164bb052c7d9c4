"""A request for approval with its signatures, as decisions see it.  (pure)"""

from dataclasses import dataclass
from enum import StrEnum

from ledger.registry.values import Role


@dataclass(frozen=True, slots=True)
class Stage:
    """How many people of one role must sign before the next stage begins."""

    role: Role
    count: int


FINANCE_TWO = (Stage(Role.FINANCE, 2),)
"""Two officers of finance, at any amount. Where a policy has bands by amount, it says how many."""


def second_pair(role: Role) -> tuple[Stage, ...]:
    """One person of this role, other than the maker."""
    return (Stage(role, 1),)


class Decision(StrEnum):
    APPROVED = "approved"
    REJECTED = "rejected"


class RequestStatus(StrEnum):
    AWAITING = "awaiting"
    GIVEN = "given"
    REFUSED = "refused"
    LAPSED = "lapsed"
    """What was to be approved was taken back meanwhile."""


STATUS_ZH = {
    RequestStatus.AWAITING: "待审批",
    RequestStatus.GIVEN: "已批准",
    RequestStatus.REFUSED: "已驳回",
    RequestStatus.LAPSED: "已失效",
}


@dataclass(frozen=True, slots=True)
class Signature:
    """One person's decision on one version."""

    person: str
    decision: Decision
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """The version that is requested now, with the signatures it has; those on earlier versions count no more."""

    subject_kind: str
    subject: str
    version: int
    content_hash: str
    """SHA-256 of what is to be approved, 64 hex digits."""
    maker: str
    stages: tuple[Stage, ...]
    concerns: frozenset[str] = frozenset()
    """Parties that gain by it: nobody of theirs may sign."""
    signatures: tuple[Signature, ...] = ()
    """In the order given."""
    counted: frozenset[str] = frozenset()
    """Natural persons who count already: the maker, the signers, and those for whom they act."""
    interests: frozenset[str] = frozenset()
    """Persons with a declared interest in it or in a party it concerns."""
    lapsed: bool = False
    """What was to be approved was taken back."""

    @property
    def number(self) -> str:
        return request_number(self.subject_kind, self.subject)

    @property
    def signers(self) -> tuple[str, ...]:
        return tuple(s.person for s in self.signatures if s.decision is Decision.APPROVED)

    @property
    def stage(self) -> Stage | None:
        """The stage that waits for a signature; None when all have theirs."""
        signed = len(self.signers)
        for stage in self.stages:
            if signed < stage.count:
                return stage
            signed -= stage.count
        return None

    @property
    def missing(self) -> int:
        """Signatures still needed over all stages."""
        return sum(stage.count for stage in self.stages) - len(self.signers)

    @property
    def status(self) -> RequestStatus:
        if any(s.decision is Decision.REJECTED for s in self.signatures):
            return RequestStatus.REFUSED
        if self.lapsed:
            return RequestStatus.LAPSED
        return RequestStatus.AWAITING if self.stage else RequestStatus.GIVEN


def subject_of(request: str) -> tuple[str, str]:
    """Kind and number of what is to be approved, from the request's name."""
    subject_kind, _, subject = request.partition(":")
    return subject_kind, subject


def request_number(subject_kind: str, subject: str) -> str:
    """The name under which a request is locked, loaded and stored."""
    return f"{subject_kind}:{subject}"
