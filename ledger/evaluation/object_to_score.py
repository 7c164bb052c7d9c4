"""Object to a score: the unit says why; until it is answered no grade is published."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.evaluation import rules
from ledger.evaluation.store import EVALUATIONS
from ledger.evaluation.tables import EvaluationObjectionTable
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.registry.rules import require_role
from ledger.registry.store import PEOPLE
from ledger.registry.text import TEXT_LENGTH_MAX, checked_name, readable
from ledger.registry.values import Role
from policies.kernel.policies import Policies


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectToScore(Command):
    """By an officer of the unit, once for each version of its score; after publication too."""

    kind: ClassVar[str] = "evaluation.object-to-score"

    evaluation: str
    unit: str
    reason: str


def reads(command: ObjectToScore) -> Keys:
    return readable(command, EVALUATIONS.keys(command.evaluation) | PEOPLE.keys(command.actor))


def decide(command: ObjectToScore, state: State, _policies: Policies, today: date) -> Effects:
    evaluation = state.one(EVALUATIONS, command.evaluation)
    require_role(state, command.actor, Role.UNIT_OFFICER, command.unit)
    score = evaluation.scores.get(command.unit)
    if score is None:
        raise rules.NotScored(units=command.unit)
    for one in evaluation.objections:
        if (one.unit, one.score_version) == (score.unit, score.version):
            raise rules.ObjectionKnown(unit=score.unit, version=score.version, objection=one.number)
    row = EvaluationObjectionTable(
        number=command.number("EO"),
        evaluation=evaluation.id,
        unit=score.unit,
        score_version=score.version,
        reason=checked_name(command.reason, "理由", "reason", TEXT_LENGTH_MAX),
        raised_on=today,
        person=command.actor,
    )
    return Effects({"objection": row.number, "evaluation": evaluation.id, "unit": score.unit}, rows=(row,))


USE_CASE = UseCase(ObjectToScore, reads, decide)
