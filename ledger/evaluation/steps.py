"""The row of one step of a rectification.  (pure)"""

from datetime import date

from ledger.evaluation.tables import EvaluationRectificationStepTable
from ledger.evaluation.values import Rectification, RectificationState


def step_row(
    held: Rectification, step: RectificationState, words: str, today: date, person: str, evidence_digest: str = ""
) -> EvaluationRectificationStepTable:
    return EvaluationRectificationStepTable(
        rectification=held.number,
        position=held.steps + 1,
        step=step.value,
        evidence_digest=evidence_digest,
        words=words,
        taken_on=today,
        person=person,
    )
