"""Approve: one signature, bound to exactly what was shown; the last one sets off what was waiting for it."""

from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar

from ledger.approvals.events import ApprovalGiven
from ledger.approvals.rules import check_signer
from ledger.approvals.signing import step_rows
from ledger.approvals.store import APPROVALS
from ledger.approvals.values import Decision, Signature, request_number
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.registry.rules import require_person
from ledger.registry.store import PEOPLE
from ledger.registry.text import readable
from policies.kernel.policies import Policies


@dataclass(frozen=True, slots=True, kw_only=True)
class Approve(Command):
    kind: ClassVar[str] = "approval.approve"

    subject_kind: str
    subject: str
    content_hash: str
    """Of what the signer was shown, 64 hex digits."""


def reads(command: Approve) -> Keys:
    number = request_number(command.subject_kind, command.subject)
    return readable(command, APPROVALS.keys(number) | PEOPLE.keys(command.actor))


def decide(command: Approve, state: State, _policies: Policies, _today: date) -> Effects:
    request = state.one(APPROVALS, request_number(command.subject_kind, command.subject))
    person = require_person(state, command.actor)
    check_signer(request, command.content_hash, person)

    signed = replace(request, signatures=(*request.signatures, Signature(person.code, Decision.APPROVED)))

    given = ApprovalGiven(
        request.subject_kind, request.subject, request.content_hash, signed.signers, request.maker, request.version
    )
    return Effects(
        {
            "request": request.number,
            "version": request.version,
            "status": signed.status,
            "signers": list(signed.signers),
            "missing": signed.missing,
        },
        rows=step_rows(request, person, Decision.APPROVED),
        events=() if signed.stage else (given,),
    )


USE_CASE = UseCase(Approve, reads, decide)
