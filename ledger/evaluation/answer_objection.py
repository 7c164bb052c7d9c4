"""Answer an objection to a score: where it is upheld, the department scores the unit anew."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.errors import NotFound
from ledger.evaluation import rules
from ledger.evaluation.store import EVALUATIONS
from ledger.evaluation.tables import EvaluationObjectionAnswerTable
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.registry.rules import require_any_role
from ledger.registry.store import PEOPLE
from ledger.registry.text import TEXT_LENGTH_MAX, checked_name, readable
from ledger.registry.values import Role
from policies.kernel.policies import Policies


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerScoreObjection(Command):
    """By the department that gave the score, or by the commission."""

    kind: ClassVar[str] = "evaluation.answer-objection"

    evaluation: str
    objection: str
    upheld: bool
    reason: str
    """What the unit is told."""


def reads(command: AnswerScoreObjection) -> Keys:
    return readable(command, EVALUATIONS.keys(command.evaluation) | PEOPLE.keys(command.actor))


def decide(command: AnswerScoreObjection, state: State, _policies: Policies, today: date) -> Effects:
    evaluation = state.one(EVALUATIONS, command.evaluation)
    require_any_role(state, command.actor, {Role.SUPERVISOR, Role.OPERATOR}, command.tenant)
    objection = next((one for one in evaluation.objections if one.number == command.objection), None)
    if objection is None:
        raise NotFound("异议/objection", command.objection)
    if objection.answered_on is not None:
        raise rules.ObjectionAnswered(objection=objection.number, answered_on=objection.answered_on)
    department = evaluation.scores[objection.unit].department
    if command.tenant not in {department, evaluation.commission}:
        raise rules.SupervisedByAnother(unit=objection.unit, department=department, tenant=command.tenant)
    row = EvaluationObjectionAnswerTable(
        objection=objection.number,
        upheld=command.upheld,
        reason=checked_name(command.reason, "理由", "reason", TEXT_LENGTH_MAX),
        answered_on=today,
        person=command.actor,
    )
    return Effects({"objection": objection.number, "upheld": command.upheld}, rows=(row,))


USE_CASE = UseCase(AnswerScoreObjection, reads, decide)
