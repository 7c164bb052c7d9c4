"""Two clocks: what was in force on a day, as far as it was known on another."""

from datetime import date

import pytest

from policies.kernel.loading import load_policy
from policies.kernel.parameters import Policy, fingerprint
from policies.kernel.refusals import RuleEnded, RuleNotYetInForce, RuleNotYetKnown
from policies.kernel.sources import sources


def block(effective_from: str, enacted_on: str, value: str, *more: str) -> str:
    retroactive = "" if any(line.startswith("retroactive") for line in more) else 'retroactive = "none"'
    return "\n".join(
        [
            "[[share]]",
            f"effective_from = {effective_from}",
            f"enacted_on = {enacted_on}",
            'basis = "service_date"',
            'unit = "ratio"',
            f"value = {value}",
            retroactive,
            'cite = { source = "shandong-liaocheng-2023", article = "1", confidence = "verified" }',
            *more,
            "",
        ]
    )


def policy(*blocks: str) -> Policy:
    head = 'title_zh = "试"\ntitle_en = "A trial"\nsynthetic = false\n'
    return load_policy(head + "\n".join(blocks), "trial", "trial.toml", sources())


AMENDED = policy(
    block("2020-01-01", "2019-11-01", "0.60"),
    block("2022-01-01", "2021-10-01", "0.50"),
    block("2024-01-01", "2023-12-01", "0.40", "effective_until = 2024-12-31"),
)


@pytest.mark.parametrize(
    ("fact", "known", "value"),
    [
        ("2020-01-01", "2026-01-01", "0.60"),
        ("2021-12-31", "2026-01-01", "0.60"),
        ("2022-01-01", "2026-01-01", "0.50"),
        ("2022-01-01", "2021-09-30", "0.60"),  # the amendment was not known yet
        ("2022-01-01", "2021-10-01", "0.50"),
        ("2024-12-31", "2026-01-01", "0.40"),
        ("2025-06-01", "2023-11-30", "0.50"),  # nor was the end
    ],
)
def test_the_value_in_force_as_known(fact: str, known: str, value: str) -> None:
    found = AMENDED.parameters["share"].at(date.fromisoformat(fact), date.fromisoformat(known))

    assert str(found.value) == value


def test_before_the_first_date_is_a_refusal_with_that_date() -> None:
    with pytest.raises(RuleNotYetInForce) as refusal:
        AMENDED.parameters["share"].at(date(2019, 12, 31), date(2026, 1, 1))

    assert "2020-01-01" in refusal.value.say("zh")
    assert refusal.value.cite == "shandong-liaocheng-2023#1"


def test_before_its_enactment_a_rule_is_not_known() -> None:
    with pytest.raises(RuleNotYetKnown) as refusal:
        AMENDED.parameters["share"].at(date(2020, 6, 1), date(2019, 10, 31))

    assert "2019-11-01" in refusal.value.say("en")


def test_after_its_end_a_rule_is_refused() -> None:
    with pytest.raises(RuleEnded) as refusal:
        AMENDED.parameters["share"].at(date(2025, 1, 1), date(2026, 1, 1))

    assert "2024-12-31" in refusal.value.say("en")


@pytest.mark.parametrize(
    ("retroactive", "value"), [("none", "0.6"), ("open", "0.5"), ("all", "0.5"), ("favourable", "0.5")]
)
def test_only_a_retroactive_rule_reaches_facts_before_its_enactment(retroactive: str, value: str) -> None:
    """In force from January, enacted in June: what of a service in March?"""
    late = policy(
        block("2020-01-01", "2019-11-01", "0.6"),
        block("2022-01-01", "2022-06-01", "0.5", f'retroactive = "{retroactive}"'),
    ).parameters["share"]

    assert str(late.at(date(2022, 3, 1), date(2026, 1, 1)).value) == value
    assert str(late.at(date(2022, 3, 1), date(2022, 5, 31)).value) == "0.6"
    assert str(late.at(date(2022, 6, 1), date(2026, 1, 1)).value) == "0.5"


def test_a_restatement_takes_the_place_of_the_first_text() -> None:
    restated = policy(
        block("2022-01-01", "2021-10-01", "0.5"),
        block("2022-01-01", "2021-12-01", "0.55", "supersedes = true"),
    ).parameters["share"]

    assert str(restated.at(date(2022, 1, 1), date(2021, 11, 1)).value) == "0.5"
    assert str(restated.at(date(2022, 1, 1), date(2021, 12, 1)).value) == "0.55"


def test_nothing_older_comes_back_after_an_end() -> None:
    shortened = policy(
        block("2020-01-01", "2019-11-01", "0.6", "effective_until = 2022-12-31"),
        block("2021-01-01", "2020-11-01", "0.5", "effective_until = 2021-06-30", "supersedes = true"),
    ).parameters["share"]

    with pytest.raises(RuleEnded):
        shortened.at(date(2022, 1, 1), date(2026, 1, 1))
    assert str(shortened.at(date(2022, 1, 1), date(2020, 1, 1)).value) == "0.6"


def test_a_pause_that_was_meant_is_refused_while_it_lasts() -> None:
    paused = policy(
        block("2020-01-01", "2019-11-01", "0.6", "effective_until = 2020-12-31", "ended = true"),
        block("2022-01-01", "2021-11-01", "0.5"),
    ).parameters["share"]

    with pytest.raises(RuleEnded):
        paused.at(date(2021, 6, 1), date(2026, 1, 1))
    assert str(paused.at(date(2022, 1, 1), date(2026, 1, 1)).value) == "0.5"


def test_the_version_of_an_old_result_outlives_later_enactments() -> None:
    """The hash covers what was known, so a policy that grows does not disown its past."""
    before = policy(block("2020-01-01", "2019-11-01", "0.6"))
    after = policy(block("2020-01-01", "2019-11-01", "0.6"), block("2022-01-01", "2021-10-01", "0.5"))

    assert fingerprint(before, "f r1", date(2021, 1, 1)) == fingerprint(after, "f r1", date(2021, 1, 1))
    assert fingerprint(before, "f r1", date(2022, 1, 1)) != fingerprint(after, "f r1", date(2022, 1, 1))
    assert fingerprint(before, "f r1", date(2021, 1, 1)) != fingerprint(before, "f r2", date(2021, 1, 1))


def test_wording_and_layout_leave_the_version_alone() -> None:
    plain = policy(block("2020-01-01", "2019-11-01", "0.6"))
    worded = policy(
        "# a comment\n\n", block("2020-01-01", "2019-11-01", "0.60", 'label_zh = "比例"', 'label_en = "share"')
    )

    assert fingerprint(plain, "f r1", date(2021, 1, 1)) == fingerprint(worded, "f r1", date(2021, 1, 1))
