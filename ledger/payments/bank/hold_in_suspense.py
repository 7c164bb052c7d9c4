"""Hold in suspense: money came, and nobody can say what for. The books show it until two people decide."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.journal.entries import Backdating
from ledger.payments.bank.match_payment import line_to_match
from ledger.payments.bank.postings import suspense_entry
from ledger.payments.bank.rules import check_dated
from ledger.payments.bank.steps import step_row
from ledger.payments.bank.store import BANK_LINES
from ledger.payments.bank.values import Direction, LineState, Step
from ledger.registry.rules import require_any_role
from ledger.registry.store import PEOPLE
from ledger.registry.text import TEXT_LENGTH_MAX, checked_name, readable
from ledger.registry.values import Role
from policies.kernel.policies import Policies


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldInSuspense(Command):
    kind: ClassVar[str] = "payment.hold-in-suspense"

    line: str
    on: date
    """Legal date: the day on which the bank booked it, or a later one where that day's period is closed."""
    reason: str
    """What was tried to find out."""


def reads(command: HoldInSuspense) -> Keys:
    # The importer is followed.
    return readable(command, BANK_LINES.keys(command.line) | PEOPLE.keys(command.actor))


def decide(command: HoldInSuspense, state: State, _policies: Policies, today: date) -> Effects:
    person = require_any_role(state, command.actor, {Role.TREASURY, Role.FINANCE})
    reason = checked_name(command.reason, "理由", "reason", TEXT_LENGTH_MAX)
    line = line_to_match(state, command.line, person, Direction.CREDIT)
    check_dated(line, command.on, today, reason)
    backdating = Backdating(reason, line.importer) if command.on < today else None
    return Effects(
        {"line": line.number, "state": LineState.SUSPENSE, "amount_fen": line.amount_fen},
        entries=(suspense_entry(line, command.on, backdating),),
        rows=(step_row(line, Step.SUSPENSE, today, person.code, reason),),
    )


USE_CASE = UseCase(HoldInSuspense, reads, decide)
