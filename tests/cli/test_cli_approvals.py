"""`vledger approvals`: what waits is listed, shown as it is signed, signed or refused by a person."""

import json
from collections.abc import Iterator

import pytest
from click.testing import Result
from databases import Database
from programme import FIRM, Programme, open_programme
from typer.testing import CliRunner

from api.cli.approvals import ShownAnother
from api.cli.main import build
from ledger.errors import NotFound
from ledger.payments.set_payee_account import ProposePayeeAccount

NUMBER = f"payment.payee-account:{FIRM}"
ACCOUNT = {"account_name": "甲公司", "bank": "中国银行", "account_number": "6222000099", "cnaps": "104343912345"}


@pytest.fixture
def asked(here: Database) -> Iterator[Programme]:
    with open_programme(here) as programme:
        programme.do(ProposePayeeAccount, "applicant", party=FIRM, **ACCOUNT)
        yield programme


def run(*words: str, said: str | None = None) -> Result:
    return CliRunner().invoke(build(words), list(words), input=said)


def told(*words: str, said: str | None = None) -> str:
    answer = run(*words, said=said)
    assert answer.exit_code == 0, (answer.output, answer.exception)
    return answer.stdout


def test_what_waits_is_listed_for_everybody_and_for_one(asked: Programme) -> None:
    everybody = json.loads(told("approvals", "list", "--json"))["approvals"]
    finance = json.loads(told("approvals", "list", "--as", asked.people["finance"], "--json"))["approvals"]
    operator = json.loads(told("approvals", "list", "--as", asked.people["operator"], "--json"))["approvals"]

    assert [(one["number"], one["awaits"]) for one in everybody] == [(NUMBER, "finance")]
    assert (finance, operator) == (everybody, [])
    assert told("approvals", "list", "--as", asked.people["operator"]) == "Nothing waits for a signature.\n"
    assert NUMBER in told("approvals", "list")


def test_it_is_shown_and_signed_by_its_hash_once(asked: Programme) -> None:
    shown = json.loads(told("approvals", "show", NUMBER, "--json"))
    words = ("approvals", "sign", NUMBER, "--as", asked.people["finance"], "--hash", shown["content_hash"], "--json")

    first, again = json.loads(told(*words)), json.loads(told(*words))

    assert shown["content"]["account_number"] == "6222000099"
    assert (first["status"], first["replayed"], again["replayed"]) == ("given", False, True)
    account = asked.holder(FIRM).account
    assert account is not None
    assert account.number == "6222000099"


def test_whoever_is_asked_may_say_no(asked: Programme) -> None:
    words = ("approvals", "sign", NUMBER, "--as", asked.people["finance"])

    answer = run(*words, said="n\n")

    assert answer.exit_code == 1
    assert "6222000099" in answer.stderr, "it was shown first"
    assert asked.holder(FIRM).account is None
    assert "given" in told(*words, said="y\n")


def test_what_changed_meanwhile_is_not_signed(asked: Programme) -> None:
    words = ("approvals", "sign", NUMBER, "--as", asked.people["finance"], "--hash", "0" * 64)

    answer = run(*words)

    assert isinstance(answer.exception, ShownAnother)
    assert asked.holder(FIRM).account is None


def test_a_person_who_may_not_sign_is_told_why(asked: Programme) -> None:
    answer = run("approvals", "sign", NUMBER, "--as", asked.people["applicant"], "--yes", "--json")

    assert answer.exit_code == 1
    assert json.loads(answer.stdout)["refusal"]["code"] == "OwnWork"


def test_a_refusal_has_a_reason(asked: Programme) -> None:
    words = ("approvals", "reject", NUMBER, "--as", asked.people["finance"], "--yes", "--reason", "户名不符")

    assert "refused" in told(*words)
    assert json.loads(told("approvals", "list", "--json"))["approvals"] == []
    assert json.loads(told("approvals", "show", NUMBER, "--json"))["status"] == "refused"


@pytest.mark.usefixtures("asked")
def test_what_nobody_asked_for_is_not_found() -> None:
    assert isinstance(run("approvals", "show", "voucher.claim:CL-1").exception, NotFound)
