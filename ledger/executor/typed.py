"""Is every field of a command what it is declared to be? Callers that no type checker has seen send anything.  (pure)

What is not would become a fault of ours somewhere on the way, or worse, a row. Here it gets its sentence, before
anything is read. Finer sentences, such as those of amounts out of range, are the slices' own.
"""

import dataclasses
from collections.abc import Callable, Sequence
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


Check = Callable[[str, object], None]
"""Refuses a value that is not what a field of this name is declared to be."""


def check_declared(command: Command) -> None:
    """Refuse the first field that is not of its declared type, naming it with its value."""
    _check_fields(command)


def _check_fields(whole: object) -> None:
    kind: type = type(whole)
    for field, check in _checks(kind).items():
        check(field, getattr(whole, field))


@cache
def _checks(kind: type) -> dict[str, Check]:
    """The check of each field, made once per class: every command passes here."""
    hints = get_type_hints(kind)
    return {field.name: _check_of(hints[field.name]) for field in dataclasses.fields(kind)}


def _check_of(declared: Any) -> Check:  # noqa: ANN401  any annotation
    origin, parts = get_origin(declared), get_args(declared)
    if origin in {Union, UnionType} and NoneType in parts and len(parts) == 2:  # noqa: PLR2004  it, or nothing
        return _or_nothing(_check_of(next(part for part in parts if part is not NoneType)))
    if origin is tuple:
        return _list_of(parts)
    if isinstance(declared, type) and dataclasses.is_dataclass(declared):
        return _whole_of(declared)
    if isinstance(declared, type) and issubclass(declared, StrEnum):
        return _text
    if declared in _PLAIN:
        return _PLAIN[declared]
    raise TypeError(f"a command declares a field as {declared}, and nobody has said what may stand there")


def _or_nothing(check: Check) -> Check:
    def or_nothing(field: str, value: object) -> None:
        if value is not None:
            check(field, value)

    return or_nothing


def _list_of(parts: tuple[Any, ...]) -> Check:
    if parts[-1] is Ellipsis:
        each = _check_of(parts[0])

        def list_of(field: str, value: object) -> None:
            for item in _listed(field, value):
                each(field, item)

        return list_of

    checks = [_check_of(part) for part in parts]
    so_many = Words(f"{len(checks)} 项的列表", f"a list of {len(checks)}")

    def row_of(field: str, value: object) -> None:
        items = _listed(field, value)
        if len(items) != len(checks):
            raise FieldUnreadable(field, so_many, value)
        for check, item in zip(checks, items, strict=True):
            check(field, item)

    return row_of


def _listed(field: str, value: object) -> Sequence[object]:
    if not isinstance(value, tuple | list):
        raise FieldUnreadable(field, LIST, value)
    return value


def _whole_of(declared: type) -> Check:
    names = ", ".join(_checks(declared))
    expected = Words(f"含 {names} 的一项", f"one thing with {names}")

    def whole_of(field: str, value: object) -> None:
        if type(value) is not declared:
            raise FieldUnreadable(field, expected, value)
        _check_fields(value)

    return whole_of


def _text(field: str, value: object) -> None:
    if not isinstance(value, str) or "\0" in value or not _encodable(value):
        raise FieldUnreadable(field, TEXT, value)


def _encodable(text: str) -> bool:
    """Whether it holds no half of a character."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _yes_or_no(field: str, value: object) -> None:
    if not isinstance(value, bool):
        raise FieldUnreadable(field, YES_OR_NO, value)


def _day(field: str, value: object) -> None:
    if type(value) is not date:
        raise DateUnreadable(what_zh=field, what_en=field, value=shown(value))


def _instant(field: str, value: object) -> None:
    if not isinstance(value, datetime):
        raise FieldUnreadable(field, INSTANT, value)


def _whole_number(field: str, value: object) -> None:
    if isinstance(value, float | Decimal):
        raise NumberNotWhole(field=field, value=shown(value))
    amount = field.endswith("_fen")
    if not is_whole(value):
        raise AmountNotWhole(value=shown(value)) if amount else FieldUnreadable(field, WHOLE, value)
    if abs(value) >= WHOLE_LESS_THAN:
        raise (
            AmountOutOfRange(value=shown(value), largest=AMOUNT_MAX) if amount else FieldUnreadable(field, WHOLE, value)
        )


_PLAIN: dict[type, Check] = {str: _text, int: _whole_number, bool: _yes_or_no, date: _day, datetime: _instant}
