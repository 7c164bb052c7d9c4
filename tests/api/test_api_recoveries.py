"""Refunds, rulings and what is owed back, over HTTP: who proposes, who signs, who sees it, and when it is late."""

from typing import Any

import pytest
from programme import FIRM, UNIT
from served import Served


@pytest.fixture
def voucher(served: Served) -> str:
    served.programme.letter()
    return served.programme.issue()


@pytest.fixture
def contract(served: Served, voucher: str) -> str:
    """Paid: half of 40,000.00 by voucher."""
    made = served.programme.accepted(voucher, 20_000_00, 40_000_00)
    served.programme.paid(served.programme.file(made))
    return made


def refunding(served: Served, amount_fen: int = 10_000_00, number: int = 1) -> dict[str, Any]:
    return {
        "decision_number": "缙科退1号",
        "invoice_number": f"{7 * 10**19 + number}",
        "invoice_date": served.programme.today.isoformat(),
        "amount_fen": amount_fen,
        "reason": "部分服务未提供",
    }


def sign(served: Served, person: str, asked: dict[str, str]) -> dict[str, Any]:
    path = f"/v1/approvals/{asked['kind']}:{asked['subject']}"
    shown = served.get(person, path).json()["content_hash"]
    answer = served.post(person, f"{path}/signature", {"content_hash": shown})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def refunded(served: Served, contract: str) -> str:
    proposed = served.post("operator", f"/v1/contracts/{contract}/refunds", refunding(served)).json()
    return str(sign(served, "second operator", proposed["approval"])["followed"]["obligations"][0])


def test_a_refund_is_proposed_signed_owed_and_paid_back(served: Served, contract: str) -> None:
    path, body = f"/v1/contracts/{contract}/refunds", refunding(served)
    dry = served.post("operator", path, body, key="r", dry_run="true")
    proposed = served.post("operator", path, body, key="r")
    assert dry.json() | {"proof": None} == proposed.json() | {"proof": None}
    assert (proposed.json()["recovered_fen"], proposed.json()["debtor"]) == (5_000_00, UNIT)

    followed = sign(served, "second operator", proposed.json()["approval"])["followed"]
    (number,) = followed["obligations"]
    shown = served.get("officer", f"/v1/obligations/{number}").json()
    assert (shown["state"], shown["open_fen"], shown["steps"]) == ("open", 5_000_00, [])
    assert served.get("officer", f"/v1/contracts/{contract}").json()["recovered_fen"] == 5_000_00

    slip = {"amount_fen": 5_000_00, "received_on": str(served.programme.today), "bank_reference": "缴1"}
    step = served.post("finance", f"/v1/obligations/{number}/receipts", slip).json()
    waiting = served.get("officer", f"/v1/obligations/{number}").json()
    sign(served, "second finance", step["approval"])
    settled = served.get("officer", f"/v1/obligations/{number}").json()

    assert (waiting["open_fen"], waiting["pending_fen"]) == (5_000_00, 5_000_00)
    assert (settled["state"], settled["open_fen"]) == ("settled", 0)
    assert [(one["kind"], one["state"], one["principal_fen"]) for one in settled["steps"]] == [
        ("receipt", "posted", 5_000_00)
    ]
    assert served.programme.budget("reinstated") == 5_000_00
    assert served.programme.faults() == []


def test_whoever_owes_and_is_owed_sees_it_and_nobody_else(served: Served, contract: str) -> None:
    number = refunded(served, contract)
    path = f"/v1/obligations/{number}"

    assert [served.get(person, path).status_code for person in ("officer", "operator", "finance")] == [200] * 3
    for person in ("applicant", "other officer", "other applicant"):
        assert served.get(person, path).json()["code"] == "NotFound"
        assert served.get(person, "/v1/obligations").json()["items"] == []
    body = {"amount_fen": 1, "received_on": str(served.programme.today), "bank_reference": "缴1"}
    assert served.post("officer", f"{path}/receipts", body).json()["code"] == "RoleMissingAt"


def test_what_is_late_is_found(served: Served, contract: str) -> None:
    number = refunded(served, contract)

    def listed(**query: str) -> list[str]:
        return [one["number"] for one in served.get("finance", "/v1/obligations", **query).json()["items"]]

    assert listed(state="open") == listed(debtor=UNIT) == listed(subject=contract) == listed() == [number]
    assert listed(state="overdue") == listed(state="settled") == listed(debtor=FIRM) == []
    served.programme.move(days=40)
    assert (listed(state="open"), listed(state="overdue")) == ([], [number])
    interest = served.post(
        "finance",
        f"/v1/obligations/{number}/interest",
        {"until": str(served.programme.today), "decision_number": "息1"},
    ).json()
    assert interest["synthetic"] is True
    assert served.get("finance", f"/v1/calculations/{interest['calculation']}").json()["result"] == {
        "interest_fen": interest["amount_fen"]
    }
    sign(served, "second finance", interest["approval"])
    owed = served.get("officer", f"/v1/obligations/{number}").json()
    assert owed["open_fen"] == 5_000_00 + interest["amount_fen"]
    facts = {"amount_fen": owed["open_fen"], "decision_number": "核1", "reason": "单位撤销"}
    sign(
        served,
        "second finance",
        served.post("finance", f"/v1/obligations/{number}/write-offs", facts).json()["approval"],
    )
    assert listed(state="settled") == [number]


def test_a_ruling_claws_back_revokes_and_flags(served: Served, voucher: str, contract: str) -> None:
    ruling = {
        "ground": "fraud",
        "decision_number": "缙科罚1号",
        "reason": "虚构服务合同",
        "decided_on": "2017-01-10",
        "appeal_until": "2017-02-10",
        "contracts": [contract],
        "against": "holder",
    }
    proposed = served.post("operator", f"/v1/vouchers/{voucher}/claw-backs", ruling).json()
    again = served.get("operator", f"/v1/proposals/{proposed['proposal']}").json()
    followed = sign(served, "second operator", proposed["approval"])["followed"]

    assert proposed["recovered_fen"] == 20_000_00
    assert (again["state"], again["content"]["contracts"]) == ("proposed", [contract])
    assert followed["revoked_fen"] == 30_000_00
    listed = served.get("operator", "/v1/proposals", voucher=voucher).json()["items"]
    assert [(one["number"], one["kind"], one["state"]) for one in listed] == [
        (proposed["proposal"], "voucher.claw-back", "posted")
    ]
    (obligation,) = followed["obligations"]
    assert served.get("applicant", f"/v1/obligations/{obligation}").json()["debtor"] == FIRM
    lifting = served.post(
        "operator",
        f"/v1/organisations/{FIRM}/flags/{followed['flag']}/lifting",
        {"decision_number": "复1", "reason": "申诉成立"},
    )
    assert lifting.status_code == 201
    sign(served, "second operator", lifting.json()["approval"])
    assert served.programme.faults() == []


def test_a_voucher_is_extended_and_revoked_by_two_people(served: Served, voucher: str) -> None:
    served.programme.reserve(voucher, 1_000_00, 2_000_00)
    extension = served.post("operator", f"/v1/vouchers/{voucher}/extensions", {"months": 2, "reason": "设备检修"})
    assert extension.status_code == 201, extension.text
    sign(served, "second operator", extension.json()["approval"])
    assert served.get("applicant", f"/v1/vouchers/{voucher}").json()["expires_on"] == extension.json()["expires_on"]

    ruling = {
        "ground": "fraud",
        "decision_number": "缙科罚2号",
        "reason": "虚构服务合同",
        "decided_on": "2016-12-01",
        "appeal_until": "2017-02-01",
    }
    proposed = served.post("operator", f"/v1/vouchers/{voucher}/revocations", ruling).json()
    assert proposed["open_fen"] == 50_000_00
    sign(served, "second operator", proposed["approval"])
    assert served.get("applicant", f"/v1/vouchers/{voucher}").json()["state"] == "revoked"
    assert served.post("applicant", f"/v1/vouchers/{voucher}/revocations", ruling).json()["code"] == "RoleMissingAt"
