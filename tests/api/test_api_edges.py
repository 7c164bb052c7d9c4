"""What bad input, too much of it, and a failing house get: a sentence, a stable code, never a traceback."""

import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient
from served import Served
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from api.language import preferred
from api.main import create_app
from api.settings import BODY_BYTES_MAX, JSON_DEPTH_MAX, Settings, SettingUnreadable
from ledger.database import migrate
from ledger.executor.executor import StoreUnavailable

VOUCHERS = "/v1/vouchers"
BODY = {
    "unit": "12331122MA0000232L",
    "contract_number": "HT-1",
    "service": "性能测试",
    "fee_fen": 4_000_00,
    "amount_fen": 2_000_00,
    "service_ends_on": "2017-03-31",
}


@pytest.fixture
def send(standing: Served) -> Callable[..., httpx2.Response]:
    """Raw bytes as the body of a reservation."""
    voucher = standing.thing("voucher", _voucher)

    def raw(body: bytes, kind: str = "application/json", **headers: str) -> httpx2.Response:
        more = {**standing.signed_in("applicant"), "Idempotency-Key": "k", "Content-Type": kind} | headers
        return standing.http.post(
            f"{VOUCHERS}/{voucher}/contracts", content=body, headers=more, params={"dry_run": "true"}
        )

    return raw


def _voucher(served: Served) -> str:
    served.programme.letter()
    return served.programme.issue()


Send = Callable[..., httpx2.Response]


def in_body(**changes: object) -> bytes:
    return json.dumps(BODY | changes).encode()


# -- bodies ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"{", "line 1, column 2"),
        (b"", "is missing"),
        (b"\xff\xfe{}", "not UTF-8 from byte 0"),
        ('{"unit": "甲"}'.encode("gb18030"), "not UTF-8"),
        (b'{"unit": "A", "unit": "B"}', "the key “unit” stands there twice"),
        (b'{"fee_fen": NaN}', "NaN is no number"),
        (b'{"fee_fen": -Infinity}', "-Infinity is no number"),
        (b'{"fee_fen": ' + b"9" * 5_000 + b"}", "a number is too long"),
        (in_body(service="a\x00b"), "Character 2 of “service” (U+0000) cannot be printed"),
        (in_body(service="a\u202eb"), "(U+202E) cannot be printed"),
        (b'{"service": "\\ud800"}', "(U+D800) cannot be printed"),
        (b'{"\\udfff": 1}', "(U+DFFF) cannot be printed"),
        (b"[" * 10_000, "nested more than"),
        (b"[" * 10_000 + b"]" * 10_000, "nested more than"),
        (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "nested more than"),
        (b"[" * (JSON_DEPTH_MAX + 2) + b"]" * (JSON_DEPTH_MAX + 2), "nested more than"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_is_no_json_is_refused_with_its_place(send: Send, body: bytes, says: str) -> None:
    answer = send(body, **{"Accept-Language": "en"})

    assert answer.status_code == (422 if body == b"" else 400)
    assert answer.headers["content-type"] == "application/problem+json"
    assert says in answer.json()["detail"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (in_body(fee_fen=400_000.0), "fee_fen"),
        (b"[]", "body"),
        (b'"text"', "body"),
        (b"null", "body"),
        (in_body(service="two\nlines"), "service"),
        (in_body(service_ends_on=20170331), "service_ends_on"),
        (in_body(service_ends_on="2017-02-30"), "service_ends_on"),
        (in_body(service_ends_on="2017-03-31T00:00:00"), "service_ends_on"),
        (in_body(unit=""), "unit"),
    ],
    ids=str,
)
def test_what_is_no_reservation_is_refused_by_its_field(send: Send, body: bytes, field: str) -> None:
    answer = send(body)

    assert (answer.status_code, answer.json()["code"]) == (422, "FieldsUnreadable")
    assert [one["field"] for one in answer.json()["fields"]] == [field]


def test_text_of_any_language_is_read(send: Send) -> None:
    assert send(in_body(service="性能测试 ☕ Ünïcode 𠮷")).json().get("code") != "JsonUnreadable"


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/octet-stream"])
def test_what_does_not_say_that_it_is_json_is_refused(send: Send, kind: str) -> None:
    answer = send(in_body(), kind)

    assert (answer.status_code, answer.json()["code"]) == (415, "NotJson")


def test_a_body_of_ten_megabytes_is_refused(send: Send) -> None:
    answer = send(b'{"service": "' + b"x" * 10_000_000 + b'"}')

    assert (answer.status_code, answer.json()["code"]) == (413, "BodyTooLarge")


def test_a_body_that_does_not_say_its_length_is_counted(standing: Served) -> None:
    def pieces() -> Iterator[bytes]:
        yield from (b"x" * 100_000 for _ in range(100))

    headers = {**standing.signed_in("applicant"), "Idempotency-Key": "k", "Content-Type": "application/json"}
    answer = standing.http.post(f"{VOUCHERS}/V-1/contracts", content=pieces(), headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (413, "BodyTooLarge")


def test_the_largest_body_is_still_read(send: Send) -> None:
    body = in_body()

    assert send(body + b" " * (BODY_BYTES_MAX - len(body))).status_code != 413


# -- addresses, languages, ids -----------------------------------------------------------------------------------------


def test_an_address_that_is_not_there_is_a_problem_too(standing: Served) -> None:
    nowhere, wrong_method = standing.http.get("/v1/nowhere"), standing.http.delete(VOUCHERS)

    assert (nowhere.status_code, nowhere.json()["code"]) == (404, "RouteUnknown")
    assert (wrong_method.status_code, wrong_method.json()["code"]) == (405, "MethodUnknown")
    assert wrong_method.headers["allow"] == "GET"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "zh"),
        ("en", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en;q=0.8, zh;q=0.9", "zh"),
        ("fr, en;q=0.5", "en"),
        ("fr", "zh"),
        ("en;q=0", "zh"),
        ("en;q=x", "zh"),
        (",;q=,;;" * 10_000, "zh"),
    ],
)
def test_chinese_first_unless_the_caller_ranks_english_higher(header: str, language: str) -> None:
    assert preferred(header) == language


def test_a_problem_is_in_the_callers_language(standing: Served) -> None:
    zh, en = (standing.http.get("/v1/x", headers={"Accept-Language": tag}) for tag in ("zh", "en"))

    assert (zh.json()["title"], en.json()["title"]) == ("找不到", "Not Found")
    assert (zh.headers["content-language"], en.headers["content-language"]) == ("zh", "en")


@pytest.mark.parametrize(
    ("given", "kept"), [("order-17.a_b", True), ("x" * 64, True), ("x" * 65, False), ("a b", False), ("<s>", False)]
)
def test_a_request_id_is_repeated_where_it_is_safe(standing: Served, given: str, kept: bool) -> None:  # noqa: FBT001
    answer = standing.http.get("/v1/x", headers={"X-Request-Id": given})

    assert (answer.headers["x-request-id"] == given) is kept
    assert answer.json()["request_id"] == answer.headers["x-request-id"]


# -- rates -------------------------------------------------------------------------------------------------------------


def test_a_client_that_asks_too_often_is_told_when_to_come_again(served: Served) -> None:
    served.app.state.rates = type(served.app.state.rates)(Settings(client_rate="3/hour"))

    answers = [served.get("applicant", VOUCHERS) for _ in range(4)]
    other = served.get("officer", VOUCHERS)

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[-1].json()["code"] == "TooManyRequests"
    assert 0 < int(answers[-1].headers["retry-after"]) <= 7_200
    assert other.status_code == 200


def test_an_address_that_guesses_is_slowed_down() -> None:
    client = TestClient(create_app(Settings(address_rate="2/minute")))
    form = {"grant_type": "client_credentials", "client_id": "x", "client_secret": "y"}

    assert [client.post("/v1/token", data=form).status_code for _ in range(3)] == [503, 503, 429]


# -- a house that fails ------------------------------------------------------------------------------------------------


class Broken:
    """In place of the reader's connections."""

    def __init__(self, fault: Exception) -> None:
        self._fault = fault

    def connect(self) -> None:
        raise self._fault


def failing(served: Served, fault: Exception) -> TestClient:
    broken = replace(served.app.state.serving, reader=Broken(fault))
    return TestClient(create_app(Settings(), broken), headers=served.signed_in("applicant"))


class Gone(Exception):
    sqlstate = None


def test_a_fault_of_ours_is_a_sentence_with_a_number_and_no_traceback(served: Served) -> None:
    answer = failing(served, ZeroDivisionError("Zhang San 13800000000")).get(VOUCHERS)

    assert (answer.status_code, answer.json()["code"]) == (500, "Fault")
    assert answer.json()["request_id"] == answer.headers["x-request-id"]
    assert answer.headers["x-request-id"] in answer.json()["detail"]
    for word in ("ZeroDivision", "Zhang", "Traceback", ".py"):
        assert word not in answer.text


def test_a_store_that_is_gone_or_busy_is_no_fault(served: Served) -> None:
    import psycopg  # noqa: PLC0415  for its error only

    gone = failing(served, OperationalError("SELECT", {}, psycopg.OperationalError("connection refused")))
    busy = failing(served, NoConnectionFree("QueuePool limit"))

    for client, code in ((gone, "StoreUnavailable"), (busy, "StoreBusy")):
        answer = client.get(VOUCHERS)
        assert (answer.status_code, answer.json()["code"]) == (503, code)
        assert answer.headers["retry-after"]
        assert client.get("/readyz").status_code == 503
        assert client.get("/healthz").status_code == 200


def test_an_outcome_that_is_not_known_is_to_be_asked_for_again(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    voucher = _voucher(served)
    served.signed_in("applicant")

    def unavailable(_command: object) -> Any:  # noqa: ANN401  a future, were there one
        raise StoreUnavailable(reason="test")

    monkeypatch.setattr(served.programme.books.executor, "submit", unavailable)
    answer = served.post("applicant", f"{VOUCHERS}/{voucher}/contracts", BODY)

    assert (answer.status_code, answer.json()["code"]) == (503, "StoreUnavailable")
    assert answer.headers["retry-after"]


def test_books_of_another_version_are_not_ready(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    assert served.http.get("/readyz").json() == {"status": "ok"}

    monkeypatch.setattr(migrate, "head", lambda: "9999")

    answer = served.http.get("/readyz")
    assert (answer.status_code, answer.json()["code"]) == (503, "NotMigrated")


def test_without_books_the_calculators_answer_and_the_rest_says_why_not() -> None:
    client = TestClient(create_app())

    assert client.get("/healthz").status_code == 200
    assert client.get("/v1/policies").status_code == 200
    assert client.get("/readyz").json()["code"] == "NoBooksHere"
    assert client.get(VOUCHERS).json()["code"] == "NoBooksHere"


# -- what is seen of requests ------------------------------------------------------------------------------------------


def test_counts_and_times_are_by_template_and_never_by_name(served: Served) -> None:
    served.get("applicant", f"{VOUCHERS}/V-SECRET-NAME")
    served.http.get("/wp-admin.php")

    text = served.http.get("/metrics").text

    assert 'vledger_http_requests_total{method="GET",route="/v1/vouchers/{number}",status="404"} 1.0' in text
    assert 'vledger_http_requests_total{method="GET",route="unknown",status="404"} 1.0' in text
    assert "vledger_http_request_seconds_bucket" in text
    for word in ("V-SECRET-NAME", "wp-admin", "CL-"):
        assert word not in text


def test_two_applications_do_not_share_their_counts() -> None:
    first, second = TestClient(create_app()), TestClient(create_app())
    first.get("/healthz")

    assert "/healthz" not in second.get("/metrics").text


def test_the_settings_come_from_the_environment_or_say_what_is_wrong() -> None:
    found = Settings.from_environment(
        {"LEDGER_PUBLIC_URL": "https://a.example/", "LEDGER_TOKEN_KEY": "/keys/t.pem", "LEDGER_CLIENT_RATE": "5/second"}
    )

    assert (found.public_url, str(found.token_key), found.client_rate) == (
        "https://a.example",
        "/keys/t.pem",
        "5/second",
    )
    for wrong in (
        {"LEDGER_PUBLIC_URL": "a.example"},
        {"LEDGER_PUBLIC_URL": "https://a.example/path"},
        {"LEDGER_CLIENT_RATE": "often"},
        {"LEDGER_ADDRESS_RATE": "-1"},
    ):
        with pytest.raises(SettingUnreadable, match=next(iter(wrong))):
            Settings.from_environment(wrong)


def test_logging_is_quiet_about_people(capsys: pytest.CaptureFixture[str]) -> None:
    """The line of a request, and that of a fault, as `serve` writes them."""
    from api.observing import log_as_json  # noqa: PLC0415  changes the whole process, so undone below

    root = logging.getLogger()
    before = (root.handlers, root.level)
    try:
        log_as_json()
        TestClient(create_app()).get("/healthz?name=Zhang", headers={"X-Request-Id": "r-1"})
        logging.getLogger("ledger.executor").error("a batch failed", exc_info=ValueError("Zhang San"))
    finally:
        root.handlers = before[0]
        root.setLevel(before[1])

    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    lines = [line for line in lines if line["logger"] != "httpx2"]  # the test's own client tells its address
    request = next(line for line in lines if line["event"] == "request")
    fault = next(line for line in lines if line["event"] == "a batch failed")
    assert request["request_id"] == "r-1"
    assert (request["route"], request["status"], request["client"]) == ("/healthz", 200, None)
    assert set(request) == {
        "event", "logger", "level", "timestamp", "request_id", "method", "route", "status", "milliseconds", "client",
    }  # fmt: skip
    assert fault["kind"] == "ValueError"
    assert "Zhang" not in json.dumps(lines)
