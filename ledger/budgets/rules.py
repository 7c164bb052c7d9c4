"""What is refused of budget letters and budget years; what can be read.  (pure)"""

import re
from collections.abc import Sequence

from ledger.amounts import shown
from ledger.budgets.values import APPROPRIATION_WORDS, Appropriation
from ledger.errors import Invalid, Refused
from policies.kernel.words import Words

NAMED_MAX = 10
"""Most numbers that one sentence names."""
_SCHEME = re.compile(r"[a-z0-9-]{1,64}")


class LetterWrongState(Refused):
    zh = "指标文件 {number} {state_zh}，不能{wanted_zh}。"
    en = "Budget letter {number} is {state_en}; it cannot be {wanted_en}."

    def __init__(self, letter: Appropriation, wanted: Words) -> None:
        said = APPROPRIATION_WORDS[letter.state]
        super().__init__(
            number=letter.number, state_zh=said.zh, state_en=said.en, wanted_zh=wanted.zh, wanted_en=wanted.en
        )


class NoBudget(Refused):
    zh = "计划“{scheme}”{year} 年度尚无已入账的预算指标。请先下达并复核指标文件。"
    en = "The scheme {scheme} has no budget posted for {year}. Propose the budget letter and have it signed first."


class BudgetOfAnotherBureau(Refused):
    zh = "计划“{scheme}”{year} 年度的预算属于 {operator}，不属于 {tenant}。"
    en = "The budget of {scheme} for {year} belongs to {operator}, not to {tenant}."


class CutTooDeep(Refused):
    zh = "指标 {line} 可用 {available} 元，不能核减 {cut} 元。"
    en = "Budget line {line} has {available} yuan available; {cut} cannot be cut from it."


class LetterRecorded(Refused):
    zh = "指标文号“{letter_number}”已用于 {appropriation}，同一计划和年度不能重复录入。"
    en = "The letter “{letter_number}” is recorded as {appropriation} already for this scheme and year."


class YearNotCurrent(Refused):
    zh = "今天是 {today}，只能为 {today_year} 或以后年度下达预算，不能为 {year} 年度。"
    en = "Today is {today}: a budget can be appropriated for {today_year} or later, not for {year}."


class YearEnded(Refused):
    zh = "计划“{scheme}”{year} 年度已于 {ended_on} 办理年末结转，其预算不能再变动。"
    en = "The budget of {scheme} for {year} was ended on {ended_on} and does not change any more."


class LineOrCut(Invalid):
    zh = "下达或追加指标请填写预算指标的用途（line），核减请填写被核减的指标（cut），两者填一项。"
    en = "Give what the new budget line is for (line), or the budget line that is cut (cut): one of the two."


class SchemeUnreadable(Invalid):
    zh = "计划“{scheme}”不能识别，应如 beijing-2015。"
    en = "The scheme “{scheme}” cannot be read; write it like beijing-2015."


class YearUnreadable(Invalid):
    zh = "年度“{year}”不能识别，请填写四位年份，例如 2017。"
    en = "The year “{year}” cannot be read. Write four digits, for example 2017."


def some(numbers: Sequence[str]) -> str:
    """Numbers as a sentence names them: the first few, and how many there are."""
    return ", ".join(numbers[:NAMED_MAX]) + (f" … ({len(numbers)})" if len(numbers) > NAMED_MAX else "")


def scheme_of(value: object) -> str:
    """The name of a scheme: what can stand in an address."""
    if not isinstance(value, str) or not _SCHEME.fullmatch(value):
        raise SchemeUnreadable(scheme=shown(value))
    return value


def year_of(value: object) -> int:
    """A year of a budget."""
    if not isinstance(value, int) or isinstance(value, bool) or not 2000 <= value <= 2999:  # noqa: PLR2004  four digits
        raise YearUnreadable(year=shown(value))
    return value
