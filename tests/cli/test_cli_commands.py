"""The command line on the demo's books: what it prints, what it refuses, and with which exit status."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from api.cli.main import build
from ledger.database.embedded import embedded
from ledger.database.engine import connect
from ledger.errors import NotFound, Spoken
from ledger.journal.balances import TrialLine, summed

CHECKER = Path(__file__).parents[2] / "ledger" / "journal" / "verify_receipt.py"


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's books, made once."""
    data = tmp_path_factory.mktemp("cli") / "books"
    told = vledger("demo", "--json", data=data)
    assert json.loads(told.stdout)["fresh"] is True
    return data


def vledger(*words: str, data: Path | None = None) -> Result:
    """Run a command in this process; an expected error is in `.exception`."""
    everything = [*words, *(["--data", str(data)] if data else [])]
    return CliRunner().invoke(build(everything), everything)


def test_verify_says_that_everything_agrees(books: Path) -> None:
    answer = vledger("verify", "--json", data=books)

    assert answer.exit_code == 0
    found = json.loads(answer.stdout)
    assert found["ok"] is True
    assert (found["commands"], found["faults"]) == (1_593, [])
    assert found["anchors"] >= 1


def test_verify_names_the_row_that_was_tampered_with(books: Path) -> None:
    amount = "UPDATE transfer SET amount = amount {} 1 WHERE seq = 100 AND line = 1"
    with embedded(books) as server, connect(server.urls.owner, autocommit=True) as owner:
        owner.execute("ALTER TABLE transfer DISABLE TRIGGER transfer_is_insert_only")
        owner.execute(amount.format("+").encode())
        try:
            answer = vledger("verify", data=books)
        finally:
            owner.execute(amount.format("-").encode())
            owner.execute("ALTER TABLE transfer ENABLE TRIGGER transfer_is_insert_only")

    assert answer.exit_code == 1
    assert "默克尔根" in answer.stdout
    assert "不符合“账户余额等于其分录之和”" in answer.stdout
    assert vledger("verify", data=books).exit_code == 0


def test_a_receipt_is_checked_by_one_file_that_needs_nothing_else(books: Path, tmp_path: Path) -> None:
    receipt = tmp_path / "r.json"
    receipt.write_text(vledger("receipt", "100", data=books).stdout, "utf-8")
    alone = tmp_path / "check.py"
    alone.write_bytes(CHECKER.read_bytes())

    answer = subprocess.run(
        [sys.executable, "-I", "-S", str(alone), str(receipt), f"{books}.anchors"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )

    assert answer.returncode == 0, answer.stderr
    assert "The receipt holds" in answer.stdout
    assert "voucher.issue" in answer.stdout


def test_a_balance_at_two_clocks(books: Path) -> None:
    address = "budget:available:jinyun-2017:2017"

    def standing(*words: str) -> int:
        answer: int = json.loads(vledger("account", "balance", address, "--json", *words, data=books).stdout)["balance"]
        return answer

    assert standing() == 29_620_000
    assert standing("--on", "2017-01-23") == 200_000_000
    assert standing("--on", "2017-06-30", "--known-at", "2017-01-22") == 0
    assert standing("--known-at", "2017-06-30") == standing("--on", "2017-06-30")


def test_a_statement_goes_on_page_by_page_to_the_balance(books: Path) -> None:
    address, after, pages, closing = "budget:expended:jinyun-2017:2017", 0, 0, 0
    while True:
        words = ("account", "statement", address, "--json", "--limit", "40", "--after", str(after))
        page = json.loads(vledger(*words, data=books).stdout)
        assert page["opening"] == closing
        closing, pages = page["closing"], pages + 1
        if page["more_after"] is None:
            break
        after = page["more_after"]

    assert pages > 1
    assert closing == 164_880_000


def test_the_trial_balance_is_nought_for_each_party_and_asset(books: Path) -> None:
    totals = json.loads(vledger("trial-balance", "--json", data=books).stdout)["totals"]

    assert {total["debits"] - total["credits"] for total in totals} == {0}
    assert {total["asset"] for total in totals} == {"BUDGET", "CNY", "CNY_BUDGETARY", "MINUTE", "VOUCHER"}


def test_what_passes_between_parties_is_summed_over_all_of_them() -> None:
    lines = [TrialLine("A", "VOUCHER", "control", "x", 5, 0), TrialLine("B", "VOUCHER", "control", "y", 0, 5)]

    assert summed(lines) == [TrialLine("", "VOUCHER", "control", "", 5, 5)]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("account", "balance", "no:such"), "no:such"),
        (("account", "statement", "no:such"), "no:such"),
        (("receipt", "999999"), "999999"),
    ],
)
def test_what_is_not_there_is_named(books: Path, words: tuple[str, ...], sentence: str) -> None:
    answer = vledger(*words, data=books)

    assert isinstance(answer.exception, NotFound)
    assert sentence in answer.exception.say("zh")
    assert answer.stdout == ""


def test_a_directory_without_books_is_refused_and_left_alone(tmp_path: Path) -> None:
    for words in (("verify",), ("trial-balance",), ("receipt", "1"), ("anchor",)):
        answer = vledger(*words, data=tmp_path / "nothing")

        assert isinstance(answer.exception, Spoken)
        assert "nothing" in answer.exception.say("en")
    assert not (tmp_path / "nothing").exists()


def test_real_books_are_no_stage_for_the_demo(tmp_path: Path) -> None:
    """New books, made with `migrate`, take the demo; books with other commands do not."""
    data = tmp_path / "books"
    assert vledger("migrate", data=data).exit_code == 0
    with embedded(data) as server, connect(server.urls.owner) as owner:
        owner.execute(
            "INSERT INTO command VALUES (1, gen_random_uuid(), 'K', 'ours', 'book.open', 'P', '{}', "
            "'accepted', '{}', 1, 0)"
        )
        owner.commit()

        answer = vledger("demo", "--json", data=data)

    assert type(answer.exception).__name__ == "NotTheDemosBooks"


@pytest.mark.parametrize("words", [("--on", "2017-02-30"), ("--known-at", "yesterday")])
def test_a_date_that_does_not_exist_is_a_sentence(books: Path, words: tuple[str, str]) -> None:
    answer = vledger("trial-balance", *words, data=books)

    assert isinstance(answer.exception, Spoken)
    assert words[1] in answer.exception.say("en")
