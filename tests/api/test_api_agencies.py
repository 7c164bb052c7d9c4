"""A professional service body acts for a unit over HTTP, and a client is out once its person has left its party."""

from programme import INCUBATOR, UNIT
from served import Served

from ledger.registry.revoke_role import RevokeRole
from ledger.registry.values import Role

AGENCY = {"agent": INCUBATOR, "document_number": "委托书〔2017〕1号"}
PATH = f"/v1/organisations/{UNIT}/agencies"


def agents_client(served: Served) -> dict[str, str]:
    """The body's person registers a client for the unit; its token as a header."""
    made = served.post(
        "recommender",
        "/v1/clients",
        {
            "party": UNIT,
            "label": "代理记账",
            "scopes": ["bills.read", "bills.write", "organisations.read"],
        },
    )
    assert made.status_code == 201, made.text
    form = {
        "grant_type": "client_credentials",
        "client_id": made.json()["client"],
        "client_secret": made.json()["secret"],
    }
    token = served.http.post("/v1/token", data=form).json()["access_token"]
    return {"Authorization": f"Bearer {token}"}


def test_a_body_that_acts_for_a_unit_sees_and_does_its_work_until_that_ends(served: Served) -> None:
    programme = served.programme
    programme.letter()
    bill = programme.contract(programme.accepted(programme.issue(), 1_000_00, 2_000_00)).bill
    early = served.post(
        "recommender",
        "/v1/clients",
        {"party": UNIT, "label": "x", "scopes": ["bills.read"]},
    )
    given = served.post("officer", PATH, AGENCY)
    headers = agents_client(served)
    seen = served.http.get(f"/v1/bills/{bill}", headers=headers)
    receipt = {"amount_fen": 1_000_00, "bank_reference": "收1"}
    done = served.http.post(
        f"/v1/bills/{bill}/receipts", json=receipt, headers=headers | {"Idempotency-Key": "receipt-by-agent"}
    )
    shown = served.get("officer", f"/v1/organisations/{UNIT}").json()
    ended = served.post("recommender", f"{PATH}/end", AGENCY)
    after = served.http.get(f"/v1/bills/{bill}", headers=headers)

    assert early.json()["code"] == "PersonNotOfParty"
    assert (given.status_code, ended.status_code) == (201, 201), (given.text, ended.text)
    assert (seen.status_code, seen.json()["unit"]) == (200, UNIT)
    assert done.status_code == 201, done.text
    assert shown["agents"] == [INCUBATOR]
    assert (after.status_code, after.json()["code"]) == (403, "PersonLeft")
    entries = programme.rows("SELECT actor FROM command WHERE kind = 'fee.receive-payment'")
    assert entries == [(programme.people["recommender"],)]


def test_an_agent_sets_no_account_and_gives_no_agency_for_its_unit(served: Served) -> None:
    served.post("officer", PATH, AGENCY)
    account = {"account_name": "x", "bank": "y", "account_number": "12345678", "cnaps": "1" * 12}

    answers = [
        served.post("recommender", f"/v1/organisations/{UNIT}/payee-accounts", account).json(),
        served.post("recommender", PATH, AGENCY).json(),
    ]

    assert [answer["code"] for answer in answers] == ["NotForAgents", "NotForAgents"]


def test_a_client_is_out_once_its_person_has_no_role_there(served: Served) -> None:
    before = served.get("other officer", "/v1/bills")
    officer = served.programme.people["other officer"]
    organisation = served.get("other officer", f"/v1/people/{officer}").json()["roles"][0]["organisation"]
    leaves = {"person": officer, "organisation": organisation, "role": Role.UNIT_OFFICER}
    served.programme.do(RevokeRole, "operator", **leaves)

    after = served.get("other officer", "/v1/bills")

    assert before.status_code == 200
    assert (after.status_code, after.json()["code"]) == (403, "PersonLeft")
