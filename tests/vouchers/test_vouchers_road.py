"""The straight road on real books, and what may not happen on it."""

from programme import UNIT, Programme


def test_the_straight_road(programme: Programme) -> None:
    programme.letter(1_000_000_00)
    voucher = programme.issue(50_000_00)
    contract = programme.reserve(voucher, 30_000_00, 80_000_00)
    bill = programme.billed(contract, 80_000_00)
    accepted = programme.accept(contract, bill)
    claim = programme.file(contract)
    programme.paid(claim)

    assert accepted["share_fen"] == 30_000_00
    assert programme.face("available", voucher) == 20_000_00
    assert programme.face("redeemed", voucher, 2017) == 30_000_00
    assert programme.budget("available") == 950_000_00
    assert programme.budget("committed") == 20_000_00
    assert programme.budget("expended") == 30_000_00
    assert programme.balance(f"bank:{UNIT}") == 30_000_00
    assert programme.bill(bill).open_fen == 50_000_00
    assert programme.breaches() == []
    assert programme.faults() == []
