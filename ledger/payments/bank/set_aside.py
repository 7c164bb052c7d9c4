"""Set a line aside: it is no business of these books, such as interest or another programme's payment."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.payments.bank.rules import check_not_importer, check_waiting
from ledger.payments.bank.steps import step_row
from ledger.payments.bank.store import BANK_LINES
from ledger.payments.bank.values import LineState, Step
from ledger.registry.rules import require_any_role
from ledger.registry.store import PEOPLE
from ledger.registry.text import TEXT_LENGTH_MAX, checked_name, readable
from ledger.registry.values import Role
from policies.kernel.policies import Policies


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside(Command):
    """Two people can put it back into the queue."""

    kind: ClassVar[str] = "payment.set-aside"

    line: str
    reason: str


def reads(command: SetAside) -> Keys:
    # The importer is followed.
    return readable(command, BANK_LINES.keys(command.line) | PEOPLE.keys(command.actor))


def decide(command: SetAside, state: State, _policies: Policies, today: date) -> Effects:
    person = require_any_role(state, command.actor, {Role.TREASURY, Role.FINANCE})
    reason = checked_name(command.reason, "理由", "reason", TEXT_LENGTH_MAX)
    line = state.one(BANK_LINES, command.line)
    check_not_importer(line, person, state.one(PEOPLE, line.importer))
    check_waiting(line)
    return Effects(
        {"line": line.number, "state": LineState.SET_ASIDE},
        rows=(step_row(line, Step.SET_ASIDE, today, person.code, reason),),
    )


USE_CASE = UseCase(SetAside, reads, decide)
