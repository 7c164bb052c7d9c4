"""Reject: one person's no, with its reason, ends this version."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.approvals.events import ApprovalRefused
from ledger.approvals.rules import check_signer
from ledger.approvals.signing import step_rows
from ledger.approvals.store import APPROVALS
from ledger.approvals.values import Decision, RequestStatus, request_number
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.registry.rules import require_person
from ledger.registry.store import PEOPLE
from ledger.registry.text import TEXT_LENGTH_MAX, checked_name, readable
from policies.kernel.policies import Policies


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject(Command):
    kind: ClassVar[str] = "approval.reject"

    subject_kind: str
    subject: str
    content_hash: str
    """Of what the person was shown, 64 hex digits."""
    reason: str


def reads(command: Reject) -> Keys:
    number = request_number(command.subject_kind, command.subject)
    return readable(command, APPROVALS.keys(number) | PEOPLE.keys(command.actor))


def decide(command: Reject, state: State, _policies: Policies, _today: date) -> Effects:
    request = state.one(APPROVALS, request_number(command.subject_kind, command.subject))
    person = require_person(state, command.actor)
    reason = checked_name(command.reason, "驳回理由", "reason", TEXT_LENGTH_MAX)
    check_signer(request, command.content_hash, person)

    return Effects(
        {"request": request.number, "version": request.version, "status": RequestStatus.REFUSED},
        rows=step_rows(request, person, Decision.REJECTED, reason),
        events=(ApprovalRefused(request.subject_kind, request.subject, person.code, reason),),
    )


USE_CASE = UseCase(Reject, reads, decide)
