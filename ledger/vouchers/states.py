"""What state a thing of a voucher's life is in, and how that is said in a sentence.  (pure)"""

from collections.abc import Mapping
from enum import StrEnum

from policies.kernel.words import Words


class ApplicationState(StrEnum):
    SUBMITTED = "submitted"
    """Waits for the commission; so does one whose grant was refused by the second person."""
    GRANTED = "granted"
    """Waits for the second signature."""
    ISSUED = "issued"
    REJECTED = "rejected"


class VoucherState(StrEnum):
    VALID = "valid"
    USED_UP = "used-up"
    """Nothing is available any more: all of it is reserved, accepted, paid or retired."""
    EXPIRED = "expired"
    REVOKED = "revoked"


class ContractState(StrEnum):
    RESERVED = "reserved"
    ACCEPTED = "accepted"
    CLAIMED = "claimed"
    APPROVED = "approved"
    PAID = "paid"
    RELEASED = "released"
    """The reservation was taken back while the voucher was valid."""
    EXPIRED = "expired"
    """The reservation ended with its voucher."""
    UNCLAIMED = "unclaimed"
    """Accepted, but not claimed in time."""
    REFUSED = "refused"
    """Claimed, and refused for good."""
    REVOKED = "revoked"
    """Its voucher was revoked before it was claimed."""
    CREDITED = "credited"
    """Its bill was credited in full before it was claimed."""


class ClaimState(StrEnum):
    FILED = "filed"
    PASSED = "passed"
    """Reviewed by the commission; waits for finance."""
    RETURNED = "returned"
    """Sent back for correction."""
    WITHDRAWN = "withdrawn"
    """Taken back by the unit before it was passed."""
    REFUSED = "refused"
    """Every line of it was refused for good."""
    APPROVED = "approved"
    """Part of it may be paid already, where its vouchers stand on several budget lines."""
    PAID = "paid"


class ProposalState(StrEnum):
    PROPOSED = "proposed"
    POSTED = "posted"
    REFUSED = "refused"


STATE_WORDS: Mapping[StrEnum, Words] = {
    ApplicationState.SUBMITTED: Words("待审核", "awaiting a decision"),
    ApplicationState.GRANTED: Words("已审核、待复核", "granted and awaiting the second signature"),
    ApplicationState.ISSUED: Words("已发放", "issued"),
    ApplicationState.REJECTED: Words("已驳回", "rejected"),
    VoucherState.VALID: Words("有效", "valid"),
    VoucherState.USED_UP: Words("可用额度已用完", "used up"),
    VoucherState.EXPIRED: Words("已过期", "expired"),
    VoucherState.REVOKED: Words("已撤销", "revoked"),
    ContractState.RESERVED: Words("已预留、待验收", "reserved and not yet accepted"),
    ContractState.ACCEPTED: Words("已验收、待申请兑付", "accepted and not yet claimed"),
    ContractState.CLAIMED: Words("已申请兑付", "in a claim"),
    ContractState.APPROVED: Words("已批准、待支付", "approved and not yet paid"),
    ContractState.PAID: Words("已支付", "paid"),
    ContractState.RELEASED: Words("预留已取消", "released"),
    ContractState.EXPIRED: Words("预留已随券过期", "expired with its voucher"),
    ContractState.UNCLAIMED: Words("逾期未申请兑付、已失效", "expired because it was not claimed in time"),
    ContractState.REFUSED: Words("不予兑付", "refused"),
    ContractState.REVOKED: Words("已随券撤销", "revoked with its voucher"),
    ContractState.CREDITED: Words("账单已全额冲红", "over, its bill having been credited in full"),
    ClaimState.FILED: Words("待审核", "awaiting review"),
    ClaimState.PASSED: Words("已审核、待财政批准", "passed and awaiting finance"),
    ClaimState.RETURNED: Words("已退回", "sent back"),
    ClaimState.WITHDRAWN: Words("已撤回", "withdrawn"),
    ClaimState.REFUSED: Words("不予兑付", "refused"),
    ClaimState.APPROVED: Words("已批准、待支付", "approved and not yet paid"),
    ClaimState.PAID: Words("已支付", "paid"),
    ProposalState.PROPOSED: Words("待复核", "awaiting the second signature"),
    ProposalState.POSTED: Words("已生效", "in effect"),
    ProposalState.REFUSED: Words("已驳回", "refused"),
}
"""How a state is said in a sentence: `it is {…}`."""


class ContractEnd(StrEnum):
    """How a contract ends without being paid."""

    RELEASED = "released"
    EXPIRED = "expired"
    UNCLAIMED = "unclaimed"
    REFUSED = "refused"
    REVOKED = "revoked"
    CREDITED = "credited"
