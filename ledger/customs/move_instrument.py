"""Move an instrument: the unit applies before the move, customs approves, the unit moves it, and perhaps back."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.customs.rules import DISTRICT, DistrictUnreadable, checked_code, checked_place
from ledger.customs.store import LINKS, MOVES, OFFICES_OF, SUPERVISED
from ledger.customs.submit_consent import NotSupervised
from ledger.customs.tables import CustomsMoveStepTable, CustomsMoveTable
from ledger.customs.values import MoveState, Supervision
from ledger.customs.who import require_customs
from ledger.errors import Refused
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.registry.rules import require_role
from ledger.registry.store import INSTRUMENTS, PEOPLE
from ledger.registry.text import TEXT_LENGTH_MAX, checked_choice, checked_date, checked_name, readable
from ledger.registry.values import Role
from policies.kernel.policies import Policies

NEXT = {
    MoveState.APPLIED: frozenset({MoveState.APPROVED, MoveState.REFUSED}),
    MoveState.APPROVED: frozenset({MoveState.MOVED}),
    MoveState.MOVED: frozenset({MoveState.RETURNED}),
}
CUSTOMS_WORD = frozenset({MoveState.APPROVED, MoveState.REFUSED})


class MoveNotSo(Refused):
    zh = "移动 {move} 的状态为“{state}”，不能变为“{wanted}”。移动须先经海关同意。"
    en = "Move {move} is {state}; it cannot become {wanted}. Customs approves before anything is moved."


class MoveAppliedLate(Refused):
    zh = "计划移动日期 {planned_on} 早于今天（{today}）。改变使用地点须在移动之前申请。"
    en = "The move is planned for {planned_on}, before today ({today}). A change of place is applied for beforehand."


class MoveStands(Refused):
    zh = "仪器 {instrument} 的移动 {move} 尚未结束（{state}）。请先办结。"
    en = "Move {move} of instrument {instrument} is not over ({state}). Finish it first."


class MovedBefore(Refused):
    zh = "日期 {since} 早于上一步的日期或晚于今天（{today}）。请核对。"
    en = "The day {since} is before that of the step before it, or later than today ({today}). Check it."


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyMove(Command):
    """By an officer of the unit."""

    kind: ClassVar[str] = "customs.apply-move"

    instrument: str
    place: str
    district: str
    """Customs district of the new place."""
    planned_on: date
    reason: str


def apply_reads(command: ApplyMove) -> Keys:
    return readable(
        command,
        PEOPLE.keys(command.actor)
        | INSTRUMENTS.keys(command.instrument)
        | LINKS.keys(command.instrument)
        | SUPERVISED.keys(command.instrument),
    )


def apply(command: ApplyMove, state: State, _policies: Policies, today: date) -> Effects:
    instrument = state.one(INSTRUMENTS, command.instrument)
    require_role(state, command.actor, Role.UNIT_OFFICER, instrument.unit)
    supervision: Supervision = state.one(SUPERVISED, instrument.code)
    planned_on = checked_date(command.planned_on, "计划移动日期", "day of the move")
    if planned_on < today:
        raise MoveAppliedLate(planned_on=planned_on, today=today)
    if not supervision.supervised_on(planned_on):
        raise NotSupervised(instrument=instrument.code, on=planned_on)
    for move in supervision.moves:
        if move.state in {MoveState.APPLIED, MoveState.APPROVED}:
            raise MoveStands(instrument=instrument.code, move=move.number, state=move.state)
    row = CustomsMoveTable(
        number=command.number("CM"),
        instrument=instrument.code,
        unit=instrument.unit,
        place=checked_place(command.place),
        district=checked_code(command.district, DISTRICT, DistrictUnreadable),
        planned_on=planned_on,
        reason=checked_name(command.reason, "理由", "reason", TEXT_LENGTH_MAX),
        applied_on=today,
        person=command.actor,
    )
    elsewhere = row.district != supervision.supervised_on(planned_on)[0].district
    return Effects(
        {"move": row.number, "state": MoveState.APPLIED, "other_district": elsewhere},
        rows=(row,),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class StepMove(Command):
    """Customs approves or refuses; the unit says that it has moved the instrument, or taken it back."""

    kind: ClassVar[str] = "customs.step-move"

    move: str
    outcome: MoveState
    since: date
    document_number: str = ""
    """Of customs' decision; of the closing of a supervision elsewhere."""
    reason: str = ""


def step_reads(command: StepMove) -> Keys:
    return readable(command, PEOPLE.keys(command.actor) | OFFICES_OF.keys(command.actor) | MOVES.keys(command.move))


def step(command: StepMove, state: State, _policies: Policies, today: date) -> Effects:
    move = state.one(MOVES, command.move)
    outcome = checked_choice(MoveState, command.outcome, "步骤", "step")
    since = checked_date(command.since, "日期", "day")
    supervision: Supervision = state.one(SUPERVISED, move.instrument)
    if outcome in CUSTOMS_WORD:
        require_customs(state, command.actor, supervision.items[0].district)
    else:
        require_role(state, command.actor, Role.UNIT_OFFICER, move.unit)
    if outcome not in NEXT.get(move.state, frozenset()):
        raise MoveNotSo(move=move.number, state=move.state, wanted=outcome)
    if since > today or (move.moved_on is not None and since < move.moved_on):
        raise MovedBefore(since=since, today=today)
    document = command.document_number.strip()
    if outcome in CUSTOMS_WORD:
        document = checked_name(document, "文号", "number of the document")
    row = CustomsMoveStepTable(
        move=move.number,
        step=move.steps + 1,
        state=outcome.value,
        since=since,
        document_number=checked_name(document, "文号", "number of the document")
        if outcome in CUSTOMS_WORD
        else document,
        reason=command.reason.strip(),
        recorded_on=today,
        person=command.actor,
    )
    return Effects({"move": move.number, "state": outcome}, rows=(row,))


USE_CASES = (UseCase(ApplyMove, apply_reads, apply), UseCase(StepMove, step_reads, step))
