"""Vouchers over HTTP: who sees which, what a reservation is answered, and what happens to a key."""

import pytest
from programme import FIRM, UNIT
from served import Served


def reservation(served: Served, amount_fen: int = 20_000_00, **more: object) -> dict[str, object]:
    facts = served.programme.reservation("", amount_fen, 2 * amount_fen, **more)
    del facts["voucher"]
    return facts | {"service_ends_on": str(facts["service_ends_on"])}


@pytest.fixture
def voucher(served: Served) -> str:
    served.programme.letter()
    return served.programme.issue()


def test_a_firm_reads_its_voucher(served: Served, voucher: str) -> None:
    answer = served.get("applicant", f"/v1/vouchers/{voucher}")

    assert answer.status_code == 200
    assert answer.json() == {
        "number": voucher,
        "scheme": "jinyun-2017",
        "year": 2017,
        "holder": FIRM,
        "face_fen": 50_000_00,
        "available_fen": 50_000_00,
        "denomination_fen": None,
        "issued_on": "2017-03-01",
        "expires_on": answer.json()["expires_on"],
        "state": "valid",
        "contracts": [],
    }


def test_a_document_is_not_sent_twice(served: Served, voucher: str) -> None:
    path = f"/v1/vouchers/{voucher}"
    tag = served.get("applicant", path).headers["etag"]

    again = served.get("applicant", path, {"If-None-Match": tag})
    served.post("applicant", f"{path}/contracts", reservation(served))
    changed = served.get("applicant", path, {"If-None-Match": tag})

    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert changed.status_code == 200
    assert changed.headers["etag"] != tag


def test_another_firm_learns_nothing_not_even_that_it_exists(served: Served, voucher: str) -> None:
    other = served.get("other applicant", f"/v1/vouchers/{voucher}")
    nobody = served.get("other applicant", "/v1/vouchers/V-0000-0000-00000")
    written = served.post("other applicant", f"/v1/vouchers/{voucher}/contracts", reservation(served))

    assert [answer.status_code for answer in (other, nobody, written)] == [404, 404, 404]
    assert {answer.json()["code"] for answer in (other, nobody, written)} == {"NotFound"}
    assert other.json()["detail"].replace(voucher, "?") == nobody.json()["detail"].replace("V-0000-0000-00000", "?")
    assert served.get("other applicant", "/v1/vouchers").json() == {"items": [], "next": None}


def test_a_list_goes_page_by_page_and_shows_each_once(served: Served) -> None:
    served.programme.letter()
    numbers = set()
    for _ in range(5):
        numbers.add(served.programme.issue(1_000_00))
        served.programme.move(days=1)

    seen, cursor = [], None
    while cursor or not seen:
        query = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = served.get("applicant", "/v1/vouchers", **query).json()
        seen += page["items"]
        cursor = page["next"]

    assert [len(seen), len({item["number"] for item in seen})] == [5, 5]
    assert {item["number"] for item in seen} == numbers
    assert [item["issued_on"] for item in seen] == sorted((item["issued_on"] for item in seen), reverse=True)


@pytest.mark.parametrize(
    "cursor", ["x", "!!!!", "bnVsbA", "W10", "WzFd", "WyJhIl0", "WyJhIiwiYiJd", "WyJhIiwiYiIsImMiXQ"]
)
def test_a_cursor_of_ones_own_making_is_refused(served: Served, cursor: str) -> None:
    answer = served.get("applicant", "/v1/vouchers", cursor=cursor)

    assert (answer.status_code, answer.json()["code"]) == (422, "CursorUnreadable")


def test_a_reservation_is_made_once_however_often_it_is_sent(served: Served, voucher: str) -> None:
    path, body = f"/v1/vouchers/{voucher}/contracts", reservation(served)

    first = served.post("applicant", path, body, key="once")
    again = served.post("applicant", path, body, key="once")

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert first.json()["held_fen"] == 20_000_00
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert served.programme.face("held", voucher, first.json()["contract"]) == 20_000_00
    assert served.programme.faults() == []


def test_a_refusal_is_stored_and_stays_refused(served: Served, voucher: str) -> None:
    path, body = f"/v1/vouchers/{voucher}/contracts", reservation(served, 60_000_00)

    first = served.post("applicant", path, body, key="too much")
    second = served.post("applicant", path, body, key="too-much")
    again = served.post("applicant", path, body, key="too-much")

    assert (first.status_code, first.json()["code"]) == (400, "KeyUnreadable")
    assert (second.status_code, second.json()["code"]) == (409, "OverAvailable")
    assert again.json() | {"request_id": ""} == second.json() | {"request_id": ""}
    assert again.headers["idempotency-replayed"] == "true"


def test_a_refusal_by_rule_names_the_article(served: Served, voucher: str) -> None:
    body = reservation(served) | {"fee_fen": 20_000_00}

    answer = served.post("applicant", f"/v1/vouchers/{voucher}/contracts", body)

    assert (answer.status_code, answer.json()["code"]) == (409, "OverShare")
    assert answer.json()["cite"]


def test_a_key_that_was_used_for_another_body_names_what_differs(served: Served, voucher: str) -> None:
    path, body = f"/v1/vouchers/{voucher}/contracts", reservation(served)
    served.post("applicant", path, body, key="once")

    answer = served.post("applicant", path, body | {"amount_fen": 1_00}, key="once")

    assert (answer.status_code, answer.json()["code"]) == (422, "KeyReused")
    assert answer.json()["facts"]["fields"] == "amount_fen"


def test_a_request_without_a_key_is_refused(served: Served, voucher: str) -> None:
    path = f"/v1/vouchers/{voucher}/contracts"

    answer = served.http.post(path, json=reservation(served), headers=served.signed_in("applicant"))

    assert (answer.status_code, answer.json()["code"]) == (400, "KeyMissing")


def test_a_dry_run_tells_the_answer_and_leaves_no_trace(served: Served, voucher: str) -> None:
    path, body = f"/v1/vouchers/{voucher}/contracts", reservation(served)

    dry = served.post("applicant", path, body, key="k", dry_run="true")
    real = served.post("applicant", path, body, key="k")

    assert (dry.status_code, dry.headers["dry-run"]) == (201, "true")
    assert dry.json()["proof"] == {"command": real.json()["proof"]["command"], "block": None}
    assert dry.json() | {"proof": None} == real.json() | {"proof": None}
    assert "idempotency-replayed" not in real.headers


def test_a_dry_run_that_would_be_refused_says_so(served: Served, voucher: str) -> None:
    path, body = f"/v1/vouchers/{voucher}/contracts", reservation(served, 60_000_00)

    dry = served.post("applicant", path, body, key="k", dry_run="true")
    real = served.post("applicant", path, body, key="k")

    assert (dry.status_code, dry.headers["dry-run"]) == (409, "true")
    assert dry.json() | {"request_id": ""} == real.json() | {"request_id": ""}
    assert "idempotency-replayed" not in real.headers


def test_a_unit_sees_the_contract_but_not_the_voucher(served: Served, voucher: str) -> None:
    served.post("applicant", f"/v1/vouchers/{voucher}/contracts", reservation(served, unit=UNIT))

    assert served.get("officer", f"/v1/vouchers/{voucher}").status_code == 404


def test_a_bureau_sees_the_whole_book(served: Served, voucher: str) -> None:
    assert served.get("finance", f"/v1/vouchers/{voucher}").json()["holder"] == FIRM
    assert [item["number"] for item in served.get("operator", "/v1/vouchers").json()["items"]] == [voucher]
