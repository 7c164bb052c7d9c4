"""A client that a program makes from our document, and nothing of ours, carries a voucher to its payment."""

import importlib
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from types import ModuleType
from typing import Any, Self

import pytest
from programme import FIRM, UNIT, Programme
from programme import ISSUE as GRANT
from served import Served

from api.main import create_app

PACKAGE = "a_client_made_from_the_document"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The generator's output, as a package that can be imported; it has left nothing out."""
    folder = tmp_path_factory.mktemp("client")
    document = folder / "openapi.json"
    document.write_text(json.dumps(create_app().openapi()), "utf-8")
    config = folder / "config.yml"
    config.write_text("post_hooks: []\n", "utf-8")
    command = ["generate", "--path", str(document), "--output-path", str(folder / PACKAGE), "--meta", "none"]
    told = subprocess.run(
        [sys.executable, "-m", "openapi_python_client", *command, "--config", str(config), "--fail-on-warning"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stdout + told.stderr
    sys.path.insert(0, str(folder))
    yield PACKAGE
    sys.path.remove(str(folder))


class Client:
    """One party's, with the generated functions by slice and name."""

    def __init__(self, package: str, served: Served, person: str) -> None:
        self._package = package
        token = served.signed_in(person)["Authorization"].removeprefix("Bearer ")
        signed_in = self._module("client").AuthenticatedClient
        self._client = signed_in(base_url=str(served.http.base_url).rstrip("/"), token=token)

    def __enter__(self) -> Self:
        self._client.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._client.__exit__(None, None, None)

    def _module(self, name: str) -> ModuleType:
        return importlib.import_module(f"{self._package}.{name}")

    def model(self, name: str, facts: dict[str, Any]) -> Any:  # noqa: ANN401  a class of the generated package
        return getattr(self._module("models"), name).from_dict(facts)

    def call(self, slice_: str, name: str, *path: str, **more: Any) -> Any:  # noqa: ANN401  as above
        answer = self._module(f"api.{slice_}.{slice_}_{name}").sync(*path, client=self._client, **more)
        assert not type(answer).__name__.startswith("Problem"), answer
        return answer


def test_the_story_runs_through_a_client_that_was_generated(served: Served, made: str) -> None:
    served.programme.letter()
    with Client(made, served, "applicant") as firm, Client(made, served, "officer") as unit:
        state = _from_the_wish_to_the_payment(firm, unit, served.programme)

    assert state == "paid"
    assert served.programme.faults() == []


def _from_the_wish_to_the_payment(firm: Client, unit: Client, programme: Programme) -> str:
    wish = {"holder": FIRM, "scheme": "jinyun-2017", "requested_fen": 50_000_00, "purpose": "新产品性能测试"}
    applied = firm.call("applications", "apply", body=firm.model("NewApplication", wish), idempotency_key="application")
    _granted(programme, applied.application)
    (voucher,) = firm.call("vouchers", "vouchers").items
    order = {
        "unit": UNIT,
        "contract_number": "HT-7",
        "service": "性能测试",
        "fee_fen": 40_000_00,
        "amount_fen": 20_000_00,
        "service_ends_on": str(programme.today + timedelta(days=30)),
    }
    reserved = firm.call(
        "vouchers", "reserve", voucher.number, body=firm.model("Reservation", order), idempotency_key="reservation"
    )
    invoice = {
        "unit": UNIT,
        "payer": FIRM,
        "contract": "HT-7",
        "invoice_number": "20170000000000000777",
        "invoice_date": str(programme.today),
        "vat_rate": "0.06",
        "lines": [{"description": "性能测试", "quantity": 1, "price_fen": 40_000_00}],
    }
    bill = unit.call("bills", "issue", body=unit.model("NewBill", invoice), idempotency_key="bill").bill
    done = firm.model("Acceptance", {"bill": bill})
    accepted = firm.call("contracts", "accept", reserved.contract, body=done, idempotency_key="done")
    assert accepted.share_fen == 20_000_00
    wanted = {"unit": UNIT, "contracts": [reserved.contract]}
    claim = unit.call("claims", "file", body=unit.model("NewClaim", wanted), idempotency_key="claim").claim
    programme.paid(claim)
    return str(unit.call("claims", "claim", claim).state)


def _granted(programme: Programme, application: str) -> None:
    programme.grant(application, 50_000_00)
    programme.sign(GRANT, application, "second operator")


def test_no_two_models_have_one_name() -> None:
    """A generator would leave one of them out."""
    titles = [schema.get("title") for schema in create_app().openapi()["components"]["schemas"].values()]

    assert sorted(title for title in titles if titles.count(title) > 1) == []
