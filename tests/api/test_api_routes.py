"""A walk over every route of every slice: each has a rule, an example, and a check of whose things it names."""

import copy
import re
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import TypeAdapter
from served import Served
from things import THINGS, key_of, thing
from walk import ALL, DOCUMENT, Walked, those

from api.access import ACCESS
from api.security.scopes import SCOPES

# -- rules -------------------------------------------------------------------------------------------------------------


def test_every_route_has_its_rule_and_every_rule_its_route() -> None:
    """That a route without a rule does not even start is seen in `test_a_route_without_a_rule_does_not_start`."""
    assert sorted(one.name for one in ALL) == sorted(ACCESS)


def test_a_route_without_a_rule_does_not_start() -> None:
    from api.routing import SliceRouter  # noqa: PLC0415  the one test that makes a router

    with pytest.raises(ValueError, match="GET /v1/secrets has no rule"):
        SliceRouter("/v1/secrets", tag="x").get("")(lambda: None)


def test_every_scope_opens_something_and_every_rule_names_a_scope_there_is() -> None:
    assert {access.scope for access in ACCESS.values() if access.scope} == set(SCOPES)


@pytest.mark.parametrize("one", those())
def test_a_route_that_names_a_thing_says_whose_it_may_be(one: Walked) -> None:
    """A parameter in the path is looked up as the caller's party, or the rule says in words why not."""
    if one.parameters and one.access.row is None:
        assert one.access.reason
    if one.access.row is not None:
        assert one.access.row.parameter in one.parameters
    if one.access.scope is None:
        assert one.access.reason


@pytest.mark.parametrize("one", those(scoped=True))
def test_the_document_names_the_scope(one: Walked) -> None:
    assert one.operation["security"] == [{"clientCredentials": [one.access.scope]}]


# -- examples ----------------------------------------------------------------------------------------------------------


def shown() -> list[Any]:
    return [parameter for parameter in those() if parameter.values[0].route.include_in_schema]


@pytest.mark.parametrize("one", shown())
def test_every_operation_has_an_example_that_its_models_accept(one: Walked) -> None:
    if "requestBody" in one.operation:
        for content in one.operation["requestBody"]["content"].values():
            assert content["example"]
    if one.takes_json:
        assert one.accepts(one.example)
    answer = one.operation["responses"][str(one.route.status_code or 200)]
    for kind, content in answer["content"].items():
        assert content["example"], kind
        if one.route.response_model and kind == "application/json":
            TypeAdapter(one.route.response_model).validate_python(content["example"])


@pytest.mark.parametrize("one", shown())
def test_every_operation_says_how_it_can_fail(one: Walked) -> None:
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}

    assert one.operation["responses"]["default"]["content"] == problem
    assert one.operation["summary"]
    if one.access.row:
        assert one.operation["responses"]["404"]["content"] == problem
    assert "HTTPValidationError" not in DOCUMENT["components"]["schemas"]


def test_no_two_models_share_a_name() -> None:
    """Else the document calls them by their modules, and a generated client with it."""
    assert [name for name in DOCUMENT["components"]["schemas"] if "__" in name] == []


# -- sign-in, scope, owner: on real books ------------------------------------------------------------------------------


@pytest.mark.parametrize("one", those(scoped=True))
def test_nobody_comes_in_without_a_token(standing: Served, one: Walked) -> None:
    answer = standing.http.request(one.method, one.address(standing), headers={"Idempotency-Key": "k"})

    assert (answer.status_code, answer.json()["code"]) == (401, "NotSignedIn")
    assert answer.headers["www-authenticate"].startswith("Bearer ")


@pytest.mark.parametrize("one", those(scoped=True))
def test_a_token_for_every_other_scope_is_not_enough(standing: Served, one: Walked) -> None:
    others = sorted(set(SCOPES) - {str(one.access.scope)})
    token = standing.token(*standing.credentials(one.owner), scope=" ".join(others)).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "k"}

    answer = standing.http.request(one.method, one.address(standing), headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (403, "ScopeMissing")
    assert f'scope="{one.access.scope}"' in answer.headers["www-authenticate"]


@pytest.mark.parametrize("one", those(owned=True))
def test_another_party_is_told_that_it_does_not_exist(standing: Served, one: Walked) -> None:
    """The same request reaches the thing for its owner: so it is there, and it is the guard that hides it."""
    row = one.access.row
    assert row
    name = thing(standing, key_of(row))
    body = one.example if one.method != "GET" and one.takes_json else None

    stranger = one.send(standing, THINGS[key_of(row)].stranger, body)
    owner = one.send(standing, one.owner, body, dry_run="true")

    assert (stranger.status_code, stranger.json()["code"]) == (404, "NotFound")
    assert stranger.json()["facts"]["name"] == name
    if one.method == "GET":
        assert owner.status_code == 200
    else:  # the example names other things that are not there; this one is
        assert owner.json().get("facts", {}).get("name") != name


# -- lists -------------------------------------------------------------------------------------------------------------

ODD = ("\x00", "\u202e", "💰", "'; --", "", "x" * 3_000, "0", "-1", "1.5", "true", "2017-02-30", "0001-01-01", "9" * 30)


def asked() -> list[Any]:
    return [parameter for parameter in those(scoped=True) if parameter.values[0].method == "GET"]


@pytest.mark.parametrize("one", asked())
def test_whatever_a_query_says_it_is_answered_or_refused_by_its_name(standing: Served, one: Walked) -> None:
    for parameter in one.operation.get("parameters", ()):
        if parameter["in"] == "query":
            for value in ODD:
                answer = one.send(standing, one.owner, None, **{parameter["name"]: value})

                assert answer.status_code in {200, 409, 422}, (parameter["name"], value, answer.text)


# -- writes ------------------------------------------------------------------------------------------------------------


def writes() -> list[Any]:
    return [parameter for parameter in those(scoped=True) if parameter.values[0].method != "GET"]


@pytest.mark.parametrize("one", writes())
def test_a_write_needs_a_key(standing: Served, one: Walked) -> None:
    body = one.example if one.takes_json else None

    answer = standing.http.request(one.method, one.address(standing), json=body, headers=standing.signed_in(one.owner))

    assert (answer.status_code, answer.json()["code"]) == (400, "KeyMissing")


def spoilt(value: Any, place: str = "") -> Iterator[tuple[str, Any]]:  # noqa: ANN401  any JSON value
    """An example, spoilt in one place each time, and the place."""
    if isinstance(value, dict):
        yield f"{place}.unheard_of".lstrip("."), value | {"unheard_of": 1}
    for key, part in parts(value):
        where = f"{place}[{key}]" if isinstance(key, int) else f"{place}.{key}".lstrip(".")
        for deeper, worse in spoilt(part, where):
            changed = copy.copy(value)
            changed[key] = worse
            yield deeper, changed
    for worse in WORSE.get(type(value), ()):
        yield place, worse


def is_null(body: Any, place: str) -> bool:  # noqa: ANN401  any JSON value
    """Whether this place was spoilt by leaving nothing in it, which an optional field may hold."""
    for key in re.findall(r"\w+", place):
        body = body[int(key) if isinstance(body, list) else key]
    return body is None


def parts(value: Any) -> list[tuple[Any, Any]]:  # noqa: ANN401  as above
    if isinstance(value, dict):
        return list(value.items())
    return list(enumerate(value)) if isinstance(value, list) else []


WORSE: dict[type, tuple[Any, ...]] = {
    int: (1.0, 0.1, "1", True, None, -1, 10**16),
    str: (1, 1.5, True, ["x"], "x" * 10_000),
}
"""What stands in no field of this type: no float, text or true for money, no name of 10,000 characters."""


@pytest.mark.parametrize("one", [one for one in writes() if one.values[0].takes_json])
def test_a_body_that_is_spoilt_anywhere_is_refused_by_the_field(standing: Served, one: Walked) -> None:
    """No float, text or true for money; no unknown field; nothing of another type."""
    for place, body in spoilt(one.example):
        if is_null(body, place) and one.accepts(body):
            continue
        answer = one.send(standing, one.owner, body, dry_run="true")

        assert (answer.status_code, answer.json()["code"]) == (422, "FieldsUnreadable"), (place, body, answer.text)
        assert place in {field["field"] for field in answer.json()["fields"]}, (place, answer.text)


@pytest.mark.parametrize("one", those(scoped=True, named=True))
def test_a_name_that_cannot_exist_does_not_exist(standing: Served, one: Walked) -> None:
    for name in ("%00", "%F0%9F%92%B0", "x" * 3_000, "%0A", "'; DROP TABLE voucher; --", "99999999999999999999999"):
        address = one.path.replace("{" + one.access.row.parameter + "}", name)  # type: ignore[union-attr]  # named
        headers = {**standing.signed_in(one.owner), "Idempotency-Key": "k"}
        body = one.example if one.method != "GET" and one.takes_json else None

        answer = standing.http.request(one.method, address, headers=headers, json=body)

        assert answer.status_code == 404, (name, answer.text)
