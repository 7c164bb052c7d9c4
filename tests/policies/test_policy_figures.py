"""Exact numbers, named roundings, and the derivation they leave."""

import json
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.kernel.derivation import Cite, Step, canonical_json, derivation_hash, rendered
from policies.kernel.figures import Figure, Ratio, chosen, quotient, split, told
from policies.kernel.rounding import exact_text, floor, half_up, largest_remainder, ratio_text
from policies.kernel.words import Words

AMOUNTS = st.integers(0, 10**15)
WORDS = Words("数", "a number")


def fen(value: int) -> Figure:
    return Figure(value, Step(WORDS, "fact", value, "fen", name="x"))


def ratio(text: str) -> Ratio:
    return Ratio(Fraction(text), Step(WORDS, "parameter", text, "ratio", cite=Cite("s", "1", "verified")))


@pytest.mark.parametrize(
    ("exact", "up", "down"),
    [
        ("0", 0, 0),
        ("0.5", 1, 0),
        ("0.4999999999999999999", 0, 0),
        ("1.5", 2, 1),
        ("2.5", 3, 2),
        ("37037.034", 37037, 37037),
    ],
)
def test_half_goes_up(exact: str, up: int, down: int) -> None:
    assert half_up(Fraction(exact)) == up
    assert floor(Fraction(exact)) == down


@given(amount=AMOUNTS, digits=st.decimals(0, 1, places=20))
def test_no_digit_is_lost_before_rounding(amount: int, digits: Decimal) -> None:
    """However many digits a ratio has, a rounded share is never half a fen or more from the exact one."""
    exact = amount * Fraction(digits)

    rounded = fen(amount).share(ratio(str(digits))).half_up(WORDS)

    assert 2 * abs(rounded.value - exact) <= 1
    assert rounded.value - exact != Fraction(-1, 2)


@given(total=AMOUNTS, weights=st.lists(AMOUNTS, min_size=1, max_size=40).filter(any))
def test_a_split_adds_up_and_is_fair(total: int, weights: list[int]) -> None:
    parts = largest_remainder(total, weights)

    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - Fraction(total * weight, sum(weights))) < 1


@given(total=st.integers(0, 1000), weight=st.integers(1, 50), number=st.integers(1, 9))
def test_a_tie_goes_to_the_earlier(total: int, weight: int, number: int) -> None:
    parts = largest_remainder(total, [weight] * number)

    assert parts == sorted(parts, reverse=True)


def test_the_published_september_split() -> None:
    """F10 of the domain notes: 3,000,000.00 yuan over four entitlements; D has the largest remainder."""
    assert largest_remainder(300_000_000, [200_000_000, 93_000_008, 100_000_000, 16_666_667]) == [
        146_460_534,
        68_104_154,
        73_230_267,
        12_205_045,
    ]


@pytest.mark.parametrize("weights", [[], [0, 0]])
def test_nothing_can_be_split_over_no_weight(weights: list[int]) -> None:
    assert largest_remainder(0, weights) == weights
    with pytest.raises(ValueError, match="all zero"):
        largest_remainder(1, weights)


def test_negative_amounts_are_our_own_mistake() -> None:
    for broken in (
        lambda: half_up(Fraction(-1)),
        lambda: floor(Fraction(-1)),
        lambda: largest_remainder(-1, [1]),
        lambda: fen(1).less(fen(2), words=WORDS),
    ):
        with pytest.raises(ValueError, match=r"negative|exceed"):
            broken()


def test_units_do_not_mix() -> None:
    tokens = Figure(1, Step(WORDS, "fact", 1, "tokens"))

    with pytest.raises(ValueError, match="do not go together"):
        fen(1).plus(tokens, WORDS)


@pytest.mark.parametrize(
    ("exact", "shown"),
    [
        (Fraction(273, 1599), "0.170732"),
        (Fraction(1, 2_000_000), "0.000001"),
        (Fraction(1, 2_000_001), "0.000000"),
        (Fraction(12, 100), "0.120000"),
        (Fraction(3), "3.000000"),
        (Fraction(0), "0.000000"),
    ],
)
def test_a_ratio_has_six_places(exact: Fraction, shown: str) -> None:
    assert ratio_text(exact) == shown


@given(st.fractions(min_value=0, max_value=10**15))
def test_the_exact_number_can_be_read_back(exact: Fraction) -> None:
    assert Fraction(exact_text(exact)) == exact


def test_a_formula_reads_like_the_rule_and_leaves_its_steps() -> None:
    fee, cap = fen(12_345_678), fen(5_000_000)

    share = (
        fee.share(ratio("0.30")).rounded_down(Words("三成", "thirty per cent")).at_most(cap, Words("封顶", "capped"))
    )

    assert share.value == 3_703_703
    assert share.step.operation == "minimum"
    rounding = share.step.inputs[0].rounding
    assert rounding is not None
    assert (rounding.mode, rounding.exact) == ("floor", "3703703.4")
    assert list(rendered(share.step, "en")) == [
        "capped: 37,037.03 yuan",
        "  thirty per cent: 37,037.03 yuan  [floor, fen; 3703703.4]",
        "    a number: 123,456.78 yuan",
        "    a number: 0.30  (s#1, verified)",
        "  a number: 50,000.00 yuan",
    ]
    assert next(rendered(share.step, "zh")) == "封顶: 37,037.03 元"


def test_the_other_steps() -> None:
    yes = told(value=True, operation="fact", unit="flag", inputs=(), words=WORDS)

    assert chosen(yes, fen(1), fen(2), WORDS).value == 1
    assert fen(3).room_after(fen(5), WORDS).value == 0
    assert fen(3).plus(fen(5), WORDS).value == 8
    assert quotient(fen(1), fen(0), WORDS).value == 0
    assert quotient(fen(1), fen(3), WORDS).step.value == "0.333333"
    assert [part.value for part in split(fen(0), [fen(0), fen(0)], [WORDS, WORDS])] == [0, 0]
    assert "yes" in next(rendered(yes.step, "en"))


def test_the_hash_depends_on_content_and_not_on_order() -> None:
    step = fen(5).plus(fen(6), WORDS).step
    told_again = json.loads(json.dumps(step.as_json()))

    assert derivation_hash(step) == derivation_hash(dict(reversed(told_again.items())))
    assert derivation_hash(step) != derivation_hash(fen(5).plus(fen(7), WORDS).step)
    assert canonical_json({"乙": 1, "a": [True, "甲"]}) == '{"a":[true,"甲"],"乙":1}'.encode()


def test_a_float_never_enters_a_derivation() -> None:
    with pytest.raises(TypeError, match="float"):
        canonical_json({"a": [{"b": 1.0}]})
