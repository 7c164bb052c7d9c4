"""Leave the platform: a unit is evaluated no more; what was published of it stands."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.evaluation.rules import NotAMember
from ledger.evaluation.store import MEMBERS
from ledger.evaluation.tables import EvaluationMemberTable
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.registry.rules import require_role
from ledger.registry.store import PARTIES, PEOPLE
from ledger.registry.text import checked_name, readable
from ledger.registry.values import Role
from policies.kernel.policies import Policies


@dataclass(frozen=True, slots=True, kw_only=True)
class LeavePlatform(Command):
    """By an operator."""

    kind: ClassVar[str] = "evaluation.leave-platform"

    unit: str
    document_number: str
    """Of the paper by which it leaves."""


def reads(command: LeavePlatform) -> Keys:
    return readable(command, MEMBERS.keys(command.unit) | PARTIES.keys(command.unit) | PEOPLE.keys(command.actor))


def decide(command: LeavePlatform, state: State, _policies: Policies, today: date) -> Effects:
    require_role(state, command.actor, Role.OPERATOR)
    unit = state.one(PARTIES, command.unit)
    member = state.one(MEMBERS, unit.code)
    if not member.stands or member.joined_on is None:
        raise NotAMember(unit=unit.code)
    row = EvaluationMemberTable(
        unit=unit.code,
        step=member.step + 1,
        stands=False,
        department=member.department,
        joined_on=member.joined_on,
        document_number=checked_name(command.document_number, "退网文号", "number of the paper"),
        recorded_on=today,
        person=command.actor,
    )
    return Effects({"unit": unit.code, "left_on": today}, rows=(row,))


USE_CASE = UseCase(LeavePlatform, reads, decide)
