"""What becomes of an exposure: only customs clears, assesses and receives; estimates follow what still counts."""

from datetime import date
from typing import Any

import pytest
from customs_books import Laboratory

from ledger.customs.decide_exposure import DecideExposure
from ledger.customs.pay_exposure import PayExposure
from ledger.customs.values import ExposureState, Taxes


def say(lab: Laboratory, exposure: str, outcome: ExposureState, by: str = "customs", **more: Any) -> dict[str, Any]:  # noqa: ANN401
    facts = {"document_number": "关税2026-9", "reason": "经审核"} | more
    return lab.do(DecideExposure, by, exposure=exposure, outcome=outcome, **facts)


def reported(lab: Laboratory, exposure: str, duty: int, vat: int) -> None:
    say(lab, exposure, ExposureState.UNDER_REVIEW, "officer")
    say(lab, exposure, ExposureState.ASSESSED, duty_fen=duty, vat_fen=vat, consumption_fen=0)
    say(lab, exposure, ExposureState.REPORTED, "officer")


def twelve_days(lab: Laboratory) -> str:
    """One use of twelve days; its exposure."""
    machine = lab.imported()
    return str(lab.use(machine, "2026-09-01 09:00", 11 * 24 * 60 + 60)["exposure"])


def test_the_worked_example_paid_late(lab: Laboratory) -> None:
    """7,460.00 for twelve days, 47 days late: the late fee on duty is waived, that on VAT is 128.31."""
    exposure = twelve_days(lab)
    assert lab.at_risk() == 7_460_00
    reported(lab, exposure, 2_000_00, 5_460_00)
    lab.move(to=date(2026, 12, 17))

    body = lab.do(
        PayExposure,
        "customs",
        exposure=exposure,
        payment_number="缴款书1号",
        due_on=date(2026, 10, 31),
        paid_on=date(2026, 12, 17),
    )

    assert (body["paid_fen"], body["late_fee_fen"], body["waived"]) == (7_460_00, 128_31, ["duty"])
    assert lab.exposure(exposure).state is ExposureState.PAID
    assert lab.at_risk() == 0
    assert lab.balance(f"customs:import-tax:{lab.exposure(exposure).unit}") == 7_460_00
    assert lab.balance(f"customs:late-fee:{lab.exposure(exposure).unit}") == 128_31
    assert lab.balance(f"bank:{lab.exposure(exposure).unit}") == -7_588_31
    assert lab.rows("SELECT tax, late_fee_fen, waived FROM customs_late_fee ORDER BY tax") == [
        ("duty", 47_00, True),
        ("vat", 128_31, False),
    ]
    assert lab.faults() == []


def test_what_customs_assesses_takes_the_place_of_the_estimate(lab: Laboratory) -> None:
    exposure = twelve_days(lab)
    say(lab, exposure, ExposureState.UNDER_REVIEW, "officer")

    say(lab, exposure, ExposureState.ASSESSED, duty_fen=2_100_00, vat_fen=5_000_00, consumption_fen=1)

    assert lab.exposure(exposure).standing == Taxes(2_100_00, 5_000_00, 1)
    assert lab.at_risk() == 7_100_01
    assert lab.faults() == []


def test_a_day_that_is_cleared_moves_to_the_use_that_shares_it(lab: Laboratory) -> None:
    """Two uses of one day: the second added nothing; once the first is cleared, it bears the day."""
    machine = lab.imported()
    first = lab.use(machine, "2026-09-01 09:00", 60)["exposure"]
    second = lab.use(machine, "2026-09-01 14:00", 60)["exposure"]
    third = lab.use(machine, "2026-09-02 09:00", 60)["exposure"]
    assert [lab.exposure(one).standing.total_fen for one in (first, second, third)] == [621_67, 0, 621_66]
    say(lab, first, ExposureState.UNDER_REVIEW, "officer")

    body = say(lab, first, ExposureState.CLEARED)

    assert body["restated"] == [second]
    assert [lab.exposure(one).standing.total_fen for one in (first, second, third)] == [0, 621_67, 621_66]
    assert lab.at_risk() == 1_243_33
    assert lab.faults() == []


def test_clearing_all_leaves_nothing_at_risk(lab: Laboratory) -> None:
    machine = lab.imported()
    exposures = [lab.use(machine, f"2026-09-{day:02d} 09:00", 60)["exposure"] for day in (1, 2, 3, 4)]
    for exposure in (exposures[1], exposures[3], exposures[0], exposures[2]):
        say(lab, exposure, ExposureState.UNDER_REVIEW, "officer")
        say(lab, exposure, ExposureState.CLEARED)
        assert lab.breaches() == []

    assert lab.at_risk() == 0
    lab.use(machine, "2026-09-05 09:00", 60)
    assert lab.at_risk() == 621_67


def test_an_accessory_recorded_later_adds_its_tax_to_the_days_before(lab: Laboratory) -> None:
    machine = lab.imported()
    exposure = lab.use(machine, "2026-09-01 09:00", 60)["exposure"]

    lab.do_import(machine, 1_095_000_00, duty_rate="0", declaration_number="011320251000000009")

    assert lab.exposure(exposure).standing.total_fen == 621_67 + 130_00
    assert lab.at_risk() == 751_67
    assert lab.faults() == []


def test_an_accessory_too_small_to_owe_a_fen_changes_nothing(lab: Laboratory) -> None:
    machine = lab.imported()
    lab.use(machine, "2026-09-01 09:00", 60)

    lab.do_import(machine, 1)

    assert lab.at_risk() == 621_67
    assert lab.faults() == []


@pytest.mark.parametrize("by", ["officer", "second officer", "other officer", "finance", "airport"])
def test_nobody_but_customs_clears(lab: Laboratory, by: str) -> None:
    """Not the unit, not two people of it, not another district's customs."""
    exposure = twelve_days(lab)
    say(lab, exposure, ExposureState.UNDER_REVIEW, "second officer")

    facts = {"exposure": exposure, "document_number": "1号", "reason": "无"}
    refused = lab.refused(DecideExposure, by, outcome=ExposureState.CLEARED, **facts)

    assert refused.split(":")[0] in {"NotByTheUnit", "RoleMissing", "NotYourDistrict"}
    assert lab.at_risk() == 7_460_00


def test_an_operator_clears_on_a_document_of_customs(lab: Laboratory) -> None:
    exposure = twelve_days(lab)
    say(lab, exposure, ExposureState.UNDER_REVIEW, "officer")

    say(lab, exposure, ExposureState.CLEARED, "operator", document_number="关减免函〔2026〕8号")

    assert lab.at_risk() == 0


@pytest.mark.parametrize(
    ("outcome", "more", "code"),
    [
        (ExposureState.CLEARED, {}, "ExposureNotSo"),  # it was not reviewed
        (ExposureState.PAID, {}, "ExposureNotSo"),
        (ExposureState.ASSESSED, {"duty_fen": 1, "vat_fen": 1, "consumption_fen": 0}, "ExposureNotSo"),
    ],
)
def test_no_step_is_skipped(lab: Laboratory, outcome: ExposureState, more: dict[str, int], code: str) -> None:
    exposure = twelve_days(lab)

    refused = lab.refused(
        DecideExposure,
        "customs",
        exposure=exposure,
        outcome=outcome,
        document_number="1号",
        reason="无",
        **more,
    )

    assert refused.startswith(code)


def test_a_payment_is_recorded_once_and_after_the_assessment(lab: Laboratory) -> None:
    machine = lab.imported()
    one, two = (str(lab.use(machine, f"2026-09-0{day} 09:00", 60)["exposure"]) for day in (1, 2))
    facts = {"payment_number": "缴款书1号", "due_on": date(2026, 10, 31), "paid_on": lab.today}

    assert lab.refused(PayExposure, "customs", exposure=one, **facts).startswith("ExposureNotPayable")
    for exposure in (one, two):
        reported(lab, exposure, 166_67, 455_00)
    assert lab.refused(PayExposure, "officer", exposure=one, **facts).startswith("NotByTheUnit")
    tomorrow = facts | {"paid_on": date(2026, 9, 29)}
    assert lab.refused(PayExposure, "customs", exposure=one, **tomorrow).startswith("PaidInFuture")
    lab.do(PayExposure, "customs", exposure=one, **facts)
    assert lab.refused(PayExposure, "customs", exposure=two, **facts).startswith("PaymentKnown")
    assert lab.faults() == []
