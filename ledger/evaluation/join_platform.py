"""Join the platform: a unit opens its instruments under the department that supervises it (任务 11)."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.evaluation.rules import AlreadyAMember, JoinsInTheFuture
from ledger.evaluation.store import MEMBERS
from ledger.evaluation.tables import EvaluationMemberTable
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.registry.rules import require_party, require_role
from ledger.registry.store import PARTIES, PEOPLE
from ledger.registry.text import checked_date, checked_name, readable
from ledger.registry.values import PartyKind, Role
from policies.kernel.policies import Policies


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinPlatform(Command):
    """By an operator. A unit that is a member comes under another department by the same command."""

    kind: ClassVar[str] = "evaluation.join-platform"

    unit: str
    department: str
    """The bureau that supervises it (主管部门)."""
    joined_on: date
    document_number: str
    """Of the paper by which it joins."""


def reads(command: JoinPlatform) -> Keys:
    return readable(
        command,
        MEMBERS.keys(command.unit) | PARTIES.keys(command.unit, command.department) | PEOPLE.keys(command.actor),
    )


def decide(command: JoinPlatform, state: State, _policies: Policies, today: date) -> Effects:
    require_role(state, command.actor, Role.OPERATOR)
    unit = require_party(state, command.unit, PartyKind.UNIT)
    department = require_party(state, command.department, PartyKind.BUREAU)
    joined_on = checked_date(command.joined_on, "入网日期", "day on which it joins")
    if joined_on > today:
        raise JoinsInTheFuture(joined_on=joined_on, today=today)
    member = state.one(MEMBERS, unit.code)
    if member.stands and (member.department, member.joined_on) == (department.code, joined_on):
        raise AlreadyAMember(unit=unit.code, joined_on=joined_on, department=department.code)
    row = EvaluationMemberTable(
        unit=unit.code,
        step=member.step + 1,
        stands=True,
        department=department.code,
        joined_on=joined_on,
        document_number=checked_name(command.document_number, "入网文号", "number of the paper"),
        recorded_on=today,
        person=command.actor,
    )
    return Effects({"unit": unit.code, "department": department.code, "joined_on": joined_on}, rows=(row,))


USE_CASE = UseCase(JoinPlatform, reads, decide)
