"""Organisations and people over HTTP: who registers, declares and gives roles, and who learns of it."""

import pytest
from programme import FIRM, INCUBATOR, OTHER_FIRM, OTHER_UNIT, SISTER_FIRM, UNIT
from served import Served

ORGANISATIONS = "/v1/organisations"
PEOPLE = "/v1/people"
NEWCOMER = "91110108551385082Q"


# -- organisations -----------------------------------------------------------------------------------------------------


def test_an_operator_registers_a_firm_once(served: Served) -> None:
    body = {"code": NEWCOMER, "name": "丁公司"}

    dry = served.post("operator", f"{ORGANISATIONS}/firms", body, key="f", dry_run="true")
    first = served.post("operator", f"{ORGANISATIONS}/firms", body, key="f")
    again = served.post("operator", f"{ORGANISATIONS}/firms", body, key="f")
    twice = served.post("operator", f"{ORGANISATIONS}/firms", body)

    assert (dry.json()["party"], dry.json()["proof"]["block"]) == (NEWCOMER, None)
    assert (first.status_code, first.json()["party"]) == (201, NEWCOMER)
    assert (again.json(), again.headers["idempotency-replayed"]) == (first.json(), "true")
    assert (twice.status_code, twice.json()["code"]) == (409, "AlreadyRegistered")
    assert served.get("operator", f"{ORGANISATIONS}/{NEWCOMER}").json()["name"] == "丁公司"


@pytest.mark.parametrize(
    ("what", "kind"), [("firms", "firm"), ("units", "unit"), ("bodies", "body"), ("bureaus", "bureau")]
)
def test_each_kind_is_registered_by_an_operator_and_by_no_firm(served: Served, what: str, kind: str) -> None:
    body = {"code": NEWCOMER, "name": "新单位"}

    refused = served.post("applicant", f"{ORGANISATIONS}/{what}", body)
    made = served.post("operator", f"{ORGANISATIONS}/{what}", body)

    assert (refused.status_code, refused.json()["code"]) == (409, "RoleMissing")
    assert made.status_code == 201
    assert served.get("operator", ORGANISATIONS, kind=kind, name="新单").json()["items"][0]["code"] == NEWCOMER


def test_a_code_with_a_typing_error_is_named(served: Served) -> None:
    answer = served.post("operator", f"{ORGANISATIONS}/firms", {"code": NEWCOMER[:-1] + "A", "name": "丁公司"})

    assert (answer.status_code, answer.json()["code"]) == (422, "UsccCheckWrong")
    assert answer.json()["facts"]["expected"] == "Q"


def test_a_team_is_attached_to_its_body(served: Served) -> None:
    body = {"recommending_body": INCUBATOR, "name": "新团队"}

    made = served.post("operator", f"{ORGANISATIONS}/teams", body)

    shown = served.get("operator", f"{ORGANISATIONS}/{made.json()['party']}").json()
    assert (shown["kind"], shown["body"], shown["name"]) == ("team", INCUBATOR, "新团队")


def test_a_firm_sees_units_and_itself_but_no_other_firm(served: Served) -> None:
    seen = {item["code"] for item in served.get("applicant", ORGANISATIONS).json()["items"]}

    assert {FIRM, UNIT, INCUBATOR} <= seen
    assert not {OTHER_FIRM, SISTER_FIRM} & seen
    assert served.get("applicant", f"{ORGANISATIONS}/{OTHER_FIRM}").json()["code"] == "NotFound"
    assert {OTHER_FIRM, SISTER_FIRM} <= {
        item["code"] for item in served.get("operator", ORGANISATIONS, kind="firm").json()["items"]
    }


def test_what_a_firm_declares_stands_in_its_document(served: Served) -> None:
    path = f"{ORGANISATIONS}/{FIRM}"
    figures = {"sector": "software", "employees": 200, "revenue_fen": 40_000_000_00, "assets_fen": None}

    size = served.post("applicant", f"{path}/size", figures)
    controlled = served.post("applicant", f"{path}/controller", {"controller": NEWCOMER})
    related = served.post("applicant", f"{path}/relations", {"other": UNIT, "ground": "共同董事"})

    shown = served.get("applicant", path).json()
    assert [answer.status_code for answer in (size, controlled, related)] == [201, 201, 201]
    assert (size.json()["size"], shown["size"]) == ("medium", "medium")
    assert (shown["controllers"], shown["related"]) == ([NEWCOMER], [UNIT])


def test_what_was_declared_is_changed_by_an_operator_only(served: Served) -> None:
    path = f"{ORGANISATIONS}/{FIRM}"
    served.post("applicant", f"{path}/controller", {"controller": NEWCOMER})
    served.post("applicant", f"{path}/relations", {"other": UNIT, "ground": "共同董事"})

    again = served.post("applicant", f"{path}/controller", {"controller": None})
    ended = served.post("applicant", f"{path}/relations/end", {"other": UNIT, "ground": "已辞任"})

    assert {answer.json()["code"] for answer in (again, ended)} == {"RoleMissing"}
    assert served.post("operator", f"{path}/controller", {"controller": None}).status_code == 201
    assert served.post("operator", f"{path}/relations/end", {"other": UNIT, "ground": "已辞任"}).status_code == 201
    assert served.get("applicant", path).json()["controllers"] == []


def test_nobody_declares_for_another(served: Served) -> None:
    figures = {"sector": "software", "employees": 1, "revenue_fen": 1, "assets_fen": None}

    assert served.post("other applicant", f"{ORGANISATIONS}/{FIRM}/size", figures).status_code == 404
    assert served.post("applicant", f"{ORGANISATIONS}/{UNIT}/relations", {"other": FIRM, "ground": "x"}).json()[
        "code"
    ] == ("RoleMissingAt")


def test_nothing_new_is_done_for_a_party_that_is_cancelled(served: Served) -> None:
    served.signed_in("applicant")
    cancelled = served.post("operator", f"{ORGANISATIONS}/{FIRM}/cancellation", {"reason": "注销"})

    declared = served.post("applicant", f"{ORGANISATIONS}/{FIRM}/relations", {"other": UNIT, "ground": "共同董事"})
    assert cancelled.json()["cancelled_on"] == "2017-03-01"
    assert served.get("applicant", f"{ORGANISATIONS}/{FIRM}").json()["cancelled"]
    assert (declared.status_code, declared.json()["code"]) == (409, "PartyCancelled")


def test_everybody_who_sees_a_unit_sees_that_it_is_no_more(served: Served) -> None:
    served.post("operator", f"{ORGANISATIONS}/{OTHER_UNIT}/cancellation", {"reason": "撤销"})

    assert served.get("applicant", f"{ORGANISATIONS}/{OTHER_UNIT}").json()["cancelled"]


# -- people ------------------------------------------------------------------------------------------------------------


def test_a_unit_registers_its_own_people(served: Served) -> None:
    body = {"name": "王芳", "posts": [{"organisation": UNIT, "role": "unit-officer"}]}

    made = served.post("officer", PEOPLE, body, key="p")
    again = served.post("officer", PEOPLE, body, key="p")
    elsewhere = served.post("other officer", PEOPLE, body)

    code = made.json()["person"]
    assert (made.status_code, again.json()) == (201, made.json())
    assert served.get("officer", f"{PEOPLE}/{code}").json() == {
        "code": code,
        "roles": [{"organisation": UNIT, "role": "unit-officer"}],
        "acts_for": [],
    }
    assert "王芳" not in made.text + served.get("operator", PEOPLE).text
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (409, "RoleNotToGive")
    assert served.programme.faults() == []


def test_who_works_in_a_firm_is_its_own_to_know(served: Served) -> None:
    applicant = served.programme.people["applicant"]

    assert [item["code"] for item in served.get("applicant", PEOPLE).json()["items"]] == [applicant]
    assert served.get("other applicant", f"{PEOPLE}/{applicant}").json()["code"] == "NotFound"
    named = {"name": "王芳", "posts": [{"organisation": FIRM, "role": "applicant"}]}
    assert served.post("other applicant", PEOPLE, named).json()["facts"]["name"] == FIRM
    found = served.get("operator", PEOPLE, organisation=FIRM, role="applicant").json()["items"]
    assert [item["code"] for item in found] == [applicant]
    assert served.get("operator", PEOPLE, organisation=FIRM, role="expert").json()["items"] == []


def test_roles_are_given_and_taken_by_others_than_their_holder(served: Served) -> None:
    officer = served.programme.people["officer"]
    role = {"organisation": UNIT, "role": "expert"}

    own = served.post("officer", f"{PEOPLE}/{officer}/roles", role | {"role": "unit-officer"})
    given = served.post("operator", f"{PEOPLE}/{officer}/roles", role)
    taken = served.post("operator", f"{PEOPLE}/{officer}/roles/revocation", role)

    assert (own.status_code, own.json()["code"]) == (409, "OwnRole")
    assert (given.status_code, given.json()["role"]) == (201, "expert")
    assert taken.status_code == 201
    assert served.get("operator", PEOPLE, role="expert").json()["items"] == []


def test_a_mandate_is_given_by_its_principal_and_can_be_ended(served: Served) -> None:
    officer = served.programme.people["officer"]
    posts = [{"organisation": UNIT, "role": "unit-officer"}]
    deputy = served.post("officer", PEOPLE, {"name": "副手", "posts": posts}).json()["person"]
    path = f"{PEOPLE}/{officer}/mandates"

    given = served.post("officer", path, {"deputy": deputy})
    shown = served.get("officer", f"{PEOPLE}/{deputy}").json()
    ended = served.post("officer", f"{path}/withdrawal", {"deputy": deputy})
    stranger = served.post("officer", path, {"deputy": served.programme.people["other officer"]})

    assert (given.json()["person"], given.json()["acts_for"]) == (deputy, officer)
    assert shown["acts_for"] == [officer]
    assert ended.status_code == 201
    assert served.get("officer", f"{PEOPLE}/{deputy}").json()["acts_for"] == []
    assert (stranger.status_code, stranger.json()["code"]) == (404, "NotFound")


def test_an_account_is_proposed_by_its_party_and_signed_by_finance(served: Served) -> None:
    path = f"/v1/organisations/{FIRM}/payee-accounts"
    account = {"account_name": "甲公司", "bank": "中国银行", "account_number": "6222000099", "cnaps": "104343912345"}
    asked = served.post("applicant", path, account)
    before = served.get("applicant", path).json()
    subject = f"payment.payee-account:{FIRM}"
    shown = served.get("finance", f"/v1/approvals/{subject}").json()
    signed = served.post(
        "finance", f"/v1/approvals/{subject}/signature", {"content_hash": asked.json()["approval"]["content_hash"]}
    )

    assert asked.status_code == 201, asked.text
    assert before == {"party": FIRM, "accounts": []}
    assert (shown["content"]["account_number"], shown["content"]["replaces"]) == ("6222000099", None)
    assert signed.status_code == 200, signed.text
    (found,) = served.get("applicant", path).json()["accounts"]
    assert (found["number"], found["since"]) == ("6222000099", served.programme.today.isoformat())
    assert served.get("other applicant", path).json()["code"] == "NotFound"
    wrong = served.post("applicant", path, account | {"account_number": "12"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "BankNumberWrong")
