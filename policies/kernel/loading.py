"""Reading a policy file: every value block is checked; a bad file is refused with all its faults by file and line."""

import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from policies.kernel import checks
from policies.kernel.derivation import Cite
from policies.kernel.parameters import Block, Parameter, Policy
from policies.kernel.refusals import InvalidPolicy
from policies.kernel.sources import Source, read_text, sources
from policies.kernel.words import Words

HEADER: dict[str, type] = {"title_zh": str, "title_en": str, "synthetic": bool}


@cache
def read_policy(name: str) -> Policy:
    """A policy shipped with the package, such as `vouchers/beijing-2015`."""
    return load_policy(read_text(f"{name}.toml"), name, f"policies/{name}.toml", sources())


def load_policy(text: str, name: str, path: str, known_sources: Mapping[str, Source]) -> Policy:
    """Read a policy, or raise `InvalidPolicy` with every fault at once."""
    lines = _Lines(text)
    faults: list[tuple[int, Words]] = []
    tables = _tables(text, faults)
    if tables is not None:
        policy = _policy(tables, name, lines, known_sources, faults)
        if policy is not None and not faults:
            return policy
    raise InvalidPolicy(
        tuple(
            Words(f"{path}:{line}：{words.zh}", f"{path}:{line}: {words.en}")
            for line, words in sorted(faults, key=lambda fault: fault[0])
        )
    )


def _tables(text: str, faults: list[tuple[int, Words]]) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError) as fault:
        at = re.search(r"at line (\d+)", str(fault))
        faults.append((int(at[1]) if at else 1, Words(f"TOML 无法读取（{fault}）", f"TOML cannot be read ({fault})")))
        return None


def _policy(
    tables: Mapping[str, Any],
    name: str,
    lines: "_Lines",
    known_sources: Mapping[str, Source],
    faults: list[tuple[int, Words]],
) -> Policy | None:
    headed = True
    for key, kind in HEADER.items():
        if type(tables.get(key)) is not kind:
            headed = False
            words = Words(
                f"文件开头须写明 {key}（{kind.__name__}）", f"the file must begin with {key} ({kind.__name__})"
            )
            faults.append((lines.of_key(key, 1), words))
    synthetic = tables.get("synthetic") is True
    parameters = {}
    for key, value in tables.items():
        if key in HEADER:
            continue
        if not isinstance(value, list) or not value or not all(isinstance(table, dict) for table in value):
            words = Words(
                f"未知的键“{key}”；数值须写成 [[{key}]] 块", f"unknown key “{key}”; values are blocks [[{key}]]"
            )
            faults.append((lines.of_key(key, 1), words))
            continue
        read = []
        for index, table in enumerate(value):
            line = lines.of_block(key, index)
            found = list(_faults(table, known_sources, synthetic=synthetic))
            faults += [(lines.of_key(part, line), _about(key, words)) for part, words in found]
            if not found:
                read.append(_block(table, line))
        blocks = tuple(sorted(read, key=lambda block: (block.effective_from, block.enacted_on)))
        faults += [(line, _about(key, words)) for line, words in checks.sequence(blocks)]
        parameters[key] = Parameter(name, key, blocks)
    return Policy(name, Words(tables["title_zh"], tables["title_en"]), synthetic, parameters) if headed else None


def _about(key: str, words: Words) -> Words:
    return Words(f"“{key}”{words.zh}", f"“{key}” {words.en}")


def _faults(table: Mapping[str, Any], known_sources: Mapping[str, Source], *, synthetic: bool) -> list[checks.Fault]:
    """Of one block; the finer checks only when its shape is right."""
    return list(checks.shape(table)) or [
        *checks.wording(table),
        *checks.dates(table),
        *checks.content(table),
        *checks.citation(table["cite"], known_sources, synthetic=synthetic),
    ]


def _block(table: Mapping[str, Any], line: int) -> Block:
    return Block(
        line=line,
        effective_from=table["effective_from"],
        enacted_on=table["enacted_on"],
        effective_until=table.get("effective_until"),
        ended=table.get("ended", False),
        supersedes=table.get("supersedes", False),
        basis=table["basis"],
        retroactive=table["retroactive"],
        unit=table["unit"],
        value=table.get("value"),
        rows=tuple(table.get("rows", ())),
        cite=Cite(**table["cite"]),
        date_uncertain=table.get("date_uncertain", False),
        label=Words(table["label_zh"], table["label_en"]) if "label_zh" in table else None,
        note=Words(table["note_zh"], table["note_en"]) if "note_zh" in table else None,
    )


class _Lines:
    """Where things stand in a file, which the TOML reader does not tell."""

    def __init__(self, text: str) -> None:
        self._lines = text.splitlines()
        self._blocks: dict[str, list[int]] = {}
        for number, line in enumerate(self._lines, start=1):
            header = re.match(r"\s*\[\[\s*\"?([^\]\"]+?)\"?\s*\]\]", line)
            if header:
                self._blocks.setdefault(header[1], []).append(number)

    def of_block(self, key: str, index: int) -> int:
        """The line of the index-th block of a name; the line of the key where it is written as one array."""
        found = self._blocks.get(key, [])
        return found[index] if index < len(found) else self.of_key(key, 1)

    def of_key(self, key: str, block: int) -> int:
        """The line of a key in the block that begins at a line (1: the head of the file), else that line itself."""
        pattern = re.compile(rf"\s*\"?{re.escape(key)}\"?\s*=")
        for number, line in enumerate(self._lines[block - 1 :], start=block):
            if number > block and line.lstrip().startswith("["):
                break
            if key and pattern.match(line):
                return number
        return block
