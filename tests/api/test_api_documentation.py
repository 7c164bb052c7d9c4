"""The OpenAPI document is one, and the page to try it needs no other host."""

import re

import pytest
from fastapi.testclient import TestClient
from openapi_spec_validator import OpenAPIV31SpecValidator

from api.main import create_app

CLIENT = TestClient(create_app())
LOADS = re.compile(r"""(?:src|href)\s*=\s*["']([^"']+)["']""")


def test_the_document_is_openapi_3_1() -> None:
    document = CLIENT.get("/openapi.json").json()

    OpenAPIV31SpecValidator(document).validate()
    flow = document["components"]["securitySchemes"]["clientCredentials"]["flows"]["clientCredentials"]
    assert flow["tokenUrl"] == "/v1/token"
    assert "vouchers.read" in flow["scopes"]


def test_all_that_the_page_loads_is_served_here() -> None:
    page = CLIENT.get("/docs")
    loaded = LOADS.findall(page.text)

    assert len(loaded) == 4
    for address in loaded:
        assert address.startswith("/docs/")
        assert CLIENT.get(address).status_code == 200
    assert 'url: "/openapi.json"' in CLIENT.get("/docs/start.js").text


def test_the_browser_may_load_nothing_from_elsewhere() -> None:
    policy = CLIENT.get("/docs").headers["content-security-policy"]

    sources = {word for rule in policy.split(";") for word in rule.split()[1:]}
    assert policy.startswith("default-src 'none'")
    assert sources == {"'none'", "'self'", "'unsafe-inline'", "data:"}
    assert "script-src 'self';" in policy


def test_the_styles_load_nothing_from_elsewhere() -> None:
    styles = CLIENT.get("/docs/swagger-ui.css").text

    assert set(re.findall(r"""url\(\s*["']?(.{5})""", styles)) == {"data:"}
    assert "@import" not in styles


@pytest.mark.parametrize("name", ["__init__.py", "..%2Fmain.py", "%2e%2e/main.py", "main.py", ""])
def test_nothing_else_of_the_wheel_is_served(name: str) -> None:
    assert CLIENT.get(f"/docs/{name}").status_code == 404
