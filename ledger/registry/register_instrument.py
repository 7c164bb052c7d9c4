"""Register an instrument of a unit, once per asset number."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.amounts import whole_amount
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.registry.events import InstrumentAdded
from ledger.registry.rules import InstrumentRegistered, require_own_or_operator, require_party
from ledger.registry.store import ASSET_NUMBERS, PARTIES, PEOPLE, asset
from ledger.registry.tables import InstrumentTable
from ledger.registry.text import checked_name, readable
from ledger.registry.values import PartyKind
from policies.kernel.policies import Policies

ASSET_NUMBER_LENGTH_MAX = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterInstrument(Command):
    kind: ClassVar[str] = "registry.register-instrument"

    unit: str
    name: str
    category: str
    asset_number: str
    """The unit's own."""
    original_value_fen: int


def reads(command: RegisterInstrument) -> Keys:
    keys = PEOPLE.keys(command.actor) | PARTIES.keys(command.unit)
    return readable(command, keys | ASSET_NUMBERS.keys(asset(command.unit, command.asset_number)))


def decide(command: RegisterInstrument, state: State, _policies: Policies, today: date) -> Effects:
    unit = require_party(state, command.unit, PartyKind.UNIT)
    require_own_or_operator(state, command.actor, unit.code)
    number = checked_name(command.asset_number, "资产编号", "asset number", ASSET_NUMBER_LENGTH_MAX)
    if taken := state.find(ASSET_NUMBERS, asset(unit.code, number)):
        raise InstrumentRegistered(unit=unit.code, asset_number=number, instrument=taken)
    row = InstrumentTable(
        code=command.number("I"),
        unit=unit.code,
        name=checked_name(command.name, "仪器名称", "name of the instrument"),
        category=checked_name(command.category, "仪器类别", "category"),
        asset_number=number,
        original_value_fen=whole_amount(command.original_value_fen),
        registered_on=today,
    )
    return Effects({"instrument": row.code}, rows=(row,), events=(InstrumentAdded(row.code, unit.code),))


USE_CASE = UseCase(RegisterInstrument, reads, decide)
