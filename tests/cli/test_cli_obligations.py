"""`vledger obligations` on a programme's books: what is listed, shown, and asked for in vain."""

import json
from collections.abc import Iterator

import pytest
from databases import Database
from programme import UNIT, open_programme
from typer.testing import CliRunner

from api.cli.main import build
from ledger.errors import NotFound
from ledger.fees.values import RedInvoice
from ledger.vouchers.decide_refund import KIND as REFUND
from ledger.vouchers.decide_refund import ProposeRefund


@pytest.fixture
def owed(here: Database) -> Iterator[str]:
    """A unit owes 500.00 of a refund since 2017: long overdue."""
    with open_programme(here) as programme:
        programme.letter()
        contract = programme.accepted(programme.issue(), 1_000_00, 2_000_00)
        programme.paid(programme.file(contract))
        red = RedInvoice("7" * 20, programme.today, 1_000_00, "服务退款")
        facts = {"contract": contract, "decision_number": "退1号", "red": red}
        proposal = programme.do(ProposeRefund, "operator", **facts)["proposal"]
        yield str(programme.sign(REFUND, proposal, "second operator")["obligations"][0])


def told(*words: str) -> str:
    answer = CliRunner().invoke(build(words), list(words))
    assert answer.exit_code == 0, (answer.output, answer.exception)
    return answer.stdout


def test_what_is_owed_is_listed_with_what_is_late(owed: str) -> None:
    every = json.loads(told("obligations", "list", "--json"))["obligations"]
    late = json.loads(told("obligations", "list", "--state", "overdue", "--debtor", UNIT, "--json"))["obligations"]
    settled = json.loads(told("obligations", "list", "--state", "settled", "--json"))["obligations"]

    assert every == late
    assert settled == []
    assert [(one["number"], one["open_fen"], one["state"]) for one in every] == [(owed, 500_00, "overdue")]
    head, line = told("obligations", "list").splitlines()
    assert head.split() == ["number", "debtor", "due", "state", "decided", "open"]
    assert line.split()[-2:] == ["500.00", "500.00"]


def test_one_is_shown_with_its_steps(owed: str) -> None:
    shown = json.loads(told("obligations", "show", owed, "--json"))

    assert (shown["debtor"], shown["decision_number"], shown["steps"]) == (UNIT, "退1号", [])
    assert told("obligations", "show", owed).startswith(f"{owed}  {UNIT}  退1号  2017-")


def test_one_that_is_not_there_is_not_found(owed: str) -> None:
    assert owed
    words = ("obligations", "show", "OB-0000")
    answer = CliRunner().invoke(build(words), list(words))

    assert isinstance(answer.exception, NotFound)
