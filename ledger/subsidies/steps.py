"""The row of one step of a batch.  (pure)"""

from datetime import date

from ledger.subsidies.tables import SubsidyBatchStepTable
from ledger.subsidies.values import Batch, BatchState


def step_row(
    batch: Batch, step: BatchState, today: date, person: str, reason: str = "", notice_until: date | None = None
) -> SubsidyBatchStepTable:
    return SubsidyBatchStepTable(
        batch=batch.number,
        position=batch.steps + 1,
        step=step.value,
        taken_on=today,
        person=person,
        reason=reason,
        notice_until=notice_until,
    )
