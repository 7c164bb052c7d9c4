"""Answer an objection: upheld, the claim goes back to the unit; dismissed, it goes on. Always with a reason."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.approvals.requests import lapse_rows
from ledger.approvals.store import APPROVALS
from ledger.approvals.values import request_number
from ledger.errors import NotFound, Refused
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.registry.rules import require_role
from ledger.registry.store import PEOPLE
from ledger.registry.text import TEXT_LENGTH_MAX, checked_name, readable
from ledger.registry.values import Role
from ledger.vouchers import rules
from ledger.vouchers.claim_tables import VoucherClaimObjectionAnswerTable
from ledger.vouchers.claim_values import Objection
from ledger.vouchers.review_claim import KIND, sent_back
from ledger.vouchers.states import ClaimState
from ledger.vouchers.store import CLAIMS, OBJECTIONS
from policies.kernel.policies import Policies
from policies.kernel.words import Words


class ObjectionAnswered(Refused):
    zh = "异议 {objection} 已于 {answered_on} 答复。"
    en = "Objection {objection} was answered on {answered_on}."


class OwnReviewAnswered(Refused):
    zh = "兑付申请 {claim} 由本人（{person}）审核通过，对其异议 {objection} 须由另一人答复。"
    en = "Claim {claim} was passed by {person}; somebody else answers objection {objection} to it."


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerObjection(Command):
    """By another officer of the commission than the one who passed the claim."""

    kind: ClassVar[str] = "voucher.answer-objection"

    claim: str
    objection: str
    upheld: bool
    reason: str
    """What the objector and the unit are told."""


def reads(command: AnswerObjection) -> Keys:
    return readable(
        command,
        CLAIMS.keys(command.claim)
        | OBJECTIONS.keys(command.claim)
        | APPROVALS.keys(request_number(KIND, command.claim))
        | PEOPLE.keys(command.actor),
    )


def decide(command: AnswerObjection, state: State, policies: Policies, today: date) -> Effects:
    claim = state.one(CLAIMS, command.claim)
    person = require_role(state, command.actor, Role.OPERATOR, claim.operator)
    reason = checked_name(command.reason, "理由", "reason", TEXT_LENGTH_MAX)
    objection = _open(state.one(OBJECTIONS, claim.number), command.objection)
    if claim.state is not ClaimState.PASSED:
        raise rules.WrongState(rules.CLAIM, claim.number, claim.state, Words("答复异议", "answered for"))
    if claim.reviewer in person.counts_as:
        raise OwnReviewAnswered(claim=claim.number, person=person.code, objection=objection.number)

    row = VoucherClaimObjectionAnswerTable(
        objection=objection.number, upheld=command.upheld, reason=reason, answered_on=today, person=command.actor
    )
    answer = Effects({"objection": objection.number, "upheld": command.upheld}, rows=(row,))
    if command.upheld:
        request = state.one(APPROVALS, request_number(KIND, claim.number))
        back = sent_back(claim, policies, today, command.actor, reason)
        return answer.and_also(back).and_also(Effects({}, rows=lapse_rows(request, reason)))
    return answer.and_also(Effects({"claim": claim.number, "state": claim.state}))


def _open(known: tuple[Objection, ...], number: str) -> Objection:
    objection = next((one for one in known if one.number == number), None)
    if objection is None:
        raise NotFound("异议/objection", number)
    if objection.answered_on is not None:
        raise ObjectionAnswered(objection=number, answered_on=objection.answered_on)
    return objection


USE_CASE = UseCase(AnswerObjection, reads, decide)
