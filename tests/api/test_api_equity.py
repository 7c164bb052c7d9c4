"""Fees that become a share, over HTTP alone: each party does its own, and sees its own."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from databases import Database
from equity_things import EDUCATION, PRICE_FEN
from office import instrument
from programme import FIRM, UNIT
from served import PEOPLE, Served, open_served

from ledger.executor.clock import CITY
from ledger.registry.register_bureau import RegisterBureau
from ledger.registry.values import Role

DAY = date(2026, 9, 28)
ROOT = "/v1/equity"


@pytest.fixture
def served(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """A department and a second officer of the unit beside the programme's people."""
    with open_served(database, tmp_path, day=DAY) as served:
        programme = served.programme
        programme.do(RegisterBureau, "operator", code=EDUCATION, name="教育委员会")
        programme.hire("department", (EDUCATION, Role.SUPERVISOR))
        programme.hire("second officer", (UNIT, Role.UNIT_OFFICER), by="operator")
        monkeypatch.setitem(PEOPLE, "department", EDUCATION)
        monkeypatch.setitem(PEOPLE, "second officer", UNIT)
        yield served


def made(served: Served, person: str, path: str, **body: Any) -> dict[str, Any]:  # noqa: ANN401  of JSON
    answer = served.post(person, path, body)
    assert answer.is_success, answer.text
    found: dict[str, Any] = answer.json()
    return found


def sign(served: Served, kind: str, subject: str, *people: str) -> None:
    for person in people:
        path = f"/v1/approvals/{kind}:{subject}"
        found = served.get(person, path)
        assert found.is_success, found.text
        shown = found.json()["content_hash"]
        answer = served.post(person, f"{path}/signature", {"content_hash": shown})
        assert answer.is_success, answer.text


def agreed(served: Served) -> tuple[str, str]:
    """An agreement in force, and its instrument."""
    machine = instrument(served.programme)
    paper = {"kind": "municipal-university", "paper_number": "名录1", "valid_from": "2026-01-01"}
    made(served, "operator", f"/v1/organisations/{UNIT}/certificates", **paper)
    price = {"charge_unit": "hour", "user_class": "external", "price_fen": PRICE_FEN}
    made(served, "officer", f"/v1/instruments/{machine}/prices", **price, effective_from=str(DAY))
    agreement = made(
        served,
        "officer",
        f"{ROOT}/agreements",
        unit=UNIT,
        firm=FIRM,
        document_number="协议1号",
        supply="service",
        share_max="0.1",
        valid_from=str(DAY),
        valid_until=str(DAY + timedelta(days=700)),
        named=[{"instrument": machine, "minutes_max": 60_000}],
    )["agreement"]
    papers = {"feasibility_number": "可研1号", "decision_number": "党政会1号"}
    made(served, "officer", f"{ROOT}/agreements/{agreement}/decision", **papers)
    sign(served, "equity.agreement", agreement, "department", "finance", "second finance")
    made(served, "officer", f"{ROOT}/agreements/{agreement}/signatures", party=UNIT)
    made(served, "applicant", f"{ROOT}/agreements/{agreement}/signatures", party=FIRM)
    return agreement, machine


def counted(served: Served, agreement: str, machine: str, minutes: int = 120) -> str:
    """A bill that the firm has confirmed."""
    programme = served.programme
    started_at = (programme.clock.now() - timedelta(minutes=minutes)).astimezone(CITY)
    use = made(
        served,
        "officer",
        "/v1/uses",
        instrument=machine,
        user=FIRM,
        operator=programme.people["officer"],
        started_at=started_at.isoformat(),
        minutes=minutes,
        purpose="断口分析",
    )["use"]
    bill: str = made(
        served,
        "officer",
        "/v1/bills",
        unit=UNIT,
        payer=FIRM,
        invoice_number="3" * 20,
        invoice_date=str(programme.today),
        lines=[{"description": "机时费", "use": use, "quantity": minutes // 60, "price_fen": PRICE_FEN}],
        vat_rate="0.06",
    )["bill"]
    body = made(served, "applicant", f"{ROOT}/agreements/{agreement}/bills", bill=bill)
    assert body["eligible_fen"] == minutes // 60 * PRICE_FEN
    return bill


def test_a_fee_becomes_a_share_that_is_registered_yields_and_is_sold_in_part(served: Served) -> None:
    agreement, machine = agreed(served)
    bill = counted(served, agreement, machine)
    today = str(DAY)
    paper = {"document_number": "登记1号", "happened_on": today}
    made(served, "applicant", f"{ROOT}/capital", firm=FIRM, registered_fen=200_000_000, **paper)
    conversion = made(
        served,
        "officer",
        f"{ROOT}/agreements/{agreement}/appraisals",
        report_number="评报1号",
        filing_number="备1号",
        appraised_on=today,
        appraised_fen=1_200_00,
        pre_money_fen=2_000_000_000,
        appraisal_fee_fen=100_00,
    )["conversion"]
    path = f"{ROOT}/conversions/{conversion}"
    made(
        served,
        "applicant",
        f"{path}/resolution",
        resolution_number="股东会1号",
        resolved_on=today,
        votes_for=67,
        votes_all=100,
        registered_fen=200_000_000,
        priority_waived=True,
    )
    proposal = made(served, "officer", f"{path}/proposals", bills=[bill])
    assert proposal["converted_fen"] == 1_132_08
    sign(served, "equity.conversion", conversion, "second officer")
    assert served.get("officer", f"/v1/bills/{bill}").json()["equity_fen"] == 1_132_08
    (due,) = served.get("officer", f"{ROOT}/deadlines", days=40).json()["items"]
    assert (due["kind"], due["on"]) == ("registration-due", "2026-10-28")
    assert made(served, "officer", f"{path}/registration", **paper)["late"] is False
    made(served, "applicant", f"{path}/publication", **paper)
    assert served.get("applicant", path).json()["state"] == "held"

    (holding,) = served.get("officer", f"{ROOT}/holdings").json()["items"]
    assert (holding["held_fen"], holding["registered_fen"]) == (11_320, 200_011_320)
    assert (holding["share"], holding["cost_fen"], holding["value_fen"]) == ("0.000057", 1_232_08, 1_132_00)
    assert served.get("applicant", f"{ROOT}/holdings").json()["items"] == [holding]

    money = {"resolution_number": "利润1号", "declared_on": today, "distributed_fen": 10_000_000_00}
    dividend = made(served, "officer", f"{ROOT}/dividends", unit=UNIT, firm=FIRM, **money)
    slip = {"amount_fen": dividend["dividend_fen"], "bank_reference": "股利1"}
    assert made(served, "officer", f"{ROOT}/dividends/{dividend['dividend']}/receipts", **slip)["left_fen"] == 0

    part = {"kind": "sale", "sold_fen": 5_660, "price_fen": 1_000_00, "appraisal_number": "评报2号", "buyer": "某公司"}
    leaving = made(served, "officer", f"{ROOT}/exits", unit=UNIT, firm=FIRM, **part)["exit"]
    sign(served, "equity.exit", leaving, "department", "finance", "second finance")
    done = made(served, "officer", f"{ROOT}/exits/{leaving}/completion", bank_reference="转让1")
    assert (done["cost_fen"], done["to_treasury_fen"], done["left_fen"]) == (616_04, 1_000_00, 5_660)
    paid = {"unit": UNIT, "kind": "treasury", "amount_fen": 1_000_00, "bank_reference": "缴库1"}
    made(served, "officer", f"{ROOT}/payments", **paid)
    rest = {"unit": UNIT, "firm": FIRM, "amount_fen": 616_04, "document_number": "核销1号", "reason": "亏损"}
    number = made(served, "officer", f"{ROOT}/write-downs", **rest)["write_down"]
    sign(served, "equity.write-down", number, "department", "finance", "second finance")

    printed = served.get("officer", f"{ROOT}/statements/{UNIT}")
    assert printed.content.startswith(b"%PDF")
    assert printed.content == served.get("officer", f"{ROOT}/statements/{UNIT}").content
    assert served.get("other officer", f"{ROOT}/statements/{UNIT}").status_code == 404

    listed = served.get("officer", f"{ROOT}/files/holdings").content.decode("utf-8-sig").splitlines()
    assert (len(listed), listed[1].replace('"', "").split(",")[:3]) == (2, [UNIT, FIRM, "56.60"])
    assert served.get("officer", f"{ROOT}/files/holdings", format="xlsx").content.startswith(b"PK")

    (holding,) = served.get("finance", f"{ROOT}/holdings").json()["items"]
    assert (holding["held_fen"], holding["cost_fen"], holding["dividends_due_fen"]) == (5_660, 0, 0)
    for stranger in ("other officer", "other applicant"):
        for kind in ("agreements", "conversions", "holdings", "dividends", "exits", "write-downs", "deadlines"):
            assert served.get(stranger, f"{ROOT}/{kind}").json()["items"] == []
    for kind in ("dividends", "exits", "write-downs"):
        assert len(served.get("officer", f"{ROOT}/{kind}").json()["items"]) == 1
        assert served.get("applicant", f"{ROOT}/{kind}").json()["items"] == []
    assert served.programme.faults() == []


def test_a_refusal_says_until_when_an_instrument_is_supervised(served: Served) -> None:
    agreement, machine = agreed(served)
    item = {
        "unit": UNIT,
        "certificate_number": "Z01011234567",
        "declaration_number": "011320251000001234",
        "line": 1,
        "hs_code": "9027809990",
        "policy_document": "财关税〔2021〕23号",
        "kind": "other",
        "shares": [{"instrument": machine, "value_fen": 3_650_000_00}],
        "duty_rate": "0.05",
        "vat_rate": "0.13",
        "consumption_rate": "0",
        "released_on": "2025-03-10",
        "district": "0113",
        "place": "理化楼101室",
    }
    assert served.post("officer", "/v1/customs/items", item).status_code == 201
    programme = served.programme
    use = {
        "instrument": machine,
        "user": FIRM,
        "operator": programme.people["officer"],
        "started_at": (programme.clock.now() - timedelta(hours=2)).astimezone(CITY).isoformat(),
        "minutes": 60,
        "purpose": "断口分析",
        "purpose_class": "research",
        "place": "理化楼101室",
    }
    recorded = made(served, "officer", "/v1/uses", **use)["use"]
    line = {"description": "机时费", "use": recorded, "quantity": 1, "price_fen": PRICE_FEN}
    head = {"unit": UNIT, "payer": FIRM, "invoice_number": "4" * 20, "invoice_date": str(DAY), "vat_rate": "0.06"}
    bill = made(served, "officer", "/v1/bills", **head, lines=[line])["bill"]

    answer = served.post("applicant", f"{ROOT}/agreements/{agreement}/bills", {"bill": bill})

    assert answer.status_code == 409
    assert "2028-03-10" in answer.json()["detail"]
