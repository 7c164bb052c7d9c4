"""`vledger calc`: one JSON object on standard output, a sentence on standard error, exit status 0, 1 or 2."""

import errno
import json
import os
import shlex
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ledger.executor.clock import SystemClock, today

FACTS = {"requested_fen": 6_800_000, "first_time": False, "used_tokens": 30}
BEIJING = ("vouchers/beijing-2015", "--on", "2016-05-01", "--known-on", "2026-11-23")


def calc(*arguments: str, stdin: bytes | None = None, **environment: str) -> tuple[int, bytes, str]:
    data = json.dumps(FACTS).encode() if stdin is None else stdin
    done = subprocess.run(
        [sys.executable, "-m", "api.cli.main", "calc", *arguments],
        input=data,
        capture_output=True,
        check=False,
        env={**os.environ, **environment},
    )
    return done.returncode, done.stdout, done.stderr.decode()


def answer(*arguments: str, stdin: bytes | None = None, status: int = 0) -> dict[str, Any]:
    code, out, _ = calc(*arguments, stdin=stdin)
    assert code == status
    told: dict[str, Any] = json.loads(out)
    return told


def test_the_answer_is_one_object_with_these_fields() -> None:
    told = answer(*BEIJING, "-")

    assert list(told) == ["policy", "on", "known_on", "version", "synthetic", "result", "derivation"]
    assert (told["policy"], told["on"], told["known_on"]) == ("vouchers/beijing-2015", "2016-05-01", "2026-11-23")
    assert told["version"].startswith("2015-01-01+")
    assert len(told["version"]) == len("2015-01-01+ab12cd34ef56")
    assert told["synthetic"] is False
    assert told["result"] == {"tokens": 10, "granted_fen": 5_000_000}


def test_facts_come_from_a_file_too(tmp_path: Path) -> None:
    file = tmp_path / "事实.json"
    file.write_text(json.dumps(FACTS), encoding="utf-8")

    assert answer(*BEIJING, str(file)) == answer(*BEIJING, "-")


def test_known_on_is_today_unless_it_is_said() -> None:
    before = today(SystemClock())

    told = answer("vouchers/beijing-2015", "--on", "2016-05-01", "-")

    assert before <= date.fromisoformat(told["known_on"]) <= today(SystemClock())


def test_a_refusal_by_rule_is_an_answer() -> None:
    told = answer("vouchers/beijing-2015", "--on", "2014-12-31", "-", "--lang", "en", status=1)

    assert list(told) == ["refusal"]
    assert told["refusal"]["code"] == "RuleNotYetInForce"
    assert "2015-01-01" in told["refusal"]["message"]
    assert told["refusal"]["cite"].startswith("beijing-times-2015-01-13#")


@pytest.mark.parametrize(
    ("arguments", "stdin", "says"),
    [
        (
            (*BEIJING, "-"),
            b'{"requested_fen": 1.5, "holder": 1}',
            ("holder", "requested_fen", "first_time", "used_tokens"),
        ),
        ((*BEIJING, "-"), b'{"requested_fen": NaN}', ("requested_fen", "NaN")),
        ((*BEIJING, "-"), b'{"a": 1, "a": 1}', ('"a"',)),
        ((*BEIJING, "-"), b'{"\\ud800": 1}', ('"\\ud800"',)),
        ((*BEIJING, "-"), b"\xff", ("UTF-8",)),
        ((*BEIJING, "-"), b"[]", ("JSON",)),
        ((*BEIJING, "-"), b"[" * 200_000, ("嵌套过深",)),
        (
            ("vouchers/atlantis", "--on", "2016-05-01", "-"),
            None,
            ("atlantis", "vouchers/beijing-2015", "fees/tax-split"),
        ),
        (("vouchers/beijing-2015", "--on", "2017-02-30", "-"), None, ("--on", "2017-02-30")),
        (("vouchers/beijing-2015", "--on", "20170203", "-"), None, ("--on", "20170203")),
        ((*BEIJING[:3], "--known-on", "yesterday", "-"), None, ("--known-on", "yesterday")),
        ((*BEIJING[:3], "--known-on", "", "-"), None, ("--known-on", '""')),
        ((*BEIJING, "-"), b"", ("第 1 行第 1 列不是 JSON",)),
        ((*BEIJING, "-"), json.dumps(FACTS).encode() * 2, ("第 1 行第 67 列不是 JSON",)),
        ((*BEIJING, "no/such/file.json"), None, ("no/such/file.json",)),
        ((*BEIJING, "."), None, ('"."',)),
        ((*BEIJING, "a\nb"), None, ('"a\\nb"',)),
        (BEIJING, None, ("facts.json",)),
        (("vouchers/beijing-2015", "-"), None, ("--on",)),
        ((), None, ("vouchers/beijing-2015",)),
    ],
)
def test_what_cannot_be_read_gets_a_sentence(
    arguments: tuple[str, ...], stdin: bytes | None, says: tuple[str, ...]
) -> None:
    code, out, error = calc(*arguments, stdin=stdin)

    assert code == 2
    assert out == b""
    assert "Traceback" not in error
    for part in says:
        assert part in error


@pytest.mark.parametrize(
    ("streams", "status", "says"),
    [(" <&-", 2, "standard input is closed"), (" <{facts} >/dev/full", 1, os.strerror(errno.ENOSPC))],
    ids=["input closed", "output full"],
)
def test_a_stream_that_leads_nowhere_gets_a_sentence(tmp_path: Path, streams: str, status: int, says: str) -> None:
    facts = tmp_path / "facts.json"
    facts.write_text(json.dumps(FACTS))
    words = shlex.join([sys.executable, "-m", "api.cli.main", "calc", *BEIJING, "-"])

    done = subprocess.run(
        ["/bin/sh", "-c", words + streams.format(facts=shlex.quote(str(facts)))], capture_output=True, check=False
    )

    assert done.returncode == status
    assert done.stdout == b""
    assert says in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()
    assert "Exception ignored" not in done.stderr.decode()


def test_no_database_is_loaded() -> None:
    program = (
        "import sys; sys.argv = ['vledger', 'calc', *sys.argv[1:]]\n"
        "from api.cli.main import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print([name for name in ('sqlalchemy', 'psycopg', 'fastapi') if name in sys.modules], file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *BEIJING, "-"],
        input=json.dumps(FACTS).encode(),
        capture_output=True,
        check=True,
    )

    assert done.stderr.decode().strip() == "[]"


def test_output_is_utf_8_on_any_terminal() -> None:
    code, out, _ = calc(*BEIJING, "-", PYTHONIOENCODING="ascii", LC_ALL="C")

    assert code == 0
    assert "发放张数" in out.decode()


def test_the_list_names_facts_and_results() -> None:
    told = answer("--list")

    beijing = next(one for one in told["policies"] if one["policy"] == "vouchers/beijing-2015")
    assert [fact["name"] for fact in beijing["facts"]] == list(FACTS)
    assert beijing["result"] == ["tokens", "granted_fen"]


def test_the_derivation_can_be_read_on_standard_error() -> None:
    _, out, error = calc(*BEIJING, "-", "--explain", "--lang", "en")

    assert json.loads(out)["result"]["tokens"] == 10
    assert "      amount requested: 68,000.00 yuan" in error
