"""File a rectification: a unit graded poor says what it has mended, and hands in its report."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.evaluation.rules import FILED, RectificationWrongState, checked_digest
from ledger.evaluation.steps import step_row
from ledger.evaluation.store import RECTIFICATIONS
from ledger.evaluation.values import RectificationState
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.registry.rules import require_role
from ledger.registry.store import PEOPLE
from ledger.registry.text import TEXT_LENGTH_MAX, checked_name, readable
from ledger.registry.values import Role
from policies.kernel.policies import Policies


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRectification(Command):
    """By an officer of the unit; after the deadline too, which is seen."""

    kind: ClassVar[str] = "evaluation.file-rectification"

    rectification: str
    evidence_digest: str
    """SHA-256 of the report, 64 hex digits."""
    summary: str


def reads(command: FileRectification) -> Keys:
    return readable(command, RECTIFICATIONS.keys(command.rectification) | PEOPLE.keys(command.actor))


def decide(command: FileRectification, state: State, _policies: Policies, today: date) -> Effects:
    held = state.one(RECTIFICATIONS, command.rectification)
    require_role(state, command.actor, Role.UNIT_OFFICER, held.unit)
    if held.state is not RectificationState.OPEN:
        raise RectificationWrongState(held, FILED)
    words = checked_name(command.summary, "整改情况", "what was mended", TEXT_LENGTH_MAX)
    row = step_row(held, RectificationState.FILED, words, today, command.actor, checked_digest(command.evidence_digest))
    return Effects(
        {"rectification": held.number, "state": RectificationState.FILED, "late": held.overdue_on(today)}, rows=(row,)
    )


USE_CASE = UseCase(FileRectification, reads, decide)
