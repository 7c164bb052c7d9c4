"""Routers whose routes cannot exist without a rule in `api.access`."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Depends
from fastapi.routing import APIRoute

from api.access import ACCESS, Access
from api.bodies import StrictRoute
from api.dependencies import guarded, note_query


class SliceRouter(APIRouter):
    """A router of one slice: strict JSON, and the guard that `ACCESS` asks for before every route."""

    def __init__(self, prefix: str = "", *, tag: str, noted: bool = False) -> None:
        self._after = [Depends(note_query)] if noted else []
        """`noted`: what customs asks here is noted before it is answered."""
        super().__init__(prefix=prefix, tags=[tag], route_class=StrictRoute, generate_unique_id_function=_operation_id)

    def add_api_route(self, path: str, endpoint: Callable[..., Any], **more: Any) -> None:  # noqa: ANN401  the framework's own keywords
        (method,) = more.get("methods") or ["GET"]
        access = access_of(method, self.prefix + path)
        if access.scope is not None:
            more["dependencies"] = [
                guarded(access.scope, access.row),
                *self._after,
                *(more.get("dependencies") or ()),
            ]
        super().add_api_route(path, endpoint, **more)


def _operation_id(route: APIRoute) -> str:
    """Such as `vouchers_reserve`: what a generated client calls the function."""
    return f"{route.tags[0]}_{route.name}".replace("-", "_")


def access_of(method: str, path: str) -> Access:
    """The rule of a route."""
    try:
        return ACCESS[f"{method} {path}"]
    except KeyError:
        raise ValueError(f"{method} {path} has no rule in api/access.py") from None
