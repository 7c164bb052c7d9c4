"""Exclude a bill: it counts for no subsidy, such as one for statutory work; or it counts again."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.fees.store import BILLS
from ledger.registry.rules import require_any_role
from ledger.registry.store import PEOPLE
from ledger.registry.text import TEXT_LENGTH_MAX, checked_name, readable
from ledger.registry.values import Role
from ledger.subsidies.rules import ExclusionUnchanged
from ledger.subsidies.store import EXCLUDED_BILLS
from ledger.subsidies.tables import SubsidyExcludedBillTable
from policies.kernel.policies import Policies


@dataclass(frozen=True, slots=True, kw_only=True)
class ExcludeBill(Command):
    """By an operator, or by an officer of the unit whose bill it is. Bills to related parties never count.

    A batch that was computed before is not changed: compute a new version.
    """

    kind: ClassVar[str] = "subsidy.exclude-bill"

    bill: str
    excluded: bool
    reason: str


def reads(command: ExcludeBill) -> Keys:
    return readable(command, BILLS.keys(command.bill) | EXCLUDED_BILLS.keys(command.bill) | PEOPLE.keys(command.actor))


def decide(command: ExcludeBill, state: State, _policies: Policies, today: date) -> Effects:
    bill = state.one(BILLS, command.bill)
    person = require_any_role(state, command.actor, {Role.OPERATOR, Role.UNIT_OFFICER})
    if not person.has(Role.OPERATOR):
        require_any_role(state, command.actor, {Role.UNIT_OFFICER}, bill.unit)
    step, excluded = state.one(EXCLUDED_BILLS, bill.number)
    if excluded is command.excluded:
        raise ExclusionUnchanged(bill=bill.number)
    row = SubsidyExcludedBillTable(
        bill=bill.number,
        step=step + 1,
        excluded=command.excluded,
        reason=checked_name(command.reason, "理由", "reason", TEXT_LENGTH_MAX),
        recorded_on=today,
        person=command.actor,
    )
    return Effects({"bill": bill.number, "excluded": command.excluded}, rows=(row,))


USE_CASE = UseCase(ExcludeBill, reads, decide)
