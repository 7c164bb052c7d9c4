"""Review a claim: the commission passes it to finance and gives public notice, or sends it back to the unit.

It may pass a claim without some of its lines, which it refuses for good. A claim of which no line is left is refused.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar

from ledger.approvals.content import content_hash
from ledger.approvals.requests import request_rows
from ledger.approvals.values import FINANCE_TWO
from ledger.budgets.ground import Ground
from ledger.errors import Invalid
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.executor.reading import Reader
from ledger.journal.attestation import Json
from ledger.registry.rules import require_role
from ledger.registry.store import PEOPLE, WORKING_DAYS
from ledger.registry.text import readable
from ledger.registry.values import Role
from ledger.vouchers import rules
from ledger.vouchers.claim_content import content
from ledger.vouchers.claim_tables import VoucherClaimReturnTable
from ledger.vouchers.claim_values import Claim
from ledger.vouchers.experts import Panel, ReviewerIsExpert, against_experts, check_reviewed
from ledger.vouchers.postings import return_entries
from ledger.vouchers.refuse_lines import LineRefusal, Refusals, refusal_reads, refuse_lines
from ledger.vouchers.states import ClaimState
from ledger.vouchers.store import CLAIMS, PANELS
from ledger.vouchers.tables import VoucherClaimStepTable
from ledger.vouchers.terms import cite, terms
from policies.calendar.table import working_days
from policies.kernel.policies import Policies
from policies.kernel.words import Words
from policies.vouchers.schemes import VoucherScheme

KIND = "voucher.claim"
"""Kind of subject under which a claim is approved and paid."""
EVERY_LINE_REFUSED = "全部明细不予兑付 / every line was refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewClaim(Command):
    kind: ClassVar[str] = "voucher.review-claim"

    claim: str
    passed: bool
    reason: str = ""
    """Needed when it is sent back, or passed against most of its experts."""
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
        | PANELS.keys(command.claim)
        | refusal_reads(refusal.contract for refusal in command.refused),
    )


def decide(command: ReviewClaim, state: State, policies: Policies, today: date) -> Effects:
    claim = state.one(CLAIMS, command.claim)
    reviewer = require_role(state, command.actor, Role.OPERATOR, claim.operator)
    if claim.state is not ClaimState.FILED:
        raise rules.WrongState(rules.CLAIM, claim.number, claim.state, Words("审核", "reviewed"))
    if reviewer.counts_as & state.one(PANELS, claim.number).experts:
        raise ReviewerIsExpert(person=reviewer.code, claim=claim.number)
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
    claim = replace(refusals.claim, review=command.reason.strip())
    scheme = terms(policies, claim.scheme, claim.filed_on)
    _check_experts(claim, state.one(PANELS, claim.number), scheme)
    rows = state.one(WORKING_DAYS, "book")
    calendar = working_days(policies.known_on).with_rows(rows.days, rows.published)
    notice = calendar.after(today, scheme.publicity_working_days)
    shown = content(claim, notice.date)
    step = VoucherClaimStepTable(
        claim=claim.number,
        position=claim.steps + 1,
        step=ClaimState.PASSED.value,
        taken_on=today,
        person=command.actor,
        reason=claim.review,
        notice_until=notice.date,
    )
    about = {claim.unit, *(party for line in claim.lines for party in (line.holder, line.unit))}
    request = request_rows(KIND, claim.number, shown, command.actor, FINANCE_TWO, concerns=about)
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


def _check_experts(claim: Claim, panel: Panel, scheme: VoucherScheme) -> None:
    """Enough opinions on every line that needs them; against most of them only with a reason."""
    check_reviewed(
        claim, panel, scheme.expert_review_from_fen, scheme.expert_opinions_min, cite(scheme, "expert_review_from_fen")
    )
    if against_experts(claim, panel) and not claim.review:
        raise rules.ReasonMissing


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


def content_of(reader: Reader, number: str) -> Json:
    """The content of a claim as it was passed."""
    claim = CLAIMS.load(reader, [number])[number]
    if claim.notice_until is None:
        raise ValueError(f"{number} asks for approval and was never passed")
    return content(claim, claim.notice_until)


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
