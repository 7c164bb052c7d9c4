"""Bad facts get a sentence that names them, and no number ever passes through a float."""

from collections.abc import Mapping
from datetime import date

import pytest

from policies.calculators import calculate
from policies.kernel.facts import FACTS_BYTES_MAX, FactsNotReadable, facts_from_json
from policies.kernel.refusals import InvalidFacts, UnknownPolicy

ON = date(2026, 7, 1)
GOOD: dict[str, object] = {"requested_fen": 6_800_000, "first_time": False, "used_tokens": 30}


def complaint(facts: Mapping[str, object], policy: str = "vouchers/beijing-2015") -> str:
    with pytest.raises(InvalidFacts) as refused:
        calculate(policy, facts, on=ON, known_on=ON)
    assert refused.value.say("zh")
    return refused.value.say("en")


@pytest.mark.parametrize(
    "value",
    [
        -1,
        2**63,
        1.0,
        1.5,
        True,
        None,
        "6800000",
        "１２３",
        [1],
        {"fen": 1},
        float("nan"),
        pytest.param(10**5000, id="huge"),
    ],
)
def test_an_amount_is_a_whole_number_in_range(value: object) -> None:
    said = complaint(GOOD | {"requested_fen": value})

    assert "requested_fen must be a whole number from 0 to 9223372036854775807 (fen), not " in said
    assert len(said) < 250


@pytest.mark.parametrize("value", [0, 1, "true", None])
def test_a_yes_or_no_is_nothing_else(value: object) -> None:
    assert "first_time must be true or false" in complaint(GOOD | {"first_time": value})


@pytest.mark.parametrize(
    "value",
    ["1", "1.0", "-0.05", "+0.05", "5%", ".05", "0.", "1e-2", "٠.٥", "", " 0.05", 0.05, 0, True, "0." + "1" * 200],
)
def test_a_rate_is_decimal_text_below_one(value: object) -> None:
    assert "vat_rate must be decimal text" in complaint({"gross_fen": 1, "vat_rate": value}, "fees/tax-split")


@pytest.mark.parametrize(
    "value", ["2017-02-30", "2017-2-3", "20170203", "2017-W01-1", "2017-02-03T00:00", "", "二〇一七", 20170203, None]
)
def test_a_date_exists(value: object) -> None:
    assert "from must be text for a date that exists" in complaint(
        {"from": value, "working_days": 1}, "calendar/working-days"
    )


def test_everything_wrong_is_named_at_once() -> None:
    said = complaint(GOOD | {"requested_fen": "x", "first_time": 1, "holder": "a", "\ud800": 1})

    for part in ('"holder"', '"\\ud800"', "requested_fen", "first_time"):
        assert part in said
    assert said.encode()


def test_missing_facts_are_named_with_what_they_must_be() -> None:
    with pytest.raises(InvalidFacts) as refused:
        calculate("vouchers/beijing-2015", {}, on=ON, known_on=ON)

    assert refused.value.say("en").count("is missing") == 3


def test_thousands_of_unknown_facts_are_counted() -> None:
    said = complaint({f"x{number}": 1 for number in range(5000)})

    assert "4980 more unknown facts" in said
    assert len(said) < 5000


def test_what_a_sector_is_measured_by_must_be_given() -> None:
    said = complaint({"sector": "software", "employees": 10}, "registry/size-class")

    assert "revenue_fen is missing" in said
    assert "assets_fen" not in said


def test_an_unknown_policy_is_answered_with_the_known_ones() -> None:
    with pytest.raises(UnknownPolicy) as refused:
        calculate("vouchers/atlantis", {}, on=ON, known_on=ON)

    assert "vouchers/beijing-2015" in refused.value.say("zh")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "no JSON at line 1"),
        (b"[1]", "not a JSON object"),
        (b"null", "not a JSON object"),
        (b'{"a": 1,}', "no JSON at line 1"),
        (b'{"a": 1, "a": 2}', 'the key "a" stands there twice'),
        (b'{"a": {"b": 1, "b": 2}}', 'the key "b" stands there twice'),
        (b'{"a": "\xff"}', "not UTF-8 from byte 7"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a":' * 100_000, "nested too deeply"),
        (b" " * (FACTS_BYTES_MAX + 1), "more than"),
        ('{"a": "甲"'.encode("gb18030"), "not UTF-8"),
    ],
)
def test_unreadable_json_gets_a_sentence(data: bytes, says: str) -> None:
    with pytest.raises(FactsNotReadable) as refused:
        facts_from_json(data)

    assert says in refused.value.say("en")
    assert refused.value.say("zh")


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (b"1.0", "1.0"),
        (b"6800000.00", "6800000.00"),
        (b"1e6", "1e6"),
        (b"NaN", "NaN"),
        (b"Infinity", "Infinity"),
        (b"-Infinity", "-Infinity"),
        (b"9" * 6000, "9" * 60 + "…"),
        (b"-9", "-9"),
    ],
)
def test_a_json_number_that_is_not_whole_is_repeated_as_written(number: bytes, shown: str) -> None:
    facts = facts_from_json(b'{"requested_fen": %s, "first_time": false, "used_tokens": 0}' % number)

    assert complaint(facts).endswith(f", not {shown}.")


def test_a_byte_order_mark_is_no_fault() -> None:
    assert facts_from_json(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}


UNIT: dict[str, object] = {"code": "A", "grade": "优秀", "income_fen": 100}
SEPTEMBER = "subsidies/beijing-september"


@pytest.mark.parametrize(
    ("units", "said"),
    [
        ("A", "units must be a table of at most 10000 rows with code, grade, income_fen, not"),
        (None, "units must be a table"),
        ([UNIT, 7], "units[1] must be a row with columns"),
        ([UNIT | {"income_fen": 1.5}], "units[0]: income_fen must be a whole number"),
        ([{"code": "A", "grade": "优秀"}], "units[0]: income_fen is missing"),
        ([UNIT | {"rank": 1}], 'units[0]: unknown fact "rank"'),
        ([UNIT, UNIT], "units has A twice"),
        ([UNIT | {"code": ""}], "units[0]: code must be text"),
    ],
)
def test_a_table_is_read_row_by_row_and_its_faults_say_where(units: object, said: str) -> None:
    assert said in complaint({"budget_fen": 1, "units": units}, SEPTEMBER)


def test_a_table_may_be_empty_but_not_endless() -> None:
    empty = calculate(SEPTEMBER, {"budget_fen": 1, "units": []}, on=ON, known_on=ON)
    assert (empty.result["units"], empty.whole("total_fen")) == ([], 0)
    rows = [UNIT | {"code": f"U{n:05d}"} for n in range(10_001)]
    assert "at most 10000 rows" in complaint({"budget_fen": 1, "units": rows}, SEPTEMBER)


def test_no_more_is_excluded_than_there_is() -> None:
    said = complaint({"income_fen": 100, "excluded_fen": 101}, "subsidies/anhui-2022-unit")
    assert "excluded_fen (1.01 yuan) is more than income_fen (1.00 yuan)" in said


@pytest.mark.parametrize(
    ("scores", "said"),
    [
        ([], "scores lacks “运行使用”; scores lacks “共享服务成效”; scores lacks “组织管理”"),
        ([("运行使用", 1), ("运行使用", 1), ("共享服务成效", 1), ("组织管理", 1)], "scores has “运行使用” twice"),
        ([("运行使用", 1), ("共享服务成效", 1), ("组织管理", 1), ("美观", 1)], "“美观” is no indicator"),
        ([("运行使用", 10_001)], "scores[0]: score_hundredths must be a whole number from 0 to 10000"),
    ],
)
def test_every_indicator_is_scored_once(scores: list[tuple[str, int]], said: str) -> None:
    rows = [{"indicator": name, "score_hundredths": points} for name, points in scores]
    assert said in complaint({"scores": rows}, "evaluation/national-2018")
