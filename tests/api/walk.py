"""Every route of the application, with its rule, its models and a sample request."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
from fastapi.routing import APIRoute
from pydantic import TypeAdapter, ValidationError
from served import Served
from starlette.routing import BaseRoute
from things import EXAMPLES, THINGS, key_of, thing

from api.access import ACCESS, Access
from api.main import create_app

APP = create_app()
ROUTES: list[BaseRoute] = list(APP.routes)
DOCUMENT: dict[str, Any] = APP.openapi()


@dataclass(frozen=True, slots=True)
class Walked:
    name: str
    """`METHOD /path/{parameter}`."""
    route: APIRoute
    access: Access

    @property
    def method(self) -> str:
        return self.name.partition(" ")[0]

    @property
    def path(self) -> str:
        return self.name.partition(" ")[2]

    @property
    def parameters(self) -> list[str]:
        return re.findall(r"\{(\w+)\}", self.path)

    @property
    def operation(self) -> dict[str, Any]:
        found: dict[str, Any] = DOCUMENT["paths"][self.path][self.method.lower()]
        return found

    @property
    def takes_json(self) -> bool:
        return "application/json" in self.operation.get("requestBody", {}).get("content", {})

    @property
    def example(self) -> Any:  # noqa: ANN401  any JSON value
        """The request as the document shows it."""
        return self.operation["requestBody"]["content"]["application/json"]["example"]

    def accepts(self, body: object) -> bool:
        """Whether the model of the request takes it."""
        assert self.route.body_field
        try:
            TypeAdapter(self.route.body_field.field_info.annotation).validate_python(body)
        except ValidationError:
            return False
        return True

    @property
    def owner(self) -> str:
        return THINGS[key_of(self.access.row)].owner if self.access.row else "operator"

    def address(self, served: Served) -> str:
        """The path with a thing that exists in it."""
        words = dict(EXAMPLES)
        if self.access.row:
            words[self.access.row.parameter] = thing(served, key_of(self.access.row))
        return self.path.format_map(words)

    def send(self, served: Served, person: str, body: object, **query: str) -> httpx2.Response:
        """As a person would; with a key of its own where one is needed."""
        if self.method == "GET":
            return served.get(person, self.address(served), **query)
        return served.request(self.method, person, self.address(served), body, **query)


def walked() -> Iterator[Walked]:
    for route in ROUTES:
        assert isinstance(route, APIRoute), route
        for method in sorted(route.methods or ()):
            name = f"{method} {route.path}"
            yield Walked(name, route, ACCESS[name])


ALL = list(walked())
"""Fails while it is collected, where a route has no rule."""


def those(
    *, scoped: bool | None = None, owned: bool | None = None, named: bool | None = None, json: bool | None = None
) -> list[Any]:
    """Routes for a parametrised test, with their names as ids; `named`: the path names something that is looked up."""

    return [
        pytest.param(one, id=one.name)
        for one in ALL
        if scoped in {None, one.access.scope is not None}
        and owned in {None, one.access.owned}
        and named in {None, one.access.row is not None}
        and (json is None or (one.route.include_in_schema and one.takes_json == json))
    ]
