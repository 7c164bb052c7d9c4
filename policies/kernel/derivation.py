"""How an amount came about: a tree of steps whose leaves are facts and cited parameters."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from policies.kernel.errors import Language
from policies.kernel.words import Words, yuan

Scalar = int | str | bool
"""What a step shows: whole numbers as numbers, ratios and dates as text. Never a float."""
Rows = list[dict[str, Scalar]]
"""A table: in facts and in results, never in a step."""

Confidence = Literal["verified", "second-hand", "from-memory", "uncertain", "derived", "invented"]

CONFIDENCE_WORDS: dict[Confidence, Words] = {
    "verified": Words("已核实", "verified"),
    "second-hand": Words("转述", "second-hand"),
    "from-memory": Words("凭记忆", "from memory"),
    "uncertain": Words("存疑", "uncertain"),
    "derived": Words("推算", "derived"),
    "invented": Words("虚构", "invented"),
}


@dataclass(frozen=True, slots=True)
class Cite:
    """Where a value stands: the key of a document in `sources.toml`, the article, how sure we are."""

    source: str
    article: str
    confidence: Confidence

    def __str__(self) -> str:
        return f"{self.source}#{self.article}"


@dataclass(frozen=True, slots=True)
class Rounding:
    """How a step left exact arithmetic: the mode, the place, and the exact number before."""

    mode: Literal["half_up", "floor", "largest_remainder"]
    place: str
    exact: str


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a derivation. `name` is the fact, the parameter (`policy#name`) or the field of the result."""

    label: Words
    operation: str
    value: Scalar
    unit: str
    inputs: tuple["Step", ...] = ()
    name: str | None = None
    cite: Cite | None = None
    effective_from: date | None = None
    rounding: Rounding | None = None
    note: Words | None = None

    def as_json(self) -> dict[str, object]:
        """The canonical form: what is absent is left out."""
        told: dict[str, object] = {
            "label_zh": self.label.zh,
            "label_en": self.label.en,
            "operation": self.operation,
            "value": self.value,
            "unit": self.unit,
            "inputs": [step.as_json() for step in self.inputs],
        }
        if self.name is not None:
            told["name"] = self.name
        if self.cite is not None:
            told["cite"] = {
                "source": self.cite.source,
                "article": self.cite.article,
                "confidence": self.cite.confidence,
            }
        if self.effective_from is not None:
            told["effective_from"] = self.effective_from.isoformat()
        if self.rounding is not None:
            told["rounding"] = {
                "mode": self.rounding.mode,
                "place": self.rounding.place,
                "exact": self.rounding.exact,
            }
        if self.note is not None:
            told["note_zh"] = self.note.zh
            told["note_en"] = self.note.en
        return told


def canonical_json(value: object) -> bytes:
    """Sorted keys, no white space, UTF-8; floats are refused, so that equal contents have equal bytes."""
    _refuse_floats(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def derivation_hash(derivation: Step | dict[str, object]) -> str:
    """SHA-256 of the canonical form, in hexadecimal. Stored beside every amount."""
    told = derivation.as_json() if isinstance(derivation, Step) else derivation
    return hashlib.sha256(canonical_json(told)).hexdigest()


def _refuse_floats(value: object) -> None:
    if isinstance(value, float):
        raise TypeError(f"a float ({value!r}) has no place in a derivation")
    if isinstance(value, dict):
        for part in value.values():
            _refuse_floats(part)
    elif isinstance(value, list | tuple):
        for part in value:
            _refuse_floats(part)


def rendered(step: Step, language: Language, depth: int = 0) -> Iterator[str]:
    """The tree as indented lines for a terminal; pages and PDFs print the same steps."""
    line = f"{'  ' * depth}{step.label.say(language)}: {_shown(step, language)}"
    if step.rounding:
        line += f"  [{step.rounding.mode}, {step.rounding.place}; {step.rounding.exact}]"
    if step.cite:
        line += f"  ({step.cite}, {CONFIDENCE_WORDS[step.cite.confidence].say(language)})"
    yield line
    if step.note:
        yield f"{'  ' * depth}  — {step.note.say(language)}"
    for part in step.inputs:
        yield from rendered(part, language, depth + 1)


def _shown(step: Step, language: Language) -> str:
    if isinstance(step.value, bool):
        return Words("是" if step.value else "否", "yes" if step.value else "no").say(language)
    if step.unit == "fen" and isinstance(step.value, int):
        return f"{yuan(step.value)} {Words('元', 'yuan').say(language)}"
    return f"{step.value} {UNIT_WORDS[step.unit].say(language)}".strip() if step.unit in UNIT_WORDS else str(step.value)


UNIT_WORDS: dict[str, Words] = {
    "minutes": Words("分钟", "minutes"),
    "count": Words("", ""),
    "tokens": Words("张", "vouchers"),
    "days": Words("天", "days"),
    "fen_days": Words("分·天", "fen-days"),
    "working_days": Words("个工作日", "working days"),
    "year": Words("年", ""),
    "months": Words("个月", "months"),
    "employees": Words("人", "people"),
    "ratio": Words("", ""),
    "date": Words("", ""),
    "flag": Words("", ""),
    "key": Words("", ""),
}
"""Units a step may have, beside `fen`, with their words."""
