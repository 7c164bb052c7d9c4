"""A September from the computation to the bank's slip, and every way in which it does not go on."""

from datetime import date
from typing import Any

import pytest
from office import COMMISSION, FIRM, uscc
from season import AUTUMN, AWARDED, ENTITLED, GIVEN, INCOME, POOL, ROUND, UNITS, A, B, C, D, E, Season

from ledger.amounts import yuan
from ledger.approvals.approve import Approve
from ledger.approvals.reject import Reject
from ledger.approvals.values import RequestStatus
from ledger.bookkeeping.reverse_entry import ReverseEntry
from ledger.errors import Invalid
from ledger.evaluation.join_platform import JoinPlatform
from ledger.evaluation.values import Grade
from ledger.fees.credit_bill import CreditBill
from ledger.fees.values import RedInvoice
from ledger.payments.return_payment import ReturnPayment
from ledger.registry.declare_controller import DeclareController
from ledger.registry.declare_relation import DeclareRelation
from ledger.registry.register_unit import RegisterUnit
from ledger.registry.values import Role
from ledger.subsidies.compute import ComputeSubsidy
from ledger.subsidies.exclude_bill import ExcludeBill
from ledger.subsidies.objections import AnswerSubsidyObjection, ObjectToSubsidy
from ledger.subsidies.review import ReviewSubsidy
from ledger.subsidies.values import BATCH, BatchState, Exclusion, differences
from ledger.subsidies.void import VoidSubsidy


def awards(season: Season, batch: str) -> dict[str, int]:
    return {award.unit: award.awarded_fen for award in season.batch(batch).awards}


def test_the_worked_example_to_the_fen(season: Season) -> None:
    body = season.do(ComputeSubsidy, "operator", **season.computation())
    batch = season.batch(body["batch"])

    assert {award.unit: award.entitled_fen for award in batch.awards} == ENTITLED
    assert {award.unit: award.awarded_fen for award in batch.awards} == AWARDED
    assert (body["entitled_fen"], body["awarded_fen"], body["pool_fen"]) == (4_096_666_75, POOL, POOL)
    assert body["synthetic"] is True
    assert [(one.unit, one.why, one.base_fen) for one in batch.excluded] == [
        (E, Exclusion.IN_RECTIFICATION, INCOME[E]),
    ]
    assert season.budget("committed") == 0  # computed is not promised
    assert season.faults() == []


def test_a_september_is_paid(season: Season) -> None:
    batch = season.compute()
    reviewed = season.review(batch)
    assert (reviewed["notice_until"], season.budget("committed")) == ("2026-09-08", POOL)
    payables = season.approve(batch)
    assert (season.budget("committed"), season.budget("obligated")) == (0, POOL)
    assert season.balance(f"expense:{COMMISSION}") == POOL
    payment = season.release(*payables)
    season.confirm(payment, *payables)

    assert season.batch(batch).state is BatchState.PAID
    assert (season.budget("obligated"), season.budget("expended"), season.budget("available")) == (0, POOL, 0)
    for unit, fen in AWARDED.items():
        assert season.balance(f"bank:{unit}") == fen
        assert season.balance(f"subsidy-income:{unit}") == fen
        assert season.balance(f"8001:{unit}") == season.balance(f"6601:{unit}") == fen
    assert season.balance(f"7101:{COMMISSION}") == season.balance(f"6001:{COMMISSION}") == POOL
    assert season.faults() == []


def test_every_line_says_what_it_rests_on(season: Season) -> None:
    batch = season.batch(season.compute())
    a = next(award for award in batch.awards if award.unit == A)

    assert (a.bills, a.billed_fen, a.base_fen, a.grade) == (1, INCOME[A], INCOME[A], "优秀")
    ((kept, head),) = season.rows(
        "SELECT (SELECT facts FROM calculation WHERE id = :id), "
        "(SELECT encode(hash, 'hex') FROM block WHERE number = :n)",
        id=a.base_calculation,
        n=batch.block,
    )
    assert kept["rates"] == [
        {"vat_rate": "0", "billed_fen": INCOME[A], "excluded_fen": 0, "voucher_fen": 0, "equity_fen": 0}
    ]
    assert head == batch.block_hash


# -- the base ----------------------------------------------------------------------------------------------------------


def _base(season: Season, unit: str, **more: str) -> int:
    batch = season.batch(season.compute(**more))
    return next(award.base_fen for award in batch.awards if award.unit == unit)


def test_tax_is_no_income(spring: Season) -> None:
    """Half a fen rounds up, once per rate of tax: 107.06 at 6 percent, 100.01 at 13."""
    spring.bill(D, 106_00, vat_rate="0.06")
    spring.bill(D, 1_06, vat_rate="0.06")
    spring.bill(D, 100_01, vat_rate="0.13")
    spring.to_autumn()

    assert _base(spring, D) == INCOME[D] + 101_00 + 88_50  # 100.01 / 1.13 = 88.504…


def test_only_the_year_before_counts(season: Season) -> None:
    season.bill(D, 500_00)

    assert _base(season, D) == INCOME[D]


def test_what_a_red_invoice_took_back_is_no_income(season: Season) -> None:
    ((bill,),) = season.rows("SELECT number FROM fee_bill WHERE unit = :unit", unit=D)
    red = RedInvoice("9" * 20, season.today, 333_333_33, "服务退款")
    season.do(CreditBill, f"officer {D}", bill=bill, red=red)

    assert _base(season, D) == INCOME[D] - 333_333_33


def test_bills_to_related_parties_do_not_count_and_are_seen(season: Season) -> None:
    season.do(DeclareRelation, f"officer {D}", party=D, other=FIRM, stands=True, ground="控股")

    d = next(award for award in season.batch(season.compute()).awards if award.unit == D)

    assert (d.billed_fen, d.excluded_fen, d.base_fen) == (INCOME[D], INCOME[D], 0)


def test_parties_under_one_actual_controller_are_related_however_long_the_chain(season: Season) -> None:
    season.do(DeclareController, f"officer {B}", party=B, controller=A)
    season.do(DeclareController, f"officer {D}", party=D, controller=B)
    season.do(DeclareController, "applicant", party=FIRM, controller=A)

    bases = {award.unit: award.base_fen for award in season.batch(season.compute()).awards}

    assert bases == {A: 0, B: 0, C: INCOME[C], D: 0}


def test_a_bill_for_statutory_work_is_left_out_by_decision_and_may_count_again(season: Season) -> None:
    ((bill,),) = season.rows("SELECT number FROM fee_bill WHERE unit = :unit", unit=D)
    wish: dict[str, Any] = {"bill": bill, "excluded": True, "reason": "法定检验"}

    assert season.refused(ExcludeBill, f"officer {A}", **wish) == "RoleMissingAt"
    assert season.refused(ExcludeBill, f"officer {D}", **wish | {"excluded": False}) == "ExclusionUnchanged"
    season.do(ExcludeBill, f"officer {D}", **wish)
    batch = season.batch(season.compute())
    d = next(award for award in batch.awards if award.unit == D)
    assert (d.billed_fen, d.excluded_fen, d.base_fen, d.awarded_fen) == (INCOME[D], INCOME[D], 0, 0)
    season.do(ExcludeBill, "operator", **wish | {"excluded": False, "reason": "复核"})
    assert _base(season, D, reason="复核后计入") == INCOME[D]


# -- who is in it ------------------------------------------------------------------------------------------------------


def _new_unit(season: Season, number: int, joined_on: date | None) -> str:
    unit = uscc("12", number)
    season.do(RegisterUnit, "operator", code=unit, name="新所")
    if joined_on:
        paper = {"department": COMMISSION, "document_number": "入网9号"}
        season.do(JoinPlatform, "operator", unit=unit, joined_on=joined_on, **paper)
    return unit


def test_who_is_left_out_is_listed_with_the_reason(spring: Season) -> None:
    stranger = _new_unit(spring, 97, None)
    spring.hire(f"officer {stranger}", (stranger, Role.UNIT_OFFICER), by="operator")
    spring.bill(stranger, 500_00)
    ungraded = _new_unit(spring, 98, date(2025, 3, 3))
    spring.move(to=date(2026, 4, 1))
    spring.grade(GIVEN, ungraded)
    spring.move(to=AUTUMN)
    spring.letter(POOL)
    late = _new_unit(spring, 99, date(2026, 2, 2))

    batch = spring.batch(spring.compute())

    found = {one.unit: (one.why, one.detail, one.base_fen) for one in batch.excluded}
    assert found.pop(E)[0] is Exclusion.IN_RECTIFICATION
    assert found == {
        stranger: (Exclusion.NOT_A_MEMBER, "", 500_00),
        ungraded: (Exclusion.NOT_PUBLISHED, ROUND, 0),
        late: (Exclusion.JOINED_LATE, "2026-02-02", 0),
    }


def test_nobody_eligible_is_said_with_the_reasons(spring: Season) -> None:
    spring.move(to=date(2026, 4, 1))
    spring.grade(dict.fromkeys(UNITS, Grade.POOR))
    spring.move(to=AUTUMN)
    spring.letter(POOL)

    assert spring.refused(ComputeSubsidy, "operator", **spring.computation()) == "NobodyEligible"


# -- what is refused ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"evaluation": ""}, "EvaluationNeeded"),
        ({"evaluation": "national-2026:2024"}, "NotFound"),
        ({"year": 2025}, "EvaluationOfAnotherYear"),
        ({"year": 2024}, "SubsidyYearNotCurrent"),
        ({"pool_fen": 0}, "PoolEmpty"),
        ({"pool_fen": POOL + 1}, "PoolTooLarge"),
    ],
)
def test_what_cannot_be_computed(season: Season, facts: dict[str, Any], code: str) -> None:
    assert season.refused(ComputeSubsidy, "operator", **season.computation(**facts)) == code


def test_who_may_compute(season: Season) -> None:
    assert season.refused(ComputeSubsidy, "finance", **season.computation()) == "RoleMissingAt"
    assert season.refused(ComputeSubsidy, f"officer {A}", **season.computation()) == "RoleMissingAt"


@pytest.mark.parametrize("pool", [-1, 1.5, True, 10**19])
def test_a_pool_is_a_whole_number_of_fen(season: Season, pool: Any) -> None:  # noqa: ANN401
    with pytest.raises(Invalid):
        season.books.executor.run(season.command(ComputeSubsidy, "operator", **season.computation(pool_fen=pool)))


def test_a_part_of_the_budget_may_be_shared_out(season: Season) -> None:
    batch = season.compute(pool_fen=1_000_000_00)
    season.review(batch)

    assert sum(awards(season, batch).values()) == 1_000_000_00
    assert (season.budget("committed"), season.budget("available")) == (1_000_000_00, POOL - 1_000_000_00)


def test_a_pool_that_is_large_enough_pays_every_entitlement(season: Season) -> None:
    season.letter(2_000_000_00, "财预〔2026〕2号")
    batch = season.compute()

    assert awards(season, batch) == ENTITLED


def test_two_budget_lines_bear_a_batch_between_them(season: Season) -> None:
    """The first holds 3,000,000; the second of 2,000,000 bears what the first does not hold."""
    season.letter(2_000_000_00, "财预〔2026〕2号")
    batch, payables = season.approved()
    lines = season.batch(batch).by_charge()

    assert sorted(lines.values()) == [1_096_666_75, POOL]
    assert len(payables) == 5  # one award stands on both
    season.confirm(season.release(*payables), *payables)
    assert season.batch(batch).state is BatchState.PAID
    assert season.faults() == []


# -- versions ----------------------------------------------------------------------------------------------------------


def test_a_later_run_supersedes_the_whole_batch_and_says_what_is_different(season: Season) -> None:
    first = season.compute()
    season.review(first)
    ((bill,),) = season.rows("SELECT number FROM fee_bill WHERE unit = :unit", unit=D)
    season.do(ExcludeBill, "operator", bill=bill, excluded=True, reason="法定检验")

    assert season.refused(ComputeSubsidy, "operator", **season.computation()) == "VersionReasonMissing"
    second = season.compute(reason="丁所剔除法定检验")

    before, after = season.batch(first), season.batch(second)
    changed = {one.unit: one for one in differences(before, after)}
    assert (before.state, after.state, after.version) == (BatchState.SUPERSEDED, BatchState.COMPUTED, 2)
    assert season.request(BATCH, first).status is RequestStatus.LAPSED
    assert (season.budget("committed"), season.budget("available")) == (0, POOL)
    assert (changed[D].before_fen, changed[D].after_fen, changed[D].why) == (AWARDED[D], 0, ("base", "entitlement"))
    assert changed[A].why == ("pool",)
    assert sum(one.after_fen or 0 for one in changed.values()) == POOL
    assert season.faults() == []


def test_what_is_approved_is_not_computed_anew(season: Season) -> None:
    season.approved()

    assert season.refused(ComputeSubsidy, "operator", **season.computation(reason="再算")) == "ApprovedAlready"


def test_a_batch_is_taken_back_before_it_is_approved(season: Season) -> None:
    batch = season.compute()
    season.review(batch)
    season.do(VoidSubsidy, "operator", batch=batch, reason="名单有误")

    assert season.batch(batch).state is BatchState.VOID
    assert (season.budget("committed"), season.budget("available")) == (0, POOL)
    assert season.request(BATCH, batch).status is RequestStatus.LAPSED
    assert season.refused(VoidSubsidy, "operator", batch=batch, reason="再撤") == "BatchWrongState"
    season.compute()
    assert season.faults() == []


# -- four eyes ---------------------------------------------------------------------------------------------------------


def test_the_maker_does_not_review_and_the_reviewer_does_not_sign(season: Season) -> None:
    batch = season.compute()

    assert season.refused(ReviewSubsidy, "operator", batch=batch) == "OwnComputation"
    assert season.refused(ReviewSubsidy, "finance", batch=batch) == "RoleMissingAt"
    season.review(batch)
    assert season.refused(ReviewSubsidy, "third operator", batch=batch) == "BatchWrongState"
    shown = season.request(BATCH, batch).content_hash
    signature = {"subject_kind": BATCH, "subject": batch, "content_hash": shown}
    assert season.refused(Approve, "second operator", **signature) == "OwnWork"
    assert season.refused(Approve, "third operator", **signature) == "WrongRole"
    season.do(Approve, "finance", **signature)
    assert season.refused(Approve, "finance", **signature) == "AlreadySigned"


def test_finance_signs_after_the_notice_and_not_over_an_objection(season: Season) -> None:
    batch = season.compute()
    season.review(batch)
    signature = {"subject_kind": BATCH, "subject": batch, "content_hash": season.request(BATCH, batch).content_hash}
    season.do(Approve, "finance", **signature)
    assert season.refused(Approve, "second finance", **signature) == "NoticeStillRunning"
    wish = {"batch": batch, "file_number": "异议〔2026〕1号", "reason": "甲所收入有误"}
    objection = season.do(ObjectToSubsidy, "operator", **wish)["objection"]
    assert season.refused(ObjectToSubsidy, "operator", **wish) == "ObjectionFiled"
    season.move(to=date(2026, 9, 9))
    assert season.refused(ObjectToSubsidy, "operator", **wish | {"file_number": "2号"}) == "NoticeOver"
    assert season.refused(Approve, "second finance", **signature) == "BatchObjected"
    answer = {"batch": batch, "objection": objection, "upheld": False, "reason": "核对无误"}
    assert season.refused(AnswerSubsidyObjection, "second operator", **answer) == "OwnReview"
    season.do(AnswerSubsidyObjection, "third operator", **answer)
    assert season.refused(AnswerSubsidyObjection, "third operator", **answer) == "ObjectionClosed"
    season.do(Approve, "second finance", **signature)
    assert season.batch(batch).state is BatchState.APPROVED
    assert season.faults() == []


def test_an_objection_that_is_upheld_takes_the_batch_back(season: Season) -> None:
    batch = season.compute()
    season.review(batch)
    wish = {"batch": batch, "file_number": "异议〔2026〕1号", "reason": "甲所收入有误"}
    objection = season.do(ObjectToSubsidy, "operator", **wish)["objection"]

    season.do(AnswerSubsidyObjection, "operator", batch=batch, objection=objection, upheld=True, reason="属实")

    assert season.batch(batch).state is BatchState.VOID
    assert season.budget("available") == POOL
    assert season.request(BATCH, batch).status is RequestStatus.LAPSED
    assert season.faults() == []


def test_finance_may_refuse_and_the_budget_is_free_again(season: Season) -> None:
    batch = season.compute()
    season.review(batch)
    shown = season.request(BATCH, batch).content_hash

    season.do(Reject, "finance", subject_kind=BATCH, subject=batch, content_hash=shown, reason="请附依据")

    assert season.batch(batch).state is BatchState.REFUSED
    assert season.budget("available") == POOL
    assert season.batch(season.compute()).version == 2
    assert season.faults() == []


# -- payment -----------------------------------------------------------------------------------------------------------


def test_a_payment_that_came_back_is_owed_and_paid_again(season: Season) -> None:
    batch, payables = season.approved()
    payment = season.release(*payables)
    season.confirm(payment, *payables)
    back = payables[0]
    season.do(
        ReturnPayment,
        "treasury",
        batch=payment,
        payable=back,
        returned_on=season.today,
        bank_reference="退票1",
        reason="账号有误",
    )
    found = season.batch(batch)
    part = found.part(back)

    assert found.state is BatchState.APPROVED
    assert season.budget("obligated") == part.amount_fen
    assert season.balance(f"subsidy-income:{found.award(part.award).unit}") == 0
    assert season.faults() == []
    again = season.release(back)
    season.confirm(again, back)
    assert season.batch(batch).state is BatchState.PAID
    assert season.faults() == []


def test_a_batch_paid_in_part_says_which_part(season: Season) -> None:
    batch, payables = season.approved()
    payment = season.release(*payables)
    season.confirm(payment, payables[0])

    found = season.batch(batch)
    assert [part.paid for part in found.parts].count(True) == 1
    assert found.state is BatchState.APPROVED
    assert season.budget("expended") == found.part(payables[0]).amount_fen
    assert season.faults() == []


def test_no_entry_of_a_subsidy_is_reversed(season: Season) -> None:
    season.approved()
    for (seq,) in season.rows("SELECT min(seq) FROM entry WHERE template LIKE 'subsidy.%' GROUP BY template"):
        facts = {"seq": seq, "reason": "误记", "second_person": season.people["second finance"]}
        facts["effective_on"] = season.today
        assert season.refused(ReverseEntry, "finance", **facts) == "StepNotReversible"


def test_no_fen_is_lost_on_the_way(season: Season) -> None:
    """What is appropriated stands in exactly one bucket, whatever has been done."""
    _, payables = season.approved()
    season.confirm(season.release(payables[1]), payables[1])
    buckets = {bucket: season.budget(bucket) for bucket in ("available", "committed", "obligated", "expended")}

    assert sum(buckets.values()) == season.budget("appropriated") == POOL, {k: yuan(v) for k, v in buckets.items()}
    assert season.breaches() == []
