"""`vledger db` as a person types it."""

import json
from pathlib import Path

import psycopg
import pytest
from people import PEOPLE, Person, Start, server_processes

pytestmark = pytest.mark.parametrize("person", PEOPLE[:1], indirect=True)


def test_status_of_nothing_makes_nothing(person: Person, nothing: Path) -> None:
    answer = person.vledger("db", "status", "--json", "--data", nothing)

    assert answer.returncode == 0
    assert answer.stderr == ""
    found = json.loads(answer.stdout)
    assert (found["embedded"], found["made"], found["running"]) == (True, False, False)
    assert found["address"] == str(nothing)
    assert not nothing.exists()


def test_status_url_and_stop_of_a_running_server(person: Person, made: Path, start: Start) -> None:
    client = start(made).ready()

    status = json.loads(person.vledger("db", "status", "--json", "--data", made).stdout)
    addresses = {
        role: person.vledger("db", "url", "--role", role, LEDGER_DATA=str(made)) for role in ("owner", "reader")
    }

    assert status["running"]
    assert status["pid"] in server_processes(made)
    assert status["version"].startswith("18.")
    for role, address in addresses.items():
        assert address.stderr == ""
        with psycopg.connect(address.stdout.strip()) as connection:
            assert connection.execute("SELECT current_user").fetchone() == (f"ledger_{role}",)
    stopped = person.vledger("db", "stop", "--data", made)
    assert (stopped.returncode, stopped.stdout) == (0, "已停止。\n")
    assert server_processes(made) == []
    client.kill()


def test_stop_and_url_of_a_server_that_does_not_run(person: Person, made: Path) -> None:
    stop = person.vledger("--lang", "en", "db", "stop", "--data", made)
    url = person.vledger("--lang", "en", "db", "url", "--data", made)

    assert (stop.returncode, stop.stdout) == (0, "The database is not running.\n")
    assert url.returncode == 0
    assert url.stdout.startswith("postgresql://ledger_writer:")
    assert url.stderr == "The database is not running.\n"


def test_errors_are_one_sentence_and_usage_is_2(person: Person, nothing: Path) -> None:
    unmade = person.vledger("db", "url", "--data", nothing)
    strange = person.vledger("db", "status", LEDGER_DATABASE_URL="mysql://one/books", LEDGER_LANG="en")
    yours = person.vledger("db", "stop", LEDGER_DATABASE_URL="postgresql://ann:secret@one/books", LEDGER_LANG="en")
    usage = person.vledger("db", "stop", "--everything")

    assert (unmade.returncode, strange.returncode, yours.returncode, usage.returncode) == (1, 1, 1, 2)
    assert unmade.stderr == f"{nothing} 中还没有数据库。任何写账的命令都会建立它，例如 vledger demo。\n"
    assert strange.stderr.startswith("LEDGER_DATABASE_URL (mysql://) is no address")
    assert "did not start that server" in yours.stderr
    assert "secret" not in yours.stderr
    assert unmade.stdout == strange.stdout == yours.stdout == ""


def test_check_migrations_needs_no_books_and_leaves_none(person: Person) -> None:
    answer = person.vledger("db", "check-migrations", LEDGER_LANG="en", TMPDIR=str(person.home))

    assert (answer.returncode, answer.stdout) == (0, "Migrations and tables agree.\n")
    assert not list(person.home.glob("vledger-*"))
