"""Worked examples: the tests of the policies and what the public is shown, from one set of files."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from importlib.resources import files

from policies.kernel.words import Words

SLICES = ("calendar", "customs", "equity", "evaluation", "fees", "obligations", "registry", "subsidies", "vouchers")


@dataclass(frozen=True, slots=True)
class Case:
    """One example: the facts, and either the result or the code of the refusal."""

    file: str
    name: Words
    policy: str
    on: date
    known_on: date
    facts: Mapping[str, object]
    result: Mapping[str, object] | None
    refusal: str | None


def cases() -> Iterator[Case]:
    """All examples of all slices, in the order of their files."""
    for slice_name in SLICES:
        folder = files("policies") / slice_name / "cases"
        for path in sorted(folder.iterdir(), key=lambda path: path.name):
            if path.name.endswith(".toml"):
                yield from _read(f"{slice_name}/{path.name}", path.read_text(encoding="utf-8"))


def _read(file: str, text: str) -> Iterator[Case]:
    for table in tomllib.loads(text, parse_float=Decimal)["case"]:
        expect = table["expect"]
        refusal = expect.get("refusal")
        yield Case(
            file=file,
            name=Words(table["name_zh"], table["name_en"]),
            policy=table["policy"],
            on=table["on"],
            known_on=table["known_on"],
            facts=table["facts"],
            result=None if refusal else expect,
            refusal=refusal,
        )
