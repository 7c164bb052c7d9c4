"""Propose the grades of a round: all of them at once. Signed by finance they are published and locked."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from ledger.approvals.approve import Approve
from ledger.approvals.content import content_hash
from ledger.approvals.events import ApprovalGiven, ApprovalRefused
from ledger.approvals.reject import Reject
from ledger.approvals.requests import request_rows
from ledger.approvals.values import second_pair
from ledger.calendar import add_months
from ledger.evaluation import rules
from ledger.evaluation.steps import step_row
from ledger.evaluation.store import EVALUATIONS, load_results
from ledger.evaluation.tables import (
    EvaluationGradeTable,
    EvaluationLeftOutTable,
    EvaluationRectificationTable,
    EvaluationResultEndTable,
    EvaluationResultTable,
)
from ledger.evaluation.values import (
    Evaluation,
    Grade,
    NotEvaluated,
    RectificationState,
    Result,
    ResultState,
    UnitGrade,
)
from ledger.executor.calculations import stored
from ledger.executor.commands import Command, Effects, Keys, Reaction, State, UseCase
from ledger.executor.reading import Reader
from ledger.journal.attestation import Json
from ledger.journal.tables import CalculationTable, EventRow
from ledger.registry.rules import require_role
from ledger.registry.store import PEOPLE
from ledger.registry.text import TEXT_LENGTH_MAX, checked_name, readable
from ledger.registry.values import Role
from policies.evaluation.rounds import Round, round_of
from policies.kernel.policies import Policies

KIND = "evaluation.grades"
"""Kind of subject under which grades are approved; the subject is the evaluation."""
RANKING = "evaluation/ranking"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeGrades(Command):
    """By an operator of the commission. Whoever is in rectification is left out by itself, with that as the reason.

    Grades follow the order of scores; where one does not, its line gives the reason, which is published with it.
    """

    kind: ClassVar[str] = "evaluation.propose-grades"

    evaluation: str
    grades: tuple[UnitGrade, ...]
    not_evaluated: tuple[NotEvaluated, ...] = ()
    reason: str = ""
    """Why published grades are replaced."""


def reads(command: ProposeGrades) -> Keys:
    return readable(command, EVALUATIONS.keys(command.evaluation) | PEOPLE.keys(command.actor))


def decide(command: ProposeGrades, state: State, policies: Policies, today: date) -> Effects:
    evaluation = state.one(EVALUATIONS, command.evaluation)
    require_role(state, command.actor, Role.OPERATOR, evaluation.commission)
    rules.check_once([*(one.unit for one in command.grades), *(one.unit for one in command.not_evaluated)])
    _check_no_objection(evaluation)
    ungraded = rules.left_out(evaluation, command.not_evaluated)
    rules.check_complete(evaluation, command.grades, ungraded)
    terms = round_of(evaluation.system, evaluation.year, today, policies.known_on)
    order, calculations = _order(command, evaluation, terms, policies, today)
    lines = rules.graded_lines(command.grades, evaluation.scores, order)
    rules.check_order(lines)

    result = Result(
        version=evaluation.latest.version + 1 if evaluation.latest else 1,
        reason=_reason(command, evaluation),
        proposed_on=today,
        synthetic=terms.synthetic,
        state=ResultState.PROPOSED,
        grades=tuple(lines),
        left_out=ungraded,
    )
    if evaluation.published and _said(result) == _said(evaluation.published):
        raise rules.NothingPublishedAnew(version=evaluation.published.version)
    shown = content(evaluation.id, result)
    rows: tuple[EventRow, ...] = (
        *calculations,
        *_rows(evaluation, result, command.actor, calculations[0].id if calculations else None),
        *request_rows(
            KIND,
            evaluation.id,
            shown,
            command.actor,
            second_pair(Role.FINANCE),
            version=result.version,
            concerns={line.unit for line in result.grades},
        ),
    )
    return Effects(
        {
            "evaluation": evaluation.id,
            "version": result.version,
            "grades": counted(result),
            "left_out": len(result.left_out),
            "approval": {"kind": KIND, "subject": evaluation.id, "content_hash": content_hash(shown)},
        },
        rows=rows,
    )


def counted(result: Result) -> dict[str, int]:
    """Units by grade, every grade named."""
    return {grade.value: sum(line.grade is grade for line in result.grades) for grade in Grade}


def _check_no_objection(evaluation: Evaluation) -> None:
    if evaluation.open_objections:
        raise rules.ObjectionsOpen(objections=rules.some([one.number for one in evaluation.open_objections]))


def _reason(command: ProposeGrades, evaluation: Evaluation) -> str:
    if evaluation.published is None:
        return command.reason.strip()
    if not command.reason.strip():
        raise rules.PublishedWithoutReason(version=evaluation.published.version)
    return checked_name(command.reason, "理由", "reason", TEXT_LENGTH_MAX)


def _order(
    command: ProposeGrades, evaluation: Evaluation, terms: Round, policies: Policies, today: date
) -> tuple[dict[str, int], list[CalculationTable]]:
    """The rank of each graded unit, and the calculation behind it where the system orders ties."""
    scores = {one.unit: evaluation.scores[one.unit] for one in command.grades}
    if not scores or not terms.ranks_by_sharing:
        return rules.ranks(scores), []
    facts = [
        {
            "code": unit,
            "total_hundredths": score.total_hundredths,
            "sharing_hundredths": score.sharing_hundredths,
        }
        for unit, score in sorted(scores.items())
    ]
    ranked = policies.calculate(RANKING, {"units": facts}, on=today)
    rows = ranked.table("units")
    return {str(row["code"]): int(row["rank"]) for row in rows}, [stored(command, ranked)]


def _said(result: Result) -> tuple[object, ...]:
    return result.grades, result.left_out


def content(evaluation: str, result: Result) -> Json:
    """What finance is shown, and signs: every unit's grade, and who has none and why."""
    return {
        "evaluation": evaluation,
        "version": result.version,
        "reason": result.reason,
        "synthetic": result.synthetic,
        "count": len(result.grades),
        "grades": [
            {
                "unit": line.unit,
                "grade": line.grade.value,
                "rank": line.rank,
                "total_hundredths": line.total_hundredths,
                "sharing_hundredths": line.sharing_hundredths,
                "reason": line.reason,
            }
            for line in result.grades
        ],
        "left_out": [{"unit": line.unit, "why": line.why.value, "reason": line.reason} for line in result.left_out],
    }


def content_of(reader: Reader, evaluation: str) -> Json:
    """The content of the version that was proposed last."""
    return content(evaluation, load_results(reader, [evaluation])[evaluation][-1])


def _rows(evaluation: Evaluation, result: Result, maker: str, calculation: UUID | None) -> tuple[EventRow, ...]:
    head = EvaluationResultTable(
        evaluation=evaluation.id,
        version=result.version,
        reason=result.reason,
        synthetic=result.synthetic,
        calculation=calculation,
        maker=maker,
        proposed_on=result.proposed_on,
    )
    grades = (
        EvaluationGradeTable(
            evaluation=evaluation.id,
            version=result.version,
            unit=line.unit,
            grade=line.grade.value,
            rank=line.rank,
            total_hundredths=line.total_hundredths,
            sharing_hundredths=line.sharing_hundredths,
            reason=line.reason,
        )
        for line in result.grades
    )
    left_out = (
        EvaluationLeftOutTable(
            evaluation=evaluation.id,
            version=result.version,
            unit=line.unit,
            why=line.why.value,
            reason=line.reason,
        )
        for line in result.left_out
    )
    return (head, *grades, *left_out)


# -- signed, or refused ------------------------------------------------------------------------------------------------


def answer_reads(command: Approve | Reject) -> Keys:
    return EVALUATIONS.keys(command.subject) if command.subject_kind == KIND else frozenset()


def publish(event: ApprovalGiven, command: Approve, state: State, policies: Policies, today: date) -> Effects:
    """Finance has signed what was proposed last, and it still stands: published, and locked."""
    if event.subject_kind != KIND:
        return Effects({})
    evaluation = state.one(EVALUATIONS, event.subject)
    result = _waiting(evaluation)
    _check_no_objection(evaluation)
    _check_unmoved(evaluation, result)
    terms = round_of(evaluation.system, evaluation.year, today, policies.known_on)
    poor = [line.unit for line in result.grades if line.grade is Grade.POOR]
    return Effects(
        {
            "evaluation": evaluation.id,
            "version": result.version,
            "grades": counted(result),
            "late": today > terms.publish_by,
        },
        rows=(
            _end(evaluation, result, ResultState.PUBLISHED, today, command.actor, ""),
            *_opened(command, evaluation, result, poor, add_months(today, terms.rectification_months), today),
            *_lifted(evaluation, result, poor, today, command.actor),
        ),
    )


def _check_unmoved(evaluation: Evaluation, result: Result) -> None:
    """What was proposed is what stands: the scores, who is a member, who is in rectification."""
    moved = [
        line.unit
        for line in result.grades
        if (score := evaluation.scores[line.unit])
        and (score.total_hundredths, score.sharing_hundredths) != (line.total_hundredths, line.sharing_hundredths)
    ]
    named = {line.unit for line in result.grades} | {line.unit for line in result.left_out}
    moved += rules.expected_members(evaluation).keys() - named
    moved += [
        unit
        for unit, held in evaluation.rectifying.items()
        if held.evaluation != evaluation.id and result.grade_of(unit) is not None
    ]
    if moved:
        raise rules.ResultMoved(units=rules.some(sorted(set(moved))))


def _opened(
    command: Approve, evaluation: Evaluation, result: Result, poor: list[str], due_on: date, today: date
) -> list[EventRow]:
    """A rectification for each unit that is now called poor and was not before."""
    return [
        EvaluationRectificationTable(
            number=command.number("RF", unit),
            evaluation=evaluation.id,
            version=result.version,
            unit=unit,
            opened_on=today,
            due_on=due_on,
        )
        for unit in poor
        if unit not in evaluation.rectifying
        and not (evaluation.published and evaluation.published.grade_of(unit) is Grade.POOR)
    ]


def _lifted(evaluation: Evaluation, result: Result, poor: list[str], today: date, person: str) -> list[EventRow]:
    """Rectifications of this round whose unit is no longer called poor."""
    return [
        step_row(held, RectificationState.LIFTED, result.reason, today, person)
        for unit, held in sorted(evaluation.rectifying.items())
        if held.evaluation == evaluation.id and unit not in poor
    ]


def refuse(event: ApprovalRefused, command: Reject, state: State, _policies: Policies, today: date) -> Effects:
    """Finance said no: grades are proposed again."""
    if event.subject_kind != KIND:
        return Effects({})
    evaluation = state.one(EVALUATIONS, event.subject)
    result = _waiting(evaluation)
    return Effects(
        {"evaluation": evaluation.id, "version": result.version},
        rows=(_end(evaluation, result, ResultState.REFUSED, today, command.actor, event.reason),),
    )


def _waiting(evaluation: Evaluation) -> Result:
    result = evaluation.latest
    if result is None or result.state is not ResultState.PROPOSED:
        raise rules.ResultEnded(evaluation=evaluation.id, version=result.version if result else 0)
    return result


def _end(
    evaluation: Evaluation, result: Result, outcome: ResultState, today: date, person: str, reason: str
) -> EvaluationResultEndTable:
    return EvaluationResultEndTable(
        evaluation=evaluation.id,
        version=result.version,
        outcome=outcome.value,
        ended_on=today,
        person=person,
        reason=reason,
    )


USE_CASE = UseCase(ProposeGrades, reads, decide)
REACTIONS = (
    Reaction(ApprovalGiven, Approve, answer_reads, publish),
    Reaction(ApprovalRefused, Reject, answer_reads, refuse),
)
