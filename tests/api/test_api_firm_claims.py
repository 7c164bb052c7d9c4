"""A scheme that pays the firm, over HTTP: the firm's own client claims, and sees what it claimed."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from databases import Database
from programme import FIRM, UNIT
from served import Served, open_served

FEE, SHARE = 20_000_00, 10_000_00


@pytest.fixture
def binhai(database: Database, tmp_path: Path) -> Iterator[Served]:
    with open_served(database, tmp_path, day=date(2025, 10, 9), scheme="binhai-2025") as served:
        served.programme.letter()
        yield served


@pytest.fixture
def contract(binhai: Served) -> str:
    return binhai.programme.accepted(binhai.programme.issue(30_000_00), SHARE, FEE)


def test_the_firm_claims_what_it_has_paid(binhai: Served, contract: str) -> None:
    bill = binhai.programme.contract(contract).bill
    body = {"unit": FIRM, "contracts": [contract]}
    early = binhai.post("applicant", "/v1/claims", body)
    receipt = {"amount_fen": FEE, "bank_reference": "收1"}
    binhai.post("officer", f"/v1/bills/{bill}/receipts", receipt)
    filed = binhai.post("applicant", "/v1/claims", body)

    assert (early.status_code, early.json()["code"]) == (409, "BillNotPaid")
    assert filed.status_code == 201, filed.text
    number = filed.json()["claim"]
    assert binhai.get("applicant", f"/v1/contracts/{contract}").json()["payee"] == FIRM
    shown = binhai.get("applicant", f"/v1/claims/{number}").json()
    assert (shown["unit"], shown["amount_fen"], shown["state"]) == (FIRM, SHARE, "filed")
    assert [one["number"] for one in binhai.get("applicant", "/v1/claims").json()["items"]] == [number]
    assert binhai.get("other applicant", f"/v1/claims/{number}").json()["code"] == "NotFound"
    (payable,) = binhai.programme.approve(number)
    assert binhai.get("applicant", f"/v1/payables/{payable}").json()["payee"] == FIRM


def test_the_unit_cannot_claim_it(binhai: Served, contract: str) -> None:
    answers = [
        binhai.post("officer", "/v1/claims", {"unit": unit, "contracts": [contract]}).json() for unit in (FIRM, UNIT)
    ]

    assert [answer["code"] for answer in answers] == ["RoleMissingAt", "ContractOfAnotherUnit"]
