"""The OpenAPI document, and the page to read and try it: its scripts come out of a wheel, nothing from another host."""

import mimetypes
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, JSONResponse

from api.errors import RouteUnknown
from api.routing import SliceRouter

router = SliceRouter(tag="documentation")

_FROM_THE_WHEEL = ("swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png")
_START = """
window.onload = () => SwaggerUIBundle({
  url: "/openapi.json", dom_id: "#page", validatorUrl: null, deepLinking: true, tryItOutEnabled: true,
});
"""
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>vledger API</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
<link rel="icon" href="/docs/favicon-32x32.png">
</head>
<body>
<div id="page"></div>
<noscript>This page needs a script. The same stands in /openapi.json and in docs/api.md.</noscript>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
"""
_ONLY_FROM_HERE = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
}
"""The browser itself refuses anything from another host. The interface writes styles into its elements."""


def _assets() -> Path:
    """The folder of the wheel; its own code is not run."""
    spec = find_spec("fastapi_swagger")
    assert spec is not None  # a declared dependency
    assert spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0]) / "resources"


@router.get("/openapi.json", include_in_schema=False)
def openapi(request: Request) -> Response:
    document: dict[str, Any] = request.app.openapi()
    return JSONResponse(document)


@router.get("/docs", include_in_schema=False)
def page() -> Response:
    return HTMLResponse(_PAGE, headers=_ONLY_FROM_HERE)


@router.get("/docs/{name}", include_in_schema=False)
def asset(name: str) -> Response:
    if name == "start.js":
        return Response(_START, media_type="text/javascript")
    if name not in _FROM_THE_WHEEL:
        raise RouteUnknown
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Response((_assets() / name).read_bytes(), media_type=kind, headers={"Cache-Control": "max-age=86400"})
