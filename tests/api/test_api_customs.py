"""Customs over HTTP: a unit records and asks, customs decides and looks, each sees its own and nothing besides."""

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import equity_things
import pytest
from databases import Database
from office import instrument, uscc
from programme import FIRM, UNIT, Programme
from python_calamine import CalamineWorkbook
from served import PEOPLE, Served, open_served

from ledger.executor.clock import CITY
from ledger.journal import verify_receipt
from ledger.registry.register_bureau import RegisterBureau
from ledger.registry.values import Role

DAY = date(2026, 9, 28)
ROOT = "/v1/customs"
PLACE = "理化楼101室"
CUSTOMS, AIRPORT = uscc("11", 71), uscc("11", 72)


@pytest.fixture
def served(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """The customs of two districts beside the programme's people."""
    with open_served(database, tmp_path, day=DAY) as served:
        programme = served.programme
        for person, bureau, district in (("customs", CUSTOMS, "0113"), ("airport", AIRPORT, "0101")):
            programme.do(RegisterBureau, code=bureau, name=person)
            programme.hire(person, (bureau, Role.CUSTOMS))
            monkeypatch.setitem(PEOPLE, person, bureau)
            office = {"bureau": bureau, "district": district, "document_number": "关函1号"}
            assert served.post("operator", f"{ROOT}/offices", office).status_code == 201
        yield served


def goods(machine: str, **changed: object) -> dict[str, object]:
    return {
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
        "place": PLACE,
    } | changed


def supervised(served: Served) -> tuple[str, str]:
    """The instrument and the item by which it came in."""
    machine = instrument(served.programme)
    answer = served.post("officer", f"{ROOT}/items", goods(machine))
    assert answer.status_code == 201, answer.text
    return machine, answer.json()["item"]


def use(programme: Programme, machine: str, hours_ago: int, **changed: object) -> dict[str, object]:
    started_at = (programme.clock.now() - timedelta(hours=hours_ago)).astimezone(CITY)
    return {
        "instrument": machine,
        "user": FIRM,
        "operator": programme.people["officer"],
        "started_at": started_at.isoformat(),
        "minutes": 60,
        "purpose": "成分分析",
        "purpose_class": "research",
        "place": PLACE,
    } | changed


def recorded(served: Served, body: dict[str, object]) -> dict[str, Any]:
    answer = served.post("officer", "/v1/uses", body)
    assert answer.status_code == 201, answer.text
    (judged,) = answer.json()["customs"]
    return dict(judged)


def test_from_the_import_to_the_payment(served: Served) -> None:
    machine, item = supervised(served)
    asked = {
        "instrument": machine,
        "route": "case",
        "document_number": "申请1号",
        "users": [FIRM],
        "purposes": ["research"],
        "place": PLACE,
        "minutes": 60,
        "valid_from": "2026-09-01",
        "valid_until": "2027-09-01",
    }
    submitted = served.post("officer", f"{ROOT}/consents", asked)
    assert submitted.status_code == 201, submitted.text
    consent = submitted.json()["consent"]
    grant = {"outcome": "granted", "since": "2026-09-01", "document_number": "关减免1号"}
    assert served.post("customs", f"{ROOT}/consents/{consent}/decisions", grant).json()["left_minutes"] == 60

    covered = recorded(served, use(served.programme, machine, 5))
    beyond = recorded(served, use(served.programme, machine, 3))
    exposure = beyond["exposure"]

    assert (covered["in_scope"], covered["consent"]) == (True, consent)
    assert (beyond["reasons"], beyond["at_risk_fen"]) == (["OVER_HOURS"], 621_67)
    (risk,) = served.get("customs", f"{ROOT}/risk", by="district").json()["items"]
    assert (risk["subject"], risk["exposures"], risk["total_fen"]) == ("0113", 1, 621_67)
    for by, decision in (
        ("officer", {"outcome": "under-review", "document_number": "说明1号", "reason": "请核"}),
        (
            "customs",
            {
                "outcome": "assessed",
                "document_number": "关税9号",
                "reason": "经审核",
                "duty_fen": 166_67,
                "vat_fen": 455_00,
                "consumption_fen": 0,
            },
        ),
        ("officer", {"outcome": "reported", "document_number": "报1号", "reason": "已报"}),
    ):
        answer = served.post(by, f"{ROOT}/exposures/{exposure}/decisions", decision)
        assert answer.status_code == 201, answer.text
    payment = {"payment_number": "缴1号", "due_on": "2026-10-31", "paid_on": "2026-09-28"}
    assert served.post("customs", f"{ROOT}/exposures/{exposure}/payment", payment).json()["late_fee_fen"] == 0
    shown = served.get("customs", f"{ROOT}/exposures/{exposure}").json()
    assert [step["state"] for step in shown["steps"]] == ["detected", "under-review", "assessed", "reported", "paid"]
    assert (shown["taxes"][0]["item"], shown["taxes"][0]["days"]) == (item, 1)
    assert served.get("customs", f"{ROOT}/risk").json()["items"] == []
    assert served.programme.breaches() == []


def test_customs_looks_by_whatever_it_knows(served: Served) -> None:
    machine, item = supervised(served)
    ways: list[dict[str, str]] = [
        {"certificate": "Z01011234567"},
        {"declaration": "011320251000001234"},
        {"hs_code": "9027809990"},
        {"instrument": machine},
        {"asset_number": "A-1"},
        {"unit": UNIT},
        {"district": "0113"},
        {"supervised_on": "2028-03-10"},
        {"ends_from": "2028-03-01", "ends_until": "2028-03-31"},
    ]
    others: list[dict[str, str]] = [
        {"certificate": "Z01011234568"},
        {"asset_number": "A-2"},
        {"supervised_on": "2028-03-11"},
        {"supervised_on": "2025-03-09"},
        {"ends_until": "2028-03-09"},
        {"district": "0101"},
    ]

    for way in ways:
        found = served.get("customs", f"{ROOT}/items", **way).json()["items"]
        assert [one["number"] for one in found] == [item], way
    for way in others:
        assert served.get("customs", f"{ROOT}/items", **way).json()["items"] == [], way
    shown = served.get("customs", f"{ROOT}/items/{item}").json()
    assert (shown["supervised_until"], shown["days_left"], shown["supervision_years"]) == ("2028-03-10", 530, 3)


def test_each_customs_sees_its_district_and_nothing_of_vouchers(served: Served) -> None:
    machine, item = supervised(served)
    exposure = recorded(served, use(served.programme, machine, 3))["exposure"]
    lists = ("items", "uses", "exposures", "risk", "consents", "moves")

    assert [len(served.get("customs", f"{ROOT}/{name}").json()["items"]) for name in lists] == [1, 1, 1, 1, 0, 0]
    assert [len(served.get("airport", f"{ROOT}/{name}").json()["items"]) for name in lists] == [0] * 6
    assert served.get("airport", f"{ROOT}/items/{item}").status_code == 404
    assert served.get("airport", f"{ROOT}/exposures/{exposure}").status_code == 404
    assert [len(served.get("officer", f"{ROOT}/{name}").json()["items"]) for name in lists] == [1, 1, 1, 1, 0, 0]
    assert [len(served.get("other officer", f"{ROOT}/{name}").json()["items"]) for name in lists] == [0] * 6
    for path in ("/v1/vouchers", "/v1/uses", "/v1/bills", "/v1/claims", "/v1/payables"):
        assert served.get("customs", path).json()["items"] == []


def test_a_direct_customs_sees_all_its_offices(served: Served) -> None:
    supervised(served)
    office = {"bureau": AIRPORT, "district": "0100", "document_number": "关函2号"}
    served.post("operator", f"{ROOT}/offices", office)

    assert len(served.get("airport", f"{ROOT}/items").json()["items"]) == 1


def test_the_fee_that_customs_sees_is_the_bills(served: Served) -> None:
    machine, _ = supervised(served)
    number = recorded(served, use(served.programme, machine, 3))["use"]
    line = {"description": "质谱", "use": number, "quantity": 1, "price_fen": 600_00}
    bill = {
        "unit": UNIT,
        "payer": FIRM,
        "invoice_number": "2" * 20,
        "invoice_date": "2026-09-28",
        "vat_rate": "0.06",
        "lines": [line],
    }
    assert served.post("officer", "/v1/bills", bill).status_code == 201

    (seen,) = served.get("customs", f"{ROOT}/uses", since="2026-09-28", until="2026-09-28").json()["items"]

    assert (seen["number"], seen["minutes"], seen["fee_fen"], seen["voucher"]) == (number, 60, 600_00, False)
    assert (seen["user"], seen["purpose_class"], seen["place"]) == (FIRM, "research", PLACE)
    assert len(seen["evidence_hash"]) == 64


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, 3),
        ({"in_scope": "false"}, 2),
        ({"reason": "PLACE"}, 1),
        ({"reason": "NO_CONSENT"}, 2),
        ({"user": UNIT}, 1),
        ({"user": "X"}, 0),
        ({"until": "2026-09-27"}, 0),
        ({"since": "2026-09-29"}, 0),
    ],
)
def test_uses_are_found_by_what_is_asked(served: Served, query: dict[str, str], found: int) -> None:
    machine, _ = supervised(served)
    recorded(served, use(served.programme, machine, 7))
    recorded(served, use(served.programme, machine, 5, place="楼外"))
    recorded(served, use(served.programme, machine, 3, user=UNIT))

    assert len(served.get("customs", f"{ROOT}/uses", **query).json()["items"]) == found


def test_uses_are_paged(served: Served) -> None:
    machine, _ = supervised(served)
    for hours in (7, 5, 3):
        recorded(served, use(served.programme, machine, hours))

    first = served.get("customs", f"{ROOT}/uses", limit=2).json()
    second = served.get("customs", f"{ROOT}/uses", limit=2, cursor=first["next"]).json()

    assert (len(first["items"]), len(second["items"]), second["next"]) == (2, 1, None)
    starts = [one["started_at"] for one in first["items"] + second["items"]]
    assert starts == sorted(starts, reverse=True)


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"certificate_number": "A01"}, 422, "CertificateUnreadable"),
        ({"declaration_number": "011320250000001234"}, 422, "DeclarationOfExport"),
        ({"hs_code": "9027"}, 422, "HsCodeUnreadable"),
        ({"released_on": "2026-09-29"}, 409, "ReleaseInFuture"),
    ],
)
def test_papers_of_the_wrong_shape_say_what_is_expected(
    served: Served, changed: dict[str, object], status: int, code: str
) -> None:
    machine = instrument(served.programme)

    answer = served.post("officer", f"{ROOT}/items", goods(machine, **changed))

    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_use_says_what_is_missing(served: Served) -> None:
    machine, _ = supervised(served)

    answer = served.post("officer", "/v1/uses", use(served.programme, machine, 3, place=None))

    assert (answer.status_code, answer.json()["code"]) == (409, "CircumstancesMissing")


def test_an_instrument_is_moved_and_a_supervision_ended(served: Served) -> None:
    machine, item = supervised(served)
    wish = {
        "instrument": machine,
        "place": "怀柔园区",
        "district": "0201",
        "planned_on": "2026-09-28",
        "reason": "搬迁",
    }
    applied = served.post("officer", f"{ROOT}/moves", wish).json()
    steps = f"{ROOT}/moves/{applied['move']}/steps"
    assert applied["other_district"] is True
    approval = {"outcome": "approved", "since": "2026-09-28", "document_number": "关准1号"}
    assert served.post("officer", steps, approval).json()["code"] == "RoleMissing"
    assert served.post("customs", steps, approval).status_code == 201
    assert served.post("officer", steps, {"outcome": "moved", "since": "2026-09-28"}).json()["state"] == "moved"
    assert served.get("customs", f"{ROOT}/moves").json()["items"][0]["moved_on"] == "2026-09-28"

    end = {
        "outcome": "early-released",
        "ended_on": "2026-08-28",
        "document_number": "关准2号",
        "payment_number": "缴2号",
    }
    assert served.post("customs", f"{ROOT}/items/{item}/end", end).json()["paid_fen"] == 340_362_50
    assert served.get("customs", f"{ROOT}/items/{item}").json()["outcome"] == "early-released"


def test_a_unit_withdraws_its_consent(served: Served) -> None:
    machine, _ = supervised(served)
    asked = {
        "instrument": machine,
        "route": "platform",
        "document_number": "NRII-1",
        "purposes": ["research"],
        "place": PLACE,
        "valid_from": "2026-09-01",
        "valid_until": "2027-09-01",
    }
    consent = served.post("officer", f"{ROOT}/consents", asked).json()["consent"]

    answer = served.post("officer", f"{ROOT}/consents/{consent}/withdrawal", {"reason": "不再共用"})

    assert answer.json()["state"] == "withdrawn"
    assert served.get("customs", f"{ROOT}/consents", valid_on="2026-09-28").json()["items"][0]["state"] == "withdrawn"
    assert served.get("customs", f"{ROOT}/consents/{consent}").json()["left_minutes"] is None


def test_a_report_is_overdue_then_filed_then_changed(served: Served) -> None:
    machine, _ = supervised(served)
    recorded(served, use(served.programme, machine, 3, user=UNIT))
    served.programme.move(to=date(2027, 7, 1))

    (head,) = served.get("customs", f"{ROOT}/reports", overdue="true").json()["items"]
    assert (head["overdue"], head["draft"], head["changed"]) == (True, None, None)
    (draft,) = served.get("customs", f"{ROOT}/reports", overdue="true", unit=UNIT).json()["items"]
    assert (draft["year"], draft["due_on"], draft["filed_on"]) == (2026, "2027-06-30", None)
    assert draft["draft"][0]["own_minutes"] == 60
    assert served.get("airport", f"{ROOT}/reports", year="2026").json()["items"] == []
    filing = {"unit": UNIT, "year": 2026, "document_number": "报1号"}
    assert served.post("officer", f"{ROOT}/reports", filing).json()["late"] is True

    assert served.get("customs", f"{ROOT}/reports", overdue="true").json()["items"] == []
    (filed,) = served.get("officer", f"{ROOT}/reports", unit=UNIT).json()["items"]
    assert (filed["versions"], filed["changed"], filed["overdue"]) == (1, False, False)


def test_what_customs_asks_is_noted_and_nobody_else_is(served: Served) -> None:
    machine, item = supervised(served)
    served.get("customs", f"{ROOT}/uses", instrument=machine)
    served.get("customs", f"{ROOT}/items/{item}")
    served.get("airport", f"{ROOT}/items/{item}")  # of another district: not even asked
    served.get("officer", f"{ROOT}/uses")

    noted = served.get("operator", f"{ROOT}/queries").json()["items"]

    assert [(one["district"], one["path"], one["query"]) for one in noted] == [
        ("0113", f"{ROOT}/items/{item}", ""),
        ("0113", f"{ROOT}/uses", f"instrument={machine}"),
    ]
    assert noted[0]["person"] == served.programme.people["customs"]
    assert len(served.get("customs", f"{ROOT}/queries").json()["items"]) == 2
    assert served.get("airport", f"{ROOT}/queries").json()["items"] == []
    assert served.get("officer", f"{ROOT}/queries").json()["items"] == []


def test_the_feed_of_customs_tells_of_its_district(served: Served) -> None:
    machine, item = supervised(served)
    judged = recorded(served, use(served.programme, machine, 3))

    def kinds(person: str) -> set[tuple[str, str]]:
        answer = served.get(person, "/v1/changes", limit=200)
        assert answer.status_code == 200, answer.text
        return {(thing["kind"], thing["number"]) for change in answer.json()["changes"] for thing in change["things"]}

    told = kinds("customs")
    assert {("customs-item", item), ("use", judged["use"]), ("customs-exposure", judged["exposure"])} <= told
    assert not {kind for kind, _ in told} & {"voucher", "claim", "bill"}
    assert not {kind for kind, _ in kinds("airport")} & {"customs-item", "use", "customs-exposure"}


def test_what_is_due_is_listed_by_day(served: Served) -> None:
    machine, item = supervised(served)
    asked = {
        "instrument": machine,
        "route": "case",
        "document_number": "申请1号",
        "users": [FIRM],
        "purposes": ["research"],
        "place": PLACE,
        "minutes": 60,
        "valid_from": "2026-09-01",
        "valid_until": "2027-09-01",
    }
    consent = served.post("officer", f"{ROOT}/consents", asked).json()["consent"]
    grant = {"outcome": "granted", "since": "2026-09-01", "document_number": "关减免1号"}
    served.post("customs", f"{ROOT}/consents/{consent}/decisions", grant)

    def due(person: str, **query: int) -> list[tuple[str, str, str]]:
        found = served.get(person, f"{ROOT}/deadlines", **query).json()["items"]
        return [(one["on"], one["kind"], one["subject"]) for one in found]

    assert due("customs") == []
    assert due("customs", days=600) == [
        ("2027-06-30", "report-due", "2026"),
        ("2027-09-01", "consent-ends", consent),
        ("2028-03-10", "supervision-ends", item),
    ]
    assert due("customs", days=0, overdue=120) == [("2026-06-30", "report-due", "2025")]
    assert due("airport", days=600) == []
    first = served.get("officer", f"{ROOT}/deadlines", days=600, limit=2).json()
    rest = served.get("officer", f"{ROOT}/deadlines", days=600, limit=2, cursor=first["next"]).json()
    assert [len(first["items"]), len(rest["items"])] == [2, 1]


def test_lists_are_taken_home_as_files(served: Served) -> None:
    machine, item = supervised(served)
    judged = recorded(served, use(served.programme, machine, 3, place="=1+1"))

    text = served.get("customs", f"{ROOT}/files/uses").content.decode("utf-8-sig").splitlines()
    names, line = (row.strip('"').split('","') for row in text)
    assert dict(zip(names, line, strict=True)) | {"凭据摘要（SHA-256）": ""} == {
        "使用记录": judged["use"],
        "仪器": machine,
        "管理单位": UNIT,
        "关区": "0113",
        "用户": FIRM,
        "用途类别": "research",
        "使用地点": "'=1+1",  # no formula in anybody's spreadsheet
        "开始（北京时间）": "2026-09-28 06:00:00",
        "结束（北京时间）": "2026-09-28 07:00:00",
        "机时（分钟）": "60",
        "是否在许可范围": "否",
        "超出原因": "NO_CONSENT、PLACE",
        "海关同意": "",
        "或有税款": judged["exposure"],
        "收费（元）": "0.00",
        "收费（分）": "0",
        "是否用券": "否",
        "凭据摘要（SHA-256）": "",
    }
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(served.get("customs", f"{ROOT}/files/items", format="xlsx").content)
    )
    rows = book.get_sheet_by_name("减免税货物").to_python()
    assert (rows[1][0], rows[1][8], rows[1][9]) == (item, "3650000.00", 3_650_000_00)
    risk = served.get("customs", f"{ROOT}/files/exposures").content.decode("utf-8-sig")
    assert '"621.67"' in risk
    assert len(served.get("airport", f"{ROOT}/files/uses").content.decode("utf-8-sig").splitlines()) == 1


def test_of_a_report_each_customs_sees_its_own_goods(served: Served) -> None:
    supervised(served)
    other = instrument(served.programme, asset_number="A-2")
    elsewhere = goods(other, district="0101", declaration_number="010120251000001234")
    assert served.post("officer", f"{ROOT}/items", elsewhere).status_code == 201
    served.programme.move(to=date(2027, 3, 1))

    def lines(person: str) -> list[str]:
        (report,) = served.get(person, f"{ROOT}/reports", year="2026", unit=UNIT).json()["items"]
        return [line["instrument"] for line in report["draft"]]

    assert lines("airport") == [other]
    assert other not in lines("customs")
    assert len(lines("customs")) == 1
    assert len(lines("officer")) == 2


def test_customs_sees_which_agreements_name_its_goods(served: Served) -> None:
    programme = served.programme
    agreement = equity_things.submitted(programme)
    ((named,),) = programme.rows("SELECT instrument FROM equity_agreement_instrument")
    assert served.get("customs", f"{ROOT}/encumbrances").json()["items"] == []
    assert served.post("officer", f"{ROOT}/items", goods(named)).status_code == 201

    (found,) = served.get("customs", f"{ROOT}/encumbrances").json()["items"]

    assert (found["instrument"], found["supervised_until"], found["outcomes"]) == (named, "2028-03-10", [])
    (lies,) = found["agreements"]
    assert (lies["agreement"], lies["firm"], lies["state"]) == (agreement, FIRM, "draft")
    assert served.get("airport", f"{ROOT}/encumbrances").json()["items"] == []
    assert served.get("officer", f"{ROOT}/encumbrances", instrument=named).json()["items"] == [found]


def test_a_bundle_of_evidence_holds_offline_and_no_figure_of_it_can_be_changed(served: Served, tmp_path: Path) -> None:
    machine, _ = supervised(served)
    programme = served.programme
    for hours in (8, 5, 2):
        answer = served.post("officer", "/v1/uses", use(programme, machine, hours))
        assert answer.status_code == 201, answer.text
    waiting = served.get("customs", f"{ROOT}/evidence/{machine}").json()
    assert (len(waiting["uses"]), len(waiting["proofs"])) == (3, 0)
    served.anchor()

    bundle = served.get("customs", f"{ROOT}/evidence/{machine}").json()

    anchors = served.anchors.read()
    assert len(verify_receipt.check_bundle(bundle, anchors)) == 4  # the item, and three uses
    assert bundle["waiting"] == bundle["withheld"] == []
    assert [use["minutes"] for use in bundle["uses"]] == [60, 60, 60]
    paper, heads = tmp_path / "bundle.json", served.anchors.path
    paper.write_text(json.dumps(bundle), "utf-8")
    alone = [sys.executable, str(verify_receipt.__file__), str(paper), str(heads)]
    checked = subprocess.run(alone, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    assert "3 of 3 uses are proved, with 180 minutes" in checked.stdout

    changed = json.loads(json.dumps(bundle))
    changed["uses"][0]["minutes"] = 61
    with pytest.raises(verify_receipt.ReceiptRejected, match="signature"):
        verify_receipt.check_bundle(changed, anchors)
    key, signature = served.anchors.signed(verify_receipt.bundle_message(changed))
    changed |= {"public_key": key, "signature": signature}
    with pytest.raises(verify_receipt.ReceiptRejected, match="does not stand in the command"):
        verify_receipt.check_bundle(changed, anchors)
    assert served.get("airport", f"{ROOT}/evidence/{machine}").status_code == 404


def test_a_log_that_tells_of_other_instruments_is_withheld(served: Served) -> None:
    machine, _ = supervised(served)
    other = instrument(served.programme, asset_number="A-other")
    uses = [use(served.programme, one, 2) for one in (machine, other)]
    operator = [one.pop("operator") for one in uses].pop()
    body = {"unit": UNIT, "operator": operator, "uses": uses}
    answer = served.post("officer", "/v1/uses/logs", body)
    assert answer.status_code == 201, answer.text
    served.anchor()

    bundle = served.get("customs", f"{ROOT}/evidence/{machine}").json()

    assert len(bundle["withheld"]) == 1
    assert other not in json.dumps(bundle)
    assert len(verify_receipt.check_bundle(bundle, served.anchors.read())) == 1


def test_that_customs_follows_the_feed_is_noted_too(served: Served) -> None:
    assert served.get("customs", "/v1/changes").status_code == 200

    (noted, *_) = served.get("operator", f"{ROOT}/queries").json()["items"]

    assert (noted["path"], noted["office"]) == ("/v1/changes", CUSTOMS)
