"""A unit that finance pays through its own budget: nothing of its subsidy passes the commission."""

from datetime import date, timedelta

import pytest
from office import COMMISSION, FIRM
from season import AWARDED, POOL, A, B, Season
from test_subsidies_recovery import clawed_back

from ledger.approvals.approve import Approve
from ledger.assembly import BOOK, house
from ledger.executor.reading import Reader
from ledger.obligations.offset import OffsetRecovery
from ledger.payments.return_payment import ReturnPayment
from ledger.registry.record_certificate import RecordCertificate
from ledger.registry.values import CertificateKind
from ledger.registry.withdraw_certificate import WithdrawCertificate
from ledger.reports.subsidy import reference_lines
from ledger.subsidies.claw_back import ProposeSubsidyClawBack
from ledger.subsidies.values import RecoveryGround

OTHERS = POOL - AWARDED[A]
PAPER = {"certificate": CertificateKind.OWN_BUDGET, "paper_number": "财预批〔2026〕5号", "valid_from": date(2026, 1, 1)}


@pytest.fixture
def own(season: Season) -> Season:
    """A is a budget unit of the city."""
    season.do(RecordCertificate, "operator", party=A, **PAPER)
    return season


def test_it_takes_its_subsidy_in_as_an_appropriation(own: Season) -> None:
    batch, payables = own.approved()
    assert own.budget("obligated") == POOL
    assert own.balance(f"expense:{COMMISSION}") == OTHERS
    assert own.faults() == []
    payment = own.release(*payables)
    own.confirm(payment, *payables)

    assert own.budget("expended") == POOL
    assert own.balance(f"bank:{A}") == own.balance(f"fiscal-income:{A}") == AWARDED[A]
    assert own.balance(f"8001:{A}") == own.balance(f"6001:{A}") == AWARDED[A]
    assert own.balance(f"subsidy-income:{A}") == own.balance(f"6601:{A}") == 0
    assert own.balance(f"subsidy-income:{B}") == own.balance(f"6601:{B}") == AWARDED[B]
    assert own.balance(f"fiscal-income:{COMMISSION}") == own.balance(f"7101:{COMMISSION}") == OTHERS
    assert own.faults() == []

    with own.database.writer.connect() as connection:
        lines = reference_lines(Reader(connection, BOOK), own.batch(batch), house().chart)
    assert {(one.government_code, one.account_zh) for one in lines if one.entity == A} == {
        ("1002", "银行存款"),
        ("4001", "财政拨款收入"),
        ("6001", "财政拨款预算收入"),
        ("8001", "资金结存"),
    }
    of_commission = [one for one in lines if one.entity == COMMISSION]
    assert sum(one.debit_fen for one in of_commission) == sum(one.credit_fen for one in of_commission) == 3 * OTHERS


def test_a_payment_of_it_that_came_back(own: Season) -> None:
    batch, payables = own.approved()
    payment = own.release(*payables)
    own.confirm(payment, *payables)
    award = next(one for one in own.batch(batch).awards if one.unit == A)
    payable = next(str(part.payable) for part in own.batch(batch).parts if part.award == award.number)
    back = {"batch": payment, "payable": payable, "returned_on": own.today}
    own.do(ReturnPayment, "treasury", **back, bank_reference="退票1", reason="账号有误")

    assert own.budget("obligated") == AWARDED[A]
    assert own.balance(f"bank:{A}") == own.balance(f"fiscal-income:{A}") == own.balance(f"8001:{A}") == 0
    assert own.faults() == []
    own.confirm(own.release(payable), payable)
    assert own.balance(f"fiscal-income:{A}") == AWARDED[A]
    assert own.faults() == []


def test_a_payment_of_it_that_came_back_in_the_year_after(own: Season) -> None:
    batch, payables = own.approved()
    payment = own.release(*payables)
    own.confirm(payment, *payables)
    award = next(one for one in own.batch(batch).awards if one.unit == A)
    payable = next(str(part.payable) for part in own.batch(batch).parts if part.award == award.number)
    own.move(to=date(2027, 1, 4))
    own.letter(2_000_000_00, "财预〔2027〕1号", year=2027)
    back = {"batch": payment, "payable": payable, "returned_on": own.today}
    own.do(ReturnPayment, "treasury", **back, bank_reference="退票1", reason="账号有误")
    own.confirm(own.release(payable), payable)

    assert (own.budget("bounced"), own.budget("expended", 2027)) == (AWARDED[A], AWARDED[A])
    assert own.balance(f"bank:{A}") == AWARDED[A]
    assert own.balance(f"prior-years:{COMMISSION}") == 0
    assert own.faults() == []


def test_finance_takes_it_back_in_that_budget_and_the_commission_does_not(own: Season) -> None:
    batch, payables = own.approved()
    own.confirm(own.release(*payables), *payables)
    award = next(one for one in own.batch(batch).awards if one.unit == A)
    own.move(days=80)
    ruling = {
        "award": award.number,
        "amount_fen": 1_00,
        "ground": RecoveryGround.FALSE_RECORDS,
        "decision_number": "京科决〔2026〕9号",
        "reason": "机时记录不实",
        "decided_on": own.today - timedelta(days=70),
        "appeal_until": own.today - timedelta(days=9),
    }

    assert own.refused(ProposeSubsidyClawBack, "operator", **ruling) == "PaidThroughOwnBudget"
    assert own.faults() == []


def test_nothing_is_set_off_against_it(season: Season) -> None:
    """A owes of one subsidy, paid by the commission; its award of another is paid through its own budget."""
    first, payables = season.approved()
    season.confirm(season.release(*payables), *payables)
    season.move(days=80)
    owed = clawed_back(season, next(one.number for one in season.batch(first).awards if one.unit == A))
    season.do(RecordCertificate, "operator", party=A, **PAPER)
    season.letter(10_000_000_00, "财预〔2026〕7号", scheme="anhui-2022-unit")
    second, _ = season.approved(scheme="anhui-2022-unit", evaluation="")
    found = season.batch(second)
    award = next(one for one in found.awards if one.unit == A)
    part = next(part for part in found.parts if part.award == award.number)
    facts = {"obligation": owed, "payable": part.payable, "amount_fen": 1_00}
    step = season.do(OffsetRecovery, "operator", **facts, decision_number="抵扣1号", reason="抵扣")["step"]
    shown = season.request("obligation.offset", step).content_hash
    signing = {"subject_kind": "obligation.offset", "subject": step, "content_hash": shown}

    assert season.refused(Approve, "finance", **signing) == "PaidThroughOwnBudget"
    assert season.faults() == []


def test_what_stood_on_the_day_of_the_approval_holds(own: Season) -> None:
    """A paper that is withdrawn afterwards changes nothing of what finance has approved; before, it does."""
    batch, payables = own.approved()
    ((paper,),) = own.rows("SELECT number FROM party_certificate")
    own.do(WithdrawCertificate, "operator", party=A, certificate=paper, reason="改为转移支付")
    own.confirm(own.release(*payables), *payables)

    assert own.balance(f"fiscal-income:{A}") == AWARDED[A]
    assert [one.own_budget for one in own.batch(batch).awards] == [True, False, False, False]
    assert own.faults() == []


def test_no_other_party_has_such_a_paper(season: Season) -> None:
    assert season.refused(RecordCertificate, "operator", party=FIRM, **PAPER) == "NotOfThisKind"
