"""The yearly report: drafted from the records, filed by 30 June, a new version where a use was corrected after."""

from datetime import date
from typing import Any

import pytest
from customs_books import FIRM, LAB, Laboratory

from ledger.bookkeeping.reverse_entry import ReverseEntry
from ledger.customs.file_report import FileReport
from ledger.customs.report_store import REPORTS, report_key
from ledger.customs.values import Report
from ledger.errors import Invalid


def report(lab: Laboratory, year: int = 2026) -> Report:
    key = report_key(LAB, year)
    found: Report = lab.load(REPORTS, key)[key]
    return found


def filed(lab: Laboratory, year: int = 2026, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    return lab.do(FileReport, "officer", unit=LAB, year=year, document_number="报〔2027〕1号", **more)


def refused(lab: Laboratory, actor: str = "officer", **facts: Any) -> str:  # noqa: ANN401
    wish = {"unit": LAB, "year": 2026, "document_number": "报1号"} | facts
    try:
        return lab.refused(FileReport, actor, **wish).split(":")[0]
    except Invalid as wrong:
        return wrong.code


def a_year(lab: Laboratory) -> str:
    """Two hours of its own, one shared in scope, three out of scope; and one that began in the next year."""
    machine = lab.imported()
    lab.granted(machine, minutes=60)
    lab.use(machine, "2026-09-01 09:00", 120, user=LAB)
    lab.use(machine, "2026-09-02 09:00", 60)
    lab.use(machine, "2026-09-03 09:00", 180)
    lab.move(to=date(2027, 3, 1))
    lab.use(machine, "2027-01-01 09:00", 30, user=LAB)
    return machine


def test_the_draft_says_how_each_instrument_was_used(lab: Laboratory) -> None:
    machine = a_year(lab)

    (line,) = report(lab).draft

    assert (line.instrument, line.value_fen, line.state, line.uses) == (machine, 3_650_000_00, "supervised", 3)
    assert (line.own_minutes, line.shared_minutes, line.outside_minutes) == (120, 60, 180)
    assert report(lab, 2024).draft == ()
    assert [one.own_minutes for one in report(lab, 2027).draft] == [30]


def test_minutes_of_the_report_are_those_of_the_records_that_bills_read(lab: Laboratory) -> None:
    machine = a_year(lab)

    (line,) = report(lab).draft

    ((minutes,),) = lab.rows(
        "SELECT sum(minutes) FROM fee_use WHERE instrument = :machine AND started_at < '2027-01-01T00:00+08:00'",
        machine=machine,
    )
    assert line.own_minutes + line.shared_minutes + line.outside_minutes == minutes


@pytest.mark.parametrize(("day", "late"), [(date(2027, 6, 30), False), (date(2027, 7, 1), True)])
def test_it_is_in_time_until_the_end_of_june(lab: Laboratory, day: date, late: bool) -> None:  # noqa: FBT001  one column
    a_year(lab)
    lab.move(to=day)
    assert report(lab).overdue_on(day, date(2027, 6, 30)) is late

    body = filed(lab)

    assert (body["version"], body["due_on"], body["late"]) == (1, "2027-06-30", late)
    assert report(lab).filed == report(lab).draft
    assert lab.faults() == []


def test_a_use_corrected_after_it_was_filed_makes_a_new_version(lab: Laboratory) -> None:
    a_year(lab)
    filed(lab)
    assert report(lab).changed is False
    assert refused(lab) == "ReportUnchanged"
    ((seq,),) = lab.rows("SELECT min(seq) FROM entry WHERE template = 'fee.use'")
    correction = {"effective_on": lab.today, "reason": "时长有误", "second_person": lab.people["second officer"]}
    lab.do(ReverseEntry, "officer", seq=seq, **correction)

    assert report(lab).changed is True
    assert refused(lab) == "TextMissing"  # why it differs
    body = filed(lab, reason="更正一次使用")

    assert (body["version"], body["late"]) == (2, False)
    assert report(lab).changed is False
    assert [line.own_minutes for line in report(lab).filed] == [0]
    assert lab.rows("SELECT own_minutes FROM customs_report_line ORDER BY version") == [(120,), (0,)]
    assert lab.faults() == []


def test_what_a_report_asks(lab: Laboratory) -> None:
    assert refused(lab) == "ReportYearNotOver"
    assert refused(lab, year=2025) == "NothingToReport"
    a_year(lab)
    assert refused(lab, "other officer") == "RoleMissingAt"
    assert refused(lab, unit=FIRM) == "RoleMissingAt"
    assert refused(lab, document_number="") == "TextMissing"
    assert refused(lab, year=1999) == "ReportYearUnreadable"
    assert refused(lab, year="2026") == "ReportYearUnreadable"
