"""What commands have in common: the language they speak, and the books they open."""

import os
from pathlib import Path
from typing import Annotated

import typer

from policies.kernel.errors import Language

LANGUAGE_VARIABLE = "LEDGER_LANG"

Data = Annotated[
    Path | None,
    typer.Option(
        "--data", metavar="DIR", help="Data directory of the embedded database (default: $LEDGER_DATA).  数据目录"
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.  只输出一个 JSON 对象")]


def language() -> Language:
    """Chinese first; English when `--lang en` or LEDGER_LANG asks for it."""
    return "en" if os.environ.get(LANGUAGE_VARIABLE, "").lower().startswith("en") else "zh"


def choose_language(chosen: Language) -> None:
    """For the rest of this process and whatever it starts."""
    os.environ[LANGUAGE_VARIABLE] = chosen


def in_language(*, zh: str, en: str) -> str:
    """The sentence in the reader's language."""
    return zh if language() == "zh" else en
