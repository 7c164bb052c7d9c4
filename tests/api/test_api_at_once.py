"""Fifty clients at once over HTTP, each with a token of its own: nothing happens twice, and the books balance."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx2
import pytest
from programme import UNIT
from served import Served

CLIENTS = 50


def crowd(served: Served, *people: str) -> list[dict[str, str]]:
    """Headers of fifty clients, each with a key for its one request; the people take turns."""
    headers = []
    for n in range(CLIENTS):
        person = people[n % len(people)]
        token = served.token(*served.client(person)).json()["access_token"]
        key = f"{person}-{n}".replace(" ", "-")
        headers.append({"Authorization": f"Bearer {token}", "Idempotency-Key": key})
    return headers


def at_once(served: Served, headers: list[dict[str, str]], path: str, bodies: list[object]) -> list[httpx2.Response]:
    with ThreadPoolExecutor(CLIENTS) as pool:
        sent = [
            pool.submit(served.http.post, path, json=body, headers=header)
            for header, body in zip(headers, bodies, strict=True)
        ]
        return [one.result() for one in sent]


def told(answers: list[httpx2.Response]) -> Counter[str]:
    return Counter("done" if answer.is_success else answer.json()["code"] for answer in answers)


@pytest.fixture
def voucher(served: Served) -> str:
    served.programme.letter()
    return served.programme.issue(50_000_00)


def test_fifty_clients_spend_one_voucher(served: Served, voucher: str) -> None:
    ends = str(served.programme.today + timedelta(days=30))
    bodies: list[object] = [
        {
            "unit": UNIT,
            "contract_number": f"HT-{n}",
            "service": "性能测试",
            "fee_fen": 10_000_00,
            "amount_fen": 3_000_00,
            "service_ends_on": ends,
        }
        for n in range(CLIENTS)
    ]

    answers = at_once(served, crowd(served, "applicant"), f"/v1/vouchers/{voucher}/contracts", bodies)

    assert told(answers) == {"done": 16, "OverAvailable": 34}
    held = [served.programme.face("held", voucher, one.json()["contract"]) for one in answers if one.is_success]
    assert held == [3_000_00] * 16
    assert served.programme.face("available", voucher) == 2_000_00
    assert served.programme.faults() == []


def test_fifty_clients_file_one_invoice(served: Served, voucher: str) -> None:
    """The firm's clients accept it, the unit's claim it."""
    contract = served.programme.reserve(voucher, 10_000_00, 20_000_00)
    bill = served.programme.billed(contract, 20_000_00)

    accepted = at_once(
        served, crowd(served, "applicant"), f"/v1/contracts/{contract}/acceptance", [{"bill": bill}] * CLIENTS
    )
    claim: object = {"unit": UNIT, "contracts": [contract]}
    filed = at_once(served, crowd(served, "officer"), "/v1/claims", [claim] * CLIENTS)

    assert told(accepted) == {"done": 1, "WrongState": 49}
    assert told(filed) == {"done": 1, "WrongState": 49}
    (number,) = (one.json()["claim"] for one in filed if one.is_success)
    assert served.programme.face("in-claim", voucher, number) == 10_000_00
    assert served.programme.faults() == []


def test_fifty_clients_approve_one_batch_and_confirm_it(served: Served, voucher: str) -> None:
    programme = served.programme
    payables = programme.approve(programme.file(programme.accepted(voucher, 10_000_00, 20_000_00)))
    batch = served.post("finance", "/v1/payment-batches", {"payables": payables}).json()
    path = f"/v1/approvals/payment.batch:{batch['batch']}/signature"
    signature: object = {"content_hash": batch["content_hash"]}
    slip: object = {
        "paid_on": str(programme.today),
        "lines": [{"payable": payable, "bank_reference": "20170501-1"} for payable in payables],
    }

    signed = at_once(served, crowd(served, "second finance", "third finance"), path, [signature] * CLIENTS)
    paid = at_once(
        served, crowd(served, "treasury"), f"/v1/payment-batches/{batch['batch']}/confirmations", [slip] * CLIENTS
    )

    assert told(signed) == {"done": 1, "NotAwaiting": 49}
    assert told(paid) == {"done": 1, "AlreadyConfirmed": 49}
    assert programme.face("redeemed", voucher, 2017) == 10_000_00
    assert programme.budget("expended") == 10_000_00
    assert programme.faults() == []
