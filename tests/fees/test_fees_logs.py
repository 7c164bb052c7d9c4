"""A log: many uses at once, all of them or none, each as if it had been recorded alone."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from office import FIRM, OTHER_FIRM, OTHER_UNIT, UNIT, Office, instrument

from ledger.errors import Invalid
from ledger.executor.clock import CITY
from ledger.fees.record_log import USES_MAX, LoggedUse, RecordLog
from ledger.fees.store import USES

MORNING = datetime(2017, 3, 1, 1, 0, tzinfo=CITY)


def logged(machine: str, minutes: int = 60, user: str = FIRM, started_at: datetime = MORNING) -> LoggedUse:
    return LoggedUse(machine, user, started_at, minutes, "断口分析")


def log(office: Office, *uses: LoggedUse, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"unit": UNIT, "operator": office.people["officer"], "uses": uses} | more


def test_a_log_is_its_uses_one_by_one(office: Office) -> None:
    machine, other = instrument(office), instrument(office, asset_number="A-2")
    body = office.do(RecordLog, "officer", **log(office, logged(machine, 60), logged(other, 30, OTHER_FIRM)))

    uses = office.load(USES, *body["uses"])
    assert (body["minutes"], body["from"], body["until"], len(uses)) == (90, "2017-03-01", "2017-03-01", 2)
    assert {(use.instrument, use.user, use.minutes) for use in uses.values()} == {
        (machine, FIRM, 60),
        (other, OTHER_FIRM, 30),
    }
    assert office.balance(f"minutes:used:{machine}:{FIRM}") == 60
    assert office.balance(f"minutes:used:{other}:{OTHER_FIRM}") == 30
    assert office.rows("SELECT template, count(*) FROM entry WHERE template LIKE 'fee.%' GROUP BY 1") == [
        ("fee.log", 1)
    ]
    assert office.faults() == []


def test_each_day_has_its_entry_and_days_that_are_over_take_a_reason_and_two_people(office: Office) -> None:
    machine = instrument(office)
    office.clock.move_to(date(2017, 3, 31))
    uses = [logged(machine, 60, started_at=MORNING + timedelta(days=n)) for n in (0, 0, 30)]

    assert office.refused(RecordLog, "officer", **log(office, *uses)).startswith("BackdatingUnconfirmed")
    late = {"late_reason": "月末汇总登记", "second_person": office.people["second officer"]}
    own = late | {"second_person": office.people["officer"]}
    assert office.refused(RecordLog, "officer", **log(office, *uses, **own)).startswith("SecondPersonMissing")
    office.do(RecordLog, "officer", **log(office, *uses, **late))

    assert office.rows(
        "SELECT effective_on, second_person IS NOT NULL FROM entry WHERE template = 'fee.log' ORDER BY 1"
    ) == [
        (date(2017, 3, 1), True),
        (date(2017, 3, 31), False),
    ]
    assert office.faults() == []


def test_one_use_that_cannot_be_keeps_all_of_them_out(office: Office) -> None:
    machine = instrument(office)
    foreign = instrument(office, OTHER_UNIT, by="other officer")

    said = office.refused(RecordLog, "officer", **log(office, logged(machine), logged(foreign)))
    assert said.startswith("InstrumentOfAnother: Use 2:")
    future = logged(machine, started_at=MORNING + timedelta(days=1))
    assert office.refused(RecordLog, "officer", **log(office, logged(machine), future)).startswith("UseInFuture")
    assert office.refused(RecordLog, "other officer", **log(office, logged(machine))).startswith("RoleMissingAt")
    assert office.rows("SELECT 1 FROM fee_use") == []


@pytest.mark.parametrize("count", [0, USES_MAX + 1])
def test_a_log_has_a_use_and_not_too_many(office: Office, count: int) -> None:
    uses = (logged("I-0000-0000-00000"),) * count
    with pytest.raises(Invalid):
        office.run(RecordLog, "officer", **log(office, *uses))


def test_a_full_log_is_taken(office: Office) -> None:
    machine = instrument(office)
    uses = [logged(machine, 1, started_at=MORNING + timedelta(minutes=n % 300)) for n in range(USES_MAX)]

    body = office.do(RecordLog, "officer", **log(office, *uses))

    assert (len(set(body["uses"])), body["minutes"]) == (USES_MAX, USES_MAX)
