"""What commands have in common: the language they speak, and the books they open."""

import os
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from policies.kernel.errors import Invalid, Language
from policies.kernel.facts import iso_date, shown

LANGUAGE_VARIABLE = "LEDGER_LANG"

Data = Annotated[
    Path | None,
    typer.Option(
        "--data", metavar="DIR", help="Data directory of the embedded database (default: $LEDGER_DATA).  数据目录"
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.  只输出一个 JSON 对象")]


class NoSuchDay(Invalid):
    zh = "{option} 须为真实存在的日期，如 2026-09-01，不能是 {given}。"
    en = "{option} must be a date that exists, such as 2026-09-01, not {given}."


def the_day(option: str, text: str) -> date:
    """An option that must be a date."""
    day = iso_date(text)
    if day is None:
        raise NoSuchDay(option=option, given=shown(text))
    return day


def language() -> Language:
    """Chinese first; English when `--lang en` or LEDGER_LANG asks for it."""
    return "en" if os.environ.get(LANGUAGE_VARIABLE, "").lower().startswith("en") else "zh"


def choose_language(chosen: Language) -> None:
    """For the rest of this process and whatever it starts."""
    os.environ[LANGUAGE_VARIABLE] = chosen


def in_language(*, zh: str, en: str) -> str:
    """The sentence in the reader's language."""
    return zh if language() == "zh" else en
