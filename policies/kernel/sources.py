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
    "number_unknown": str,
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
    issued_on: date | None
    in_force_from: date | None
    in_force_until: date | None
    note: Words | None


@cache
def sources() -> Mapping[str, Source]:
    """The documents shipped with the package."""
    path = files("policies") / "sources.toml"
    return load_sources(path.read_text(encoding="utf-8"), "policies/sources.toml")


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
    if ("number" in table) == ("number_unknown" in table):
        wrong.append(
            Words(
                f"{where}：“{key}”须写明文号 number，或以 number_unknown 说明为何没有（二者取一）",
                f"{where}: “{key}” needs either its number, or number_unknown saying why there is none",
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

    note = Words(text("note_zh"), text("note_en")) if "note_zh" in table and "note_en" in table else None
    confidence: Confidence = table["confidence"]  # type: ignore[assignment]  # checked above against the literal
    return Source(
        key=key,
        title=Words(text("title_zh"), text("title_en")),
        issuer=Words(text("issuer_zh"), text("issuer_en")),
        found=text("found"),
        confidence=confidence,
        number=text("number") if "number" in table else None,
        issued_on=day("issued_on"),
        in_force_from=day("in_force_from"),
        in_force_until=day("in_force_until"),
        note=note,
    )


def _line_of(text: str, key: str) -> int:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip().replace('"', "").startswith((f"[{key}]", f"{key} =", f"[[{key}]]")):
            return number
    return 1
