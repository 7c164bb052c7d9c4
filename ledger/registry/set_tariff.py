"""Set a price of an instrument from a day on; prices are published before they hold."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.amounts import whole_amount
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.registry.rules import TariffBackdated, TariffInForce, require_own_or_operator, require_party
from ledger.registry.store import INSTRUMENTS, PEOPLE, TARIFF_CHANGES
from ledger.registry.tables import TariffTable
from ledger.registry.text import checked_choice, checked_date, readable
from ledger.registry.values import ChargeUnit, PartyKind, UserClass
from policies.kernel.policies import Policies


@dataclass(frozen=True, slots=True, kw_only=True)
class SetTariff(Command):
    kind: ClassVar[str] = "registry.set-tariff"

    instrument: str
    charge_unit: ChargeUnit
    user_class: UserClass
    price_fen: int
    """Of one hour, sample or service."""
    effective_from: date


def reads(command: SetTariff) -> Keys:
    keys = PEOPLE.keys(command.actor) | INSTRUMENTS.keys(command.instrument)
    return readable(command, keys | TARIFF_CHANGES.keys(command.instrument))


def decide(command: SetTariff, state: State, _policies: Policies, today: date) -> Effects:
    instrument = state.one(INSTRUMENTS, command.instrument)
    unit = require_party(state, instrument.unit, PartyKind.UNIT)
    require_own_or_operator(state, command.actor, unit.code)
    charge_unit = checked_choice(ChargeUnit, command.charge_unit, "计费单位", "charge unit")
    user_class = checked_choice(UserClass, command.user_class, "用户类别", "user class")
    effective_from = checked_date(command.effective_from, "施行日期", "first day")

    steps = state.one(TARIFF_CHANGES, instrument.code).steps
    step, price_fen = steps.get((charge_unit, user_class, effective_from), (0, 0))
    if effective_from < today:
        raise TariffBackdated(effective_from=effective_from, today=today)
    if step and effective_from == today:
        raise TariffInForce(effective_from=effective_from, price_fen=price_fen)

    row = TariffTable(
        instrument=instrument.code,
        charge_unit=charge_unit.value,
        user_class=user_class.value,
        effective_from=effective_from,
        step=step + 1,
        price_fen=whole_amount(command.price_fen),
        set_on=today,
    )
    return Effects({"instrument": instrument.code, "effective_from": effective_from}, rows=(row,))


USE_CASE = UseCase(SetTariff, reads, decide)
