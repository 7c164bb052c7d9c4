"""What a value block must be: each check yields the faults it finds, by key of the block, as sentences."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any, get_args

from policies.kernel.parameters import DAY, INTEGER_UNITS, UNITS, Block, Retroactive
from policies.kernel.rounding import WHOLE_MAX
from policies.kernel.sources import CONFIDENCES, Source
from policies.kernel.words import Words

Fault = tuple[str, Words]
"""The key at fault (empty: the whole block), and the sentence."""

BASES = frozenset(
    {
        "application_date",
        "issue_date",
        "contract_date",
        "service_date",
        "acceptance_date",
        "claim_date",
        "award_date",
        "billing_date",
        "period_end",
        "release_date",
        "event_date",
        "calendar_day",
    }
)
"""Which date of a case can select a value."""

RETROACTIVE = frozenset(get_args(Retroactive))

REQUIRED: dict[str, tuple[type, ...]] = {
    "effective_from": (date,),
    "enacted_on": (date,),
    "basis": (str,),
    "unit": (str, dict),
    "retroactive": (str,),
    "cite": (dict,),
}
OPTIONAL: dict[str, tuple[type, ...]] = {
    "value": (int, Decimal, bool, str, date),
    "rows": (list,),
    "effective_until": (date,),
    "ended": (bool,),
    "supersedes": (bool,),
    "date_uncertain": (bool,),
    "label_zh": (str,),
    "label_en": (str,),
    "note_zh": (str,),
    "note_en": (str,),
}


def shape(table: Mapping[str, Any]) -> Iterator[Fault]:
    """Keys and their types. Nothing else can be checked before these are right."""
    for name in REQUIRED:
        if name not in table:
            yield "", Words(f"缺少 {name}", f"lacks {name}")
    for name, value in table.items():
        kinds = (REQUIRED | OPTIONAL).get(name)
        if kinds is None:
            yield name, Words(f"有未知的键 {name}", f"has an unknown key {name}")
        elif type(value) not in kinds:
            yield name, Words(f"的 {name} 类型不对：{value}", f"has a {name} of the wrong type: {value}")


def wording(table: Mapping[str, Any]) -> Iterator[Fault]:
    """Words from a closed list, and labels and notes in both languages."""
    for name, allowed in (("basis", BASES), ("retroactive", RETROACTIVE)):
        if table[name] not in allowed:
            known = ", ".join(sorted(allowed))
            yield name, Words(f"的 {name} 不在 {known} 之中", f"has a {name} that is none of {known}")
    for name in ("label", "note"):
        if (f"{name}_zh" in table) != (f"{name}_en" in table):
            yield "", Words(f"的 {name} 须有中英两种文字", f"needs its {name} in both languages")


def dates(table: Mapping[str, Any]) -> Iterator[Fault]:
    until = table.get("effective_until")
    if until is not None and until < table["effective_from"]:
        yield "effective_until", Words("的终止日早于生效日", "ends (effective_until) before it begins (effective_from)")
    if table.get("ended") and until is None:
        yield "ended", Words("已写 ended，却没有 effective_until", "says ended without effective_until")


def content(table: Mapping[str, Any]) -> Iterator[Fault]:
    """One value with one unit, or rows with a unit for each column."""
    unit = table["unit"]
    for one in unit.values() if isinstance(unit, dict) else (unit,):
        if one not in UNITS:
            known = ", ".join(sorted(UNITS))
            yield "unit", Words(f"的单位“{one}”不在 {known} 之中", f"has the unit “{one}”, which is none of {known}")
            return
    if ("value" in table) == ("rows" in table):
        yield "", Words("须有 value 或 rows（二者取一）", "needs either value or rows")
    elif isinstance(unit, dict) != ("rows" in table):
        yield (
            "unit",
            Words(
                "有 rows 时 unit 按列写明，有 value 时 unit 为一个词",
                "needs a unit by column for rows, one word for a value",
            ),
        )
    elif "value" in table:
        yield from (("value", words) for words in one_value(table["value"], unit))
    else:
        yield from (("rows", words) for words in _rows(table["rows"], unit))


def _rows(rows: Sequence[object], units: Mapping[str, str]) -> Iterator[Words]:
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, dict):
            yield Words(f"第 {number} 行不是表", f"has no table in row {number}")
            continue
        for column, value in row.items():
            if column not in units:
                yield Words(f"第 {number} 行的 {column} 没有单位", f"has no unit for {column} in row {number}")
                continue
            for words in one_value(value, units[column]):
                yield Words(f"第 {number} 行的 {column} {words.zh}", f"in row {number}, {column}: {words.en}")


def one_value(value: object, unit: str) -> Iterator[Words]:
    """Whether a value is what its unit says; money, time and counts are whole numbers."""
    if unit in INTEGER_UNITS:
        if isinstance(value, Decimal):
            yield Words(
                f"单位是 {unit}，须为整数，不能是小数 {value}", f"is in {unit}: a whole number, not the float {value}"
            )
        elif type(value) is not int:
            yield Words(f"单位是 {unit}，须为整数", f"is in {unit}: a whole number")
        elif not 0 <= value <= WHOLE_MAX:
            yield Words(f"的数值 {value} 超出 0 至 {WHOLE_MAX}", f"is {value}, outside 0 to {WHOLE_MAX}")
    elif unit == "ratio":
        if not isinstance(value, Decimal):
            yield Words("是比例，须写成小数，如 0.50", "is a ratio: write a decimal such as 0.50")
        elif not (value.is_finite() and 0 <= value <= 1):
            yield Words(f"的比例 {value} 不在 0 至 1 之间", f"is {value}: a ratio lies between 0 and 1")
    elif type(value) is not {"flag": bool, "key": str, "date": date}[unit]:
        yield Words(f"单位是 {unit}，数值 {value} 类型不对", f"has the unit {unit}, and {value} is none")


def citation(cite: Mapping[str, Any], known: Mapping[str, Source], *, synthetic: bool) -> Iterator[Fault]:
    """A known source, an article, a confidence that may stand in a rule."""
    complete = True
    for name in ("source", "article", "confidence"):
        if not isinstance(cite.get(name), str) or not cite[name].strip():
            complete = False
            yield "cite", Words(f"的 cite 缺少 {name}", f"has a cite that lacks {name}")
    for name in sorted(cite.keys() - {"source", "article", "confidence"}):
        yield "cite", Words(f"的 cite 有未知的键 {name}", f"has a cite with an unknown key {name}")
    if not complete:
        return
    source, confidence = cite["source"], cite["confidence"]
    if source not in known:
        yield (
            "cite",
            Words(f"引用的“{source}”不在 sources.toml 中", f"cites “{source}”, which sources.toml does not have"),
        )
    if confidence not in CONFIDENCES:
        allowed = ", ".join(sorted(CONFIDENCES))
        yield "cite", Words(f"的 confidence 不在 {allowed} 之中", f"has a confidence that is none of {allowed}")
    elif confidence == "invented" and not synthetic:
        yield (
            "cite",
            Words("是虚构的，文件却未写 synthetic = true", "is invented, but the file does not say synthetic = true"),
        )
    elif confidence == "uncertain":
        yield "cite", Words("存疑，不得作为规则写入", "is uncertain, and must not be encoded as a rule")


def sequence(blocks: Sequence[Block]) -> Iterator[tuple[int, Words]]:
    """No gaps and no overlaps in the blocks of one name; yields the line of the later block.

    A block without `effective_until` lasts until the next begins. One with it must be followed the day after, or be
    the last, or say `ended = true`. A block that begins before the stated end of the one before it, or on the same day,
    must say `supersedes = true` and be enacted later: otherwise two rules would hold on one day.
    """
    for earlier, later in pairwise(blocks):
        until = earlier.effective_until
        overlap = earlier.effective_from == later.effective_from or (until is not None and later.begins <= until)
        if overlap and not (later.supersedes and later.enacted_on > earlier.enacted_on):
            ends = until or earlier.effective_from
            yield (
                later.line,
                Words(
                    f"重叠：第 {earlier.line} 行的块{'至' if until else '自'} {ends} {'止' if until else '起'}，"
                    f"本块自 {later.effective_from} 起；确系取代的，写 supersedes = true，且制定日期须较晚",
                    f"overlaps: the block at line {earlier.line} {'ends' if until else 'begins'} {ends}, "
                    f"this one begins {later.effective_from}; if it takes its place, "
                    "say supersedes = true and enact it later",
                ),
            )
        elif not overlap and until is not None and later.begins > until + DAY and not earlier.ended:
            yield (
                later.line,
                Words(
                    f"有空档：第 {earlier.line} 行的块至 {until} 止，本块自 {later.begins} 起；"
                    "确系终止的，在前一块写 ended = true",
                    f"has a gap: the block at line {earlier.line} ends {until}, this one begins {later.begins}; "
                    "if the rule was ended on purpose, say ended = true there",
                ),
            )
    if len({block.basis for block in blocks}) > 1:
        yield blocks[-1].line, Words("各块的 basis 不一致", "has blocks that differ in their basis")
