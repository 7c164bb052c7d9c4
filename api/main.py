"""The HTTP edge. It answers what needs no sign-in: whether it lives, and the public calculators."""

from datetime import date
from typing import Annotated, Any

from fastapi import Body, FastAPI, Query, Request
from fastapi.responses import JSONResponse

from ledger.executor.clock import SystemClock, today
from policies.calculators import calculate, formulas
from policies.kernel.errors import Language, NotFound, Refused, Spoken


def create_app() -> FastAPI:
    """The application; nothing is opened before the first request needs it."""
    app = FastAPI(title="vledger", version="0.1.0")
    app.add_exception_handler(Spoken, _problem)
    app.get("/healthz", summary="Whether the process answers")(healthz)
    app.get("/v1/policies", summary="The public calculators")(policies)
    app.post("/v1/policies/{scheme}/{name}/calculations", summary="Compute, storing nothing")(calculation)
    return app


def healthz() -> dict[str, str]:
    return {"status": "ok"}


def policies() -> dict[str, Any]:
    return {"policies": sorted(formulas())}


def calculation(
    scheme: str,
    name: str,
    facts: Annotated[dict[str, Any], Body()],
    on: Annotated[date, Query(description="Day of the fact")],
    known_on: Annotated[date | None, Query(description="Rules enacted by this day count; today without it")] = None,
) -> dict[str, Any]:
    """The same answer as `vledger calc`; nothing is stored."""
    found = calculate(f"{scheme}/{name}", facts, on=on, known_on=known_on or today(SystemClock()))
    return found.as_json()


def _problem(request: Request, error: Exception) -> JSONResponse:
    """RFC 9457: the stable code, the sentence a person needs, the article where a rule refuses."""
    assert isinstance(error, Spoken)
    status = 404 if isinstance(error, NotFound) else 409 if isinstance(error, Refused) else 422
    language: Language = "en" if request.headers.get("accept-language", "").lower().startswith("en") else "zh"
    body = {
        "type": "about:blank",
        "status": status,
        "title": error.code,
        "code": error.code,
        "detail": error.say(language),
        "cite": error.cite if isinstance(error, Refused) else None,
    }
    return JSONResponse(body, status, media_type="application/problem+json")
