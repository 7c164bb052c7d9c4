"""A scheme that pays the firm: the firm pays in full, claims, and is paid; every other road from there."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from databases import Database
from programme import FIRM, INCUBATOR, OTHER_FIRM, UNIT, Programme, open_programme

from ledger.fees.receive_payment import ReceivePayment
from ledger.subsidies.bases import BASES, bases_id
from ledger.vouchers.correct_claim import CorrectClaim
from ledger.vouchers.expire import ExpireVoucher
from ledger.vouchers.file_claim import FileClaim
from ledger.vouchers.release import ReleaseHold
from ledger.vouchers.review_claim import ReviewClaim
from ledger.vouchers.states import ContractState
from ledger.vouchers.withdraw_claim import WithdrawClaim
from policies.subsidies.schemes import Serves

FEE, SHARE = 20_000_00, 10_000_00


@pytest.fixture
def binhai(database: Database) -> Iterator[Programme]:
    with open_programme(database, "binhai-2025", date(2025, 10, 9)) as programme:
        programme.letter()
        yield programme


@pytest.fixture
def voucher(binhai: Programme) -> str:
    return binhai.issue(30_000_00)


def paid_in_full(programme: Programme, voucher: str, by: str = "applicant", officer: str = "officer") -> str:
    """Accepted, and the unit has recorded the whole fee."""
    contract = programme.accepted(voucher, SHARE, FEE, by)
    facts = {"bill": programme.contract(contract).bill, "amount_fen": FEE, "bank_reference": f"收{contract}"}
    programme.do(ReceivePayment, officer, **facts)
    return contract


def claim(programme: Programme, *contracts: str, unit: str = FIRM, by: str = "applicant") -> str:
    return programme.file(*contracts, unit=unit, by=by)


def test_the_firm_is_paid_and_the_unit_has_nothing_to_do_with_it(binhai: Programme, voucher: str) -> None:
    contract = paid_in_full(binhai, voucher)
    bank = binhai.balance(f"bank:{UNIT}")
    number = claim(binhai, contract)
    binhai.set_account(FIRM, "6222000099")
    binhai.paid(number)

    found = binhai.contract(contract)
    assert (found.state, found.payee, found.claimant) == (ContractState.PAID, FIRM, FIRM)
    assert binhai.claim(number).unit == FIRM
    assert binhai.balance(f"bank:{UNIT}") == bank, "the unit was paid by the firm"
    assert binhai.bill(str(found.bill)).voucher_fen == 0
    assert binhai.face("redeemed", voucher, 2025) == SHARE
    assert binhai.breaches() == []
    assert binhai.faults() == []


def test_a_body_claims_for_its_team(binhai: Programme) -> None:
    voucher = binhai.issue(30_000_00, binhai.team, "recommender")
    contract = paid_in_full(binhai, voucher, "recommender")

    number = claim(binhai, contract, unit=INCUBATOR, by="recommender")

    assert (binhai.contract(contract).payee, binhai.claim(number).unit) == (INCUBATOR, INCUBATOR)
    assert binhai.breaches() == []


def test_nobody_else_claims_withdraws_or_corrects_it(binhai: Programme, voucher: str) -> None:
    contract = paid_in_full(binhai, voucher)
    for unit, person in ((UNIT, "officer"), (OTHER_FIRM, "other applicant")):
        facts = {"unit": unit, "contracts": (contract,)}
        assert binhai.refused(FileClaim, person, **facts).startswith("ContractOfAnotherUnit")
    assert binhai.refused(FileClaim, "officer", unit=FIRM, contracts=(contract,)).startswith("RoleMissing")
    number = claim(binhai, contract)
    assert binhai.refused(WithdrawClaim, "officer", claim=number, reason="x").startswith("RoleMissing")
    binhai.do(ReviewClaim, "operator", claim=number, passed=False, reason="缺少付款凭证")
    again = {"unit": FIRM, "corrects": number, "statement": "已补充"}
    assert binhai.refused(CorrectClaim, "officer", **again).startswith("RoleMissing")
    binhai.do(CorrectClaim, "applicant", **again)
    assert binhai.breaches() == []


def test_what_ends_without_payment_leaves_the_bill_as_it_is(binhai: Programme, voucher: str) -> None:
    """A line refused, a time for claiming that ran out, a voucher revoked: the unit was paid in full all the same."""
    refused, late, revoked = (paid_in_full(binhai, voucher) for _ in range(3))
    binhai.review(claim(binhai, refused), refused)
    binhai.move(days=91)
    binhai.do(ExpireVoucher, "operator", voucher=voucher)
    states = [binhai.contract(contract).state for contract in (refused, late, revoked)]
    bills = [binhai.bill(str(binhai.contract(contract).bill)) for contract in (refused, late, revoked)]

    assert states == [ContractState.REFUSED, ContractState.UNCLAIMED, ContractState.UNCLAIMED]
    assert {(bill.open_fen, bill.cash_fen, bill.voucher_fen) for bill in bills} == {(0, FEE, 0)}
    assert binhai.breaches() == []
    assert binhai.faults() == []


def test_a_revocation_takes_what_the_firm_has_not_claimed(binhai: Programme, voucher: str) -> None:
    contract = paid_in_full(binhai, voucher)
    binhai.move(to=date(2025, 12, 15))

    answer = binhai.revoke(voucher, decided_on=date(2025, 10, 1), appeal_until=date(2025, 12, 1))

    assert (answer["accepted_fen"], binhai.contract(contract).state) == (SHARE, ContractState.REVOKED)
    assert binhai.breaches() == []
    assert binhai.faults() == []


def test_a_bill_that_is_paid_in_part_is_not_claimed(binhai: Programme, voucher: str) -> None:
    contract = binhai.accepted(voucher, SHARE, FEE)
    facts = {"unit": FIRM, "contracts": (contract,)}

    assert binhai.refused(FileClaim, "applicant", **facts).startswith("BillNotPaid: Of bill")
    bill = binhai.contract(contract).bill
    binhai.do(ReceivePayment, "officer", bill=bill, amount_fen=FEE - 1, bank_reference="收1")
    assert "19,999.99 yuan are paid" in binhai.refused(FileClaim, "applicant", **facts)
    binhai.move(to=binhai.today + timedelta(days=1))
    binhai.do(ReceivePayment, "officer", bill=bill, amount_fen=1, bank_reference="收2")
    binhai.do(FileClaim, "applicant", **facts)


def test_a_bill_whose_contract_is_claimed_counts_for_no_subsidy_to_its_user(binhai: Programme, voucher: str) -> None:
    """Two bills of 20,000 with tax: one is claimed, the other's reservation ran out before it was accepted."""
    claim(binhai, paid_in_full(binhai, voucher))
    given_up = binhai.reserve(voucher, SHARE, FEE)
    binhai.billed(given_up, FEE)
    binhai.do(ReleaseHold, "applicant", contract=given_up, reason="改用其他方案")
    (rate,) = binhai.load(BASES, bases_id(2025, Serves.USERS))[bases_id(2025, Serves.USERS)].parties[FIRM].rates

    assert (rate.bills, rate.billed_fen, rate.voucher_fen, rate.excluded_fen) == (2, 2 * FEE, FEE, 0)
