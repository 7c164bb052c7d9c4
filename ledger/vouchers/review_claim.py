"""Review a claim: the commission passes it to finance and gives public notice, or sends it back to the unit."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.approvals.content import content_hash
from ledger.approvals.requests import request_rows
from ledger.approvals.values import FINANCE_TWO
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.journal.attestation import Json
from ledger.registry.rules import require_role
from ledger.registry.store import PEOPLE, WORKING_DAYS
from ledger.registry.text import readable
from ledger.registry.values import Role
from ledger.vouchers import rules
from ledger.vouchers.parts import Ground
from ledger.vouchers.postings import return_entries
from ledger.vouchers.store import CLAIMS
from ledger.vouchers.tables import VoucherClaimStepTable
from ledger.vouchers.terms import terms
from ledger.vouchers.values import Claim, ClaimState
from policies.calendar.table import working_days
from policies.kernel.policies import Policies
from policies.kernel.words import Words

KIND = "voucher.claim"
"""Kind of subject under which a claim is approved and paid."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewClaim(Command):
    kind: ClassVar[str] = "voucher.review-claim"

    claim: str
    passed: bool
    reason: str = ""
    """Needed when it is sent back."""


def reads(command: ReviewClaim) -> Keys:
    return readable(command, CLAIMS.keys(command.claim) | PEOPLE.keys(command.actor) | WORKING_DAYS.keys("book"))


def decide(command: ReviewClaim, state: State, policies: Policies, today: date) -> Effects:
    claim = state.one(CLAIMS, command.claim)
    require_role(state, command.actor, Role.OPERATOR, claim.operator)
    if claim.state is not ClaimState.FILED:
        raise rules.WrongState(rules.CLAIM, claim.number, claim.state, Words("审核", "reviewed"))
    if not command.passed:
        if not command.reason.strip():
            raise rules.ReasonMissing
        return sent_back(claim, today, command.actor, command.reason.strip())

    rows = state.one(WORKING_DAYS, "book")
    days = terms(policies, claim.scheme, claim.filed_on).publicity_working_days
    notice = working_days(policies.known_on).with_rows(rows.days, rows.published).after(today, days)
    shown = content(claim, notice.date)
    step = VoucherClaimStepTable(
        claim=claim.number,
        position=claim.steps + 1,
        step=ClaimState.PASSED.value,
        taken_on=today,
        person=command.actor,
        reason=command.reason.strip(),
        notice_until=notice.date,
    )
    holders = {line.holder for line in claim.lines}
    request = request_rows(KIND, claim.number, shown, command.actor, FINANCE_TWO, concerns={claim.unit, *holders})
    return Effects(
        {
            "claim": claim.number,
            "state": ClaimState.PASSED,
            "amount_fen": claim.amount_fen,
            "notice_until": notice.date,
            "notice_provisional": notice.provisional,
            "approval": {"kind": KIND, "subject": claim.number, "content_hash": content_hash(shown)},
        },
        rows=(step, *request),
    )


def content(claim: Claim, notice_until: date) -> Json:
    """What the officers of finance are shown, and sign."""
    return {
        "claim": claim.number,
        "unit": claim.unit,
        "scheme": claim.scheme,
        "year": claim.year,
        "operator": claim.operator,
        "filed_on": claim.filed_on.isoformat(),
        "notice_until": notice_until.isoformat(),
        "count": len(claim.lines),
        "amount_fen": claim.amount_fen,
        "lines": [
            {
                "contract": line.contract,
                "voucher": line.voucher,
                "holder": line.holder,
                "bill": line.bill,
                "budget_line": line.budget_line,
                "amount_fen": line.amount_fen,
                "calculation": str(line.calculation),
            }
            for line in claim.lines
        ],
    }


def sent_back(claim: Claim, today: date, person: str, reason: str) -> Effects:
    """Every line is redeemable again, and may be claimed anew."""
    step = VoucherClaimStepTable(
        claim=claim.number,
        position=claim.steps + 1,
        step=ClaimState.RETURNED.value,
        taken_on=today,
        person=person,
        reason=reason,
    )
    return Effects(
        {"claim": claim.number, "state": ClaimState.RETURNED},
        entries=return_entries(claim, Ground(today, memo=reason)),
        rows=(step,),
    )


USE_CASE = UseCase(ReviewClaim, reads, decide)
