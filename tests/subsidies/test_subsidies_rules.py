"""What is pure of a subsidy: which budget line bears what, how two versions differ, what a base leaves out."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from office import assert_says_the_same, sentences, untimed

import ledger.budgets
import ledger.evaluation
import ledger.subsidies
from ledger.budgets.values import Budget, BudgetLine
from ledger.errors import Invalid, Spoken
from ledger.subsidies.rules import spread
from ledger.subsidies.values import Award, Batch, BatchState, Difference, differences
from policies.programmes import PROGRAMMES, programme
from policies.subsidies.schemes import SUBSIDIES, Claimant, subsidy

ID = UUID(int=1)
TODAY = date(2026, 9, 1)


def award(unit: str, fen: int, **more: object) -> Award:
    plain = Award(
        number=f"AW-{unit}",
        unit=unit,
        grade="优秀",
        base_fen=fen * 4,
        entitled_fen=fen,
        awarded_fen=fen,
        base_calculation=ID,
        calculation=ID,
        bills=1,
        billed_fen=fen * 4,
        excluded_fen=0,
        uses=0,
        minutes=0,
    )
    return replace(plain, **more)  # type: ignore[arg-type]  # fields by name


def batch(*awards: Award) -> Batch:
    return Batch(
        number="SB-1",
        scheme="beijing-september",
        year=2026,
        version=1,
        operator="K",
        evaluation="national-2026:2026",
        evaluation_version=1,
        pool_fen=1,
        base_year=2025,
        block=1,
        last_seq=1,
        block_hash="0" * 64,
        policy="subsidies/beijing-september",
        policy_version="x",
        synthetic=True,
        reason="",
        maker="P-1",
        computed_on=TODAY,
        state=BatchState.COMPUTED,
        awards=awards,
    )


@untimed
@given(
    amounts=st.lists(st.integers(0, 10**12), min_size=1, max_size=30),
    rooms=st.lists(st.integers(0, 10**12), min_size=1, max_size=6),
    spare=st.integers(0, 10**6),
)
def test_budget_lines_bear_every_fen_once_and_none_more_than_it_has(
    amounts: list[int], rooms: list[int], spare: int
) -> None:
    lines = [BudgetLine(f"L{n}", room) for n, room in enumerate(rooms)]
    lines.append(BudgetLine("last", max(0, sum(amounts) - sum(rooms)) + spare))
    budget = Budget(scheme="s", year=2026, operator="K", lines=tuple(lines))
    awards = [award(f"U{n:02d}", fen) for n, fen in enumerate(amounts)]

    parts = spread(awards, budget)

    by_award = {one.number: sum(part.amount_fen for part in parts if part.award == one.number) for one in awards}
    by_line = {line.code: sum(part.amount_fen for part in parts if part.budget_line == line.code) for line in lines}
    assert by_award == {one.number: one.awarded_fen for one in awards}
    assert all(by_line[line.code] <= line.available_fen for line in lines)
    assert all(part.amount_fen > 0 for part in parts)
    assert spread(list(reversed(awards)), budget) == parts  # whatever order they come in


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([award("A", 5)], [award("A", 5)], []),
        ([award("A", 5)], [], [Difference("A", 5, None, ("excluded",))]),
        ([], [award("A", 5)], [Difference("A", None, 5, ("included",))]),
        ([award("A", 5)], [award("A", 5, awarded_fen=4)], [Difference("A", 5, 4, ("pool",))]),
        (
            [award("A", 5)],
            [award("A", 3, grade="良好", base_fen=20)],
            [Difference("A", 5, 3, ("grade", "entitlement"))],
        ),
    ],
)
def test_two_versions_differ_by_unit_with_the_reason(
    before: list[Award], after: list[Award], expected: list[Difference]
) -> None:
    assert list(differences(batch(*before), batch(*after))) == expected


@pytest.mark.parametrize("name", SUBSIDIES)
def test_a_base_never_leaves_out_more_than_was_billed(name: str) -> None:
    terms = subsidy(name, TODAY, TODAY)
    rates = [{"vat_rate": "0.06", "billed_fen": 100, "excluded_fen": 60, "voucher_fen": 41, "equity_fen": 0}]

    with pytest.raises(Invalid, match="leaves out"):
        terms.base(rates)


def test_subsidies_without_a_pool_pay_each_unit_by_itself() -> None:
    """Anhui: 20 percent of 12,000,000; Qingdao: 10 percent of 26,000,000, at most 2,000,000."""
    anhui, qingdao = (subsidy(name, TODAY, TODAY) for name in ("anhui-2022-unit", "qingdao-2015-unit"))

    assert [share.awarded_fen for share in anhui.shared([Claimant("A", 1_200_000_000)], 1).shares] == [240_000_000]
    assert [share.awarded_fen for share in qingdao.shared([Claimant("A", 2_600_000_000)], 1).shares] == [200_000_000]


@pytest.mark.parametrize("name", PROGRAMMES)
def test_every_programme_says_what_becomes_of_its_budget_at_the_year_end(name: str) -> None:
    found = programme(name, TODAY, TODAY) if name != "jinyun-2017" else programme(name, date(2017, 6, 1), TODAY)

    assert found.across_year_end in {"carry-over", "lapse"}
    assert "#" in found.cite


@pytest.mark.parametrize(
    "refusal",
    [one for slice_ in (ledger.budgets, ledger.evaluation, ledger.subsidies) for one in sentences(slice_)],
    ids=lambda refusal: refusal.__name__,
)
def test_a_refusal_says_the_same_in_both_languages(refusal: type[Spoken]) -> None:
    assert_says_the_same(refusal)


@pytest.mark.parametrize(
    ("bands", "total_fen", "officers"),
    [
        (((0, 2),), 0, 2),
        (((0, 2),), 10**12, 2),
        (((0, 2), (1_000_000_00, 3)), 999_999_99, 2),
        (((0, 2), (1_000_000_00, 3)), 1_000_000_00, 3),
        (((0, 1),), 1, 2),  # never one alone
        (((5, 3),), 4, 2),
    ],
)
def test_how_many_officers_sign_by_the_total(bands: tuple[tuple[int, int], ...], total_fen: int, officers: int) -> None:
    rules = replace(subsidy("beijing-september", TODAY, TODAY), approval_bands=bands)
    assert rules.officers(total_fen) == officers


@pytest.mark.parametrize("name", SUBSIDIES)
def test_no_band_is_shipped_above_two_officers(name: str) -> None:
    rules = subsidy(name, TODAY, TODAY)
    assert rules.approval_bands == ((0, 2),)
    assert rules.cites["approval_bands"].source == "invented"
