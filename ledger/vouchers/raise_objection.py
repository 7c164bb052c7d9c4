"""Raise an objection: during the public notice somebody objects to a claim; until it is answered finance cannot sign.

Who objects stands in the commission's files, under the number that is named here, and not in the books.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.errors import Refused
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.registry.rules import require_role
from ledger.registry.store import PEOPLE
from ledger.registry.text import TEXT_LENGTH_MAX, checked_name, readable
from ledger.registry.values import Role
from ledger.vouchers import rules
from ledger.vouchers.claim_tables import VoucherClaimObjectionTable
from ledger.vouchers.claim_values import Claim
from ledger.vouchers.states import ClaimState
from ledger.vouchers.store import CLAIMS, OBJECTIONS
from policies.kernel.policies import Policies
from policies.kernel.words import Words


class NoticeOver(Refused):
    zh = "兑付申请 {claim} 的公示期至 {notice_until} 止，今天是 {today}，不再受理异议。支付后查实有误的，依决定追缴。"
    en = (
        "The public notice of claim {claim} ended on {notice_until}, and today is {today}: objections are no longer "
        "taken. What turns out wrong after payment is recovered by a decision."
    )


class ObjectionKnown(Refused):
    zh = "兑付申请 {claim} 已登记文号为 {file_number} 的异议（{objection}）。"
    en = "The objection with file number {file_number} is recorded for claim {claim} already ({objection})."


@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseObjection(Command):
    """By the commission, which has received it."""

    kind: ClassVar[str] = "voucher.raise-objection"

    claim: str
    file_number: str
    """Of the paper in the commission's files."""
    reason: str
    """What is objected."""


def reads(command: RaiseObjection) -> Keys:
    return readable(command, CLAIMS.keys(command.claim) | OBJECTIONS.keys(command.claim) | PEOPLE.keys(command.actor))


def decide(command: RaiseObjection, state: State, _policies: Policies, today: date) -> Effects:
    claim = state.one(CLAIMS, command.claim)
    require_role(state, command.actor, Role.OPERATOR, claim.operator)
    file_number = checked_name(command.file_number, "文号", "file number")
    reason = checked_name(command.reason, "理由", "reason", TEXT_LENGTH_MAX)
    _check_notice(claim, today)
    known = state.one(OBJECTIONS, claim.number)
    if before := next((one for one in known if one.file_number == file_number), None):
        raise ObjectionKnown(claim=claim.number, file_number=file_number, objection=before.number)

    row = VoucherClaimObjectionTable(
        number=command.number("OBJ"),
        claim=claim.number,
        file_number=file_number,
        reason=reason,
        raised_on=today,
        person=command.actor,
    )
    return Effects({"objection": row.number, "claim": claim.number, "notice_until": claim.notice_until}, rows=(row,))


def _check_notice(claim: Claim, today: date) -> None:
    if claim.state is not ClaimState.PASSED or claim.notice_until is None:
        raise rules.WrongState(rules.CLAIM, claim.number, claim.state, Words("提出异议", "objected to"))
    if today > claim.notice_until:
        raise NoticeOver(claim=claim.number, notice_until=claim.notice_until, today=today)


USE_CASE = UseCase(RaiseObjection, reads, decide)
