"""What was paid comes back: refunds and claw-backs, who decides them, who owes, and what the books say of it."""

from datetime import date, timedelta
from typing import Any

import pytest
from programme import COMMISSION, FIRM, OTHER_FIRM, UNIT, Programme

from ledger.approvals.approve import Approve
from ledger.errors import Invalid
from ledger.fees.values import RedInvoice
from ledger.obligations.receive import ReceiveRecovery
from ledger.obligations.steps import subject_kind
from ledger.obligations.store import OBLIGATIONS
from ledger.obligations.values import Obligation, StepKind
from ledger.registry.values import Role
from ledger.vouchers.claw_back import KIND as CLAW_BACK
from ledger.vouchers.claw_back import Against, ProposeClawBack
from ledger.vouchers.decide_refund import KIND as REFUND
from ledger.vouchers.decide_refund import ProposeRefund
from ledger.vouchers.values import ContractState

FEE, SHARE = 40_000_00, 20_000_00


@pytest.fixture
def voucher(programme: Programme) -> str:
    programme.letter()
    return programme.issue()


@pytest.fixture
def contract(programme: Programme, voucher: str) -> str:
    """Paid: 40,000.00 of fee, half of it by voucher; the firm's own half is open."""
    made = programme.accepted(voucher, SHARE, FEE)
    programme.paid(programme.file(made))
    return made


def red(programme: Programme, amount_fen: int) -> RedInvoice:
    number = f"9{programme.today.year}{next(programme._papers):015d}"
    return RedInvoice(number, programme.today, amount_fen, "部分服务未提供")


def refunding(programme: Programme, contract: str, amount_fen: int) -> dict[str, Any]:
    return {"contract": contract, "decision_number": "缙科退1号", "red": red(programme, amount_fen)}


def refund(programme: Programme, contract: str, amount_fen: int) -> dict[str, Any]:
    proposal = programme.do(ProposeRefund, "operator", **refunding(programme, contract, amount_fen))["proposal"]
    return programme.sign(REFUND, proposal, "second operator")


def clawing(programme: Programme, voucher: str, *contracts: str, **more: object) -> dict[str, Any]:
    ruling = programme.revocation(voucher) | {"contracts": contracts, "against": Against.HOLDER}
    return ruling | more


def claw_back(programme: Programme, voucher: str, *contracts: str, **more: object) -> dict[str, Any]:
    proposal = programme.do(ProposeClawBack, "operator", **clawing(programme, voucher, *contracts, **more))["proposal"]
    return programme.sign(CLAW_BACK, proposal, "second operator")


def owed(programme: Programme, number: object) -> Obligation:
    found: Obligation = programme.load(OBLIGATIONS, str(number))[str(number)]
    return found


def receive(programme: Programme, obligation: object, amount_fen: int) -> None:
    facts = {"obligation": obligation, "amount_fen": amount_fen, "received_on": programme.today}
    step = programme.do(ReceiveRecovery, "finance", **facts, bank_reference=f"缴{next(programme._papers)}")
    programme.sign(subject_kind(StepKind.RECEIPT), step["step"], "second finance")


# -- refunds -----------------------------------------------------------------------------------------------------------


def test_a_refund_says_who_owes_what_until_when_and_why(programme: Programme, contract: str) -> None:
    answer = refund(programme, contract, 10_000_00)

    debt = owed(programme, answer["obligation"])
    assert (debt.debtor, debt.creditor, debt.amount_fen) == (UNIT, COMMISSION, 5_000_00)
    assert (debt.subject_kind, debt.subject, debt.decision_number) == (REFUND, contract, "缙科退1号")
    assert (debt.scheme, debt.year, debt.citation) == ("jinyun-2017", 2017, "invented#jinyun-2017")
    assert answer["due_on"] == debt.due_on.isoformat() > programme.today.isoformat()
    found = programme.contract(contract)
    assert (found.state, found.recovered_fen) == (ContractState.PAID, 5_000_00)
    bill = programme.bill(str(found.bill))
    assert (bill.open_fen, bill.voucher_fen, bill.credited_fen) == (15_000_00, 15_000_00, 10_000_00)
    assert programme.breaches() == []
    assert programme.faults() == []


@pytest.mark.parametrize("parts", [(40_000_00,), (1, 39_999_99), (13_333_33, 13_333_33, 13_333_34)])
def test_however_it_is_cut_up_all_of_it_comes_back(programme: Programme, contract: str, parts: tuple[int, ...]) -> None:
    debts = [answer["obligation"] for part in parts if (answer := refund(programme, contract, part))["obligation"]]

    assert sum(owed(programme, debt).amount_fen for debt in debts) == SHARE
    assert programme.contract(contract).recovered_fen == SHARE
    assert programme.bill(str(programme.contract(contract).bill)).fee_fen == 0
    again = refunding(programme, contract, 1)
    assert programme.refused(ProposeRefund, "operator", **again).startswith("MoreThanStands")
    assert programme.breaches() == []


def test_a_share_that_was_limited_by_the_hold_comes_back_last(programme: Programme, voucher: str) -> None:
    """The voucher paid 10,000.00 of 40,000.00: with 30,000.00 left it still would, and nobody owes anything."""
    made = programme.accepted(voucher, 10_000_00, FEE)
    programme.paid(programme.file(made))

    first = refund(programme, made, 10_000_00)
    second = refund(programme, made, 12_000_00)

    assert (first["recovered_fen"], first["obligation"]) == (0, None)
    # 18,000.00 are left, of which half may be the voucher's.
    assert second["recovered_fen"] == 1_000_00
    assert programme.breaches() == []
    assert programme.faults() == []


def test_what_is_not_paid_is_credited_and_not_refunded(programme: Programme, voucher: str) -> None:
    made = programme.accepted(voucher, SHARE, FEE)

    refusal = programme.refused(ProposeRefund, "operator", **refunding(programme, made, 1_00))

    assert refusal == f"WrongState: Contract {made} is accepted and not yet claimed; it cannot be refunded."


def test_two_people_of_the_commission_decide_and_nobody_of_the_unit(programme: Programme, contract: str) -> None:
    facts = refunding(programme, contract, 1_000_00)
    for person in ("officer", "applicant", "finance"):
        assert programme.refused(ProposeRefund, person, **facts).startswith("RoleMissing")
    proposal = programme.do(ProposeRefund, "operator", **facts)["proposal"]
    programme.hire("two hats", (COMMISSION, Role.OPERATOR), (UNIT, Role.UNIT_OFFICER))
    shown = {
        "subject_kind": REFUND,
        "subject": proposal,
        "content_hash": programme.request(REFUND, proposal).content_hash,
    }

    assert programme.refused(Approve, "operator", **shown).startswith("OwnWork")
    assert programme.refused(Approve, "two hats", **shown).startswith("WorksForParty")


def test_figures_that_have_moved_are_not_signed(programme: Programme, contract: str) -> None:
    """Two refunds at once: what the second would take back is another amount once the first is posted."""
    made = [
        programme.do(ProposeRefund, "operator", **refunding(programme, contract, amount))["proposal"]
        for amount in (30_000_00, 20_000_00)
    ]
    programme.sign(REFUND, made[0], "second operator")
    shown = {
        "subject_kind": REFUND,
        "subject": made[1],
        "content_hash": programme.request(REFUND, made[1]).content_hash,
    }

    refusal = programme.refused(Approve, "second operator", **shown)

    assert refusal.startswith("MoreThanStands") or "Propose it anew" in refusal
    assert owed(programme, programme.rows("SELECT number FROM obligation")[0][0]).amount_fen == 15_000_00


def test_a_refund_after_its_year_is_the_treasurys(programme: Programme, contract: str) -> None:
    programme.move(to=date(2018, 1, 15))
    answer = refund(programme, contract, FEE)

    assert programme.balance(f"due-to-treasury:{COMMISSION}") == SHARE
    assert programme.balance(f"expense:{COMMISSION}") == SHARE, "the year that is over keeps its expense"
    receive(programme, answer["obligation"], SHARE)
    assert (programme.budget("recovered"), programme.budget("reinstated")) == (SHARE, 0)
    assert programme.breaches() == []
    assert programme.faults() == []


def test_a_slip_of_a_year_that_was_ended_meanwhile_reinstates_nothing(programme: Programme, contract: str) -> None:
    """It came in December and is signed in January, after the budget was ended: it lapses like all that was left."""
    answer = refund(programme, contract, FEE)
    programme.move(to=date(2017, 12, 20))
    facts = {"obligation": answer["obligation"], "amount_fen": SHARE, "received_on": programme.today}
    step = programme.do(ReceiveRecovery, "finance", **facts, bank_reference="缴1")["step"]
    programme.move(to=date(2018, 1, 10))
    programme.expire_due()
    programme.end_year()
    lapsed = programme.budget("lapsed")

    programme.sign(subject_kind(StepKind.RECEIPT), step, "second finance")

    assert (programme.budget("available"), programme.budget("lapsed")) == (0, lapsed + SHARE)
    assert programme.budget("reinstated") == SHARE
    assert programme.breaches() == []


# -- claw-backs --------------------------------------------------------------------------------------------------------


def test_a_ruling_against_the_unit_takes_its_income_and_leaves_the_firm_alone(
    programme: Programme, voucher: str, contract: str
) -> None:
    income, vat = programme.balance(f"fees:income:{UNIT}"), programme.balance(f"fees:vat:{UNIT}")

    answer = claw_back(programme, voucher, contract, against=Against.UNIT)

    (number,) = answer["obligations"]
    assert (owed(programme, number).debtor, owed(programme, number).ground) == (UNIT, "fraud")
    # 20,000.00 with 6 % in it.
    assert income - programme.balance(f"fees:income:{UNIT}") == 18_867_92
    assert vat - programme.balance(f"fees:vat:{UNIT}") == 1_132_08
    assert programme.balance(f"owed-to-fiscal:{number}") == SHARE
    assert programme.holder(FIRM).flag_on(programme.today) is None
    assert programme.voucher(voucher).revocation is None
    assert programme.face("available", voucher) == 30_000_00
    assert programme.breaches() == []
    assert programme.faults() == []


def test_a_ruling_against_the_holder_revokes_and_flags_once(programme: Programme, voucher: str) -> None:
    first, second = (programme.accepted(voucher, 10_000_00, 20_000_00) for _ in range(2))
    programme.paid(programme.file(first, second))

    answer = claw_back(programme, voucher, first)
    later = claw_back(programme, voucher, second)

    assert (answer["revoked_fen"], later["revoked_fen"]) == (30_000_00, 0)
    assert owed(programme, answer["obligations"][0]).debtor == FIRM
    assert programme.holder(FIRM).flag_on(programme.today) is not None
    assert programme.face("clawed-back", voucher) == 20_000_00
    assert programme.breaches() == []
    assert programme.faults() == []


def test_what_a_refund_has_left_is_clawed_back(programme: Programme, voucher: str, contract: str) -> None:
    refund(programme, contract, 10_000_00)

    answer = claw_back(programme, voucher, contract, against=Against.UNIT)

    assert answer["recovered_fen"] == 15_000_00
    assert (programme.face("returned", voucher), programme.face("clawed-back", voucher)) == (5_000_00, 15_000_00)
    nothing = clawing(programme, voucher, contract, against=Against.UNIT)
    assert programme.refused(ProposeClawBack, "operator", **nothing).startswith("NothingToClawBack")
    assert programme.breaches() == []


def test_what_cannot_be_clawed_back_is_refused(programme: Programme, voucher: str, contract: str) -> None:
    other = programme.issue(10_000_00, OTHER_FIRM, "other applicant")
    waiting = programme.accepted(voucher, 1_000_00, 2_000_00)

    def refused(*contracts: str, of: str = voucher, **more: object) -> str:
        return programme.refused(ProposeClawBack, "operator", **clawing(programme, of, *contracts, **more))

    assert refused(contract, of=other).startswith("ContractOfAnotherVoucher")
    assert refused(waiting).startswith("WrongState")
    assert refused(contract, appeal_until=programme.today).startswith("AppealOpen")
    assert refused(contract, decided_on=programme.today).startswith("DecisionDatesCrossed")
    assert refused(contract, flagged_until=programme.today - timedelta(days=1)).startswith("FlagOver")
    programme.file(waiting)
    assert refused(contract).startswith("ClaimUnderWay"), "a claim under way is settled first"
    for wrong in ((), (contract, contract)):
        with pytest.raises(Invalid):
            programme.run(ProposeClawBack, "operator", **clawing(programme, voucher, *wrong))
