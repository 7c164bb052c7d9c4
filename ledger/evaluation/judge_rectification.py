"""Judge a rectification: the department accepts what a unit has mended, or sends it back."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.evaluation import rules
from ledger.evaluation.steps import step_row
from ledger.evaluation.store import EVALUATIONS, MEMBERS, RECTIFICATIONS
from ledger.evaluation.values import RectificationState
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.registry.rules import require_any_role
from ledger.registry.store import PEOPLE
from ledger.registry.text import TEXT_LENGTH_MAX, checked_name, readable
from ledger.registry.values import Role
from policies.kernel.policies import Policies


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeRectification(Command):
    """By an officer of the department that supervises the unit, or by the commission."""

    kind: ClassVar[str] = "evaluation.judge-rectification"

    rectification: str
    accepted: bool
    reason: str


def reads(command: JudgeRectification) -> Keys:
    # The evaluation and the unit's membership are followed.
    return readable(command, RECTIFICATIONS.keys(command.rectification) | PEOPLE.keys(command.actor))


def decide(command: JudgeRectification, state: State, _policies: Policies, today: date) -> Effects:
    held = state.one(RECTIFICATIONS, command.rectification)
    require_any_role(state, command.actor, {Role.SUPERVISOR, Role.OPERATOR}, command.tenant)
    commission = state.one(EVALUATIONS, held.evaluation).commission
    if command.tenant != commission:
        rules.check_supervised(state.one(MEMBERS, held.unit), command.tenant, commission)
    if held.state is not RectificationState.FILED:
        raise rules.RectificationWrongState(held, rules.JUDGED)
    step = RectificationState.ACCEPTED if command.accepted else RectificationState.OPEN
    words = checked_name(command.reason, "理由", "reason", TEXT_LENGTH_MAX)
    return Effects(
        {"rectification": held.number, "state": step, "due_on": held.due_on},
        rows=(step_row(held, step, words, today, command.actor),),
    )


USE_CASE = UseCase(JudgeRectification, reads, decide)
