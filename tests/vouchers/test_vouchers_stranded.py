"""Nobody is left standing: what others do meanwhile takes nothing from a holder, and what ended stays ended."""

from programme import OTHER_UNIT, UNIT, Programme

from ledger.registry.cancel_registration import CancelRegistration
from ledger.vouchers.accept import Accept
from ledger.vouchers.release import ReleaseHold
from ledger.vouchers.reserve import Reserve


def test_a_holder_whose_unit_is_cancelled_gets_the_hold_back(programme: Programme) -> None:
    programme.letter()
    voucher = programme.issue(50_000_00)
    contract = programme.reserve(voucher, 10_000_00, 20_000_00)
    programme.do(CancelRegistration, "operator", party=UNIT, reason="退出平台")

    again = programme.refused(Reserve, "applicant", **programme.reservation(voucher, 1_000_00, 2_000_00))
    programme.do(ReleaseHold, "applicant", contract=contract, reason="服务单位退出")
    elsewhere = programme.reserve(voucher, 50_000_00, 100_000_00, unit=OTHER_UNIT)

    assert again.startswith("PartyCancelled")
    assert programme.face("held", voucher, contract) == 0
    assert programme.face("held", voucher, elsewhere) == 50_000_00
    assert programme.breaches() == []


def test_a_hold_that_was_released_is_not_accepted(programme: Programme) -> None:
    programme.letter()
    voucher = programme.issue(50_000_00)
    contract = programme.reserve(voucher, 10_000_00, 20_000_00)
    bill = programme.billed(contract, 20_000_00)
    programme.do(ReleaseHold, "applicant", contract=contract, reason="合同取消")

    said = programme.refused(Accept, "applicant", contract=contract, bill=bill)
    again = programme.refused(ReleaseHold, "applicant", contract=contract, reason="again")

    assert said.startswith(f"WrongState: Contract {contract} is released")
    assert again.startswith("WrongState")
    assert programme.face("available", voucher) == 50_000_00
    assert programme.bill(bill).open_fen == 20_000_00


def test_an_entry_keeps_the_reference_that_people_know_it_by(programme: Programme) -> None:
    """The letter's number, the contract's, the bank's: not only numbers of ours."""
    programme.letter(letter_number="缙财〔2017〕8号")
    voucher = programme.issue(50_000_00)
    contract = programme.reserve(voucher, 10_000_00, 20_000_00, contract_number="HT-2017-XYZ")
    programme.accept(contract, programme.billed(contract, 20_000_00))
    payables = programme.approve(programme.file(contract))
    programme.confirm(programme.batch(*payables), *payables)

    memos = dict(programme.rows("SELECT template, memo FROM entry"))
    (slip,) = programme.rows("SELECT bank_reference FROM payment_confirmation")

    assert memos["voucher.appropriate"] == "缙财〔2017〕8号"
    assert (memos["voucher.reserve"], memos["voucher.accept"]) == ("HT-2017-XYZ", "HT-2017-XYZ")
    assert memos["voucher.pay"] == slip[0]
