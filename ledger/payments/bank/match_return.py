"""Match a return: a line by which money came is a payment that the bank sent back."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.payments.bank.match_payment import check_meant, check_no_evidence, line_to_match, total_of
from ledger.payments.bank.rules import check_amount, check_dated
from ledger.payments.bank.steps import matched_rows
from ledger.payments.bank.store import BANK_LINES, CANDIDATES, EVIDENCED
from ledger.payments.bank.values import Direction, Evidenced
from ledger.payments.return_payment import came_back
from ledger.payments.store import BATCHES
from ledger.payments.values import Return
from ledger.registry.rules import require_any_role
from ledger.registry.store import PEOPLE
from ledger.registry.text import readable
from ledger.registry.values import Role
from policies.kernel.policies import Policies

NO_REASON = "银行未说明 / the bank gave none"


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchReturn(Command):
    """One payment at a time: each may have to be paid again from another budget."""

    kind: ClassVar[str] = "payment.match-return"

    line: str
    batch: str
    payable: str
    on: date
    """Legal date: the day on which the bank booked it; a later one where that day's period is closed, with a reason."""
    reason: str = ""
    """Needed where the line does not by itself mean this return."""


def reads(command: MatchReturn) -> Keys:
    # Importer, maker and payables are followed.
    return readable(
        command,
        BANK_LINES.keys(command.line)
        | CANDIDATES.keys(command.line)
        | BATCHES.keys(command.batch)
        | EVIDENCED.keys(command.batch)
        | PEOPLE.keys(command.actor),
    )


def decide(command: MatchReturn, state: State, _policies: Policies, today: date) -> Effects:
    person = require_any_role(state, command.actor, {Role.TREASURY, Role.FINANCE})
    reason = command.reason.strip()
    line = line_to_match(state, command.line, person, Direction.CREDIT)
    check_dated(line, command.on, today, reason)
    batch = state.one(BATCHES, command.batch)
    check_amount(line, total_of(line, batch, [command.payable]))
    check_meant(state, line, batch, [command.payable], reason)
    on_record = batch.return_of(command.payable) is not None
    check_no_evidence(state, batch, [command.payable], Evidenced.RETURNED)

    matched = Effects(
        {"line": line.number, "batch": batch.number, "on_record": on_record},
        rows=matched_rows(line, batch.number, [command.payable], Evidenced.RETURNED, today, person.code, reason),
    )
    if on_record:
        return matched
    returned = Return(command.payable, command.on, line.reference, line.return_reason or NO_REASON)
    return matched.and_also(came_back(state, batch, returned, person, today))


USE_CASE = UseCase(MatchReturn, reads, decide)
