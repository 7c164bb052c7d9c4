"""The guide's calls, run exactly as they are printed, on books of today."""

import os
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

import pytest
from databases import Database
from programme import FIRM, UNIT, Programme
from programme import ISSUE as GRANT
from served import Served, open_served

from ledger.executor.clock import CITY

DOCS = Path(__file__).parents[2] / "docs"
PIECE = re.compile(r"```sh\n(.*?)```|<!-- meanwhile: (\w+) -->", re.DOTALL)
END = "__the_block_has_ended__"


def pieces(page: str) -> list[tuple[str, str]]:
    """Blocks of commands, and what others do between them."""
    return PIECE.findall((DOCS / page).read_text("utf-8"))


class Shell:
    """One shell for the whole page: what a block sets, the next one sees."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._bash = subprocess.Popen(
            ["/bin/bash", "-uo", "pipefail"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={"PATH": os.environ["PATH"], **environment},
        )

    def run(self, block: str) -> str:
        """What it prints; every command of the block must do well."""
        assert self._bash.stdin
        assert self._bash.stdout
        self._bash.stdin.write(f"{block}\necho {END}$?\n")
        self._bash.stdin.flush()
        said = ""
        for line in self._bash.stdout:
            if END in line:
                before, _, status = line.partition(END)
                assert status == "0\n", f"{block}\n{said}{before}"
                return said + before
            said += line
        raise AssertionError(f"the shell ended: {said}")

    def close(self) -> None:
        self._bash.communicate(timeout=30)


def granted(programme: Programme) -> None:
    ((application,),) = programme.rows("SELECT number FROM voucher_application")
    programme.grant(application, 50_000_00)
    programme.sign(GRANT, application, "second operator")


def paid(programme: Programme) -> None:
    ((claim,),) = programme.rows("SELECT number FROM voucher_claim")
    programme.paid(claim)


MEANWHILE: Mapping[str, Callable[[Programme], None]] = {"granted": granted, "paid": paid}


@pytest.fixture
def served_today(database: Database, tmp_path: Path) -> Iterator[Served]:
    with open_served(database, tmp_path, day=datetime.now(CITY).date()) as served:
        served.programme.letter()
        yield served


@pytest.fixture
def shell(served_today: Served) -> Iterator[Shell]:
    firm, unit = served_today.client("applicant"), served_today.client("officer")
    opened = Shell(
        {
            "VLEDGER": str(served_today.http.base_url).rstrip("/"),
            "FIRM": FIRM,
            "UNIT": UNIT,
            "FIRM_CLIENT": firm[0],
            "FIRM_SECRET": firm[1],
            "UNIT_CLIENT": unit[0],
            "UNIT_SECRET": unit[1],
        }
    )
    yield opened
    opened.close()


@pytest.mark.parametrize("page", ["api.md", "api.zh-CN.md"])
def test_the_calls_run_as_printed_from_the_first_token_to_the_paid_claim(
    page: str, served_today: Served, shell: Shell
) -> None:
    said = ""
    for block, meanwhile in pieces(page):
        if meanwhile:
            MEANWHILE[meanwhile](served_today.programme)
        else:
            said = shell.run(block)

    assert said == "paid\n"
    assert served_today.programme.faults() == []


def test_both_languages_print_the_same_calls() -> None:
    english, chinese = pieces("api.md"), pieces("api.zh-CN.md")

    assert english == chinese
    assert sum("curl" in block for block, _ in english) == 10


def test_a_block_that_fails_fails_the_test(shell: Shell) -> None:
    with pytest.raises(AssertionError, match="401"):
        shell.run('curl -sS --fail-with-body "$VLEDGER/v1/vouchers"')
