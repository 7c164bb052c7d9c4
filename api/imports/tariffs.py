"""Prices of instruments, from a day on.  (pure)"""

from collections.abc import Mapping, Sequence

from api.imports.cells import day, fen
from api.imports.columns import ASSET_NUMBER, UNIT, choose
from api.imports.sheets import By, Column, Lookups, Sheet, Values
from api.imports.uses import named_instrument
from ledger.executor.commands import Command
from ledger.registry.set_tariff import SetTariff
from ledger.registry.values import ChargeUnit, UserClass
from policies.kernel.words import Words

CHARGE_UNITS: Mapping[str, Words] = {
    ChargeUnit.HOUR: Words("小时", "hour"),
    ChargeUnit.SAMPLE: Words("样品", "sample"),
    ChargeUnit.SERVICE: Words("项", "service"),
}
USER_CLASSES: Mapping[str, Words] = {
    UserClass.INTERNAL: Words("内部", "internal"),
    UserClass.EXTERNAL: Words("外部", "external"),
    UserClass.SMALL: Words("小微企业和创业团队", "small"),
}


def commands(values: Values, by: By, key: str, lookups: Lookups) -> Sequence[Command]:
    return [
        by.command(
            SetTariff,
            key,
            instrument=named_instrument(values, lookups),
            charge_unit=ChargeUnit(str(values["charge_unit"])),
            user_class=UserClass(str(values["user_class"])),
            price_fen=values["price_fen"],
            effective_from=values["effective_from"],
        )
    ]


SHEET = Sheet(
    "tariffs",
    Words("收费标准", "tariffs"),
    (
        UNIT,
        ASSET_NUMBER,
        choose("charge_unit", Words("计费单位", "charge unit"), CHARGE_UNITS, "小时"),
        choose("user_class", Words("用户类别", "user class"), USER_CLASSES, "外部"),
        Column("price_fen", Words("单价（元）", "price (yuan)"), fen, Words("含税", "With VAT"), "300.00"),
        Column(
            "effective_from",
            Words("施行日期", "effective from"),
            day,
            Words("今天或以后", "Today or later"),
            "2026-07-01",
        ),
    ),
    commands,
)
