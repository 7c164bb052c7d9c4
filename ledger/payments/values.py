"""Payables and batches, as decisions see them.  (pure)"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ledger.approvals.content import content_hash
from ledger.journal.attestation import Json

PAYMENT_BATCH = "payment.batch"
"""Kind of subject under which a batch is approved."""


@dataclass(frozen=True, slots=True)
class Payable:
    """Something approved for payment: from one party to one party, under one budget line."""

    number: str
    subject_kind: str
    """What it pays, e.g. `voucher.claim`: a reaction to its payment knows its own by it."""
    subject: str
    payer: str
    """Code of the bureau whose money it is."""
    payee: str
    amount_fen: int
    budget_line: str
    """Under which it will be paid next."""
    purpose: str
    """As the bank statement of the payee will show it."""
    created_on: date
    document_number: str = ""
    """Of the budget line (指标文号); empty where the books do not have it."""
    attempts: int = 0
    """Batches it has been in so far."""
    batch: str | None = None
    """The live batch it is in; None: free to be paid."""
    paid_on: date | None = None
    """Day on which it was paid; None again when the payment came back."""
    offsets: int = 0
    """How often a part of it was set off against what the payee owes."""
    offset_fen: int = 0
    """All that was set off; it is not paid any more."""

    @property
    def net_fen(self) -> int:
        """What is still to be paid by the bank."""
        return self.amount_fen - self.offset_fen


@dataclass(frozen=True, slots=True)
class BatchLine:
    """One payment of a batch with the payee's account, frozen when the batch was composed."""

    line: int
    payable: str
    attempt: int
    subject_kind: str
    subject: str
    payee: str
    payee_name: str
    account_name: str
    bank: str
    account_number: str
    cnaps: str
    amount_fen: int
    """What the bank pays: the payable less what was set off."""
    budget_line: str
    document_number: str
    purpose: str
    offsets: int = 0
    offset_fen: int = 0
    """As they stood when the batch was composed; what is in a batch cannot be set off."""

    def as_json(self) -> Json:
        """What is approved of this line."""
        return {
            "line": self.line,
            "payable": self.payable,
            "subject": f"{self.subject_kind}:{self.subject}",
            "payee": self.payee,
            "payee_name": self.payee_name,
            "account_name": self.account_name,
            "bank": self.bank,
            "account_number": self.account_number,
            "cnaps": self.cnaps,
            "amount_fen": self.amount_fen,
            "budget_line": self.budget_line,
            "document_number": self.document_number,
            "purpose": self.purpose,
            **({"offset_fen": self.offset_fen} if self.offset_fen else {}),
        }


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The bank's word on one line."""

    payable: str
    paid_on: date
    bank_reference: str


@dataclass(frozen=True, slots=True)
class Return:
    """A confirmed payment that the bank has sent back, whole."""

    payable: str
    returned_on: date
    bank_reference: str
    """Of the return, not of the payment."""
    reason: str


@dataclass(frozen=True, slots=True)
class Failure:
    """A payment that the bank did not carry out."""

    payable: str
    failed_on: date
    reason: str


class BatchStatus(StrEnum):
    AWAITING = "awaiting"
    RELEASED = "released"
    REFUSED = "refused"
    SETTLED = "settled"
    SETTLED_IN_PART = "settled-in-part"
    """The bank has answered on every line; some were returned, or never carried out."""


STATUS_ZH = {
    BatchStatus.AWAITING: "待审批",
    BatchStatus.RELEASED: "已放行",
    BatchStatus.REFUSED: "已驳回",
    BatchStatus.SETTLED: "已全部付讫",
    BatchStatus.SETTLED_IN_PART: "已办结，部分退回或未付出",
}


@dataclass(frozen=True, slots=True)
class Batch:
    """A frozen list of payments of one payer."""

    number: str
    payer: str
    maker: str
    composed_on: date
    lines: tuple[BatchLine, ...]
    released_on: date | None = None
    refused_on: date | None = None
    confirmations: tuple[Confirmation, ...] = ()
    returns: tuple[Return, ...] = ()
    failures: tuple[Failure, ...] = ()

    @property
    def count(self) -> int:
        return len(self.lines)

    @property
    def total_fen(self) -> int:
        return sum(line.amount_fen for line in self.lines)

    @property
    def status(self) -> BatchStatus:
        if self.refused_on:
            return BatchStatus.REFUSED
        if not self.released_on:
            return BatchStatus.AWAITING
        if len(self.confirmations) + len(self.failures) < self.count:
            return BatchStatus.RELEASED
        return BatchStatus.SETTLED_IN_PART if self.returns or self.failures else BatchStatus.SETTLED

    def standing(self) -> Json:
        """Where it stands: its status, and of its total what is paid, came back, was not carried out, is open."""
        came_back, failed = self._sum(self.returns), self._sum(self.failures)
        paid = self._sum(self.confirmations) - came_back
        return {
            "batch": self.number,
            "status": self.status,
            "paid_fen": paid,
            "returned_fen": came_back,
            "failed_fen": failed,
            "open_fen": self.total_fen - paid - came_back - failed,
        }

    def _sum(self, answers: tuple[Confirmation | Return | Failure, ...]) -> int:
        answered = {answer.payable for answer in answers}
        return sum(line.amount_fen for line in self.lines if line.payable in answered)

    def content(self) -> Json:
        """What the approval is bound to: control totals and every line."""
        return {
            "batch": self.number,
            "payer": self.payer,
            "composed_on": self.composed_on.isoformat(),
            "count": self.count,
            "total_fen": self.total_fen,
            "lines": [line.as_json() for line in self.lines],
        }

    @property
    def content_hash(self) -> str:
        """SHA-256 over the canonical list, as 64 hex digits."""
        return content_hash(self.content())

    def line_of(self, payable: str) -> BatchLine | None:
        return next((line for line in self.lines if line.payable == payable), None)

    def confirmation_of(self, payable: str) -> Confirmation | None:
        return next((c for c in self.confirmations if c.payable == payable), None)

    def return_of(self, payable: str) -> Return | None:
        return next((r for r in self.returns if r.payable == payable), None)

    def failure_of(self, payable: str) -> Failure | None:
        return next((f for f in self.failures if f.payable == payable), None)
