"""Dispute a bill, or end the dispute: the payer says so. What is disputed stays open and moves nowhere by it."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.fees.rules import AlreadyDisputed, NotDisputed, NothingOpen
from ledger.fees.store import BILLS, DISPUTES, FeeDisputeTable
from ledger.registry.rules import require_own_or_operator
from ledger.registry.store import PEOPLE
from ledger.registry.text import TEXT_LENGTH_MAX, checked_name, readable
from policies.kernel.policies import Policies


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeBill(Command):
    """By the payer's own people, or by an operator who has their word."""

    kind: ClassVar[str] = "fee.dispute-bill"

    bill: str
    reason: str
    settled: bool = False
    """True: the dispute is over, and `reason` says how it ended."""


def reads(command: DisputeBill) -> Keys:
    return readable(command, BILLS.keys(command.bill) | DISPUTES.keys(command.bill) | PEOPLE.keys(command.actor))


def decide(command: DisputeBill, state: State, _policies: Policies, _today: date) -> Effects:
    bill = state.one(BILLS, command.bill)
    person = require_own_or_operator(state, command.actor, bill.payer)
    reason = checked_name(command.reason, "理由", "reason", TEXT_LENGTH_MAX)
    if command.settled and not bill.disputed:
        raise NotDisputed(bill=bill.number)
    if not command.settled and bill.disputed:
        raise AlreadyDisputed(bill=bill.number)
    if not command.settled and not bill.open_fen:
        raise NothingOpen(bill=bill.number, unit=bill.unit)

    row = FeeDisputeTable(
        bill=bill.number,
        step=state.one(DISPUTES, bill.number).steps + 1,
        stands=not command.settled,
        reason=reason,
        person=person.code,
    )
    return Effects({"bill": bill.number, "disputed": row.stands, "open_fen": bill.open_fen}, rows=(row,))


USE_CASE = UseCase(DisputeBill, reads, decide)
