"""Score units: a department's points for each indicator, for one unit or all of them; all of a list or none of it."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.evaluation import rules
from ledger.evaluation.store import EVALUATIONS, MEMBERS
from ledger.evaluation.tables import EvaluationScoreTable
from ledger.evaluation.values import Evaluation, UnitScores
from ledger.executor.calculations import calculation_id, stored
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.registry.rules import require_any_role
from ledger.registry.store import PEOPLE
from ledger.registry.text import TEXT_LENGTH_MAX, checked_name, readable
from ledger.registry.values import Role
from policies.evaluation.rounds import Round, round_of
from policies.kernel.policies import Policies
from policies.kernel.refusals import InvalidFacts
from policies.kernel.registry import Calculation
from policies.kernel.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreUnits(Command):
    """By an officer of the department that supervises them, or by the commission that runs the evaluation.

    A unit that has a score, or whose results are published, is scored anew only with a reason.
    """

    kind: ClassVar[str] = "evaluation.score-units"

    evaluation: str
    units: tuple[UnitScores, ...]
    reason: str = ""


def reads(command: ScoreUnits) -> Keys:
    units = [one.unit for one in command.units]
    return readable(command, EVALUATIONS.keys(command.evaluation) | MEMBERS.keys(*units) | PEOPLE.keys(command.actor))


def decide(command: ScoreUnits, state: State, policies: Policies, today: date) -> Effects:
    evaluation = state.one(EVALUATIONS, command.evaluation)
    require_any_role(state, command.actor, {Role.SUPERVISOR, Role.OPERATOR}, command.tenant)
    rules.check_once(one.unit for one in command.units)
    for one in command.units:
        rules.check_supervised(state.one(MEMBERS, one.unit), command.tenant, evaluation.commission)
        rules.check_evaluated(evaluation, one.unit)
    reason = _reason(command, evaluation)
    terms = round_of(evaluation.system, evaluation.year, today, policies.known_on)
    scored = _scored(command.units, terms, policies, today)

    units = sorted(command.units, key=lambda one: one.unit)
    rows = [
        EvaluationScoreTable(
            evaluation=evaluation.id,
            unit=one.unit,
            version=_version(evaluation, one.unit) + 1,
            department=command.tenant,
            scores=_in_order(one, terms),
            total_hundredths=scored[one.unit].whole("total_hundredths"),
            sharing_hundredths=scored[one.unit].whole("sharing_hundredths"),
            calculation=calculation_id(command, n),
            reason=reason,
            scored_on=today,
            person=command.actor,
        )
        for n, one in enumerate(units, start=1)
    ]
    calculations = [stored(command, scored[one.unit], n) for n, one in enumerate(units, start=1)]
    return Effects(
        {
            "evaluation": evaluation.id,
            "synthetic": terms.synthetic,
            "units": [
                {
                    "unit": row.unit,
                    "version": row.version,
                    "total_hundredths": row.total_hundredths,
                    "sharing_hundredths": row.sharing_hundredths,
                    "calculation": row.calculation,
                }
                for row in rows
            ],
        },
        rows=(*calculations, *rows),
    )


def _version(evaluation: Evaluation, unit: str) -> int:
    known = evaluation.scores.get(unit)
    return known.version if known else 0


def _reason(command: ScoreUnits, evaluation: Evaluation) -> str:
    if command.reason.strip():
        return checked_name(command.reason, "理由", "reason", TEXT_LENGTH_MAX)
    for one in command.units:
        if evaluation.published is not None or one.unit in evaluation.scores:
            raise rules.ReasonMissing(unit=one.unit, version=_version(evaluation, one.unit))
    return ""


def _scored(units: tuple[UnitScores, ...], terms: Round, policies: Policies, today: date) -> dict[str, Calculation]:
    """The points of each unit; everything that is wrong with any of them is said at once."""
    found: dict[str, Calculation] = {}
    problems: list[Words] = []
    for one in units:
        facts = {
            "scores": [
                {"indicator": score.indicator, "score_hundredths": score.score_hundredths} for score in one.scores
            ]
        }
        try:
            found[one.unit] = policies.calculate(terms.calculator, facts, on=today)
        except InvalidFacts as wrong:
            problems += [Words(f"{one.unit}：{said.zh}", f"{one.unit}: {said.en}") for said in wrong.problems]
    if problems:
        raise rules.ScoresUnreadable(tuple(problems))
    return found


def _in_order(one: UnitScores, terms: Round) -> list[dict[str, object]]:
    points = {score.indicator: score.score_hundredths for score in one.scores}
    return [{"indicator": name, "score_hundredths": points[name]} for name in terms.indicators]


USE_CASE = UseCase(ScoreUnits, reads, decide)
