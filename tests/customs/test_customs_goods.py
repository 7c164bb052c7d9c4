"""Supervisions that end before their time, and instruments that are moved."""

from datetime import date
from typing import Any

import pytest
from customs_books import LAB, PLACE, Laboratory

from ledger.customs.end_item import EndItem
from ledger.customs.move_instrument import ApplyMove, StepMove
from ledger.customs.values import ItemOutcome, MoveState
from ledger.errors import Invalid


def declined(lab: Laboratory, kind: Any, actor: str, **facts: Any) -> str:  # noqa: ANN401
    try:
        return lab.refused(kind, actor, **facts).split(":")[0]
    except Invalid as wrong:
        return wrong.code


def end(lab: Laboratory, machine: str, outcome: ItemOutcome, ended_on: date, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    (item,) = lab.supervision(machine).items
    payment = "缴款书9号" if outcome in {ItemOutcome.TRANSFERRED, ItemOutcome.EARLY_RELEASED} else ""
    return {
        "item": item.number,
        "outcome": outcome,
        "ended_on": ended_on,
        "document_number": "关准1号",
        "payment_number": payment,
    } | more


@pytest.mark.parametrize(
    ("ended_on", "paid"),
    [
        (date(2026, 8, 24), 359_271_52),  # 17 months and 14 days
        (date(2026, 8, 25), 359_271_52),  # 17 months and 15 days
        (date(2026, 8, 28), 340_362_50),  # 17 months and 18 days
        (date(2025, 3, 10), 680_725_00),  # on the day of the release: all of it
    ],
)
def test_an_early_release_pays_the_worked_amounts(lab: Laboratory, ended_on: date, paid: int) -> None:
    machine = lab.imported()

    body = lab.do(EndItem, "customs", **end(lab, machine, ItemOutcome.EARLY_RELEASED, ended_on))

    assert body["paid_fen"] == paid
    assert lab.balance(f"customs:import-tax:{LAB}") == paid
    assert lab.faults() == []


@pytest.mark.parametrize("outcome", list(ItemOutcome))
def test_after_its_end_nothing_is_judged(lab: Laboratory, outcome: ItemOutcome) -> None:
    machine = lab.imported()
    lab.do(EndItem, "customs", **end(lab, machine, outcome, lab.today))
    lab.move(days=1)

    assert lab.use(machine, f"{lab.today} 08:00", 30, purpose_class="", place="") == {}
    assert lab.breaches() == []
    assert declined(lab, EndItem, "customs", **end(lab, machine, outcome, lab.today)) == "SupervisionOver"


def test_uses_after_an_end_that_is_recorded_late_put_nothing_at_risk(lab: Laboratory) -> None:
    machine = lab.imported()
    before = lab.use(machine, "2026-09-01 09:00", 60)["exposure"]
    after = lab.use(machine, "2026-09-20 09:00", 60)["exposure"]

    lab.do(EndItem, "customs", **end(lab, machine, ItemOutcome.REEXPORTED, date(2026, 9, 10)))

    assert (lab.exposure(before).standing.total_fen, lab.exposure(after).standing.total_fen) == (621_67, 0)
    assert lab.at_risk() == 621_67
    assert lab.faults() == []


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"ended_on": date(2026, 9, 29)}, "EndsOutsideSupervision"),
        ({"ended_on": date(2025, 3, 9)}, "EndsOutsideSupervision"),
        ({"payment_number": ""}, "PaymentNumberMissing"),
        ({"outcome": ItemOutcome.CARRIED_OVER}, "PaymentNumberNotAsked"),
        ({"outcome": "lost"}, "ChoiceUnknown"),
        ({"document_number": " "}, "TextMissing"),
    ],
)
def test_what_an_end_asks(lab: Laboratory, changed: dict[str, object], code: str) -> None:
    machine = lab.imported()

    facts = end(lab, machine, ItemOutcome.TRANSFERRED, lab.today) | changed

    assert declined(lab, EndItem, "customs", **facts) == code
    assert declined(lab, EndItem, "officer", **end(lab, machine, ItemOutcome.REEXPORTED, lab.today)) == "RoleMissing"


# -- moves -------------------------------------------------------------------------------------------------------------

ELSEWHERE = "怀柔园区3号楼"


def applied(lab: Laboratory, machine: str, **more: Any) -> str:  # noqa: ANN401
    facts = {"place": ELSEWHERE, "district": "0113", "planned_on": lab.today, "reason": "搬迁"} | more
    return str(lab.do(ApplyMove, "officer", instrument=machine, **facts)["move"])


def stepped(lab: Laboratory, move: str, outcome: MoveState, by: str = "officer", **more: Any) -> dict[str, Any]:  # noqa: ANN401
    facts = {"since": lab.today, "document_number": "关准2号"} | more
    return lab.do(StepMove, by, move=move, outcome=outcome, **facts)


def test_where_an_instrument_may_be_used_follows_its_moves(lab: Laboratory) -> None:
    machine = lab.imported()
    move = applied(lab, machine)
    stepped(lab, move, MoveState.APPROVED, "customs")
    judged = []

    for place in (PLACE, ELSEWHERE):  # approved, and not moved yet
        judged.append(lab.use(machine, f"{lab.today} 0{len(judged)}:00", 30, user=LAB, place=place)["in_scope"])
    lab.move(days=3)
    stepped(lab, move, MoveState.MOVED)
    for place in (PLACE, ELSEWHERE):
        judged.append(lab.use(machine, f"{lab.today} 0{len(judged)}:00", 30, user=LAB, place=place)["in_scope"])
    lab.move(days=3)
    stepped(lab, move, MoveState.RETURNED)
    for place in (PLACE, ELSEWHERE):
        judged.append(lab.use(machine, f"{lab.today} 0{len(judged)}:00", 30, user=LAB, place=place)["in_scope"])

    assert judged == [True, False, False, True, True, False]
    assert lab.breaches() == []


def test_a_move_waits_for_customs(lab: Laboratory) -> None:
    machine = lab.imported()
    move = applied(lab, machine)
    facts = {"move": move, "since": lab.today, "document_number": "1号"}

    assert declined(lab, StepMove, "officer", outcome=MoveState.MOVED, **facts) == "MoveNotSo"
    assert declined(lab, StepMove, "officer", outcome=MoveState.APPROVED, **facts) == "RoleMissing"
    assert declined(lab, StepMove, "airport", outcome=MoveState.APPROVED, **facts) == "NotYourDistrict"
    no_paper = facts | {"document_number": ""}
    assert declined(lab, StepMove, "customs", outcome=MoveState.APPROVED, **no_paper) == "TextMissing"
    stepped(lab, move, MoveState.REFUSED, "customs")
    assert declined(lab, StepMove, "officer", outcome=MoveState.MOVED, **facts) == "MoveNotSo"
    stepped(lab, applied(lab, machine), MoveState.APPROVED, "customs")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"planned_on": date(2026, 9, 27)}, "MoveAppliedLate"),
        ({"planned_on": date(2028, 3, 11)}, "NotSupervised"),
        ({"district": "113"}, "DistrictUnreadable"),
        ({"place": ""}, "TextMissing"),
        ({"reason": ""}, "TextMissing"),
    ],
)
def test_what_a_move_asks(lab: Laboratory, changed: dict[str, object], code: str) -> None:
    machine = lab.imported()
    facts = {"place": ELSEWHERE, "district": "0113", "planned_on": lab.today, "reason": "搬迁"} | changed

    assert declined(lab, ApplyMove, "officer", instrument=machine, **facts) == code


def test_one_move_at_a_time_and_days_in_their_order(lab: Laboratory) -> None:
    machine = lab.imported()
    move = applied(lab, machine, district="0201")
    twice = {"place": ELSEWHERE, "district": "0113", "planned_on": lab.today, "reason": "搬迁"}
    assert declined(lab, ApplyMove, "officer", instrument=machine, **twice) == "MoveStands"
    stepped(lab, move, MoveState.APPROVED, "customs")
    lab.move(days=5)
    stepped(lab, move, MoveState.MOVED)

    early = {"move": move, "document_number": "", "since": date(2026, 9, 30)}
    assert declined(lab, StepMove, "officer", outcome=MoveState.RETURNED, **early) == "MovedBefore"
    assert lab.supervision(machine).moves[0].moved_on == date(2026, 10, 3)
