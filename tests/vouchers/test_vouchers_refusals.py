"""Lines of a claim refused for good: what stays in sight, who may, what it frees."""

from typing import Any

import pytest
from programme import FIRM, OTHER_FIRM, OTHER_UNIT, UNIT, Programme
from sqlalchemy import text

from ledger.approvals.content import content_hash
from ledger.errors import Invalid
from ledger.registry.text import ChoiceUnknown, TextMissing
from ledger.vouchers.claim_content import content
from ledger.vouchers.refusal_reasons import REFUSAL_WORDS, RefusalReason
from ledger.vouchers.refuse_lines import LineRefusal, LineRefusedTwice
from ledger.vouchers.review_claim import KIND as CLAIM
from ledger.vouchers.review_claim import RefusalWithoutPass, ReviewClaim


@pytest.fixture
def claim(programme: Programme) -> str:
    """Three lines of 10,000, 5,000 and 3,000 yuan under one voucher."""
    programme.letter(1_000_000_00)
    voucher = programme.issue(50_000_00)
    contracts = [programme.accepted(voucher, amount, 2 * amount) for amount in (10_000_00, 5_000_00, 3_000_00)]
    return programme.file(*contracts)


def line(programme: Programme, claim: str, amount_fen: int) -> Any:  # noqa: ANN401  a line, refused or not
    found = programme.claim(claim)
    every = [*found.lines, *(refused.line for refused in found.refused)]
    return next(one for one in every if one.amount_fen == amount_fen)


def test_the_rest_of_the_claim_is_paid(programme: Programme, claim: str) -> None:
    refused = line(programme, claim, 5_000_00)

    answer = programme.review(claim, refused.contract)
    programme.move(to=programme.claim(claim).notice_until)  # type: ignore[arg-type]  # it was passed
    programme.move(days=1)
    payables = programme.sign(CLAIM, claim, "finance", "second finance")["payables"]
    programme.confirm(programme.batch(*payables), *payables)

    assert (answer["amount_fen"], answer["refused_fen"]) == (13_000_00, 5_000_00)
    assert programme.face("redeemed", refused.voucher, 2017) == 13_000_00
    assert programme.face("revoked", refused.voucher) == 5_000_00
    assert programme.budget("available") == 955_000_00
    assert programme.bill(refused.bill).open_fen == 10_000_00
    assert programme.contract(refused.contract).state == "refused"
    assert programme.breaches() == []
    assert programme.faults() == []


def test_finance_is_shown_what_was_refused_and_why(programme: Programme, claim: str) -> None:
    """unicef/hope#4944 (complaint 20): what was entered is not dropped when somebody says no."""
    refused = line(programme, claim, 5_000_00)

    programme.review(claim, refused.contract)
    found = programme.claim(claim)
    assert found.notice_until
    shown = content(found, found.notice_until)

    assert content_hash(shown) == programme.request(CLAIM, claim).content_hash
    assert [one["amount_fen"] for one in shown["lines"]] == [one.amount_fen for one in found.lines]
    assert shown["refused"] == [
        {
            "contract": refused.contract,
            "voucher": refused.voucher,
            "holder": FIRM,
            "bill": refused.bill,
            "amount_fen": 5_000_00,
            "reason_code": "not-performed",
            "reason_zh": "服务未实际完成或与账单不符",
            "reason_en": "the service was not done, or not as billed",
            "sentence": "检测报告未出具",
        }
    ]


def test_every_reason_has_its_words() -> None:
    assert set(REFUSAL_WORDS) == set(RefusalReason)
    assert all(words.zh and words.en for words in REFUSAL_WORDS.values())


def test_contract_and_invoice_may_support_another_claim(programme: Programme, claim: str) -> None:
    """The same bill, under another reservation of the same day, is accepted once more."""
    refused = line(programme, claim, 5_000_00)
    programme.review(claim, refused.contract)
    paper = programme.contract(refused.contract).contract_number

    again = programme.reserve(refused.voucher, 2_000_00, 10_000_00, contract_number=paper)
    programme.accept(again, refused.bill)

    assert programme.contract(again).redeemable_fen == 2_000_00
    assert programme.bill(refused.bill).voucher_fen == 2_000_00
    assert programme.breaches() == []


def test_of_a_claim_refused_in_all_its_lines_nothing_is_left_to_sign(programme: Programme, claim: str) -> None:
    contracts = [one.contract for one in programme.claim(claim).lines]

    answer = programme.review(claim, *contracts)

    assert answer == {"claim": claim, "state": "refused", "refused_fen": 18_000_00}
    assert programme.claim(claim).state == "refused"
    assert programme.rows("SELECT 1 FROM approval_request WHERE subject = :claim", claim=claim) == []
    assert programme.budget("committed") == 32_000_00
    assert programme.faults() == []


def test_only_a_line_that_goes_on_is_refused(programme: Programme, claim: str) -> None:
    stranger = LineRefusal("C-1", "other", "x")

    refusal = programme.refused(ReviewClaim, "operator", claim=claim, passed=True, refused=(stranger,))

    assert refusal.startswith("LineNotInClaim")


@pytest.mark.parametrize(
    ("reason_code", "sentence", "times", "passed", "fault"),
    [
        ("because", "x", 1, True, ChoiceUnknown),
        ("other", " ", 1, True, TextMissing),
        ("other", "x", 2, True, LineRefusedTwice),
        ("other", "x", 1, False, RefusalWithoutPass),
    ],
)
def test_what_cannot_be_read(
    programme: Programme,
    claim: str,
    reason_code: str,
    sentence: str,
    times: int,
    passed: bool,  # noqa: FBT001  a column of the table above
    fault: type[Invalid],
) -> None:
    refused = (LineRefusal(line(programme, claim, 5_000_00).contract, reason_code, sentence),) * times

    with pytest.raises(fault):
        programme.run(ReviewClaim, "operator", claim=claim, passed=passed, reason="x", refused=refused)


def test_holder_and_unit_see_why(programme: Programme, claim: str) -> None:
    programme.review(claim, line(programme, claim, 5_000_00).contract)

    def seen(party: str) -> list[str]:
        with programme.database.reader.begin() as connection:
            connection.execute(text("SELECT set_config('ledger.party', :party, true)"), {"party": party})
            return list(connection.scalars(text("SELECT sentence FROM voucher_claim_refusal")))

    assert seen(FIRM) == seen(UNIT) == seen("*") == ["检测报告未出具"]
    assert seen(OTHER_FIRM) == seen(OTHER_UNIT) == seen("") == []
