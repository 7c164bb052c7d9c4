"""Instruments of units.  (pure)"""

from collections.abc import Iterator, Sequence

from api.imports.cells import fen, text
from api.imports.columns import ASSET_NUMBER, UNIT
from api.imports.sheets import By, Column, Lookups, Sheet, Values
from ledger.executor.commands import Command
from ledger.registry.register_instrument import RegisterInstrument
from policies.kernel.words import Words

LITTLE_FEN, MUCH_FEN = 1_000_00, 1_000_000_000_00
"""Below and above which an original value looks as if it were written in another unit. No rule: only worth a look."""


def commands(values: Values, by: By, key: str, _lookups: Lookups) -> Sequence[Command]:
    return [by.command(RegisterInstrument, key, **values)]


def warnings(values: Values) -> Iterator[Words]:
    value = values.get("original_value_fen")
    if isinstance(value, int) and not LITTLE_FEN <= value <= MUCH_FEN:
        yield Words("原值是否以元填写？请核对。", "Is the original value in yuan? Check it.")


SHEET = Sheet(
    "instruments",
    Words("仪器", "instruments"),
    (
        UNIT,
        ASSET_NUMBER,
        Column("name", Words("仪器名称", "name"), text, Words("中文名称", "Its name"), "场发射扫描电子显微镜"),
        Column(
            "category",
            Words("仪器类别", "category"),
            text,
            Words("分类编码或名称", "Code or name of its class"),
            "030122",
        ),
        Column(
            "original_value_fen",
            Words("原值（元）", "original value (yuan)"),
            fen,
            Words("以元为单位，不是万元", "In yuan"),
            "678100.00",
        ),
    ),
    commands,
    warnings,
)
