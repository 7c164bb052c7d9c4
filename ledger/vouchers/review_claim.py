"""Review a claim: the commission passes it to finance and gives public notice, or sends it back to the unit.

It may pass a claim without some of its lines, which it refuses for good. A claim of which no line is left is refused.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.approvals.content import content_hash
from ledger.approvals.requests import request_rows
from ledger.approvals.values import FINANCE_TWO
from ledger.errors import Invalid
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.executor.reading import Reader
from ledger.journal.attestation import Json
from ledger.registry.rules import require_role
from ledger.registry.store import PEOPLE, WORKING_DAYS
from ledger.registry.text import readable
from ledger.registry.values import Role
from ledger.vouchers import rules
from ledger.vouchers.claim_tables import VoucherClaimReturnTable
from ledger.vouchers.parts import Ground
from ledger.vouchers.postings import return_entries
from ledger.vouchers.refuse_lines import LineRefusal, Refusals, refusal_reads, refuse_lines, refused_content
from ledger.vouchers.store import CLAIMS
from ledger.vouchers.tables import VoucherClaimStepTable
from ledger.vouchers.terms import terms
from ledger.vouchers.values import Claim, ClaimState, Correction
from policies.calendar.table import working_days
from policies.kernel.policies import Policies
from policies.kernel.words import Words

KIND = "voucher.claim"
"""Kind of subject under which a claim is approved and paid."""
EVERY_LINE_REFUSED = "全部明细不予兑付 / every line was refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewClaim(Command):
    kind: ClassVar[str] = "voucher.review-claim"

    claim: str
    passed: bool
    reason: str = ""
    """Needed when it is sent back."""
    refused: tuple[LineRefusal, ...] = ()
    """Lines refused for good, of a claim that is passed."""


class RefusalWithoutPass(Invalid):
    zh = "退回兑付申请时不能同时驳回个别明细。请通过申请并驳回这些明细，或整份退回。"
    en = "Lines cannot be refused in a claim that is sent back. Pass it without them, or send all of it back."


def reads(command: ReviewClaim) -> Keys:
    if command.refused and not command.passed:
        raise RefusalWithoutPass
    return readable(
        command,
        CLAIMS.keys(command.claim)
        | PEOPLE.keys(command.actor)
        | WORKING_DAYS.keys("book")
        | refusal_reads(refusal.contract for refusal in command.refused),
    )


def decide(command: ReviewClaim, state: State, policies: Policies, today: date) -> Effects:
    claim = state.one(CLAIMS, command.claim)
    require_role(state, command.actor, Role.OPERATOR, claim.operator)
    if claim.state is not ClaimState.FILED:
        raise rules.WrongState(rules.CLAIM, claim.number, claim.state, Words("审核", "reviewed"))
    if not command.passed:
        if not command.reason.strip():
            raise rules.ReasonMissing
        return sent_back(claim, policies, today, command.actor, command.reason.strip())

    refusals = refuse_lines(claim, command.refused, state, Ground(today), command.actor)
    if not refusals.claim.lines:
        return _refused(refusals, today, command.actor)
    return _passed(command, refusals, state, policies, today)


def _passed(command: ReviewClaim, refusals: Refusals, state: State, policies: Policies, today: date) -> Effects:
    """What is left goes to finance, after the public notice."""
    claim = refusals.claim
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
            "refused_fen": claim.refused_fen,
            "notice_until": notice.date,
            "notice_provisional": notice.provisional,
            "approval": {"kind": KIND, "subject": claim.number, "content_hash": content_hash(shown)},
        },
        entries=refusals.entries,
        rows=(step, *refusals.rows, *request),
    )


def _refused(refusals: Refusals, today: date, person: str) -> Effects:
    """Nothing of it is left for finance to sign."""
    claim = refusals.claim
    step = VoucherClaimStepTable(
        claim=claim.number,
        position=claim.steps + 1,
        step=ClaimState.REFUSED.value,
        taken_on=today,
        person=person,
        reason=EVERY_LINE_REFUSED,
    )
    return Effects(
        {"claim": claim.number, "state": ClaimState.REFUSED, "refused_fen": claim.refused_fen},
        entries=refusals.entries,
        rows=(step, *refusals.rows),
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
        "corrects": claim.corrects and _corrected(claim.corrects),
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
        "refused_fen": claim.refused_fen,
        "refused": refused_content(claim),
    }


def content_of(reader: Reader, number: str) -> Json:
    """The content of a claim as it was passed."""
    claim = CLAIMS.load(reader, [number])[number]
    if claim.notice_until is None:
        raise ValueError(f"{number} asks for approval and was never passed")
    return content(claim, claim.notice_until)


def _corrected(correction: Correction) -> Json:
    return {"claim": correction.claim, "sent_back": correction.sent_back, "statement": correction.statement}


def sent_back(claim: Claim, policies: Policies, today: date, person: str, reason: str) -> Effects:
    """Every line is redeemable again; the unit may correct the claim until a day, and file anew after it."""
    days = terms(policies, claim.scheme, claim.filed_on).correction_days
    back = VoucherClaimReturnTable(claim=claim.number, correct_until=rules.days_later(today, days))
    step = VoucherClaimStepTable(
        claim=claim.number,
        position=claim.steps + 1,
        step=ClaimState.RETURNED.value,
        taken_on=today,
        person=person,
        reason=reason,
    )
    return Effects(
        {"claim": claim.number, "state": ClaimState.RETURNED, "correct_until": back.correct_until},
        entries=return_entries(claim, Ground(today, memo=reason)),
        rows=(step, back),
    )


USE_CASE = UseCase(ReviewClaim, reads, decide)
