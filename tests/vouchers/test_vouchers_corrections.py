"""Claims that were sent back and filed again, or withdrawn: nothing entered is lost, and every term is kept."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from programme import OTHER_UNIT, UNIT, Programme

from ledger.approvals.content import content_hash
from ledger.approvals.reject import Reject
from ledger.vouchers.claim_content import content
from ledger.vouchers.correct_claim import CorrectClaim
from ledger.vouchers.expire import ExpireDue
from ledger.vouchers.file_claim import FileClaim
from ledger.vouchers.review_claim import KIND as CLAIM
from ledger.vouchers.review_claim import ReviewClaim
from ledger.vouchers.store import UNFINISHED
from ledger.vouchers.withdraw_claim import WithdrawClaim


@pytest.fixture
def claim(programme: Programme) -> str:
    """Two lines, of 10,000 and 5,000 yuan."""
    programme.letter(1_000_000_00)
    voucher = programme.issue(50_000_00)
    return programme.file(*(programme.accepted(voucher, amount, 2 * amount) for amount in (10_000_00, 5_000_00)))


def by_the_commission(programme: Programme, claim: str) -> None:
    programme.do(ReviewClaim, "operator", claim=claim, passed=False, reason="材料不清")


def by_finance(programme: Programme, claim: str) -> None:
    programme.review(claim)
    shown = programme.request(CLAIM, claim).content_hash
    programme.do(Reject, "finance", subject_kind=CLAIM, subject=claim, content_hash=shown, reason="材料不清")


SENT_BACK = [by_the_commission, by_finance]


def correction(claim: str, **more: object) -> dict[str, object]:
    return {"unit": UNIT, "corrects": claim, "statement": "已更正"} | more


@pytest.mark.parametrize("send_back", SENT_BACK)
def test_a_claim_sent_back_at_any_stage_keeps_all_that_was_entered(
    programme: Programme, claim: str, send_back: Callable[[Programme, str], None]
) -> None:
    """unicef/hope#4944 (complaint 20): rejecting dropped what had been entered."""
    before = programme.claim(claim)
    send_back(programme, claim)

    after = programme.claim(claim)
    again = programme.do(CorrectClaim, "officer", **correction(claim))
    new = programme.claim(str(again["claim"]))

    assert (after.lines, after.unit, after.filed_on) == (before.lines, before.unit, before.filed_on)
    assert (after.state, after.sent_back) == ("returned", "材料不清")
    assert new.lines == before.lines
    assert again["corrects"] == claim
    assert new.corrects
    assert (new.corrects.claim, new.corrects.sent_back, new.corrects.statement) == (claim, "材料不清", "已更正")
    assert programme.claim(claim).corrected_by == new.number
    assert programme.breaches() == []


def test_finance_is_shown_which_claim_it_corrects(programme: Programme, claim: str) -> None:
    by_the_commission(programme, claim)
    new = str(programme.do(CorrectClaim, "officer", **correction(claim))["claim"])

    programme.review(new)
    found = programme.claim(new)
    assert found.notice_until
    shown = content(found, found.notice_until)

    assert content_hash(shown) == programme.request(CLAIM, new).content_hash
    assert shown["corrects"] == {"claim": claim, "sent_back": "材料不清", "statement": "已更正"}


def test_a_corrected_claim_goes_all_the_way(programme: Programme, claim: str) -> None:
    by_finance(programme, claim)
    line, other = programme.claim(claim).lines
    new = str(programme.do(CorrectClaim, "officer", **correction(claim, contracts=(line.contract,)))["claim"])
    programme.paid(new)

    assert programme.contract(line.contract).state == "paid"
    assert programme.contract(other.contract).state == "accepted"
    assert programme.face("redeemable", other.voucher, other.contract) == other.amount_fen
    assert programme.faults() == []


def test_the_deadline_is_the_schemes(programme: Programme, claim: str) -> None:
    answer = programme.do(ReviewClaim, "operator", claim=claim, passed=False, reason="材料不清")

    until = date.fromisoformat(answer["correct_until"])
    programme.move(to=until + timedelta(days=1))
    late = programme.refused(CorrectClaim, "officer", **correction(claim))
    assert until == programme.claim(claim).filed_on + timedelta(days=30)
    assert late.startswith("CorrectionTooLate")
    assert programme.file(*(line.contract for line in programme.claim(claim).lines))


def test_on_its_last_day_it_is_still_corrected(programme: Programme, claim: str) -> None:
    answer = programme.do(ReviewClaim, "operator", claim=claim, passed=False, reason="材料不清")
    programme.move(to=date.fromisoformat(answer["correct_until"]))

    assert programme.do(CorrectClaim, "officer", **correction(claim))["amount_fen"] == 15_000_00


def test_who_may_correct_what(programme: Programme, claim: str) -> None:
    not_yet = programme.refused(CorrectClaim, "officer", **correction(claim))
    by_the_commission(programme, claim)
    stranger = programme.accepted(programme.issue(10_000_00), 1_000_00, 2_000_00)

    assert not_yet.startswith("WrongState")
    for actor, facts, code in (
        ("other officer", {}, "RoleMissingAt"),
        ("applicant", {}, "RoleMissingAt"),
        ("other officer", {"unit": OTHER_UNIT}, "ClaimOfAnotherUnit"),
        ("officer", {"contracts": (stranger,)}, "LineNotSentBack"),
        ("officer", {"corrects": "CL-1"}, "NotFound"),
    ):
        assert programme.refused(CorrectClaim, actor, **correction(claim, **facts)).startswith(code)


def test_a_claim_is_corrected_once_and_filed_once(programme: Programme, claim: str) -> None:
    """apache/fineract#6255 (complaint 23): the same pending step could be sent again and again."""
    by_the_commission(programme, claim)
    line, other = programme.claim(claim).lines
    programme.do(CorrectClaim, "officer", **correction(claim, contracts=(line.contract,)))

    again = programme.refused(CorrectClaim, "officer", **correction(claim, contracts=(other.contract,)))
    filed = programme.refused(FileClaim, "officer", unit=UNIT, contracts=(line.contract,))

    assert again.startswith("AlreadyCorrected")
    assert "is in a claim; it cannot be claimed" in filed


# -- withdrawn ---------------------------------------------------------------------------------------------------------


def test_a_withdrawn_claim_gives_every_line_back(programme: Programme, claim: str) -> None:
    lines = programme.claim(claim).lines
    answer = programme.do(WithdrawClaim, "officer", claim=claim, reason="发票有误")

    assert answer == {"claim": claim, "state": "withdrawn", "amount_fen": 15_000_00}
    for line in lines:
        assert programme.face("redeemable", line.voucher, line.contract) == line.amount_fen
    assert programme.refused(ReviewClaim, "operator", claim=claim, passed=True).startswith("WrongState")
    assert programme.refused(WithdrawClaim, "officer", claim=claim, reason="x").startswith("WrongState")
    assert claim not in programme.load(UNFINISHED, "2017")["2017"]
    assert programme.faults() == []


def test_only_the_unit_withdraws(programme: Programme, claim: str) -> None:
    for actor in ("other officer", "operator", "applicant"):
        assert programme.refused(WithdrawClaim, actor, claim=claim, reason="x").startswith("RoleMissingAt")


def test_a_withdrawal_gives_no_new_time(programme: Programme) -> None:
    """What was sent back has time anew; a withdrawal after it neither adds to that nor takes it away."""
    programme.letter(1_000_000_00)
    claim = programme.file(programme.accepted(programme.issue(50_000_00), 10_000_00, 20_000_00))
    (line,), accepted_on = programme.claim(claim).lines, programme.today
    assert programme.contract(line.contract).claim_until == accepted_on + timedelta(days=90)
    programme.move(days=40)
    programme.do(WithdrawClaim, "officer", claim=claim, reason="发票有误")
    assert programme.contract(line.contract).claim_until == accepted_on + timedelta(days=90)

    again = programme.file(line.contract)
    programme.move(days=20)
    by_the_commission(programme, again)
    third = programme.file(line.contract)
    programme.move(days=20)
    programme.do(WithdrawClaim, "officer", claim=third, reason="发票有误")

    until = accepted_on + timedelta(days=60 + 90)
    assert programme.contract(line.contract).claim_until == until
    programme.move(to=until + timedelta(days=1))
    programme.do(ExpireDue, "operator", scheme=programme.scheme, on=until)
    assert programme.contract(line.contract).state == "accepted"
    programme.do(ExpireDue, "operator", scheme=programme.scheme, on=programme.today)
    assert programme.contract(line.contract).state == "unclaimed"
