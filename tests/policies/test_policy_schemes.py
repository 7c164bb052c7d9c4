"""The typed rules with which a voucher scheme is run."""

from datetime import date
from decimal import Decimal

import pytest

from policies.kernel.refusals import RuleNotYetInForce, UnknownPolicy
from policies.vouchers.published import published
from policies.vouchers.schemes import AcrossYearEnd, CapHolder, Payee, scheme

TODAY = date(2026, 11, 23)


def test_jinyun_is_synthetic_and_says_so() -> None:
    jinyun = scheme("jinyun-2017", date(2017, 6, 1), TODAY)

    assert jinyun.synthetic
    assert {cite.confidence for cite in jinyun.cites.values()} == {"invented"}
    assert jinyun.public_share_max == Decimal("0.50")
    assert jinyun.denomination_fen is None
    assert (jinyun.payee, jinyun.cap_holder) == (Payee.UNIT, CapHolder.CONTROLLER)
    assert jinyun.across_year_end is AcrossYearEnd.CARRY_OVER
    assert jinyun.eligible_sizes == ("small", "micro")


def test_beijing_2015_grants_by_source_and_runs_on_invented_terms() -> None:
    beijing = scheme("beijing-2015", date(2016, 6, 1), TODAY)

    assert beijing.synthetic
    assert beijing.denomination_fen == 500_000
    assert beijing.first_application_max_fen == 5_000_000
    assert beijing.per_firm_year_max_fen == 20_000_000
    assert beijing.cites["denomination"].confidence == "verified"
    assert beijing.cites["payee"].confidence == "verified"
    assert beijing.cites["validity_months"].confidence == "invented"
    assert not beijing.change_given
    assert not beijing.granted(requested_fen=6_800_000, used_fen=0, first_time=True).synthetic


@pytest.mark.parametrize(
    ("name", "used_fen", "first_time", "granted"),
    [
        ("jinyun-2017", 0, True, 6_800_000),
        ("jinyun-2017", 15_000_000, False, 5_000_000),
        ("beijing-2015", 0, True, 5_000_000),
        ("beijing-2015", 15_000_000, False, 5_000_000),
        ("beijing-2015", 15_000_001, False, 4_500_000),  # a voucher used in part is used
    ],
)
def test_a_scheme_grants_through_its_own_calculator(
    *, name: str, used_fen: int, first_time: bool, granted: int
) -> None:
    rules = scheme(name, date(2017, 6, 1), TODAY)

    found = rules.granted(requested_fen=6_800_000, used_fen=used_fen, first_time=first_time)

    assert found.policy == rules.application_policy
    assert found.whole("granted_fen") == granted


def test_a_scheme_shares_the_actual_fee() -> None:
    for name, public in (("jinyun-2017", 400_000), ("beijing-2015", 600_000)):
        rules = scheme(name, date(2017, 6, 1), TODAY)
        found = rules.accepted(fee_fen=800_000, held_fen=600_000)

        assert found.policy == rules.acceptance_policy
        assert found.whole("public_fen") == public


def test_outside_its_time_or_name_a_scheme_is_refused() -> None:
    with pytest.raises(RuleNotYetInForce):
        scheme("jinyun-2017", date(2016, 12, 31), TODAY)
    with pytest.raises(UnknownPolicy):
        scheme("atlantis", date(2017, 6, 1), TODAY)


def test_the_published_totals_of_jinyun_agree_among_themselves() -> None:
    totals = published("jinyun-2017")

    assert totals.redeemed_fen <= totals.used_fen <= totals.issued_fen
    assert (totals.issued_fen, totals.used_fen, totals.redeemed_fen) == (181_820_000, 170_380_000, 164_880_000)
    assert (totals.carriers, totals.firms, totals.projects) == (30, 55, 112)
    assert totals.cite.confidence == "verified"
