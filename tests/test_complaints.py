"""The page of complaints names only tests that exist, and accounts for each number once."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "complaints.md").read_text("utf-8")

ROW = re.compile(r"^\| ([AB]\d+) \| (.+?) \| (.+?) \| (.+?) \|$", re.MULTILINE)
ELSEWHERE = re.compile(r"^(?:Not built yet|Cannot arise here):(.*?)(?:\n\n|\Z)", re.MULTILINE | re.DOTALL)
NUMBERS = [*(f"A{n}" for n in range(1, 44)), *(f"B{n}" for n in range(1, 55))]

ROWS = {number: (complaint, reference, tests) for number, complaint, reference, tests in ROW.findall(PAGE)}


@cache
def defined_in(path: str) -> set[str]:
    """Names of the tests that a file defines at its top."""
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def test_each_complaint_stands_in_one_place() -> None:
    elsewhere = re.findall(r"\b[AB]\d+\b", " ".join(ELSEWHERE.findall(PAGE)))
    rows = [number for number, *_ in ROW.findall(PAGE)]

    assert sorted([*rows, *elsewhere]) == sorted(NUMBERS)


@pytest.mark.parametrize("number", ROWS)
def test_a_complaint_has_its_reference_and_tests_that_exist(number: str) -> None:
    _, reference, tests = ROWS[number]
    named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", tests)

    assert re.search(r"\w#\d+", reference)
    assert named
    assert len(named) == tests.count("`") // 2, "something else stands between the ticks"
    assert [f"{path}::{name}" for path, name in named if name not in defined_in(path)] == []
