"""The legal documents that values cite. A document number that is not known is said to be unknown, never invented."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import get_args

from policies.kernel.derivation import Confidence
from policies.kernel.refusals import InvalidPolicy
from policies.kernel.words import Words

CONFIDENCES = frozenset(get_args(Confidence))

REQUIRED = {"title_zh": str, "title_en": str, "issuer_zh": str, "issuer_en": str, "found": str, "confidence": str}
OPTIONAL = {
    "number": str,
    "number_unknown_zh": str,
    "number_unknown_en": str,
    "issued_on": date,
    "in_force_from": date,
    "in_force_until": date,
    "note_zh": str,
    "note_en": str,
}


@dataclass(frozen=True, slots=True)
class Source:
    """One document: what it is, who issued it, where we found it and how sure we are."""

    key: str
    title: Words
    issuer: Words
    found: str
    confidence: Confidence
    number: str | None
    """Document number as printed (京政办发〔2014〕35号); None where it is not known."""
    number_unknown: Words | None
    """Why there is no number."""
    issued_on: date | None
    in_force_from: date | None
    in_force_until: date | None
    note: Words | None


@cache
def sources() -> Mapping[str, Source]:
    """The documents shipped with the package."""
    return load_sources(read_text("sources.toml"), "policies/sources.toml")


def read_text(name: str) -> str:
    """A file of the package as text; bytes that are no UTF-8 are refused with their line."""
    data = files("policies").joinpath(*name.split("/")).read_bytes()
    try:
        return data.decode()
    except UnicodeDecodeError as fault:
        at = f"policies/{name}:{data[: fault.start].count(10) + 1}"
        raise InvalidPolicy((Words(f"{at}：不是 UTF-8 文字", f"{at}: not UTF-8 text"),)) from None


def load_sources(text: str, path: str) -> dict[str, Source]:
    """Read a source file, or refuse it with every problem named by file and line."""
    try:
        tables = tomllib.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError) as fault:
        raise InvalidPolicy(
            (Words(f"{path}：TOML 无法读取（{fault}）", f"{path}: TOML cannot be read ({fault})"),)
        ) from None
    problems: list[Words] = []
    found: dict[str, Source] = {}
    for key, table in tables.items():
        where = f"{path}:{_line_of(text, key)}"
        wrong = _problems(key, table, where)
        problems += wrong
        if not wrong:
            found[key] = _source(key, table)
    if problems:
        raise InvalidPolicy(tuple(problems))
    return found


def _problems(key: str, table: object, where: str) -> list[Words]:
    if not isinstance(table, dict):
        return [Words(f"{where}：“{key}”应为一个表", f"{where}: “{key}” should be a table")]
    wrong = [
        Words(f"{where}：“{key}”缺少 {name}", f"{where}: “{key}” lacks {name}")
        for name in REQUIRED
        if name not in table
    ]
    for name, value in table.items():
        kind = (REQUIRED | OPTIONAL).get(name)
        if kind is None:
            wrong.append(Words(f"{where}：“{key}”有未知的键 {name}", f"{where}: “{key}” has an unknown key {name}"))
        elif type(value) is not kind:
            wrong.append(Words(f"{where}：“{key}”的 {name} 类型不对", f"{where}: {name} of “{key}” has the wrong type"))
    unknown = {"number_unknown_zh", "number_unknown_en"} & table.keys()
    if len(unknown) != (0 if "number" in table else 2):
        wrong.append(
            Words(
                f"{where}：“{key}”须写明文号 number，或以 number_unknown_zh、number_unknown_en 说明为何没有",
                f"{where}: “{key}” needs its number, or number_unknown_zh and _en saying why there is none",
            )
        )
    if isinstance(table.get("confidence"), str) and table["confidence"] not in CONFIDENCES:
        wrong.append(
            Words(
                f"{where}：“{key}”的 confidence 不在 {sorted(CONFIDENCES)} 之中",
                f"{where}: the confidence of “{key}” is none of {sorted(CONFIDENCES)}",
            )
        )
    return wrong


def _source(key: str, table: dict[str, object]) -> Source:
    def text(name: str) -> str:
        return str(table[name])

    def day(name: str) -> date | None:
        value = table.get(name)
        return value if isinstance(value, date) else None

    def words(name: str) -> Words | None:
        both = f"{name}_zh" in table and f"{name}_en" in table
        return Words(text(f"{name}_zh"), text(f"{name}_en")) if both else None

    confidence: Confidence = table["confidence"]  # type: ignore[assignment]  # checked above against the literal
    return Source(
        key=key,
        title=Words(text("title_zh"), text("title_en")),
        issuer=Words(text("issuer_zh"), text("issuer_en")),
        found=text("found"),
        confidence=confidence,
        number=text("number") if "number" in table else None,
        number_unknown=words("number_unknown"),
        issued_on=day("issued_on"),
        in_force_from=day("in_force_from"),
        in_force_until=day("in_force_until"),
        note=words("note"),
    )


def _line_of(text: str, key: str) -> int:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip().replace('"', "").startswith((f"[{key}]", f"{key} =", f"[[{key}]]")):
            return number
    return 1
