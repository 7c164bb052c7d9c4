"""Subsidies to users: what firms spent on others' instruments, supported by the bureau of the place where they work."""

import os
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from office import COMMISSION, FIRM, OTHER_FIRM, uscc
from season import AUTUMN, INCOME, LINE, A, B, C, D, Season

from ledger.assembly import BOOK, house
from ledger.budgets.appropriate import KIND as LETTER
from ledger.budgets.appropriate import ProposeAppropriation
from ledger.evaluation.leave_platform import LeavePlatform
from ledger.executor.reading import Reader
from ledger.obligations.offset import OffsetRecovery
from ledger.payments.return_payment import ReturnPayment
from ledger.registry.declare_relation import DeclareRelation
from ledger.registry.record_certificate import RecordCertificate
from ledger.registry.register_firm import RegisterFirm
from ledger.registry.values import CertificateKind
from ledger.reports.subsidy_publication import published
from ledger.reports.subsidy_why import why
from ledger.reports.tables import written_to
from ledger.subsidies.claw_back import KIND as CLAW_BACK
from ledger.subsidies.claw_back import ProposeSubsidyClawBack
from ledger.subsidies.compute import ComputeSubsidy
from ledger.subsidies.exclude_bill import ExcludeBill
from ledger.subsidies.impact import OthersServed, Question, impact_run
from ledger.subsidies.records import LeftOutBill, bill_records
from ledger.subsidies.rules import within
from ledger.subsidies.values import Batch, Exclusion, RecoveryGround

ANHUI = "anhui-2022-user"
DISTRICT, CITY = "qingdao-2015-firm-district", "qingdao-2015-firm-city"
SPENT = sum(INCOME.values())
THIRD_FIRM = uscc("91", 28)
HERE, NEAR, FAR = "340100", "340104", "340200"


@dataclass
class Town:
    """A spring in which the bureau's place is on paper, and firms are billed."""

    season: Season

    def paper(self, party: str, region: str = "", kind: CertificateKind = CertificateKind.PLACE, **more: Any) -> None:  # noqa: ANN401
        facts = {"paper_number": f"证{party[-4:]}{kind}", "valid_from": date(2025, 1, 1)} | more
        self.season.do(RecordCertificate, "operator", party=party, certificate=kind, region=region, **facts)

    def firm(self, code: str, region: str = NEAR, *bills: tuple[str, int]) -> None:
        self.season.do(RegisterFirm, "operator", code=code, name=f"用户{code[-4:]}公司")
        if region:
            self.paper(code, region)
        for unit, fen in bills:
            self.season.bill(unit, fen, payer=code)

    def budget(self, scheme: str = ANHUI, fen: int = 10_000_000_00, year: int = 2026) -> None:
        facts = {"scheme": scheme, "year": year, "line": LINE, "amount_fen": fen}
        letter = self.season.do(ProposeAppropriation, "operator", **facts, letter_number=f"财预〔{year}〕{scheme}号")
        self.season.sign(LETTER, letter["appropriation"], "finance")

    def computed(self, scheme: str = ANHUI, year: int = 2026) -> Batch:
        body = self.season.do(ComputeSubsidy, "operator", scheme=scheme, year=year)
        return self.season.batch(body["batch"])

    def paid(self, batch: Batch) -> tuple[str, list[str]]:
        self.season.review(batch.number)
        payables = self.season.approve(batch.number)
        payment = self.season.release(*payables)
        self.season.confirm(payment, *payables)
        return payment, payables


@pytest.fixture
def town(spring: Season) -> Town:
    found = Town(spring)
    found.paper(COMMISSION, HERE)
    found.paper(FIRM, NEAR)
    spring.set_account(FIRM, "6222000099")
    return found


def autumn(town: Town, *schemes: str) -> Season:
    town.season.move(to=AUTUMN)
    for scheme in schemes:
        town.budget(scheme)
    return town.season


def awards(batch: Batch) -> dict[str, int]:
    return {award.unit: award.awarded_fen for award in batch.awards}


def test_a_user_gets_a_fifth_of_what_it_spent_under_its_cap(town: Town) -> None:
    """Of 27,533,333.88 a fifth is 5,506,666.78, of which 2,000,000 is paid; of 1,060 with tax a fifth of 1,000."""
    town.season.bill(A, 1_060_00, payer=FIRM, vat_rate="0.06")
    town.firm(OTHER_FIRM)
    town.season.bill(A, 1_060_00, payer=OTHER_FIRM, vat_rate="0.06")
    season = autumn(town, ANHUI)
    batch = town.computed()

    assert awards(batch) == {FIRM: 2_000_000_00, OTHER_FIRM: 200_00}
    assert {award.unit: (award.bills, award.base_fen) for award in batch.awards} == {
        FIRM: (6, SPENT + 1_000_00),
        OTHER_FIRM: (1, 1_000_00),
    }
    assert batch.synthetic  # how it is run is not public
    assert season.faults() == []


def test_who_is_supported_and_who_is_listed_with_the_reason(town: Town) -> None:
    elsewhere, unknown = uscc("91", 31), uscc("91", 32)
    town.firm(OTHER_FIRM, HERE, (A, 100_00))
    town.firm(elsewhere, FAR, (A, 200_00))
    town.firm(unknown, "", (A, 300_00))
    town.season.bill(A, 400_00, payer=B)
    autumn(town, ANHUI)
    batch = town.computed()

    assert awards(batch) == {FIRM: 2_000_000_00, OTHER_FIRM: 20_00}
    assert {one.unit: (one.why, one.detail, one.base_fen) for one in batch.excluded} == {
        elsewhere: (Exclusion.ELSEWHERE, FAR, 200_00),
        unknown: (Exclusion.PLACE_UNKNOWN, "", 300_00),
        B: (Exclusion.NOT_A_FIRM, "unit", 400_00),
    }


def test_bills_that_count_for_no_user(town: Town) -> None:
    """Of a related unit, for statutory work, of a unit that has left the platform: 100 of 1,000 are left."""
    town.firm(OTHER_FIRM, NEAR, (A, 300_00), (B, 400_00), (C, 200_00), (D, 100_00))
    season = town.season
    ((statutory,),) = season.rows(
        "SELECT number FROM fee_bill WHERE unit = :unit AND payer = :payer", unit=B, payer=OTHER_FIRM
    )
    season.do(DeclareRelation, "operator", party=OTHER_FIRM, other=A, stands=True, ground="股东相同")
    season.do(ExcludeBill, "operator", bill=statutory, excluded=True, reason="法定检验")
    season.do(LeavePlatform, "operator", unit=C, document_number="退网1号")
    autumn(town, ANHUI)
    batch = town.computed()
    award = next(one for one in batch.awards if one.unit == OTHER_FIRM)

    assert (award.bills, award.billed_fen, award.excluded_fen) == (4, 1_000_00, 900_00)
    assert (award.base_fen, award.awarded_fen) == (100_00, 20_00)
    with season.database.writer.connect() as connection:
        found = bill_records(Reader(connection, BOOK), season.batch(batch.number), OTHER_FIRM)
    assert {one.unit: (one.left_out, one.counts_fen) for one in found} == {
        A: (LeftOutBill.RELATED, 0),
        B: (LeftOutBill.EXCLUDED, 0),
        C: (LeftOutBill.OFF_PLATFORM, 0),
        D: (None, 100_00),
    }
    assert season.faults() == []


def test_district_and_city_pay_a_firm_side_by_side(town: Town) -> None:
    """10 percent by the district, 20 to a high-tech enterprise; the city as much again, at most 500,000."""
    town.firm(OTHER_FIRM, NEAR, (A, 300_000_00))
    town.firm(THIRD_FIRM, NEAR, (A, 300_000_00))
    town.paper(OTHER_FIRM, kind=CertificateKind.HIGH_TECH)
    season = autumn(town, DISTRICT, CITY)
    district, city = town.computed(DISTRICT), town.computed(CITY)

    assert awards(district) == {FIRM: 2_753_333_39, OTHER_FIRM: 60_000_00, THIRD_FIRM: 30_000_00}
    assert awards(city) == {FIRM: 500_000_00, OTHER_FIRM: 60_000_00, THIRD_FIRM: 30_000_00}
    assert season.faults() == []


def test_a_certificate_counts_on_the_last_day_of_the_year(town: Town) -> None:
    town.firm(OTHER_FIRM, NEAR, (A, 300_000_00))
    kind = CertificateKind.HIGH_TECH
    town.paper(OTHER_FIRM, kind=kind, valid_until=date(2025, 12, 30))
    autumn(town, DISTRICT)

    assert awards(town.computed(DISTRICT))[OTHER_FIRM] == 30_000_00


def test_a_firm_is_paid_and_keeps_no_books_here(town: Town) -> None:
    season = autumn(town, ANHUI)
    batch = town.computed()
    payment, (payable,) = town.paid(batch)
    fen = 2_000_000_00

    assert season.balance(f"budget:expended:{ANHUI}:2026") == fen
    assert season.balance(f"expense:{COMMISSION}") == season.balance(f"fiscal-income:{COMMISSION}") == fen
    assert season.balance(f"7101:{COMMISSION}") == season.balance(f"6001:{COMMISSION}") == fen
    assert season.rows("SELECT address FROM account WHERE entity = :firm", firm=FIRM) == []
    assert season.faults() == []

    back = {"batch": payment, "payable": payable, "returned_on": season.today}
    season.do(ReturnPayment, "treasury", **back, bank_reference="退票1", reason="账号有误")
    assert season.balance(f"budget:obligated:{ANHUI}:2026") == fen
    assert season.faults() == []
    again = season.release(payable)
    season.confirm(again, payable)
    assert season.balance(f"budget:expended:{ANHUI}:2026") == fen
    assert season.faults() == []


def test_a_payment_that_came_back_in_the_year_after_moves_no_books_of_the_firm(town: Town) -> None:
    season = autumn(town, ANHUI)
    payment, (payable,) = town.paid(town.computed())
    season.move(to=date(2027, 1, 4))
    town.budget(year=2027)
    back = {"batch": payment, "payable": payable, "returned_on": season.today}
    season.do(ReturnPayment, "treasury", **back, bank_reference="退票1", reason="账号有误")

    assert season.balance(f"budget:bounced:{ANHUI}:2026") == 2_000_000_00
    assert season.balance(f"budget:obligated:{ANHUI}:2027") == 2_000_000_00
    assert season.rows("SELECT address FROM account WHERE entity = :firm", firm=FIRM) == []
    assert season.faults() == []


def test_what_a_firm_owes_is_taken_back_and_set_off(town: Town) -> None:
    season = autumn(town, ANHUI)
    batch = town.computed()
    town.paid(batch)
    season.move(days=70)
    ruling = {
        "award": batch.awards[0].number,
        "amount_fen": 400_000_00,
        "ground": RecoveryGround.FALSE_RECORDS,
        "decision_number": "合科决〔2026〕1号",
        "reason": "虚开测试发票",
        "decided_on": season.today - timedelta(days=65),
        "appeal_until": season.today - timedelta(days=5),
    }
    proposed = season.do(ProposeSubsidyClawBack, "operator", **ruling)
    (owed,) = season.sign(CLAW_BACK, proposed["claw_back"], "second operator")["obligations"]
    assert season.balance(f"recovery:{owed}") == 400_000_00
    assert season.faults() == []

    town.season.bill(A, 5_000_000_00)
    season.move(to=date(2027, 9, 1))
    town.budget(year=2027)
    later = town.computed(year=2027)
    season.review(later.number)
    (payable,) = season.approve(later.number)
    facts = {"obligation": owed, "payable": payable, "amount_fen": 400_000_00}
    step = season.do(OffsetRecovery, "operator", **facts, decision_number="抵扣1号", reason="抵扣")["step"]
    season.sign("obligation.offset", step, "finance")
    season.confirm(season.release(payable), payable)

    assert later.awarded_fen == 1_000_000_00
    assert season.balance(f"recovery:{owed}") == 0
    assert season.rows("SELECT address FROM account WHERE entity = :firm", firm=FIRM) == []
    assert season.faults() == []


def test_what_is_printed_and_published_speaks_of_spending(town: Town) -> None:
    season = autumn(town, ANHUI)
    batch = town.computed()
    town.paid(batch)
    with season.database.writer.connect() as connection:
        reader = Reader(connection, BOOK)
        files = published(reader, batch.number, house().chart, notices=True).all
        found = why(reader, batch.number, FIRM)
    if folder := os.environ.get("LOOK_AT"):
        written_to(Path(folder), files)

    awards_csv = files[f"{ANHUI}-2026-awards.csv"].decode("utf-8-sig")
    assert "2025 年使用共享仪器，第 1 版" in awards_csv
    assert f"CN-USCC-{FIRM}" in awards_csv
    assert f"{ANHUI}-2026-{FIRM}.pdf" in files
    assert found.share is not None
    assert found.share.inputs[0].value == 2_000_000_00


def test_a_bureau_whose_place_is_on_no_paper_supports_nobody(spring: Season) -> None:
    spring.move(to=AUTUMN)
    Town(spring).budget()

    assert spring.refused(ComputeSubsidy, "operator", scheme=ANHUI, year=2026) == "BureauWithoutPlace"


def test_users_are_not_compared_with_units(town: Town) -> None:
    season = autumn(town, ANHUI)
    town.computed()
    with season.database.writer.connect() as connection:
        reader = Reader(connection, BOOK)
        with pytest.raises(OthersServed):
            impact_run(reader, ANHUI, 2026, Question(under="anhui-2022-unit"), season.today)
        found = impact_run(reader, ANHUI, 2026, Question(under=DISTRICT), season.today)

    assert [(line.unit, line.before_fen, line.after_fen) for line in found.lines] == [
        (FIRM, 2_000_000_00, 2_753_333_39)
    ]


@pytest.mark.parametrize(
    ("region", "begins"), [("340000", "34"), ("340100", "3401"), ("340104", "340104"), ("370210", "370210")]
)
def test_a_region_is_what_its_code_begins_with(region: str, begins: str) -> None:
    assert within(region) == begins
