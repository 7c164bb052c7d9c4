"""The OpenAPI document: what the framework finds, with an example for every operation and every way to fail."""

from collections.abc import Iterator, Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from pydantic import BaseModel

from api.access import ACCESS, Access
from api.problems import PROBLEM_JSON, TITLES, Problem

_METHODS = ("get", "post", "put", "patch", "delete")
_REF = "#/components/schemas/"
DESCRIPTION = """The books of a city's innovation vouchers.

Money is in whole fen (`_fen`), time in whole minutes, a date is `YYYY-MM-DD`. A request that changes something carries
an `Idempotency-Key` of your own: the same key again gets the same answer. With `?dry_run=true` it is only told what the
answer would be. Errors are RFC 9457 problem details: decide by `code`, show `detail`. Sentences are Chinese, or English
with `Accept-Language: en`.
"""


def describe(app: FastAPI) -> dict[str, Any]:
    """The document, made once."""
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title, version=app.version, description=DESCRIPTION, routes=app.routes, openapi_version="3.1.0"
        )
        schemas = document["components"]["schemas"]
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        schemas.update(_schemas_of_problem())
        for model in _models(app):
            if model.__name__ in schemas:  # the framework leaves out of an example what is null
                schemas[model.__name__] |= model.model_config.get("json_schema_extra", {})
        for name, operation in operations(document):
            _complete(operation, ACCESS[name], name.partition(" ")[0], schemas)
        app.openapi_schema = document
    return app.openapi_schema


def operations(document: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each operation by its name in `ACCESS`."""
    for path, item in document["paths"].items():
        for method in _METHODS:
            if method in item:
                yield f"{method.upper()} {path}", item[method]


def _models(app: FastAPI) -> Iterator[type[BaseModel]]:
    """Of every request and every answer."""
    for route in app.routes:
        if isinstance(route, APIRoute):
            body = route.body_field.field_info.annotation if route.body_field else None
            for model in (route.response_model, body):
                if isinstance(model, type) and issubclass(model, BaseModel):
                    yield model


def _schemas_of_problem() -> dict[str, Any]:
    schema = Problem.model_json_schema(ref_template=_REF + "{model}")
    return {**schema.pop("$defs"), "Problem": schema}


def _complete(operation: dict[str, Any], access: Access, method: str, schemas: Mapping[str, Any]) -> None:
    """Examples where the models have them, and the answers that every operation can give."""
    answers: dict[str, Any] = operation["responses"]
    answers.pop("422", None)
    contents = [answer.get("content", {}) for answer in answers.values()]
    contents.append(operation.get("requestBody", {}).get("content", {}))
    for content in contents:
        for medium in content.values():
            _exemplify(medium, schemas)
    for status in _failures(operation, access, method):
        answers.setdefault(str(status), _problem(TITLES[status].en))
    answers["default"] = _problem("Any other failure")


def _exemplify(medium: dict[str, Any], schemas: Mapping[str, Any]) -> None:
    """The example of the model, which stands beside the operation for readers who look there."""
    schema = medium.get("schema", {})
    named = schemas.get(schema.get("$ref", "").removeprefix(_REF), schema)
    if "example" not in medium and named.get("examples"):
        medium["example"] = named["examples"][0]


def _failures(operation: Mapping[str, Any], access: Access, method: str) -> Iterator[int]:
    if access.scope is not None:
        yield from (401, 403, 429)
    if access.row:
        yield 404
    if "requestBody" in operation:
        yield from (400, 413, 415, 422)
    if access.scope is not None and method != "GET":
        yield 409
    yield from (500, 503)


def _problem(description: str) -> dict[str, Any]:
    schema = {"$ref": _REF + "Problem"}
    return {"description": description, "content": {PROBLEM_JSON: {"schema": schema}}}
