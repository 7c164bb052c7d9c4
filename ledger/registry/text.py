"""What every value of a command must be before anybody decides on it.  (pure)

What cannot be read is `Invalid`, not refused: a refusal is kept for ever with its request; this is not worth keeping.
"""

import dataclasses
import unicodedata
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from ledger.amounts import shown
from ledger.errors import Invalid
from ledger.executor.commands import Command, Keys
from ledger.executor.typed import DateUnreadable, NumberNotWhole

__all__ = [
    "NAME_LENGTH_MAX",
    "TEXT_LENGTH_MAX",
    "ChoiceUnknown",
    "DateUnreadable",
    "NotText",
    "NumberNotWhole",
    "TextMissing",
    "TextTooLong",
    "TextUnprintable",
    "checked_choice",
    "checked_date",
    "checked_name",
    "readable",
    "shown",
]

E = TypeVar("E", bound=StrEnum)

NAME_LENGTH_MAX = 200
TEXT_LENGTH_MAX = 2_000
"""Of any text in a command, in characters."""

UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
"""Controls, invisible and direction-changing marks, halves of characters, private ones, line separators."""


class TextMissing(Invalid):
    zh = "{what_zh}没有填写。请填写后再提交。"
    en = "The {what_en} is missing. Fill it in and send again."


class TextTooLong(Invalid):
    zh = "{what_zh}有 {length} 个字符，最多 {longest} 个：“{value}”。请缩短。"
    en = "The {what_en} has {length} characters, and {longest} are the most: “{value}”. Shorten it."


class TextUnprintable(Invalid):
    zh = "{what_zh}第 {place} 个字符（{code_point}）不能打印：“{value}”。请删去后再提交。"
    en = "Character {place} of the {what_en} ({code_point}) cannot be printed: “{value}”. Remove it and send again."


class NotText(Invalid):
    zh = "{what_zh}应为文字，现为“{value}”。"
    en = "The {what_en} is to be text, not “{value}”."


class ChoiceUnknown(Invalid):
    zh = "{what_zh}“{value}”不在可选范围内。可选：{choices}。"
    en = "“{value}” is no {what_en}. Choose one of: {choices}."


def readable(command: Command, keys: Keys) -> Keys:
    """The keys, once everything in the command can be read; the first that cannot is named by its field."""
    for field, value in _values(command):
        if isinstance(value, str):
            _check(value, field, field, TEXT_LENGTH_MAX)
        elif isinstance(value, float | Decimal):
            raise NumberNotWhole(field=field, value=value)
    return keys


def checked_name(value: object, what_zh: str, what_en: str, longest: int = NAME_LENGTH_MAX) -> str:
    """A name without blanks around it: present, printable, not too long."""
    if not isinstance(value, str):
        raise NotText(what_zh=what_zh, what_en=what_en, value=shown(value))
    name = value.strip()
    if not name:
        raise TextMissing(what_zh=what_zh, what_en=what_en)
    _check(name, what_zh, what_en, longest)
    return name


def checked_choice(kind: type[E], value: str, what_zh: str, what_en: str) -> E:
    """A word of a closed list."""
    try:
        return kind(value)
    except ValueError:
        raise ChoiceUnknown(
            what_zh=what_zh, what_en=what_en, value=shown(value), choices=", ".join(word.value for word in kind)
        ) from None


def checked_date(value: object, what_zh: str, what_en: str) -> date:
    """A calendar date; an instant is none."""
    if type(value) is not date:
        raise DateUnreadable(what_zh=what_zh, what_en=what_en, value=shown(value))
    return value


def _check(text: str, what_zh: str, what_en: str, longest: int) -> None:
    if len(text) > longest:
        raise TextTooLong(what_zh=what_zh, what_en=what_en, length=len(text), longest=longest, value=shown(text))
    if text.isprintable():  # Nothing but letters, marks, figures, signs and the blank: no need to look at each.
        return
    for place, letter in enumerate(text, start=1):
        if unicodedata.category(letter) in UNPRINTABLE:
            code_point = f"U+{ord(letter):04X}"
            raise TextUnprintable(
                what_zh=what_zh, what_en=what_en, place=place, code_point=code_point, value=shown(text)
            )


def _values(value: object, field: str = "") -> Iterator[tuple[str, object]]:
    """Every plain value in a command, with the name of its field."""
    if isinstance(value, tuple | list):
        for item in value:
            yield from _values(item, field)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for part in dataclasses.fields(value):
            yield from _values(getattr(value, part.name), part.name)
    else:
        yield field, value
