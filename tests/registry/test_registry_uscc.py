"""Unified social credit codes: both check characters, and what a wrong code is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc as stdnum_uscc

from ledger.registry.uscc import (
    LETTERS,
    UsccCheckWrong,
    UsccUnreadable,
    checked_uscc,
    final_check,
    organisation_check,
)

PUBLISHED = {
    "清华大学": "12100000400000624D",
    "北京航空航天大学": "12100000400011227Y",
    "北京理工大学": "12100000400009127B",
    "中国农业大学": "12100000400018162G",
    "北京师范大学": "12100000400010056C",
    "北京科技大学": "121000004000022245",
    "中国科学院计算技术研究所": "12100000400012342E",
    "北京工业大学": "12110000400687411U",
    "北京安贞医院": "121100004006885458",
}

eights = st.text(LETTERS, min_size=8, max_size=8)


@pytest.mark.parametrize("code", PUBLISHED.values(), ids=PUBLISHED.keys())
def test_published_codes_pass(code: str) -> None:
    assert checked_uscc(code) == code


@pytest.mark.parametrize(
    ("eight", "expected"),
    [
        ("40000062", "4"),  # 4·3 + 6·4 + 2·2 = 40, 11 − 40 mod 11 = 4
        ("00000000", "0"),  # 11 − 0 = 11 is written 0
        ("00000006", "X"),  # 6·2 = 12, 11 − 1 = 10 is written X
    ],
)
def test_organisation_check(eight: str, expected: str) -> None:
    assert organisation_check(eight) == expected


@pytest.mark.parametrize(
    ("seventeen", "expected"),
    [
        ("1210000042500615X", "0"),  # Σ = 1395 = 45·31: 31 − 0 is written 0, not looked up as the 32nd letter
        ("00000000000000000", "0"),
        ("12100000400000624", "D"),
    ],
)
def test_final_check(seventeen: str, expected: str) -> None:
    assert final_check(seventeen) == expected


def test_a_code_whose_sum_is_nothing_ends_in_zero() -> None:
    assert checked_uscc("1210000042500615X0") == "1210000042500615X0"


@given(st.text(LETTERS, min_size=8, max_size=8), eights)
def test_the_final_character_agrees_with_stdnum(first: str, eight: str) -> None:
    seventeen = first + eight + organisation_check(eight)

    assert stdnum_uscc.calc_check_digit(seventeen) == final_check(seventeen)


@given(eights, st.integers(0, 17), st.sampled_from(LETTERS))
def test_one_wrong_letter_is_always_found(eight: str, place: int, letter: str) -> None:
    seventeen = "91331122" + eight + organisation_check(eight)
    right = seventeen + final_check(seventeen)
    wrong = right[:place] + letter + right[place + 1 :]
    if wrong == right:
        return

    with pytest.raises(UsccCheckWrong):
        checked_uscc(wrong)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "12100000400000624",
        "12100000400000624DD",
        "12100000400000624d",
        " 12100000400000624D",
        "12100000 400000624",
        "1210000040000062ID",
        "1210000040000062OD",
        "1210000040000062SD",
        "1210000040000062VD",
        "1210000040000062ZD",
        "１２１０００００４０００００６２４Ｄ",
        "1" * 10_000,
        "\x00" * 18,
        None,
        12100000400000624,
    ],
)
def test_what_is_no_code_is_told_what_one_looks_like(value: object) -> None:
    with pytest.raises(UsccUnreadable) as refusal:
        checked_uscc(value)

    assert "18" in refusal.value.say("zh")
    assert "I, O, S, V, Z" in refusal.value.say("en")
    assert len(refusal.value.say("en")) < 300


def test_a_wrong_last_character_is_told_the_right_one() -> None:
    with pytest.raises(UsccCheckWrong) as refusal:
        checked_uscc("91350100M000100Y4A")

    assert refusal.value.facts == {"value": "91350100M000100Y4A", "place": 18, "expected": "3", "found": "A"}
    assert "91350100M000100Y4A" in refusal.value.say("zh")


def test_a_wrong_organisation_code_is_told_its_place() -> None:
    with pytest.raises(UsccCheckWrong) as refusal:
        checked_uscc("12100000400000625D")

    assert (refusal.value.facts["place"], refusal.value.facts["expected"]) == (17, "4")
