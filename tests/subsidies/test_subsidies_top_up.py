"""A subsidy that finance has approved is topped up by a decision: a larger pool, corrected records, a signed change."""

from datetime import date, timedelta
from typing import Any

import pytest
from office import COMMISSION
from season import AWARDED, ENTITLED, INCOME, POOL, ROUND, SCHEME, A, B, C, D, E, Season
from sqlalchemy import text

from ledger.assembly import BOOK, house
from ledger.budgets.end_year import KIND as YEAR_END
from ledger.budgets.end_year import ProposeYearEnd
from ledger.errors import Invalid
from ledger.evaluation.propose_grades import KIND as GRADES
from ledger.evaluation.propose_grades import ProposeGrades
from ledger.evaluation.values import Grade, UnitGrade
from ledger.executor.reading import Reader
from ledger.payments.return_payment import ReturnPayment
from ledger.registry.text import TextMissing
from ledger.reports.subsidy_publication import published
from ledger.reports.subsidy_why import why
from ledger.subsidies.claw_back import KIND as CLAW_BACK
from ledger.subsidies.claw_back import ProposeSubsidyClawBack
from ledger.subsidies.exclude_bill import ExcludeBill
from ledger.subsidies.impact import Question, impact_run
from ledger.subsidies.listing import is_overdue, version_before
from ledger.subsidies.policy_change import KIND as CHANGE
from ledger.subsidies.policy_change import ProposePolicyChange
from ledger.subsidies.rules import AmountsUnreadable
from ledger.subsidies.top_up import PoolSaidTwice, TopUpSubsidy
from ledger.subsidies.values import Batch, BatchState, Due, Exclusion, RecoveryGround
from ledger.subsidies.void import VoidSubsidy

LARGER = 3_500_000_00
DUE = {A: 1_708_706_23, B: 794_548_47, C: 854_353_11, D: 142_392_19}
"""The pool of 3,500,000 over entitlements of 4,096,666.75, by largest remainder."""
MORE = {unit: DUE[unit] - AWARDED[unit] for unit in AWARDED}


def wish(**more: Any) -> dict[str, Any]:  # noqa: ANN401
    facts = {"scheme": SCHEME, "year": 2026, "budget_year": 2026, "decision_number": "京科决〔2026〕12号"}
    return facts | {"reason": "追加预算", "pool_fen": LARGER} | more


def added(season: Season, **more: Any) -> Batch:  # noqa: ANN401
    return season.batch(season.do(TopUpSubsidy, "operator", **wish(**more))["batch"])


def paid(season: Season, batch: str) -> list[str]:
    season.review(batch)
    payables = season.approve(batch)
    season.confirm(season.release(*payables), *payables)
    return payables


@pytest.fixture
def october(season: Season) -> Season:
    """The September is paid, and finance has 500,000 more."""
    paid(season, season.compute())
    season.move(to=date(2026, 10, 12))
    season.letter(LARGER - POOL, "财预〔2026〕2号")
    return season


def test_a_larger_pool_pays_the_difference_and_goes_the_whole_road(october: Season) -> None:
    """Of 500,000 more, A gets 244,100.89, B 113,506.93, C 122,050.44, D 20,341.74."""
    batch = added(october)
    assert {one.unit: one.awarded_fen for one in batch.awards} == MORE
    assert sum(MORE.values()) == LARGER - POOL
    assert {one.unit: (one.due.due_fen, one.due.had_fen) for one in batch.awards if one.due} == {
        unit: (DUE[unit], AWARDED[unit]) for unit in DUE
    }
    assert [(one.unit, one.why) for one in batch.excluded] == [(E, Exclusion.IN_RECTIFICATION)]
    assert (batch.version, batch.budget_year, october.budget("committed")) == (2, 2026, 0)
    assert october.faults() == []

    october.review(batch.number)
    assert (october.budget("committed"), october.budget("available")) == (LARGER - POOL, 0)
    assert october.faults() == []
    payables = october.approve(batch.number)
    assert (october.budget("obligated"), october.balance(f"expense:{COMMISSION}")) == (LARGER - POOL, LARGER)
    october.confirm(october.release(*payables), *payables)

    assert october.batch(batch.number).state is BatchState.PAID
    assert october.budget("expended") == LARGER
    for unit, fen in DUE.items():
        assert october.balance(f"bank:{unit}") == october.balance(f"subsidy-income:{unit}") == fen
    assert october.faults() == []


def test_it_is_not_overdue_in_october(october: Season) -> None:
    assert not is_overdue(added(october), october.today)


def test_another_top_up_counts_what_the_first_has_added(october: Season) -> None:
    paid(october, added(october).number)
    october.letter(1_000_000_00, "财预〔2026〕3号")
    assert october.refused(TopUpSubsidy, "operator", **wish()) == "NobodyMissesAnything"
    second = added(october, pool_fen=5_000_000_00)

    assert {one.unit: one.awarded_fen for one in second.awards} == {unit: ENTITLED[unit] - DUE[unit] for unit in DUE}
    paid(october, second.number)
    assert {unit: october.balance(f"bank:{unit}") for unit in DUE} == ENTITLED
    assert october.faults() == []


def test_a_later_one_replaces_what_finance_has_not_approved(october: Season) -> None:
    first = added(october)
    october.review(first.number)
    second = added(october, pool_fen=3_400_000_00, reason="总额有误")

    assert october.batch(first.number).state is BatchState.SUPERSEDED
    assert (october.budget("committed"), october.budget("available")) == (0, LARGER - POOL)
    assert second.awarded_fen == 400_000_00
    with october.database.writer.connect() as connection:
        before = version_before(Reader(connection, BOOK), second)
    assert before
    assert before.number == first.number
    october.do(VoidSubsidy, "operator", batch=second.number, reason="另行研究")
    assert added(october).version == 4
    assert october.faults() == []


def test_records_that_are_corrected_after_the_payment(season: Season) -> None:
    """D's bill was taken for statutory work: the others shared the pool. What they had too much stays theirs."""
    ((bill,),) = season.rows("SELECT number FROM fee_bill WHERE unit = :unit", unit=D)
    season.do(ExcludeBill, "operator", bill=bill, excluded=True, reason="法定检验")
    first = season.compute()
    paid(season, first)
    had = {one.unit: one.awarded_fen for one in season.batch(first).awards}
    season.do(ExcludeBill, "operator", bill=bill, excluded=False, reason="核实为科研服务")
    assert season.refused(TopUpSubsidy, "operator", **wish(pool_fen=None)) == "TopUpTooLarge"
    season.letter(200_000_00, "财预〔2026〕2号")
    batch = added(season, pool_fen=None, reason="记录更正")

    assert had[D] == 0
    assert {one.unit: one.awarded_fen for one in batch.awards} == {D: AWARDED[D]}
    assert {one.unit: (one.why, one.detail) for one in batch.excluded if one.unit != E} == {
        unit: (Exclusion.NOTHING_MORE, f"{(had[unit] - AWARDED[unit]) / 100:,.2f}") for unit in (A, B, C)
    }
    paid(season, batch.number)
    assert season.balance(f"bank:{D}") == AWARDED[D]
    assert season.balance(f"bank:{A}") == had[A]
    assert season.faults() == []


def test_a_unit_that_was_left_out_gets_all_that_is_due(october: Season) -> None:
    """E is graded anew as qualified: 5 percent of 1,000,000, out of a pool that holds all."""
    given = {A: Grade.EXCELLENT, B: Grade.GOOD, C: Grade.GOOD, D: Grade.QUALIFIED, E: Grade.QUALIFIED}
    grades = tuple(UnitGrade(unit, grade, "复核" if unit == E else "") for unit, grade in given.items())
    october.do(ProposeGrades, "operator", evaluation=ROUND, grades=grades, reason="戊所复核")
    october.sign(GRADES, ROUND, "finance")
    october.letter(1_000_000_00, "财预〔2026〕3号")
    batch = added(october, pool_fen=5_000_000_00)
    (of_e,) = (one for one in batch.awards if one.unit == E)

    assert (of_e.awarded_fen, of_e.due, batch.evaluation_version) == (
        50_000_00,
        Due(50_000_00, 0, of_e.due.calculation if of_e.due else of_e.calculation),
        2,
    )
    paid(october, batch.number)
    assert october.faults() == []


def test_what_a_ruling_took_back_is_not_given_back(october: Season) -> None:
    (main,) = october.rows("SELECT number FROM subsidy_batch")
    award = next(one for one in october.batch(main[0]).awards if one.unit == A)
    october.move(to=date(2026, 12, 1))
    ruling = {
        "award": award.number,
        "amount_fen": 400_000_00,
        "ground": RecoveryGround.FALSE_RECORDS,
        "decision_number": "京科决〔2026〕9号",
        "reason": "机时记录不实",
        "decided_on": october.today - timedelta(days=70),
        "appeal_until": october.today - timedelta(days=9),
    }
    proposed = october.do(ProposeSubsidyClawBack, "operator", **ruling)
    october.sign(CLAW_BACK, proposed["claw_back"], "second operator")
    assert october.refused(TopUpSubsidy, "operator", **wish(pool_fen=POOL)) == "NobodyMissesAnything"
    more = added(october)
    payables = paid(october, more.number)

    assert {one.unit: one.awarded_fen for one in more.awards} == MORE
    # What was added can be taken back by a ruling of its own.
    of_d = next(one for one in october.batch(more.number).awards if one.unit == D)
    ruling |= {"award": of_d.number, "amount_fen": MORE[D], "decision_number": "京科决〔2026〕10号"}
    proposed = october.do(ProposeSubsidyClawBack, "operator", **ruling)
    october.sign(CLAW_BACK, proposed["claw_back"], "second operator")
    assert len(payables) == len(MORE)
    assert october.budget("recovering") == 400_000_00 + MORE[D]
    assert october.faults() == []


# -- by a signed change of policy --------------------------------------------------------------------------------------


def changed(season: Season, **more: Any) -> str:  # noqa: ANN401
    facts = {"scheme": SCHEME, "year": 2026, "document_number": "京科发〔2026〕30号", "reason": "追加预算"}
    return str(season.do(ProposePolicyChange, "operator", **facts | {"pool_fen": LARGER} | more)["change"])


def test_a_change_is_made_good_once_finance_has_signed_it(october: Season) -> None:
    change = changed(october)
    asked = wish(change=change, pool_fen=None)
    assert october.refused(TopUpSubsidy, "operator", **asked) == "ChangeNotSigned"
    october.sign(CHANGE, change, "finance", "second finance")
    batch = added(october, change=change, pool_fen=None)

    assert {one.unit: one.awarded_fen for one in batch.awards} == MORE
    assert batch.top_up
    assert (batch.top_up.change, batch.pool_fen) == (change, LARGER)
    paid(october, batch.number)
    assert october.faults() == []


def test_the_rules_of_another_subsidy_are_no_top_up_of_this_one(october: Season) -> None:
    change = changed(october, under="anhui-2022-unit", pool_fen=None)
    october.sign(CHANGE, change, "finance", "second finance")

    asked = wish(change=change, pool_fen=None)
    assert october.refused(TopUpSubsidy, "operator", **asked) == "ChangeOfAnotherSubsidy"


def test_an_impact_run_afterwards_starts_from_what_was_added(october: Season) -> None:
    paid(october, added(october).number)
    with october.database.writer.connect() as connection:
        found = impact_run(Reader(connection, BOOK), SCHEME, 2026, Question(pool_fen=POOL), october.today)

    assert (found.before.pool_fen, found.after.pool_fen, found.corrected) == (LARGER, POOL, ())
    assert {one.unit: (one.awarded_fen, one.before_fen, one.after_fen) for one in found.lines} == {
        unit: (DUE[unit], DUE[unit], AWARDED[unit]) for unit in DUE
    }


# -- in the year after -------------------------------------------------------------------------------------------------


def test_the_budget_of_the_year_after_pays(october: Season) -> None:
    october.move(to=date(2027, 2, 1))
    october.letter(600_000_00, "财预〔2027〕1号", year=2027)
    batch = added(october, budget_year=2027)
    payables = paid(october, batch.number)

    assert (october.budget("expended", 2027), october.budget("available", 2027)) == (500_000_00, 100_000_00)
    assert (october.budget("expended"), october.budget("available")) == (POOL, LARGER - POOL)
    payment = october.rows("SELECT payment_batch FROM subsidy_payment WHERE payable = :one", one=payables[0])[0][0]
    back = {"batch": payment, "payable": payables[0], "returned_on": october.today}
    october.do(ReturnPayment, "treasury", **back, bank_reference="退票1", reason="账号有误")
    assert october.budget("obligated", 2027) == october.batch(batch.number).part(payables[0]).amount_fen
    assert october.faults() == []


def test_what_is_open_of_it_is_carried_over_with_its_budget(october: Season) -> None:
    batch = added(october)
    october.review(batch.number)
    october.approve(batch.number)
    october.move(to=date(2027, 1, 4))
    facts = {"scheme": SCHEME, "year": 2026, "document_number": "财结〔2027〕1号"}
    october.do(ProposeYearEnd, "operator", **facts)
    october.sign(YEAR_END, f"{SCHEME}:2026", "finance")
    payables = [str(part.payable) for part in october.batch(batch.number).parts]
    october.confirm(october.release(*payables), *payables)

    assert (october.budget("expended", 2027), october.budget("obligated", 2027)) == (500_000_00, 0)
    assert october.faults() == []


# -- what is refused ---------------------------------------------------------------------------------------------------


def test_a_batch_that_finance_has_not_approved_is_computed_anew_and_not_topped_up(season: Season) -> None:
    assert season.refused(TopUpSubsidy, "operator", **wish()) == "NothingToTopUp"
    season.compute()
    assert season.refused(TopUpSubsidy, "operator", **wish()) == "BatchWrongState"


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"pool_fen": 4_000_000_00}, "TopUpTooLarge"),
        ({"pool_fen": POOL}, "NobodyMissesAnything"),
        ({"budget_year": 2025}, "BudgetYearNotCurrent"),
        ({"budget_year": 2027}, "BudgetYearNotCurrent"),
        ({"year": 2027, "budget_year": 2026}, "NothingToTopUp"),
        ({"change": "PC-AAAA-AAAA-AAAA", "pool_fen": None}, "NotFound"),
    ],
)
def test_what_cannot_be_added(october: Season, asked: dict[str, Any], code: str) -> None:
    before = october.rows("SELECT count(*) FROM subsidy_batch")
    assert october.refused(TopUpSubsidy, "operator", **wish(**asked)) == code
    assert october.rows("SELECT count(*) FROM subsidy_batch") == before
    assert october.faults() == []


@pytest.mark.parametrize(
    ("asked", "why_not"),
    [
        ({"pool_fen": 0}, AmountsUnreadable),
        ({"pool_fen": -1}, AmountsUnreadable),
        ({"change": "PC-AAAA-AAAA-AAAA"}, PoolSaidTwice),
        ({"decision_number": " "}, TextMissing),
        ({"reason": ""}, TextMissing),
    ],
)
def test_what_cannot_be_read(october: Season, asked: dict[str, Any], why_not: type[Invalid]) -> None:
    with pytest.raises(why_not):
        october.run(TopUpSubsidy, "operator", **wish(**asked))


def test_by_finance_nothing_is_added(october: Season) -> None:
    assert october.refused(TopUpSubsidy, "finance", **wish()) == "RoleMissingAt"


# -- what is read of it ------------------------------------------------------------------------------------------------


def test_why_a_unit_gets_more_is_told_in_three_steps(october: Season) -> None:
    batch = added(october, pool_fen=3_400_000_00)
    with october.database.writer.connect() as connection:
        found = why(Reader(connection, BOOK), batch.number, C)
    award = next(one for one in batch.awards if one.unit == C)

    assert found.base
    assert found.share
    assert found.added
    assert found.base.inputs[0].value == INCOME[C]
    assert award.due
    assert found.share.value == award.due.due_fen
    assert found.added.inputs[0].value == award.awarded_fen


def test_paper_and_open_data_of_a_top_up_stand_beside_those_of_the_year(october: Season) -> None:
    ((main,),) = october.rows("SELECT number FROM subsidy_batch")
    batch = added(october)
    paid(october, batch.number)
    with october.database.writer.connect() as connection:
        reader = Reader(connection, BOOK)
        first, second = (published(reader, number, house().chart).all for number in (main, batch.number))

    assert set(first) & set(second) == {"SHA256SUMS"}
    table = second[f"{SCHEME}-2026-top-up-2-awards.csv"].decode("utf-8-sig")
    assert "244100.89" in table
    assert "补发" in table


# -- the laws would notice ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "change", "law"),
    [
        ("subsidy_top_up_award", "UPDATE subsidy_top_up_award SET had_fen = had_fen - 1", "subsidies.topped-up"),
        ("subsidy_top_up_award", "UPDATE subsidy_top_up_award SET due_fen = due_fen + 1", "subsidies.as-computed"),
        ("subsidy_top_up_award", "DELETE FROM subsidy_top_up_award", "subsidies.topped-up"),
        ("subsidy_batch_step", "DELETE FROM subsidy_batch_step WHERE step = 'superseded'", "subsidies.one-stands"),
    ],
)
def test_a_law_notices_a_top_up_that_is_not_what_was_decided(
    october: Season, table: str, change: str, law: str
) -> None:
    added(october)
    added(october, reason="重算")
    assert october.breaches() == []
    with october.database.owner.begin() as connection:
        connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        connection.execute(text(change))

    assert law in {breach[0] for breach in october.breaches()}
