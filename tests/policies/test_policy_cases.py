"""The worked examples that the public is shown are tests, and their derivations do not change unnoticed."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from policies.calculators import calculate, differences, formulas
from policies.cases import Case, cases
from policies.kernel.derivation import Step, rendered
from policies.kernel.errors import Refused
from policies.kernel.loading import read_policy

PINNED = Path(__file__).with_name("pinned.json")
CASES = list(cases())
COMPUTED = [case for case in CASES if case.result is not None]


def title(case: Case) -> str:
    return f"{case.policy}: {case.name.en}"


@pytest.mark.parametrize("case", CASES, ids=title)
def test_a_worked_example(case: Case) -> None:
    if case.refusal is not None:
        with pytest.raises(Refused) as refusal:
            calculate(case.policy, case.facts, on=case.on, known_on=case.known_on)
        assert refusal.value.code == case.refusal
        assert refusal.value.cite
        assert all(refusal.value.say(language) for language in ("zh", "en"))
        return

    calculation = calculate(case.policy, case.facts, on=case.on, known_on=case.known_on)

    assert calculation.result == case.result
    assert calculation.synthetic is read_policy(formulas()[case.policy].rules).synthetic
    assert differences(json.loads(json.dumps(calculation.as_stored()))) == ()


def leaves(step: Step) -> Iterator[Step]:
    if not step.inputs:
        yield step
    for part in step.inputs:
        yield from leaves(part)


@pytest.mark.parametrize("case", COMPUTED, ids=title)
def test_every_leaf_is_a_fact_or_a_cited_parameter(case: Case) -> None:
    calculation = calculate(case.policy, case.facts, on=case.on, known_on=case.known_on)

    for leaf in leaves(calculation.derivation):
        assert leaf.operation in {"fact", "parameter"}
        assert (leaf.cite is not None) == (leaf.operation == "parameter")
        assert leaf.name
    for language in ("zh", "en"):
        assert len(list(rendered(calculation.derivation, language))) > 3


@pytest.mark.parametrize("case", [one for one in COMPUTED if one.policy.startswith(("customs/", "equity/"))], ids=title)
def test_what_is_handed_on_or_owed_rests_on_an_article(case: Case) -> None:
    calculation = calculate(case.policy, case.facts, on=case.on, known_on=case.known_on)

    assert any(leaf.cite for leaf in leaves(calculation.derivation))


def test_names_of_examples_are_distinct() -> None:
    assert len({title(case) for case in CASES}) == len(CASES)


def test_every_calculator_has_an_example() -> None:
    assert {case.policy for case in COMPUTED} == set(formulas())


def pins() -> dict[str, dict[str, str]]:
    found = {}
    for case in COMPUTED:
        calculation = calculate(case.policy, case.facts, on=case.on, known_on=case.known_on)
        found[title(case)] = {"version": calculation.version, "derivation": calculation.derivation_hash}
    return found


def test_derivations_are_those_that_books_may_hold() -> None:
    """A changed figure needs a new dated block, a changed formula a new revision: stored results must stand.

    `python tests/policies/test_policy_cases.py` writes the file anew.
    """
    assert pins() == json.loads(PINNED.read_text(encoding="utf-8"))


if __name__ == "__main__":
    PINNED.write_text(json.dumps(pins(), ensure_ascii=False, indent=2, sort_keys=True) + "\n", encoding="utf-8")
