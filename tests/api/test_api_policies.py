"""The public calculators over HTTP: the same answers as on the command line, without sign-in."""

import pytest
from fastapi.testclient import TestClient

from api.main import create_app

CLIENT = TestClient(create_app())
URL = "/v1/policies/vouchers/beijing-2015/calculations"
FACTS = {"requested_fen": 6_800_000, "first_time": False, "used_tokens": 30}


def test_it_answers_that_it_lives() -> None:
    assert CLIENT.get("/healthz").json() == {"status": "ok"}


def test_a_calculation_is_the_command_lines() -> None:
    answer = CLIENT.post(URL, params={"on": "2016-05-01"}, json=FACTS)

    assert answer.status_code == 200
    assert answer.json()["result"] == {"tokens": 10, "granted_fen": 5_000_000}
    assert set(answer.json()) == {"policy", "on", "known_on", "version", "synthetic", "result", "derivation"}


def test_a_table_goes_in_and_comes_out_row_by_row() -> None:
    """The synthetic September subsidy, which says so; a fault names its row."""
    units = [{"code": "B", "grade": "良好", "income_fen": 200}, {"code": "A", "grade": "优秀", "income_fen": 400}]
    url, day = "/v1/policies/subsidies/beijing-september/calculations", {"on": "2024-09-30"}
    answer = CLIENT.post(url, params=day, json={"budget_fen": 65, "units": units}).json()
    wrong = CLIENT.post(url, params=day, json={"budget_fen": 65, "units": [units[0], {}]})

    assert answer["synthetic"] is True
    assert answer["result"] == {
        "units": [
            {"code": "A", "entitled_fen": 100, "awarded_fen": 50},
            {"code": "B", "entitled_fen": 30, "awarded_fen": 15},
        ],
        "total_fen": 65,
    }
    assert wrong.status_code == 422
    assert "units[1]" in wrong.json()["detail"]
    listed = {one["policy"]: one["facts"] for one in CLIENT.get("/v1/policies").json()["policies"]}
    assert [column["name"] for column in listed["subsidies/beijing-september"][1]["columns"]] == [
        "code",
        "grade",
        "income_fen",
    ]


def test_a_refusal_by_rule_names_the_article() -> None:
    answer = CLIENT.post(URL, params={"on": "2010-05-01"}, json=FACTS, headers={"Accept-Language": "en"})

    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "RuleNotYetInForce"
    assert answer.json()["cite"]


def test_wrong_facts_are_named_all_at_once() -> None:
    answer = CLIENT.post(URL, params={"on": "2016-05-01"}, json={"requested_fen": 1.5, "more": 1})

    assert answer.status_code == 422
    assert all(name in answer.json()["detail"] for name in ("requested_fen", "first_time", "used_tokens", "more"))


def test_an_estimate_says_what_is_left_for_the_firm_and_that_the_rule_is_invented() -> None:
    wanted = {"scheme": "jinyun-2017", "fee_fen": 4_000_001, "held_fen": 5_000_000, "on": "2017-03-01"}

    answer = CLIENT.post("/v1/estimates", json=wanted).json()

    assert answer["voucher_fen"] + answer["firm_fen"] == 4_000_001
    assert answer["voucher_fen"] == 2_000_000
    assert answer["synthetic"] is True
    assert answer["derivation"]


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"scheme": "atlantis-1900"}, 422, "UnknownPolicy"),
        ({"on": "1990-01-01"}, 409, "RuleNotYetInForce"),
        ({"fee_fen": 4_000_000.5}, 422, "FieldsUnreadable"),
    ],
)
def test_an_estimate_that_no_rule_gives_is_refused(changes: dict[str, object], status: int, code: str) -> None:
    wanted = {"scheme": "jinyun-2017", "fee_fen": 4_000_000, "on": "2017-03-01"} | changes

    answer = CLIENT.post("/v1/estimates", json=wanted)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
