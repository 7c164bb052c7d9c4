"""A paid subsidy taken back by a ruling, and payments that come back in a later year than they were made in."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from season import AWARDED, POOL, SCHEME, A, Season

from ledger.approvals.approve import Approve
from ledger.budgets.end_year import KIND as YEAR_END
from ledger.budgets.end_year import ProposeYearEnd
from ledger.errors import Invalid
from ledger.obligations.offset import OffsetRecovery
from ledger.obligations.receive import ReceiveRecovery
from ledger.payments.return_payment import ReturnPayment
from ledger.registry.text import ChoiceUnknown, TextMissing
from ledger.subsidies.claw_back import KIND, ProposeSubsidyClawBack, RecoveryUnreadable
from ledger.subsidies.values import BatchState, RecoveryGround

TAKEN = 400_000_00
NEXT = 2_000_000_00


@dataclass
class PaidBatch:
    number: str
    payment: str
    payables: list[str]
    award: str
    """Of the unit A."""
    payable: str


@pytest.fixture
def paid(season: Season) -> PaidBatch:
    batch, payables = season.approved()
    payment = season.release(*payables)
    season.confirm(payment, *payables)
    found = season.batch(batch)
    award = next(one.number for one in found.awards if one.unit == A)
    payable = next(str(part.payable) for part in found.parts if part.award == award)
    return PaidBatch(batch, payment, payables, award, payable)


def ruling(season: Season, award: str, amount_fen: int = TAKEN, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "award": award,
        "amount_fen": amount_fen,
        "ground": RecoveryGround.FALSE_RECORDS,
        "decision_number": "京科决〔2026〕9号",
        "reason": "机时记录不实",
        "decided_on": season.today - timedelta(days=70),
        "appeal_until": season.today - timedelta(days=9),
    } | more


def clawed_back(season: Season, award: str, amount_fen: int = TAKEN) -> str:
    """Proposed and signed; the obligation."""
    body = season.do(ProposeSubsidyClawBack, "operator", **ruling(season, award, amount_fen))
    signed = season.sign(KIND, body["claw_back"], "second operator")
    assert signed["recovered_fen"] == amount_fen
    (obligation,) = signed["obligations"]
    return str(obligation)


def received(season: Season, obligation: str, amount_fen: int = TAKEN) -> None:
    slip = {"amount_fen": amount_fen, "received_on": season.today, "bank_reference": f"收款{season.today}"}
    step = season.do(ReceiveRecovery, "operator", obligation=obligation, **slip)["step"]
    season.sign("obligation.receipt", step, "finance")


def end_year(season: Season, year: int = 2026) -> None:
    facts = {"scheme": SCHEME, "year": year, "document_number": "财结〔2027〕1号"}
    season.do(ProposeYearEnd, "operator", **facts)
    season.sign(YEAR_END, f"{SCHEME}:{year}", "finance")


# -- taken back by a ruling --------------------------------------------------------------------------------------------


def test_what_is_taken_back_in_its_year_may_be_spent_again(season: Season, paid: PaidBatch) -> None:
    season.move(days=80)
    owed = clawed_back(season, paid.award)

    assert season.budget("recovering") == TAKEN
    assert season.budget("expended") == POOL - TAKEN
    assert season.balance(f"recovery:{owed}") == TAKEN
    assert season.balance(f"owed-to-fiscal:{owed}") == TAKEN
    assert season.balance(f"subsidy-income:{A}") == AWARDED[A] - TAKEN
    assert season.faults() == []

    received(season, owed)
    assert (season.budget("recovering"), season.budget("available")) == (0, TAKEN)
    assert season.balance(f"owed-to-fiscal:{owed}") == 0
    assert season.faults() == []


def test_what_is_decided_later_is_the_treasurys(season: Season, paid: PaidBatch) -> None:
    season.move(to=date(2027, 3, 1))
    owed = clawed_back(season, paid.award)

    assert season.balance(f"due-to-treasury:{season.batch(paid.number).operator}") == TAKEN
    received(season, owed)
    assert (season.budget("recovered"), season.budget("available")) == (TAKEN, 0)
    assert season.faults() == []


def test_what_is_owed_is_set_off_against_the_next_award(season: Season, paid: PaidBatch) -> None:
    """The unit of 1,464,605.34 owes 400,000 of it; of its next award of 1,600,000 the bank pays 1,200,000."""
    season.move(days=80)
    owed = clawed_back(season, paid.award)
    season.letter(6_000_000_00, "财预〔2026〕7号", scheme="anhui-2022-unit")
    batch = season.compute(scheme="anhui-2022-unit", evaluation="")
    season.review(batch)
    season.approve(batch)
    found = season.batch(batch)
    part = next(part for part in found.parts if found.award(part.award).unit == A)
    facts = {"obligation": owed, "payable": part.payable, "amount_fen": TAKEN}
    step = season.do(OffsetRecovery, "operator", **facts, decision_number="抵扣1号", reason="抵扣")["step"]
    season.sign("obligation.offset", step, "finance")

    assert season.balance(f"recovery:{owed}") == season.balance(f"owed-to-fiscal:{owed}") == 0
    assert season.budget("available") == TAKEN
    assert season.faults() == []
    payment = season.release(str(part.payable))
    season.confirm(payment, str(part.payable))
    spent = season.batch(batch).spent_on(part.award)
    assert [one.spent_fen for one in spent] == [part.amount_fen] == [1_600_000_00]
    assert season.balance(f"bank:{A}") == AWARDED[A] + 1_600_000_00 - TAKEN
    assert season.faults() == []


def test_no_more_is_taken_back_than_was_paid(season: Season, paid: PaidBatch) -> None:
    season.move(days=80)
    clawed_back(season, paid.award, AWARDED[A] - 1)

    assert season.refused(ProposeSubsidyClawBack, "operator", **ruling(season, paid.award, 2)) == "MoreThanWasPaid"
    clawed_back(season, paid.award, 1)
    assert season.budget("recovering") == AWARDED[A]
    assert season.faults() == []


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"appeal_until": date(2026, 12, 31)}, "AppealOpen"),
        ({"decided_on": date(2026, 12, 1), "appeal_until": date(2026, 11, 1)}, "DecisionDatesCrossed"),
        ({"award": "AW-0000-0000-0000"}, "NotFound"),
    ],
)
def test_what_cannot_be_taken_back(season: Season, paid: PaidBatch, facts: dict[str, Any], code: str) -> None:
    season.move(to=date(2026, 12, 20))
    before = season.rows("SELECT count(*) FROM entry")

    assert season.refused(ProposeSubsidyClawBack, "operator", **ruling(season, paid.award) | facts) == code
    assert season.rows("SELECT count(*) FROM entry") == before


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"decision_number": " "}, TextMissing),
        ({"ground": "because"}, ChoiceUnknown),
        ({"amount_fen": 0}, RecoveryUnreadable),
        ({"amount_fen": 1.5}, RecoveryUnreadable),
    ],
)
def test_what_is_not_readable(season: Season, paid: PaidBatch, facts: dict[str, Any], code: type[Invalid]) -> None:
    season.move(to=date(2026, 12, 20))
    before = season.rows("SELECT count(*) FROM entry")

    with pytest.raises(code):
        season.do(ProposeSubsidyClawBack, "operator", **ruling(season, paid.award) | facts)
    assert season.rows("SELECT count(*) FROM entry") == before


def test_nobody_signs_their_own_ruling_and_finance_does_not_sign_it(season: Season, paid: PaidBatch) -> None:
    season.move(days=80)
    body = season.do(ProposeSubsidyClawBack, "operator", **ruling(season, paid.award))
    approval = body["approval"]
    facts = {"subject_kind": KIND, "subject": body["claw_back"], "content_hash": approval["content_hash"]}

    assert season.refused(Approve, "operator", **facts) == "OwnWork"
    assert season.refused(Approve, "finance", **facts) == "WrongRole"
    assert season.budget("recovering") == 0


def test_what_is_not_paid_is_not_taken_back(season: Season) -> None:
    batch, _ = season.approved()
    award = season.batch(batch).awards[0].number
    season.move(days=80)

    assert season.refused(ProposeSubsidyClawBack, "operator", **ruling(season, award)) == "MoreThanWasPaid"


# -- payments that came back -------------------------------------------------------------------------------------------


def test_a_payment_that_came_back_in_a_later_year_is_paid_from_that_years_budget(
    season: Season, paid: PaidBatch
) -> None:
    season.letter(1_00, "财预〔2026〕8号")  # left over, so that the year ends with something
    season.move(to=date(2027, 2, 1))
    end_year(season)
    back = {"batch": paid.payment, "payable": paid.payable, "returned_on": season.today}
    facts = back | {"bank_reference": "退票7", "reason": "账户注销"}

    assert season.refused(ReturnPayment, "treasury", **facts) == "NextBudgetTooSmall"
    season.letter(NEXT, "财预〔2027〕1号", year=2027)
    season.do(ReturnPayment, "treasury", **facts)

    assert season.budget("bounced") == AWARDED[A]
    assert season.budget("obligated", 2027) == AWARDED[A]
    assert season.budget("available", 2027) == NEXT - AWARDED[A]
    assert season.batch(paid.number).state is BatchState.APPROVED
    assert season.balance(f"bank:{A}") == 0
    assert season.faults() == []

    season.confirm(season.release(paid.payable), paid.payable)
    found = season.batch(paid.number)
    assert found.state is BatchState.PAID
    assert (season.budget("expended", 2027), season.budget("obligated", 2027)) == (AWARDED[A], 0)
    assert [(one.charge.year, one.spent_fen) for one in found.spent_on(paid.award)] == [(2027, AWARDED[A])]
    assert season.faults() == []


def test_what_is_not_paid_when_the_year_ends_is_carried_over_and_paid(season: Season) -> None:
    """Approved in October, unpaid on 31 December: the finance document carries the budget over."""
    batch, payables = season.approved()
    season.move(to=date(2027, 1, 20))
    end_year(season)

    assert (season.budget("obligated"), season.budget("obligated", 2027)) == (0, POOL)
    season.confirm(season.release(*payables), *payables)
    assert season.budget("expended", 2027) == POOL
    assert season.batch(batch).state is BatchState.PAID
    assert season.faults() == []

    season.move(days=90)
    award = season.batch(batch).awards[0]
    owed = clawed_back(season, award.number)
    assert season.rows("SELECT year FROM obligation WHERE number = :number", number=owed) == [(2027,)]
    assert season.budget("recovering", 2027) == TAKEN
    assert season.faults() == []


def test_a_return_of_december_that_is_told_after_the_year_ended_is_carried_over(
    season: Season, paid: PaidBatch
) -> None:
    season.letter(1_00, "财预〔2026〕8号")  # left over, so that the year ends with something
    season.move(to=date(2027, 1, 20))
    end_year(season)
    facts = {"batch": paid.payment, "payable": paid.payable, "returned_on": date(2026, 12, 30)}
    season.do(ReturnPayment, "treasury", **facts, bank_reference="退票8", reason="账号有误")

    assert season.budget("obligated", 2027) == AWARDED[A]
    assert season.budget("carried-out") == AWARDED[A]
    assert season.faults() == []
    season.confirm(season.release(paid.payable), paid.payable)
    assert season.budget("expended", 2027) == AWARDED[A]
    assert season.faults() == []


def test_a_payment_of_which_a_part_is_owed_back_does_not_bounce(season: Season, paid: PaidBatch) -> None:
    season.move(days=80)
    clawed_back(season, paid.award)
    facts = {"batch": paid.payment, "payable": paid.payable, "returned_on": season.today}

    assert (
        season.refused(ReturnPayment, "treasury", **facts, bank_reference="退票9", reason="账号有误")
        == "RecoveryUnderWay"
    )
