"""`vledger bank` on a programme's books: a file taken in, its queue, what is matched by itself, the second run."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from databases import Database
from programme import COMMISSION, Programme, open_programme
from typer.testing import CliRunner, Result

from api.cli.main import build

HEAD = "账号,对账单编号,记账日期,流水号,借贷,金额（元）,业务编号\n"


@pytest.fixture
def programme(here: Database) -> Iterator[Programme]:
    """1,000.00 are in a released batch."""
    with open_programme(here) as programme:
        programme.letter()
        yield programme


def vledger(*words: str) -> Result:
    return CliRunner().invoke(build(words), list(words))


def read(*words: str) -> dict[str, object]:
    answer = vledger(*words, "--json")
    assert answer.exit_code == 0, (answer.output, answer.exception)
    found: dict[str, object] = json.loads(answer.stdout)
    return found


def test_a_file_is_taken_in_and_what_is_clear_is_matched(programme: Programme, tmp_path: Path) -> None:
    claim = programme.file(programme.accepted(programme.issue(), 1_000_00, 2_000_00))
    (payable,) = programme.approve(claim)
    programme.batch(payable)
    day = programme.today.isoformat()
    file = tmp_path / "bank.csv"
    rows = f"3301,S-1,{day},F-1,借,1000.00,{payable}\n3301,S-1,{day},F-2,贷,7.00,\n"
    file.write_text(HEAD + rows, encoding="gb18030")
    treasury, finance = programme.people["treasury"], programme.people["second finance"]

    words = ("bank", "import", str(file), "--payer", COMMISSION, "--as", treasury)
    first, again = read(*words), read(*words)
    (taken,) = first["statements"]  # type: ignore[misc]  # one statement
    assert (taken["count"], taken["known"], taken["replayed"]) == (2, 0, False)
    assert again["statements"][0]["replayed"] is True  # type: ignore[index]  # the same
    queue = read("bank", "queue", "--statement", taken["statement"])["lines"]
    assert [(line["payables"], line["why"]) for line in queue] in (  # type: ignore[attr-defined]  # a list
        [([payable], None), ([], "a-receipt")],
        [([], "a-receipt"), ([payable], None)],
    )
    own = read("bank", "reconcile", taken["statement"], "--as", treasury)
    assert (own["matched"], own["waiting"]) == ([], 2)
    matched = read("bank", "reconcile", taken["statement"], "--as", finance, "--key", "second")
    assert (len(matched["matched"]), matched["declined"], matched["waiting"]) == (1, {}, 1)  # type: ignore[arg-type]  # a list
    assert "1 still wait" in vledger("bank", "reconcile", taken["statement"], "--as", finance, "--key", "third").stdout
    assert "it is a receipt, and no return" in vledger("bank", "queue").stdout
    assert programme.faults() == []


def test_a_file_that_is_none_says_so(programme: Programme, tmp_path: Path) -> None:
    file = tmp_path / "bank.csv"
    file.write_text("nothing\n", encoding="utf-8")

    answer = vledger("bank", "import", str(file), "--payer", COMMISSION, "--as", programme.people["treasury"])

    assert answer.exit_code != 0
    assert type(answer.exception).__name__ == "ColumnUnknown"
