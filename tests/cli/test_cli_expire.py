"""`vledger expire` on a programme's books: more than one run takes, the second time, who may not."""

import json
from collections.abc import Iterator
from datetime import date

import pytest
from databases import Database
from programme import COMMISSION, UNIT, Programme, open_programme
from typer.testing import CliRunner, Result

from api.cli.main import build
from ledger.bookkeeping.open_period import OpenPeriod
from ledger.vouchers.store import due


@pytest.fixture
def programme(here: Database) -> Iterator[Programme]:
    """Three vouchers of 2017, over long ago."""
    with open_programme(here, day=date(2017, 3, 1)) as programme:
        programme.letter()
        for _ in range(3):
            programme.issue(10_000_00)
        rest = {"period": "rest", "starts_on": date(2020, 1, 1), "ends_on": date(2999, 12, 31)}
        programme.do(OpenPeriod, "finance", **rest)
        yield programme


def vledger(*words: str) -> Result:
    return CliRunner().invoke(build(words), list(words))


def test_every_voucher_ends_however_many_runs_it_takes(programme: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(due, "DUE_MAX", 2)
    monkeypatch.setattr("ledger.vouchers.expire.DUE_MAX", 2)
    words = ("expire", programme.scheme, "--as", programme.people["operator"], "--on", "2019-01-01")

    first = vledger(*words, "--operator", COMMISSION, "--key", "year end", "--json")
    told = json.loads(first.stdout)

    assert (len(set(told["vouchers"])), told["expired_fen"], told["released_fen"]) == (3, 30_000_00, 0)
    assert "2 vouchers so far" in first.stderr
    replayed = vledger(*words, "--operator", COMMISSION, "--key", "year end", "--json")
    assert json.loads(replayed.stdout) == told
    assert vledger(*words).stdout == f"{programme.scheme}: nothing is due.\n"
    assert programme.faults() == []


def test_who_does_not_run_the_scheme_ends_nothing(programme: Programme) -> None:
    stranger = programme.people["applicant"]
    refused = vledger("expire", programme.scheme, "--as", stranger)
    elsewhere = vledger("expire", programme.scheme, "--as", programme.people["operator"], "--operator", UNIT)
    tomorrow = vledger("expire", programme.scheme, "--as", programme.people["operator"], "--on", "2999-01-01")

    assert [answer.exit_code for answer in (refused, elsewhere, tomorrow)] == [1, 1, 1]
    assert "2999-01-01 is later than today" in tomorrow.stderr
    assert UNIT in elsewhere.stderr
    assert (
        vledger("expire", programme.scheme, "--as", programme.people["operator"], "--on", "2017-13-01").exit_code != 0
    )
