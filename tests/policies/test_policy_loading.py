"""A bad policy file is refused when it is loaded, with file and line, all faults at once."""

from datetime import date
from pathlib import Path

import pytest

from policies.kernel.derivation import Cite
from policies.kernel.loading import load_policy, read_policy
from policies.kernel.parameters import Policy
from policies.kernel.refusals import InvalidPolicy
from policies.kernel.registry import formulas
from policies.kernel.sources import load_sources, read_text, sources
from policies.vouchers.schemes import SCHEMES

HEAD = """title_zh = "试"
title_en = "A trial"
synthetic = false

"""
GOOD = """[[cap]]
effective_from = 2015-01-01
enacted_on = 2015-01-01
basis = "application_date"
unit = "fen"
value = 500_000
retroactive = "none"
cite = { source = "beijing-times-2015-01-13", article = "1", confidence = "verified" }
"""


def load(text: str) -> Policy:
    return load_policy(text, "trial", "policies/trial.toml", sources())


def faults(text: str) -> list[str]:
    with pytest.raises(InvalidPolicy) as refused:
        load(text)
    assert refused.value.say("zh") != refused.value.say("en")
    return [problem.en for problem in refused.value.problems]


def test_a_good_file_loads() -> None:
    block = load(HEAD + GOOD).parameters["cap"].blocks[0]

    assert block.value == 500_000
    assert block.line == 5
    assert block.cite == Cite("beijing-times-2015-01-13", "1", "verified")


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("value = 500_000", "value = 5000.00", 10, "a whole number, not the float 5000.00"),
        ("value = 500_000", "value = 5e5", 10, "a whole number, not the float 5E+5"),
        ("value = 500_000", "value = true", 10, "is in fen: a whole number"),
        ("value = 500_000", 'value = "500000"', 10, "is in fen: a whole number"),
        ("value = 500_000", "value = -1", 10, "outside 0 to 9223372036854775807"),
        ("value = 500_000", "value = 9223372036854775808", 10, "outside 0 to"),
        ('unit = "fen"', 'unit = "minutes"\nx = 1', 10, "unknown key x"),
        ('unit = "fen"', 'unit = "yuan"', 9, "the unit “yuan”"),
        ('unit = "fen"\n', "", 5, "lacks unit"),
        ('unit = "fen"', 'unit = "ratio"', 10, "write a decimal such as 0.50"),
        ('unit = "fen"\nvalue = 500_000', 'unit = "ratio"\nvalue = 1.01', 10, "a ratio lies between 0 and 1"),
        ('unit = "fen"\nvalue = 500_000', 'unit = "ratio"\nvalue = -0.01', 10, "a ratio lies between 0 and 1"),
        ('unit = "fen"\nvalue = 500_000', 'unit = "ratio"\nvalue = nan', 10, "a ratio lies between 0 and 1"),
        ('unit = "fen"\nvalue = 500_000', 'unit = "ratio"\nvalue = inf', 10, "a ratio lies between 0 and 1"),
        ('unit = "fen"\nvalue = 500_000', 'unit = "flag"\nvalue = 1', 10, "has the unit flag"),
        ("value = 500_000\n", "", 5, "needs either value or rows"),
        ("value = 500_000", "value = 500_000\nrows = []", 5, "needs either value or rows"),
        ("value = 500_000", "rows = [{ a = 1 }]", 9, "a unit by column"),
        ('unit = "fen"\nvalue = 500_000', 'unit = { a = "fen" }\nrows = [{ b = 1 }]', 10, "no unit for b in row 1"),
        ('unit = "fen"\nvalue = 500_000', 'unit = { a = "fen" }\nrows = [{ a = 1.5 }]', 10, "in row 1, a: is in fen"),
        ("effective_from = 2015-01-01\n", "", 5, "lacks effective_from"),
        ("enacted_on = 2015-01-01\n", "", 5, "lacks enacted_on"),
        ("effective_from = 2015-01-01", 'effective_from = "2015-01-01"', 6, "effective_from of the wrong type"),
        ("effective_from = 2015-01-01", "effective_from = 2015-01-01T00:00:00", 6, "effective_from of the wrong type"),
        ("effective_from = 2015-01-01", "effective_from = 2015-02-30", 6, "TOML cannot be read"),
        ("enacted_on", "effective_until = 2014-12-31\nenacted_on", 7, "before it begins"),
        ("enacted_on", "ended = true\nenacted_on", 7, "ended without effective_until"),
        ('retroactive = "none"', 'retroactive = "maybe"', 11, "none of all, favourable, none, open"),
        ('basis = "application_date"', 'basis = "whenever"', 8, "basis that is none of"),
        ("enacted_on", 'label_zh = "上限"\nenacted_on', 5, "needs its label in both languages"),
        (
            'cite = { source = "beijing-times-2015-01-13", article = "1", confidence = "verified" }\n',
            "",
            5,
            "lacks cite",
        ),
        ("beijing-times-2015-01-13", "nobody-1999", 12, "cites “nobody-1999”"),
        ('article = "1"', 'article = ""', 12, "lacks article"),
        (', confidence = "verified"', "", 12, "lacks confidence"),
        ('confidence = "verified"', 'confidence = "sure"', 12, "confidence that is none of"),
        ('confidence = "verified"', 'confidence = "verified", page = 3', 12, "unknown key page"),
        ('confidence = "verified"', 'confidence = "uncertain"', 12, "must not be encoded"),
        ('confidence = "verified"', 'confidence = "invented"', 12, "does not say synthetic = true"),
        ("value = 500_000", "value = ", 10, "TOML cannot be read"),
        ("[[cap]]", "[cap]", 1, "values are blocks [[cap]]"),
    ],
)
def test_a_fault_is_told_with_its_line(old: str, new: str, line: int, says: str) -> None:
    assert old in GOOD

    found = faults(HEAD + GOOD.replace(old, new, 1))

    assert any(fault.startswith(f"policies/trial.toml:{line}: ") and says in fault for fault in found), found


def second(**changes: str) -> str:
    """The good block again with some of its lines changed or added."""
    text = GOOD
    for name, value in changes.items():
        lines = [line for line in text.splitlines() if not line.startswith(f"{name} ")]
        text = "\n".join([*lines, f"{name} = {value}"]) + "\n"
    return text


@pytest.mark.parametrize(
    ("first", "later", "says"),
    [
        (second(effective_until="2016-12-31"), second(effective_from="2018-01-01"), "has a gap"),
        (second(effective_until="2016-12-31"), second(effective_from="2017-01-02"), "has a gap"),
        (
            second(effective_until="2016-12-31"),
            second(effective_from="2017-01-01", enacted_on="2017-02-01"),
            "has a gap",  # not retroactive: it governs only from its enactment
        ),
        (second(effective_until="2016-12-31"), second(effective_from="2016-12-31"), "overlaps"),
        (second(effective_until="2016-12-31"), second(effective_from="2016-06-01", supersedes="true"), "overlaps"),
        (second(), second(), "overlaps"),
        (second(), second(enacted_on="2014-06-01"), "overlaps"),
        (second(), second(effective_from="2016-01-01", basis='"service_date"'), "differ in their basis"),
    ],
)
def test_no_gaps_and_no_overlaps(first: str, later: str, says: str) -> None:
    found = faults(HEAD + first + "\n" + later)

    assert len(found) == 1
    assert says in found[0]
    assert found[0].startswith("policies/trial.toml:")


@pytest.mark.parametrize(
    ("first", "later"),
    [
        (second(), second(effective_from="2018-01-01")),
        (second(effective_until="2016-12-31"), second(effective_from="2017-01-01")),
        (second(effective_until="2016-12-31", ended="true"), second(effective_from="2018-01-01")),
        (
            second(effective_until="2016-12-31"),
            second(effective_from="2016-06-01", enacted_on="2016-05-01", supersedes="true"),
        ),
    ],
)
def test_a_sound_sequence_loads(first: str, later: str) -> None:
    assert len(load(HEAD + first + "\n" + later).parameters["cap"].blocks) == 2


def test_all_faults_are_told_at_once() -> None:
    bad = GOOD.replace("500_000", "1.5").replace("beijing-times-2015-01-13", "nobody").replace("none", "maybe")

    found = faults(HEAD + bad + "\n" + bad.replace("[[cap]]", "[[other]]"))

    assert len(found) == 6
    assert [int(fault.split(":")[1]) for fault in found] == [10, 11, 12, 19, 20, 21]


def test_the_head_is_required() -> None:
    found = faults('title_zh = "试"\nsynthetic = 1\n\n' + GOOD)

    assert [fault.split(": ")[0] for fault in found] == ["policies/trial.toml:1", "policies/trial.toml:2"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[a]\n", "“a” lacks title_zh"),
        ('[a]\nnumber = "x"\nnumber_unknown_zh = "y"\n', "needs its number, or number_unknown_zh"),
        ('[a]\nnumber_unknown_zh = "y"\n', "needs its number, or number_unknown_zh"),
        ("[a]\nconfidence = 3\n", "confidence of “a” has the wrong type"),
        ('[a]\nconfidence = "sure"\n', "the confidence of “a” is none of"),
        ("[a]\nurl = 'x'\n", "unknown key url"),
        ("a = 1\n", "“a” should be a table"),
        ("[a\n", "TOML cannot be read"),
    ],
)
def test_a_bad_source_file_is_refused(text: str, says: str) -> None:
    with pytest.raises(InvalidPolicy) as refused:
        load_sources("# first line\n" + text, "policies/sources.toml")

    assert says in refused.value.say("en")
    assert "policies/sources.toml" in refused.value.say("zh")


def test_a_file_that_is_no_utf_8_is_refused_with_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "trial.toml").write_bytes('title_zh = "试"\ntitle_en = "\xff"\n'.encode("latin-1", "replace"))
    monkeypatch.setattr("policies.kernel.sources.files", lambda _package: tmp_path)

    with pytest.raises(InvalidPolicy) as refused:
        read_text("trial.toml")

    assert "policies/trial.toml:2: not UTF-8 text" in refused.value.say("en")


def shipped() -> set[str]:
    return {formula.rules for formula in formulas().values()} | {terms.operation for terms in SCHEMES.values()}


@pytest.mark.parametrize("name", sorted(shipped()))
def test_every_shipped_value_has_its_words_and_its_source(name: str) -> None:
    policy = read_policy(name)

    for parameter in policy.parameters.values():
        for block in parameter.blocks:
            assert block.label, parameter.title
            assert block.cite.source in sources()
            assert block.effective_from <= date(2030, 1, 1)
            assert (block.cite.confidence == "invented") == (block.cite.source == "invented")


def test_a_document_number_that_is_not_known_is_said_to_be() -> None:
    unknown = {key for key, source in sources().items() if source.number is None}

    assert all(sources()[key].number_unknown for key in unknown)
    assert {"beijing-times-2015-01-13", "beijing-2026-measures", "shandong-liaocheng-2023"} <= unknown
    assert sources()["jing-zheng-ban-fa-2014-35"].number == "京政办发〔2014〕35号"
