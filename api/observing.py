"""What is seen of every request: its id, one line of log, one count, and that nobody meets a traceback.

No personal data: the route's template and not its address, no query, no body, the client's code. Of a fault its kind
and place and not its words, which may quote a row.
"""

import logging
import re
import sys
import time
import traceback
from typing import Any
from uuid import uuid4

import structlog
from fastapi import Request
from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import Fault, problem

REQUEST_ID = "X-Request-Id"
_SAFE = re.compile(r"[A-Za-z0-9._-]{1,64}")

log = structlog.get_logger("vledger.http")


class Metrics:
    """Counts and times in a registry of their own: two applications in one process do not share them."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "vledger_http_requests", "Requests answered", ["method", "route", "status"], registry=self.registry
        )
        self._seconds = Histogram(
            "vledger_http_request_seconds", "Time to answer", ["method", "route"], registry=self.registry
        )

    def note(self, method: str, route: str, status: int, seconds: float) -> None:
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)


class Observing:
    """The outermost layer (ASGI)."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope["request_id"] = request_id = _request_id(scope)
        began, status = time.perf_counter(), 0

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [
                    *message.get("headers", ()),
                    (REQUEST_ID.lower().encode(), request_id.encode()),
                    (b"x-content-type-options", b"nosniff"),
                ]
            await send(message)

        try:
            await self._app(scope, receive, noting)
        except Exception:  # whatever it is, the caller gets a sentence and we get the place
            log.exception("fault", request_id=request_id)
            if status:
                raise  # the answer had begun: the connection is closed, so that nobody takes half for the whole
            request = Request(scope, receive)
            await problem(request, Fault(request_id=request_id))(scope, receive, noting)
        finally:
            seconds = time.perf_counter() - began
            route = getattr(scope.get("route"), "path", "unknown")
            method = scope["method"] if scope["method"] in _METHODS else "other"
            self._metrics.note(method, route, status, seconds)
            log.info(
                "request",
                request_id=request_id,
                method=method,
                route=route,
                status=status,
                milliseconds=round(seconds * 1_000, 1),
                client=scope.get("client_id"),
            )


_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def _request_id(scope: Scope) -> str:
    """The caller's own, where it is safe to repeat; else a new one."""
    given = next((value for name, value in scope["headers"] if name == REQUEST_ID.lower().encode()), b"")
    text = given.decode("latin-1")
    return text if _SAFE.fullmatch(text) else uuid4().hex


def _described(fault: BaseException) -> dict[str, Any]:
    frames = traceback.extract_tb(fault.__traceback__)
    return {
        "kind": type(fault).__name__,
        "at": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-8:]],
    }


def _without_words(_logger: object, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Of an exception that comes with a line, its kind and place."""
    fault = event.pop("exc_info", None)
    if fault is True:
        fault = sys.exc_info()[1]
    elif isinstance(fault, tuple):
        fault = fault[1]
    return {**event, **_described(fault)} if isinstance(fault, BaseException) else event


_SHARED: list[structlog.typing.Processor] = [
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    _without_words,
]
# Whoever runs the application: without this the library's own way would print the values of all variables of a fault.
structlog.configure(
    processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
)


def log_as_json() -> None:
    """Every line of this process, ours and the libraries', is one JSON object on standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_SHARED,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
