"""Clients of the API over HTTP: who can make one, as whom it acts, and what it can be allowed."""

import forging
from served import Served

from api.security.clients import key_from_pem, pem_of

CLIENTS = "/v1/clients"


def test_a_client_registers_another_that_acts_as_the_same_person(served: Served) -> None:
    made = served.post("applicant", CLIENTS, {"label": "new ERP", "scopes": ["vouchers.read"]})

    client, secret = made.json()["client"], made.json()["secret"]
    shown = served.get("applicant", f"{CLIENTS}/{client}").json()
    token = served.token(client, secret).json()

    assert made.status_code == 201
    assert (shown["person"], shown["scopes"]) == (served.programme.people["applicant"], ["vouchers.read"])
    assert token["scope"] == "vouchers.read"
    assert served.programme.faults() == []


def test_a_registration_whose_answer_was_lost_can_be_sent_again(served: Served) -> None:
    """The same key gives the same secret again, to the same person and to nobody else."""
    body = {"label": "ERP", "scopes": ["vouchers.read"]}

    first = served.post("applicant", CLIENTS, body, key="reg-1")
    again = served.post("applicant", CLIENTS, body, key="reg-1")
    others = served.post("other applicant", CLIENTS, body, key="reg-1")

    assert first.json() == again.json()
    assert again.headers["idempotency-replayed"] == "true"
    assert others.json()["secret"] != first.json()["secret"]


def test_a_colleague_cannot_get_the_secret_by_sending_the_same_key(served: Served) -> None:
    body = {"label": "batch", "scopes": ["vouchers.read"]}
    mine = served.post("operator", CLIENTS, body, key="reg-1")

    colleague = served.post("second operator", CLIENTS, body, key="reg-1")

    assert (colleague.status_code, colleague.json()["code"]) == (422, "KeyReused")
    assert mine.json()["secret"] not in colleague.text


def test_nobody_gives_a_scope_it_does_not_have(served: Served) -> None:
    client, secret = served.client("applicant", "clients.write", "vouchers.read")
    headers = {
        "Authorization": f"Bearer {served.token(client, secret).json()['access_token']}",
        "Idempotency-Key": "k",
    }

    more = served.http.post(CLIENTS, json={"label": "x", "scopes": ["vouchers.write"]}, headers=headers)
    unknown = served.http.post(CLIENTS, json={"label": "x", "scopes": ["everything"]}, headers=headers)

    assert (more.status_code, more.json()["code"]) == (403, "ScopeMissing")
    assert (unknown.status_code, unknown.json()["code"]) == (422, "ScopeUnknown")


def test_a_key_is_taken_as_pem_and_nothing_else(served: Served) -> None:
    pem = forging.public_pem(forging.NEW_KEY)
    body = {"label": "LIMS", "scopes": ["vouchers.read"]}

    made = served.post("officer", CLIENTS, body | {"public_key": pem})
    no_pem = served.post("officer", CLIENTS, body | {"public_key": "MIIB"})

    assert (made.status_code, made.json()["secret"]) == (201, None)
    assert served.get("officer", f"{CLIENTS}/{made.json()['client']}").json()["credential"] == "private_key_jwt"
    assert (no_pem.status_code, no_pem.json()["code"]) == (422, "PemUnreadable")
    assert pem_of(key_from_pem(pem)) == pem


def test_only_its_own_person_gives_a_client_new_credentials_but_any_colleague_stops_it(served: Served) -> None:
    client, secret = served.client("operator")
    path = f"{CLIENTS}/{client}"

    colleague = served.post("second operator", f"{path}/credentials", {})
    own = served.post("operator", f"{path}/credentials", {})
    stopped = served.post("second operator", f"{path}/revocation", {"reason": "离职"})
    again = served.post("operator", f"{path}/credentials", {})

    assert (colleague.status_code, colleague.json()["code"]) == (409, "ClientOfAnother")
    assert own.status_code == 201
    assert served.token(client, secret).status_code == 401
    assert (stopped.status_code, stopped.json()["revoked_on"]) == (201, "2017-03-01")
    assert (again.status_code, again.json()["code"]) == (409, "ClientIsRevoked")
    assert served.token(client, own.json()["secret"]).status_code == 401


def test_a_party_lists_its_own_clients_page_by_page(served: Served) -> None:
    mine = {served.client("applicant")[0] for _ in range(3)} | {served.credentials("applicant")[0]}
    served.client("other applicant")

    first = served.get("applicant", CLIENTS, limit=3).json()
    second = served.get("applicant", CLIENTS, limit=3, cursor=first["next"]).json()

    assert {item["code"] for item in first["items"] + second["items"]} == mine
    assert second["next"] is None
