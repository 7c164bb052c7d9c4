"""Rows of a step that a line takes.  (pure)"""

from collections.abc import Iterable
from datetime import date

from ledger.journal.tables import EventRow
from ledger.payments.bank.tables import BankLinePaymentTable, BankLineStepTable
from ledger.payments.bank.values import BankLine, Evidenced, Step


def step_row(line: BankLine, step: Step, today: date, person: str, reason: str) -> BankLineStepTable:
    return BankLineStepTable(
        line=line.number,
        position=line.steps + 1,
        position_before=line.steps or None,
        step=step.value,
        step_before=line.last_step.value if line.last_step else None,
        taken_on=today,
        reason=reason,
        person=person,
        importer=line.importer,
    )


def matched_rows(
    line: BankLine, batch: str, payables: Iterable[str], what: Evidenced, today: date, person: str, reason: str
) -> tuple[EventRow, ...]:
    """The line is the evidence of these payments, or of their return."""
    return (
        step_row(line, Step.MATCHED, today, person, reason),
        *(
            BankLinePaymentTable(
                batch=batch, payable=payable, what=what.value, line=line.number, position=line.steps + 1
            )
            for payable in payables
        ),
    )
