"""`vledger calc`: the public calculators. One JSON object on standard output; no database is opened."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from api.cli.options import choose_language, language, the_day
from ledger.executor.clock import SystemClock, today
from policies.calculators import calculate, formulas
from policies.kernel.derivation import rendered
from policies.kernel.errors import Invalid, Language, Refused
from policies.kernel.facts import FACTS_BYTES_MAX, facts_from_json, shown

REFUSED = 1


class FactsNotFound(Invalid):
    zh = "无法读取事实文件 {path}：{reason}。用 - 表示标准输入。"
    en = "The file of facts {path} cannot be read: {reason}. Use - for standard input."


class NothingToCalculate(Invalid):
    zh = (
        "请写明政策、--on 日期和事实文件，例如："
        "vledger calc vouchers/beijing-2015 --on 2016-05-01 facts.json。现有政策：{known}。"
    )
    en = (
        "Name a policy, --on a date and a file of facts, for example: "
        "vledger calc vouchers/beijing-2015 --on 2016-05-01 facts.json. Known policies: {known}."
    )


def calc(
    policy: Annotated[str, typer.Argument(help="Policy, such as vouchers/beijing-2015.  政策")] = "",
    facts: Annotated[
        str, typer.Argument(help="File with the facts as one JSON object; - is standard input.  事实")
    ] = "",
    *,
    on: Annotated[str, typer.Option(help="Day of the fact, YYYY-MM-DD.  事实日期")] = "",
    known_on: Annotated[
        str | None, typer.Option(help="Rules enacted by this day count; default: today in Asia/Shanghai.  已知日期")
    ] = None,
    lang: Annotated[Language | None, typer.Option(help="zh or en.  语言")] = None,
    show_list: Annotated[bool, typer.Option("--list", help="The policies, their facts and results.  列出政策")] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="The derivation too, on standard error.  推导过程")
    ] = False,
) -> None:
    """Compute what a policy gives for the facts of a case.  按政策计算一个案例的结果."""
    if lang:
        choose_language(lang)
    if show_list:
        _print_json({"policies": _listing()})
        return
    if not (policy and facts and on):
        raise NothingToCalculate(known=", ".join(formulas()))
    try:
        calculation = calculate(
            policy,
            facts_from_json(_read(facts)),
            on=the_day("--on", on),
            known_on=today(SystemClock()) if known_on is None else the_day("--known-on", known_on),
        )
    except Refused as refusal:
        _print_json({"refusal": {"code": refusal.code, "message": refusal.say(language()), "cite": refusal.cite}})
        raise typer.Exit(REFUSED) from None
    if explain:
        typer.echo("\n".join(rendered(calculation.derivation, language())).encode(), err=True)
    _print_json(calculation.as_json())


def _read(facts: str) -> bytes:
    """The bytes of a file or of standard input, one more than is allowed at most."""
    if facts == "-" and sys.stdin is None:
        raise FactsNotFound(path=shown(facts), reason="standard input is closed")
    try:
        if facts == "-":
            return sys.stdin.buffer.read(FACTS_BYTES_MAX + 1)
        with Path(facts).open("rb") as file:
            return file.read(FACTS_BYTES_MAX + 1)
    except (OSError, ValueError) as fault:
        reason = fault.strerror if isinstance(fault, OSError) and fault.strerror else str(fault)
        raise FactsNotFound(path=shown(facts), reason=reason) from None


def _listing() -> list[dict[str, object]]:
    return [
        {
            "policy": name,
            "title_zh": formula.words.zh,
            "title_en": formula.words.en,
            "facts": [fact.as_json() for fact in formula.facts],
            "result": list(formula.results),
        }
        for name, formula in formulas().items()
    ]


def _print_json(value: object) -> None:
    """As UTF-8 whatever the terminal's encoding, so that a program can always read it."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2).encode())
