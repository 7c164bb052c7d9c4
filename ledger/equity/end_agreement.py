"""Suspend an agreement, take it up again, or end it: settled in cash, or terminated before anything more converts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.amounts import yuan
from ledger.approvals.requests import lapse_rows
from ledger.approvals.store import APPROVALS
from ledger.approvals.values import request_number
from ledger.equity.release_accrual import released
from ledger.equity.rules import check_not_ended, check_state
from ledger.equity.store import AGREEMENT, AGREEMENTS
from ledger.equity.submit_agreement import step_row
from ledger.equity.values import Accrual, Agreement, AgreementState
from ledger.errors import Refused
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.fees.store import BILLS
from ledger.journal.tables import EventRow
from ledger.registry.rules import require_own
from ledger.registry.store import PEOPLE
from ledger.registry.text import TEXT_LENGTH_MAX, checked_name, readable
from ledger.registry.values import Role
from policies.kernel.policies import Policies


class NotSettled(Refused):
    zh = "账单 {bill} 尚欠 {open} 元，不能以现金结清结束协议。请先收款，或终止协议。"
    en = "Bill {bill} is open with {open} yuan; the agreement is not settled in cash. Receive it first, or terminate."


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspendAgreement(Command):
    """By an officer of the unit itself: meanwhile nothing is counted and nothing converts."""

    kind: ClassVar[str] = "equity.suspend-agreement"

    agreement: str
    document_number: str
    reason: str
    resume: bool = False
    """True: it is taken up again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndAgreement(Command):
    """By an officer of the unit itself. What is counted and not converted falls due in cash; what converted stays."""

    kind: ClassVar[str] = "equity.end-agreement"

    agreement: str
    document_number: str
    reason: str
    settled: bool = False
    """True: all that was counted has been paid or has converted; false: it is terminated."""


def reads(command: SuspendAgreement | EndAgreement) -> Keys:
    return readable(
        command,
        PEOPLE.keys(command.actor)
        | AGREEMENTS.keys(command.agreement)
        | APPROVALS.keys(request_number(AGREEMENT, command.agreement)),
    )


def suspend(command: SuspendAgreement, state: State, _policies: Policies, today: date) -> Effects:
    agreement = _own(command, state)
    if command.resume:
        check_state(agreement, {AgreementState.SUSPENDED}, "恢复", "taken up again")
    else:
        check_state(agreement, {AgreementState.SIGNED, AgreementState.ACCRUING}, "中止", "suspended")
    after = AgreementState.SIGNED if command.resume else AgreementState.SUSPENDED
    return Effects({"agreement": agreement.number, "state": after}, rows=(_step(command, agreement, after, today),))


def end(command: EndAgreement, state: State, _policies: Policies, today: date) -> Effects:
    agreement = _own(command, state)
    if command.settled:
        check_state(agreement, {AgreementState.SIGNED, AgreementState.ACCRUING}, "结清", "settled")
    else:
        check_not_ended(agreement, "终止", "terminated")
    open_ones = tuple(_not_converted(agreement, state, settled=command.settled))
    after = AgreementState.SETTLED_IN_CASH if command.settled else AgreementState.TERMINATED
    rows: list[EventRow] = [_step(command, agreement, after, today)]
    for accrual in open_ones:
        rows += released(accrual, state, command.reason, today, command.actor)
    if asked := state.find(APPROVALS, request_number(AGREEMENT, agreement.number)):
        rows += lapse_rows(asked, command.reason)
    return Effects(
        {"agreement": agreement.number, "state": after, "released": [one.bill for one in open_ones]}, rows=tuple(rows)
    )


def _not_converted(agreement: Agreement, state: State, *, settled: bool) -> Iterator[Accrual]:
    """Bills of which nothing has become a share; settled, nothing of any bill may be open."""
    for accrual in agreement.accruals:
        bill = state.one(BILLS, accrual.bill)
        if settled and bill.open_fen:
            raise NotSettled(bill=bill.number, open=yuan(bill.open_fen))
        if not bill.equity_fen:
            yield accrual


def _own(command: SuspendAgreement | EndAgreement, state: State) -> Agreement:
    agreement = state.one(AGREEMENTS, command.agreement)
    require_own(state, command.actor, Role.UNIT_OFFICER, agreement.unit)
    return agreement


def _step(command: SuspendAgreement | EndAgreement, agreement: Agreement, after: AgreementState, on: date) -> EventRow:
    number = checked_name(command.document_number, "文号", "number of the document")
    reason = checked_name(command.reason, "理由", "reason", TEXT_LENGTH_MAX)
    return step_row(agreement, after, on, command.actor, number, reason)


USE_CASES = (UseCase(SuspendAgreement, reads, suspend), UseCase(EndAgreement, reads, end))
