"""The worked example of the notes: 1,000 hours at 600 yuan become a share, which is held, yields, and is sold."""

import pytest
from equity_books import FIRM, LAB, University

from ledger.equity.dividends import DeclareDividend, ReceiveDividend
from ledger.equity.pay import PayVat, RemitProceeds
from ledger.equity.values import AgreementState, ConversionState
from ledger.fees.receive_payment import ReceivePayment
from ledger.subsidies.bases import BASES, bases_id


def accrued(uni: University, **terms: object) -> tuple[str, list[str]]:
    """320 + 410 + 270 hours."""
    machine = uni.priced()
    agreement = uni.signed(machine, **terms)
    bills = [uni.accrued(agreement, machine, hours) for hours in (320, 410, 270)]
    uni.capital()
    return agreement, bills


def test_the_net_fee_becomes_a_share_and_the_vat_is_paid_in_cash(uni: University) -> None:
    agreement, bills = accrued(uni)
    assert [uni.bill(bill).gross_fen for bill in bills] == [192_000_00, 246_000_00, 162_000_00]
    assert uni.agreement(agreement).state is AgreementState.ACCRUING
    assert (uni.balance(f"fees:income:{LAB}"), uni.balance(f"fees:vat:{LAB}")) == (566_037_74, 33_962_26)

    conversion = uni.converted(agreement, 600_000_00, *bills, appraisal_fee_fen=12_000_00)

    assert uni.balance(f"equity:investment:{FIRM}:{LAB}") == 566_037_74 + 12_000_00
    proposal = uni.conversion(conversion).proposal
    assert proposal is not None
    assert (proposal.new_registered_fen, proposal.reserve_fen) == (56_603_77, 509_433_97)
    assert sum(uni.bill(bill).open_fen for bill in bills) == 33_962_26
    assert uni.balance(f"equity:pending:{FIRM}:{agreement}") == 56_603_77
    assert uni.balance(f"equity:issued:{FIRM}") == 2_056_603_77

    for bill in bills:
        uni.do(ReceivePayment, "officer", bill=bill, amount_fen=uni.bill(bill).open_fen, bank_reference=f"流水{bill}")
    uni.do(PayVat, "officer", unit=LAB, amount_fen=33_962_26, bank_reference="税1")
    uni.held(conversion)

    assert uni.conversion(conversion).state is ConversionState.HELD
    assert uni.company().held_fen == {"others": 2_000_000_00, LAB: 56_603_77}
    assert uni.balance(f"equity:8001:{LAB}") == -(12_000_00 + 33_962_26)
    assert uni.breaches() == []
    assert uni.faults() == []


@pytest.mark.parametrize(
    ("retained", "treasury", "returns"), [("", 1_019_417_48, 0), ("财资批1号", 612_000_00, 407_417_48)]
)
def test_the_gross_fee_becomes_a_share_that_yields_and_is_sold(
    uni: University, retained: str, treasury: int, returns: int
) -> None:
    agreement, bills = accrued(uni, vat_in_cash=False)
    uni.held(uni.converted(agreement, 600_000_00, *bills, appraisal_fee_fen=12_000_00))
    assert uni.company().held_fen == {"others": 2_000_000_00, LAB: 60_000_00}

    dividend = uni.do(
        DeclareDividend,
        "officer",
        unit=LAB,
        firm=FIRM,
        resolution_number="利润1号",
        declared_on=uni.today,
        distributed_fen=1_500_000_00,
    )
    assert dividend["dividend_fen"] == 43_689_32
    uni.do(ReceiveDividend, "officer", dividend=dividend["dividend"], amount_fen=43_689_32, bank_reference="股利1")
    assert uni.balance(f"equity:returns:{LAB}") == uni.balance(f"equity:6602:{LAB}") == 43_689_32

    body = uni.left(60_000_00, 1_019_417_48, retained_document=retained)

    assert (body["cost_fen"], body["to_treasury_fen"], body["left_fen"]) == (612_000_00, treasury, 0)
    assert uni.balance(f"equity:disposed:{LAB}") == 612_000_00
    assert uni.balance(f"equity:investment:{FIRM}:{LAB}") == 0
    assert uni.balance(f"equity:returns:{LAB}") == 43_689_32 + returns
    assert uni.balance(f"equity:6602:{LAB}") == 43_689_32 + returns
    assert uni.company().held_fen == {"others": 2_060_000_00}
    uni.do(RemitProceeds, "officer", unit=LAB, amount_fen=treasury, bank_reference="缴库1")
    assert uni.balance(f"equity:to-treasury:{LAB}") == 0
    assert uni.faults() == []


def test_what_became_a_share_is_in_no_base_of_a_subsidy(uni: University) -> None:
    agreement, bills = accrued(uni)
    year = bases_id(uni.today.year)

    uni.converted(agreement, 300_000_00, *bills)
    (rate,) = uni.load(BASES, year)[year].parties[LAB].rates
    # 300,000 yuan net of 6 % are 318,000 of the bills
    assert (rate.billed_fen, rate.voucher_fen, rate.equity_fen) == (600_000_00, 0, 318_000_00)

    uni.converted(agreement, 300_000_00, *bills)
    (rate,) = uni.load(BASES, year)[year].parties[LAB].rates
    assert rate.equity_fen == 600_000_00
