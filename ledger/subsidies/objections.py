"""Objections during the public notice: received by the commission, answered by another officer of it.

Who objects stands in the commission's files, under the number that is named here, and not in the books. An objection
that is upheld takes the batch back: a new version is computed.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.approvals.requests import lapse_rows
from ledger.approvals.store import APPROVALS
from ledger.approvals.values import request_number
from ledger.budgets.ground import Ground
from ledger.errors import NotFound
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.registry.rules import require_role
from ledger.registry.store import PEOPLE
from ledger.registry.text import TEXT_LENGTH_MAX, checked_name, readable
from ledger.registry.values import Role
from ledger.subsidies import rules
from ledger.subsidies.postings import release_entries
from ledger.subsidies.steps import step_row
from ledger.subsidies.store import BATCHES
from ledger.subsidies.tables import SubsidyObjectionAnswerTable, SubsidyObjectionTable
from ledger.subsidies.values import BATCH, BatchState
from policies.kernel.policies import Policies
from policies.kernel.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectToSubsidy(Command):
    """By the commission, which has received it."""

    kind: ClassVar[str] = "subsidy.object"

    batch: str
    file_number: str
    """Of the paper in the commission's files."""
    reason: str


def reads(command: "ObjectToSubsidy | AnswerSubsidyObjection") -> Keys:
    return readable(command, BATCHES.keys(command.batch) | PEOPLE.keys(command.actor))


def object_to(command: ObjectToSubsidy, state: State, _policies: Policies, today: date) -> Effects:
    batch = state.one(BATCHES, command.batch)
    require_role(state, command.actor, Role.OPERATOR, batch.operator)
    rules.check_state(batch, BatchState.PUBLICISED, Words("提出异议", "objected to"))
    if batch.notice_until is not None and today > batch.notice_until:
        raise rules.NoticeOver(batch=batch.number, notice_until=batch.notice_until, today=today)
    file_number = checked_name(command.file_number, "文号", "file number")
    if known := next((one for one in batch.objections if one.file_number == file_number), None):
        raise rules.ObjectionFiled(batch=batch.number, file_number=file_number, objection=known.number)
    row = SubsidyObjectionTable(
        number=command.number("SO"),
        batch=batch.number,
        file_number=file_number,
        reason=checked_name(command.reason, "理由", "reason", TEXT_LENGTH_MAX),
        raised_on=today,
        person=command.actor,
    )
    return Effects({"objection": row.number, "batch": batch.number, "notice_until": batch.notice_until}, rows=(row,))


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSubsidyObjection(Command):
    """By another officer of the commission than the one who reviewed the batch."""

    kind: ClassVar[str] = "subsidy.answer-objection"

    batch: str
    objection: str
    upheld: bool
    reason: str


def answer(command: AnswerSubsidyObjection, state: State, _policies: Policies, today: date) -> Effects:
    batch = state.one(BATCHES, command.batch)
    person = require_role(state, command.actor, Role.OPERATOR, batch.operator)
    rules.check_state(batch, BatchState.PUBLICISED, Words("答复异议", "answered for"))
    objection = next((one for one in batch.objections if one.number == command.objection), None)
    if objection is None:
        raise NotFound("异议/objection", command.objection)
    if objection.answered:
        raise rules.ObjectionClosed(objection=objection.number)
    if batch.reviewer in person.counts_as:
        raise rules.OwnReview(batch=batch.number, person=person.code, objection=objection.number)
    reason = checked_name(command.reason, "理由", "reason", TEXT_LENGTH_MAX)
    row = SubsidyObjectionAnswerTable(
        objection=objection.number, upheld=command.upheld, reason=reason, answered_on=today, person=command.actor
    )
    state_after = BatchState.VOID if command.upheld else batch.state
    told = {"objection": objection.number, "upheld": command.upheld, "batch": batch.number, "state": state_after}
    if not command.upheld:
        return Effects(told, rows=(row,))
    request = state.one(APPROVALS, request_number(BATCH, batch.number))
    return Effects(
        told,
        entries=release_entries(batch, Ground(today, memo=reason)),
        rows=(row, step_row(batch, BatchState.VOID, today, command.actor, reason), *lapse_rows(request, reason)),
    )


USE_CASES = (UseCase(ObjectToSubsidy, reads, object_to), UseCase(AnswerSubsidyObjection, reads, answer))
