"""Lines of a bank statement: as a file has them, and as the books do.  (pure)"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ledger.journal.attestation import Json
from policies.kernel.words import Words

LINES_MAX = 2_000
"""Most lines of one statement: what one command carries easily."""


class Direction(StrEnum):
    """As the bank sees our account."""

    DEBIT = "debit"
    """Money left it."""
    CREDIT = "credit"
    """Money came."""


DIRECTION_WORDS = {
    Direction.DEBIT: Words("付款", "payment"),
    Direction.CREDIT: Words("收款", "receipt"),
}


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One booked line as its file has it."""

    reference: str
    """The bank's own; with the direction it names one line of an account, in whichever statement it stands."""
    direction: Direction
    amount_fen: int
    booked_on: date
    references: tuple[str, ...] = ()
    """What came with the payment order: end-to-end id, instruction, payment information, message."""
    returned: bool = False
    """The bank marks it as a reversal, or gives a reason why it came back."""
    return_reason: str = ""
    counterparty_account: str = ""
    counterparty_name: str = ""
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """What a bank booked on one account, from one balance to the next."""

    account_number: str
    """Ours."""
    reference: str
    """The bank's own number of the statement."""
    lines: tuple[StatementLine, ...]
    opening_fen: int | None = None
    """Balance before the first line, below nothing when the account is overdrawn; None where the file has none."""
    closing_fen: int | None = None


class LineState(StrEnum):
    WAITING = "waiting"
    """For a person other than who imported it."""
    MATCHED = "matched"
    """It is a payment of ours, or one that came back."""
    SET_ASIDE = "set-aside"
    """No business of these books, or sent back to its sender."""
    SUSPENSE = "suspense"
    """A receipt that nobody can match; its money stands in suspense."""


STATE_WORDS = {
    LineState.WAITING: Words("待核对", "waiting to be matched"),
    LineState.MATCHED: Words("已匹配", "matched"),
    LineState.SET_ASIDE: Words("已搁置", "set aside"),
    LineState.SUSPENSE: Words("已挂账", "in suspense"),
}


class Step(StrEnum):
    """What was done with a line; the last step is its state."""

    MATCHED = "matched"
    SET_ASIDE = "set-aside"
    SUSPENSE = "suspense"
    SENT_BACK = "sent-back"
    REOPENED = "reopened"


STATE_AFTER = {
    Step.MATCHED: LineState.MATCHED,
    Step.SET_ASIDE: LineState.SET_ASIDE,
    Step.SUSPENSE: LineState.SUSPENSE,
    Step.SENT_BACK: LineState.SET_ASIDE,
    Step.REOPENED: LineState.WAITING,
}


class Evidenced(StrEnum):
    """What a matched line is the bank's evidence of."""

    PAID = "paid"
    RETURNED = "returned"


class Decision(StrEnum):
    """What two people may decide about a line that is matched, set aside or in suspense."""

    REOPEN = "reopen"
    """Back to the queue."""
    SEND_BACK = "send-back"
    """Out of suspense, back to whoever sent it."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What one person proposed about a line, for another to sign."""

    version: int
    decision: Decision
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BankLine:
    """A line in the books, with the state it is in."""

    number: str
    statement: str
    payer: str
    """Code of the bureau whose account it is."""
    account_number: str
    reference: str
    direction: Direction
    amount_fen: int
    booked_on: date
    our_id: str = ""
    """The one number of ours that came with it: of a payable or of a batch; empty: none, or several."""
    returned: bool = False
    return_reason: str = ""
    counterparty_account: str = ""
    counterparty_name: str = ""
    purpose: str = ""
    importer: str
    last_step: Step | None = None
    steps: int = 0
    """How many steps it has taken; the next is one more."""
    proposal: Proposal | None = None
    """The latest."""

    @property
    def state(self) -> LineState:
        return STATE_AFTER[self.last_step] if self.last_step else LineState.WAITING

    def content(self, decision: Decision, reason: str) -> Json:
        """What a second person is shown, and signs: the line as it stands, and what is to become of it."""
        return {
            "line": self.number,
            "statement": self.statement,
            "account_number": self.account_number,
            "reference": self.reference,
            "direction": self.direction.value,
            "amount_fen": self.amount_fen,
            "booked_on": self.booked_on.isoformat(),
            "counterparty_account": self.counterparty_account,
            "counterparty_name": self.counterparty_name,
            "purpose": self.purpose,
            "last_step": self.last_step.value if self.last_step else None,
            "steps": self.steps,
            "decision": decision.value,
            "reason": reason,
        }


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line of a released batch that a bank line may be about, as far as the bank has answered on it."""

    batch: str
    payable: str
    attempt: int
    amount_fen: int
    account_number: str
    """Of the payee, as frozen."""
    released_on: date
    paid_on: date | None = None
    paid_line: str | None = None
    """The bank line that is the evidence of its payment."""
    returned_on: date | None = None
    returned_line: str | None = None
    failed: bool = False

    @property
    def open(self) -> bool:
        """The bank has not answered on it."""
        return self.paid_on is None and not self.failed

    @property
    def may_come_back(self) -> bool:
        return self.paid_on is not None and self.returned_on is None
