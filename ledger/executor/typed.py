"""Is every field of a command what it is declared to be? Callers that no type checker has seen send anything.  (pure)

What is not would become a fault of ours somewhere on the way, or worse, a row. Here it gets its sentence, before
anything is read. Finer sentences, such as those of amounts out of range, are the slices' own.
"""

import dataclasses
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from ledger.amounts import AMOUNT_MAX, AmountNotWhole, AmountOutOfRange, is_whole, shown
from ledger.errors import Invalid
from ledger.executor.commands import Command
from policies.kernel.words import Words

WHOLE_LESS_THAN = 2**63
"""What the books can hold in one number."""

TEXT = Words("可存储的文字", "text that can be stored")
WHOLE = Words("账簿容得下的整数", "a whole number that the books can hold")
YES_OR_NO = Words("是或否（true 或 false）", "true or false")
INSTANT = Words("带时区的时刻", "an instant with its time zone")
LIST = Words("列表", "a list")


class FieldUnreadable(Invalid):
    zh = "{field} 应为{expected_zh}，现为“{value}”。请改正后再提交。"
    en = "{field} is to be {expected_en}, not “{value}”. Correct it and send again."

    def __init__(self, field: str, expected: Words, value: object) -> None:
        super().__init__(field=field, expected_zh=expected.zh, expected_en=expected.en, value=shown(value))


class NumberNotWhole(Invalid):
    zh = '{field} 不能是“{value}”。金额和数量请填整数，比率请填文字，例如 "0.06"。'
    en = '{field} cannot be “{value}”. Write amounts and counts as whole numbers, rates as text such as "0.06".'


class DateUnreadable(Invalid):
    zh = "{what_zh}“{value}”不是日期。请按年-月-日填写，例如 2026-07-01。"
    en = "The {what_en} “{value}” is no date. Write year-month-day, for example 2026-07-01."


def check_declared(command: Command) -> None:
    """Refuse the first field that is not of its declared type, naming it with its value."""
    for field, declared, value in _fields(command):
        _check(field, declared, value)


def _fields(whole: object) -> Iterator[tuple[str, Any, object]]:
    kind: type = type(whole)
    for field, declared in _declared(kind).items():
        yield field, declared, getattr(whole, field)


@cache
def _declared(kind: type) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in dataclasses.fields(kind)}


def _check(field: str, declared: Any, value: object) -> None:  # noqa: ANN401  any annotation
    origin, parts = get_origin(declared), get_args(declared)
    if origin in {Union, UnionType} and NoneType in parts:
        if value is not None:
            (rest,) = (part for part in parts if part is not NoneType)
            _check(field, rest, value)
    elif origin is tuple:
        _check_list(field, parts, value)
    elif isinstance(declared, type) and dataclasses.is_dataclass(declared):
        if type(value) is not declared:
            parts_named = ", ".join(_declared(declared))
            raise FieldUnreadable(field, Words(f"含 {parts_named} 的一项", f"one thing with {parts_named}"), value)
        for part in _fields(value):
            _check(*part)
    else:
        _check_plain(field, declared, value)


def _check_list(field: str, parts: tuple[Any, ...], value: object) -> None:
    if not isinstance(value, tuple | list):
        raise FieldUnreadable(field, LIST, value)
    if parts[-1] is Ellipsis:
        parts = (parts[0],) * len(value)
    if len(parts) != len(value):
        raise FieldUnreadable(field, Words(f"{len(parts)} 项的列表", f"a list of {len(parts)}"), value)
    for part, item in zip(parts, value, strict=True):
        _check(field, part, item)


def _check_plain(field: str, declared: Any, value: object) -> None:  # noqa: ANN401  any annotation
    if declared is bool:
        if not isinstance(value, bool):
            raise FieldUnreadable(field, YES_OR_NO, value)
    elif declared is int:
        _check_whole(field, value)
    elif declared is date:
        if type(value) is not date:
            raise DateUnreadable(what_zh=field, what_en=field, value=shown(value))
    elif declared is datetime:
        if not isinstance(value, datetime):
            raise FieldUnreadable(field, INSTANT, value)
    elif declared is str or (isinstance(declared, type) and issubclass(declared, StrEnum)):
        if not isinstance(value, str) or "\0" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
            raise FieldUnreadable(field, TEXT, value)
    else:
        raise TypeError(f"{field} of a command is declared as {declared}, and nobody has said what may stand there")


def _check_whole(field: str, value: object) -> None:
    if isinstance(value, float | Decimal):
        raise NumberNotWhole(field=field, value=shown(value))
    amount = field.endswith("_fen")
    if not is_whole(value):
        raise AmountNotWhole(value=shown(value)) if amount else FieldUnreadable(field, WHOLE, value)
    if abs(value) >= WHOLE_LESS_THAN:
        raise (
            AmountOutOfRange(value=shown(value), largest=AMOUNT_MAX) if amount else FieldUnreadable(field, WHOLE, value)
        )
