"""What the recorded uses of a year say: whole minutes, by whom, in which year."""

from datetime import UTC, date, datetime, timedelta

import pytest
from office import FIRM, instrument
from platform_books import NAMES, A, Platform

from ledger.assembly import BOOK
from ledger.bookkeeping.open_period import OpenPeriod
from ledger.evaluation.indicators import InstrumentYear, instruments_year, units_year
from ledger.executor.clock import CITY
from ledger.executor.reading import Reader
from ledger.fees.issue_bill import IssueBill
from ledger.fees.record_use import RecordUse
from ledger.fees.values import BillLine
from ledger.registry.register_firm import RegisterFirm
from policies.kernel.policies import Policies


@pytest.fixture
def used(platform: Platform) -> Platform:
    """Two instruments of A; the first was used by a firm for an hour, billed, and by A itself for two."""
    officer = f"officer of {NAMES[A]}"
    platform.do(RegisterFirm, "operator", code=FIRM, name="甲公司")
    machine = instrument(platform, A, "A-1", officer)
    instrument(platform, A, "A-2", officer)
    facts = {"operator": platform.people[officer], "purpose": "断口分析", "instrument": machine}
    started_at = platform.clock.now() - timedelta(hours=4)
    use = platform.do(RecordUse, officer, user=FIRM, started_at=started_at, minutes=60, **facts)["use"]
    platform.do(RecordUse, officer, user=A, started_at=started_at + timedelta(hours=1), minutes=120, **facts)
    lines = (BillLine("透射电镜", use, 1, 600_00), BillLine("制样", None, 1, 50_00))
    bill = {"invoice_number": "2" * 20, "invoice_date": platform.today, "vat_rate": "0.06"}
    platform.do(IssueBill, officer, unit=A, payer=FIRM, lines=lines, **bill)
    return platform


def years(platform: Platform, year: int) -> list[InstrumentYear]:
    with platform.database.writer.connect() as connection:
        return list(instruments_year(Reader(connection, BOOK), A, year))


def test_an_instrument_s_year_is_the_sum_of_its_uses(used: Platform) -> None:
    busy, idle = sorted(years(used, 2026), key=lambda one: -one.uses)

    assert (busy.uses, busy.effective_minutes, busy.external_minutes) == (2, 180, 60)
    assert (busy.internal_income_fen, busy.external_income_fen) == (0, 600_00)  # what is no machine time is not its own
    assert (idle.uses, idle.effective_minutes, idle.external_income_fen) == (0, 0, 0)
    assert years(used, 2025) == []  # not registered yet


def test_its_facts_are_those_of_the_calculator(used: Platform) -> None:
    busy = max(years(used, 2026), key=lambda one: one.uses)

    found = Policies(used.today).calculate("evaluation/indicators", busy.facts(), on=used.today)

    assert found.result["sharing_rate"] == "0.333333"
    assert found.result["utilisation"] == "0.001875"  # 3 hours of 1,600
    assert found.result["yield"] == "0.000300"  # 1.5 times 600 yuan over 3 million


def test_a_unit_s_year_counts_its_instruments_and_their_users(used: Platform) -> None:
    with used.database.writer.connect() as connection:
        (unit,) = units_year(Reader(connection, BOOK), 2026)

    assert (unit.unit, unit.instruments, unit.uses, unit.users) == (A, 2, 2, 1)
    assert (unit.effective_minutes, unit.external_minutes) == (180, 60)


def test_the_year_turns_at_midnight_in_the_city(used: Platform) -> None:
    """Half past midnight on New Year's Day is the old year's evening by UTC, and counts for the new one."""
    officer = f"officer of {NAMES[A]}"
    used.do(OpenPeriod, "finance", period="2027", starts_on=date(2027, 1, 1), ends_on=date(2027, 12, 31))
    used.move(to=date(2027, 1, 1))
    machine = max(years(used, 2026), key=lambda one: one.uses).instrument
    started_at = datetime(2027, 1, 1, 0, 30, tzinfo=CITY)
    facts = {"operator": used.people[officer], "purpose": "断口分析", "instrument": machine}

    used.do(RecordUse, officer, user=FIRM, started_at=started_at.astimezone(UTC), minutes=30, **facts)

    assert [max(one.effective_minutes for one in years(used, year)) for year in (2026, 2027)] == [180, 30]
