"""The facts of a case: declared with their types, read strictly, and every fault named at once."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from policies.kernel.derivation import Rows, Scalar, Step, canonical_json
from policies.kernel.errors import Invalid
from policies.kernel.figures import Figure, Ratio, Told
from policies.kernel.refusals import InvalidFacts
from policies.kernel.rounding import WHOLE_MAX
from policies.kernel.words import Words

CITY = ZoneInfo("Asia/Shanghai")
"""Days and instants are the city's."""
FACTS_BYTES_MAX = 8 * 2**20
"""Largest file of facts, in bytes."""
DIGITS_MAX = 30
"""Longest whole number that is read, in digits."""
RATE_DIGITS_MAX = 200
"""Longest rate that is read, in characters."""
SHOWN_MAX = 60
"""Longest piece of a wrong value that is repeated in the sentence about it, in characters."""

ROWS_MAX = 10_000
"""Most rows of a table."""
UNKNOWN_SHOWN_MAX = 20
"""Most unknown facts that are named one by one."""

Kind = Literal["whole", "flag", "rate", "day", "instant", "key", "rows"]

EXPECTED: dict[Kind, Words] = {
    "whole": Words(
        "须为 {least} 至 {largest} 的整数（单位：{unit}）", "must be a whole number from {least} to {largest} ({unit})"
    ),
    "flag": Words("须为 true 或 false", "must be true or false"),
    "rate": Words(
        '须为小数文字，如 "0.05"，不小于 0 且小于 1', 'must be decimal text such as "0.05", at least 0 and less than 1'
    ),
    "day": Words(
        '须为真实存在的日期文字，如 "2026-09-01"', 'must be text for a date that exists, such as "2026-09-01"'
    ),
    "instant": Words(
        '须为时刻文字，如 "2026-09-01T09:00:00+08:00"；未写时区的为北京时间',
        'must be text for an instant, such as "2026-09-01T09:00:00+08:00"; without an offset it is Beijing time',
    ),
    "key": Words("须为文字", "must be text"),
    "rows": Words(
        "须为最多 {largest} 行的表，各列为 {columns}", "must be a table of at most {largest} rows with {columns}"
    ),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One declared fact."""

    name: str
    kind: Kind
    words: Words
    unit: str
    required: bool = True
    least: int = 0
    largest: int = WHOLE_MAX
    columns: "tuple[Fact, ...]" = ()
    """Of a table."""

    @property
    def expected(self) -> Words:
        zh, en = EXPECTED[self.kind]
        columns = ", ".join(column.name for column in self.columns)
        bounds = {"least": self.least, "largest": self.largest, "unit": self.unit, "columns": columns}
        return Words(zh.format(**bounds), en.format(**bounds))

    def as_json(self) -> dict[str, object]:
        """As a calculator tells what it needs to know."""
        return {
            "name": self.name,
            "unit": self.unit,
            "required": self.required,
            "label_zh": self.words.zh,
            "label_en": self.words.en,
            "columns": [column.as_json() for column in self.columns],
        }


def fen(name: str, zh: str, en: str, *, required: bool = True, least: int = 0) -> Fact:
    """An amount in whole fen."""
    return Fact(name, "whole", Words(zh, en), "fen", required, least=least)


def count(
    name: str,
    zh: str,
    en: str,
    unit: str = "count",
    *,
    required: bool = True,
    least: int = 0,
    largest: int = WHOLE_MAX,
) -> Fact:
    """A whole number of something."""
    return Fact(name, "whole", Words(zh, en), unit, required, least=least, largest=largest)


def flag(name: str, zh: str, en: str) -> Fact:
    return Fact(name, "flag", Words(zh, en), "flag")


def rate(name: str, zh: str, en: str) -> Fact:
    """A rate as decimal text, 0 ≤ r < 1."""
    return Fact(name, "rate", Words(zh, en), "ratio")


def day(name: str, zh: str, en: str) -> Fact:
    return Fact(name, "day", Words(zh, en), "date")


def key(name: str, zh: str, en: str) -> Fact:
    return Fact(name, "key", Words(zh, en), "key")


def instant(name: str, zh: str, en: str) -> Fact:
    """A moment, kept as the city's clock shows it."""
    return Fact(name, "instant", Words(zh, en), "instant")


def rows(name: str, zh: str, en: str, *columns: Fact, required: bool = True) -> Fact:
    """A table, each row with the same columns."""
    return Fact(name, "rows", Words(zh, en), "table", required, largest=ROWS_MAX, columns=columns)


@dataclass(frozen=True, slots=True)
class NotExact:
    """A JSON number that is no whole number of ordinary size: a fraction, NaN, thousands of digits."""

    text: str


@dataclass(frozen=True, slots=True)
class Given:
    """The facts of one case, checked; each is a leaf of the derivation."""

    schema: Mapping[str, Fact]
    values: Mapping[str, Scalar | Rows]
    """As they are stored: whole numbers, true and false, rates and dates as text; tables as rows of these."""
    prefix: str = ""
    """Of a row of a table: where it stands."""

    def has(self, name: str) -> bool:
        return name in self.values

    def figure(self, name: str) -> Figure:
        value = self.values[name]
        if not isinstance(value, int):
            raise TypeError(f"{name} is no whole number")
        return Figure(value, self._leaf(name))

    def flag(self, name: str) -> Told:
        return Told(self._scalar(name), self._leaf(name))

    def key(self, name: str) -> Told:
        return Told(self._scalar(name), self._leaf(name))

    def rows(self, name: str) -> "tuple[Given, ...]":
        """The rows of a table, in their order."""
        value, columns = self.values[name], {column.name: column for column in self.schema[name].columns}
        if not isinstance(value, list):
            raise TypeError(f"{name} is no table")
        return tuple(Given(columns, row, f"{name}[{number}].") for number, row in enumerate(value))

    def together(self, name: str) -> Step:
        """A table as one leaf: how many rows it has, and the hash of them all."""
        rows = self.values[name]
        digest = hashlib.sha256(canonical_json(rows)).hexdigest()
        fact, count = self.schema[name], len(rows) if isinstance(rows, list) else 0
        return Step(fact.words, "fact", count, "count", name=f"{self.prefix}{name}", note=Words(digest, digest))

    def rate(self, name: str) -> Ratio:
        return Ratio(_exact(str(self.values[name])), self._leaf(name))

    def day(self, name: str) -> tuple[date, Step]:
        return date.fromisoformat(str(self.values[name])), self._leaf(name)

    def instant(self, name: str) -> tuple[datetime, Step]:
        return datetime.fromisoformat(str(self.values[name])), self._leaf(name)

    def _leaf(self, name: str) -> Step:
        fact = self.schema[name]
        return Step(fact.words, "fact", self._scalar(name), fact.unit, name=f"{self.prefix}{name}")

    def _scalar(self, name: str) -> Scalar:
        value = self.values[name]
        if isinstance(value, list):
            raise TypeError(f"{name} is a table")
        return value


def checked(policy: str, schema: tuple[Fact, ...], facts: Mapping[str, object]) -> Given:
    """The facts as declared, or `InvalidFacts` naming every unknown, missing and wrong one."""
    by_name = {fact.name: fact for fact in schema}
    unknown = [name for name in facts if name not in by_name]
    known = ", ".join(by_name)
    problems = [
        Words(f"未知的事实 {shown(name)}（可用：{known}）", f"unknown fact {shown(name)} (known: {known})")
        for name in unknown[:UNKNOWN_SHOWN_MAX]
    ]
    if more := len(unknown) - len(problems):
        problems.append(Words(f"另有 {more} 个未知的事实", f"{more} more unknown facts"))
    values: dict[str, Scalar | Rows] = {}
    for name, fact in by_name.items():
        if fact.kind == "rows" and isinstance(facts.get(name), list | tuple):
            table, faults = _read_rows(fact, facts[name])
            values[name] = table
            problems += faults
            continue
        if name not in facts:
            if fact.required:
                problems.append(Words(f"缺少 {name}，{fact.expected.zh}", f"{name} is missing; it {fact.expected.en}"))
            continue
        value = read_fact(fact, facts[name])
        if value is None:
            got = shown(facts[name])
            problems.append(Words(f"{name} {fact.expected.zh}，不能是 {got}", f"{name} {fact.expected.en}, not {got}"))
        else:
            values[name] = value
    if problems:
        raise InvalidFacts(policy, tuple(problems))
    return Given(by_name, values)


def _read_rows(fact: Fact, value: object) -> tuple[Rows, list[Words]]:
    """A table as it is stored, and what is wrong with it, by row; the first few faults are named."""
    if not isinstance(value, list | tuple) or len(value) > fact.largest:
        return [], [Words(f"{fact.name} {fact.expected.zh}", f"{fact.name} {fact.expected.en}")]
    table: Rows = []
    faults: list[Words] = []
    for number, row in enumerate(value):
        if not isinstance(row, Mapping):
            place = f"{fact.name}[{number}]"
            faults.append(Words(f"{place} 须为一行", f"{place} must be a row with columns"))
            continue
        try:
            table.append(dict(_scalars(checked("", fact.columns, row))))
        except InvalidFacts as wrong:
            faults += [
                Words(f"{fact.name}[{number}]：{one.zh}", f"{fact.name}[{number}]: {one.en}") for one in wrong.problems
            ]
        if len(faults) >= UNKNOWN_SHOWN_MAX:
            break
    return table, faults


def _scalars(given: Given) -> Mapping[str, Scalar]:
    return {name: value for name, value in given.values.items() if not isinstance(value, list)}


def read_fact(fact: Fact, value: object) -> Scalar | None:
    """The value as it is stored, or None where it is not what the fact declares."""
    if fact.kind == "rows":
        return None
    if fact.kind == "whole":
        return value if type(value) is int and fact.least <= value <= fact.largest else None
    if fact.kind == "flag":
        return value if isinstance(value, bool) else None
    return _READ[fact.kind](value)


def _key(value: object) -> str | None:
    if not isinstance(value, str) or not value.strip() or not value.isprintable() or len(value) > SHOWN_MAX:
        return None
    return value


def _rate(value: object) -> str | None:
    text = f"{value:f}" if isinstance(value, Decimal) and value.is_finite() else value
    if not isinstance(text, str) or len(text) > RATE_DIGITS_MAX or not re.fullmatch(r"[0-9]+(\.[0-9]+)?", text):
        return None
    return text if _exact(text) < 1 else None


@lru_cache(maxsize=256)
def _exact(text: str) -> Fraction:
    """A rate as a fraction: a year has few of them, and thousands of bills."""
    return Fraction(text)


def _day(value: object) -> str | None:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    parsed = iso_date(value) if isinstance(value, str) else None
    return parsed.isoformat() if parsed else None


def _instant(value: object) -> str | None:
    """As the city's clock shows it, to the second or finer; one without an offset is taken as shown by that clock."""
    if isinstance(value, str):
        value = iso_instant(value)
    if not isinstance(value, datetime):
        return None
    try:
        shown_here = value.astimezone(CITY) if value.tzinfo else value.replace(tzinfo=CITY)
    except OverflowError:  # hours before the year 1, or after the year 9999
        return None
    return shown_here.isoformat()


_READ: Mapping[Kind, Callable[[object], str | None]] = {
    "rate": _rate,
    "day": _day,
    "instant": _instant,
    "key": _key,
}


def iso_instant(text: str) -> datetime | None:
    """The instant written as YYYY-MM-DDThh:mm[:ss[.ffffff]] with or without an offset, or None where it is not one."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?", text, re.ASCII):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def iso_date(text: str) -> date | None:
    """The date written as YYYY-MM-DD, or None where it is written otherwise or does not exist (2017-02-30)."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def shown(value: object) -> str:
    """A wrong value as it can safely stand in a sentence: short, and nothing unprintable."""
    if isinstance(value, NotExact):
        text = value.text
    elif value is None or isinstance(value, bool):
        text = json.dumps(value)
    elif isinstance(value, str):
        text = json.dumps(value, ensure_ascii=not value.isprintable())
    elif isinstance(value, int):
        text = str(value) if abs(value) < 10**DIGITS_MAX else f"a number of {value.bit_length()} bits"
    elif isinstance(value, dict):
        text = "{…}"
    elif isinstance(value, list | tuple):
        text = "[…]"
    else:
        text = ascii(value)
    return text if len(text) <= SHOWN_MAX else f"{text[:SHOWN_MAX]}…"


class FactsNotReadable(Invalid):
    zh = '事实文件无法读取：{reason_zh}。请给出一个 JSON 对象，如 {{"requested_fen": 6800000}}。'
    en = 'The facts cannot be read: {reason_en}. Give one JSON object such as {{"requested_fen": 6800000}}.'

    def __init__(self, reason: Words) -> None:
        super().__init__(reason_zh=reason.zh, reason_en=reason.en)


class _DuplicateKey(ValueError):
    pass


def facts_from_json(data: bytes) -> dict[str, object]:
    """The JSON object in `data`, read strictly: no doubled keys, and no number passes through a float."""
    if len(data) > FACTS_BYTES_MAX:
        raise FactsNotReadable(Words(f"超过 {FACTS_BYTES_MAX} 字节", f"more than {FACTS_BYTES_MAX} bytes"))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise FactsNotReadable(
            Words(f"第 {fault.start} 字节起不是 UTF-8", f"not UTF-8 from byte {fault.start}")
        ) from None
    try:
        value = json.loads(
            text,
            parse_float=NotExact,
            parse_constant=NotExact,
            parse_int=lambda digits: int(digits) if len(digits) <= DIGITS_MAX else NotExact(digits),
            object_pairs_hook=_without_doubles,
        )
    except _DuplicateKey as doubled:
        raise FactsNotReadable(Words(f"键 {doubled} 出现两次", f"the key {doubled} stands there twice")) from None
    except RecursionError:
        raise FactsNotReadable(Words("嵌套过深", "nested too deeply")) from None
    except json.JSONDecodeError as fault:
        at = Words(
            f"第 {fault.lineno} 行第 {fault.colno} 列不是 JSON", f"no JSON at line {fault.lineno}, column {fault.colno}"
        )
        raise FactsNotReadable(at) from None
    if not isinstance(value, dict):
        raise FactsNotReadable(Words("不是 JSON 对象", "not a JSON object"))
    return value


def _without_doubles(pairs: list[tuple[str, object]]) -> dict[str, object]:
    read: dict[str, object] = {}
    for name, value in pairs:
        if name in read:
            raise _DuplicateKey(shown(name))
        read[name] = value
    return read
