"""Columns that several kinds of sheets share.  (pure)"""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from api.imports.cells import choice, text
from api.imports.sheets import Column
from ledger.registry.uscc import checked_uscc
from policies.kernel.words import Words


def code(field: str, words: Words, note: Words, example: str) -> Column:
    """A unified social credit code, by both its check characters."""
    return Column(field, words, lambda cell: checked_uscc(text(cell)), note, example)


def optional(column: Column) -> Column:
    return replace(column, required=False)


def choose(field: str, words: Words, choices: Mapping[str, Words], example: str) -> Column:
    """One of several words; the note lists them."""
    note = Words(
        "可选：" + "、".join(one.zh for one in choices.values()),
        "One of: " + ", ".join(one.en for one in choices.values()),
    )
    return Column(field, words, partial(choice, choices=choices), note, example)


UNIT = code(
    "unit",
    Words("管理单位代码", "unit"),
    Words("管理单位的统一社会信用代码", "Unified social credit code of the unit"),
    "12110000400687411U",
)
ASSET_NUMBER = Column(
    "asset_number",
    Words("资产编号", "asset number"),
    text,
    Words("单位自己的资产编号", "The unit's own number"),
    "ZC-2016-0012",
)
