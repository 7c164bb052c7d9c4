"""Release a counted bill: it falls due in cash, and its evidence is free again."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.equity.rules import BillNotCounted
from ledger.equity.store import AGREEMENTS, bill_evidence
from ledger.equity.tables import EquityAccrualReleaseTable
from ledger.equity.values import Accrual
from ledger.errors import Refused
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.fees.evidence import release_evidence_rows
from ledger.fees.store import BILLS, EVIDENCE
from ledger.journal.tables import EventRow
from ledger.registry.rules import require_own
from ledger.registry.store import PEOPLE
from ledger.registry.text import TEXT_LENGTH_MAX, checked_name, readable
from ledger.registry.values import Role
from policies.kernel.policies import Policies


class ConvertedAlready(Refused):
    zh = "账单 {bill} 已有 {converted_fen} 分转为股权，不能再退出协议。"
    en = "Of bill {bill} {converted_fen} fen have become a share; it is not released any more."


class CountedMeanwhile(Refused):
    zh = "账单 {bill} 刚刚计入协议 {agreement}。请重新办理。"
    en = "Bill {bill} has just been added to agreement {agreement}. Do this again."


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseAccrual(Command):
    """By an officer of the unit itself."""

    kind: ClassVar[str] = "equity.release-accrual"

    agreement: str
    bill: str
    reason: str


def reads(command: ReleaseAccrual) -> Keys:
    return readable(
        command,
        PEOPLE.keys(command.actor)
        | AGREEMENTS.keys(command.agreement)
        | BILLS.keys(command.bill)
        | EVIDENCE.keys(bill_evidence(command.bill)),
    )


def decide(command: ReleaseAccrual, state: State, _policies: Policies, today: date) -> Effects:
    agreement = state.one(AGREEMENTS, command.agreement)
    require_own(state, command.actor, Role.UNIT_OFFICER, agreement.unit)
    accrual = agreement.accrual_of(command.bill)
    if accrual is None:
        raise BillNotCounted(bill=command.bill, agreement=agreement.number)
    bill = state.one(BILLS, accrual.bill)
    if bill.equity_fen:
        raise ConvertedAlready(bill=bill.number, converted_fen=bill.equity_fen)
    reason = checked_name(command.reason, "理由", "reason", TEXT_LENGTH_MAX)
    return Effects(
        {"agreement": agreement.number, "bill": bill.number, "open_fen": bill.open_fen},
        rows=tuple(released(accrual, state, reason, today, command.actor)),
    )


def released(accrual: Accrual, state: State, reason: str, today: date, person: str) -> Iterator[EventRow]:
    """The rows by which a bill counts no more."""
    evidence = state.find(EVIDENCE, bill_evidence(accrual.bill))
    if evidence is None:  # it was counted between the look for what belongs to the agreement, and the lock
        raise CountedMeanwhile(bill=accrual.bill, agreement=accrual.agreement)
    yield EquityAccrualReleaseTable(accrual=accrual.number, reason=reason, released_on=today, person=person)
    yield from release_evidence_rows(evidence, reason)


USE_CASE = UseCase(ReleaseAccrual, reads, decide)
