"""The embedded server's life: made once, shared, stopped by its last user, safe to kill."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest
from people import PEOPLE, Person, Start, kill_everything, postmaster, server_processes

# Where the two differ, both try it; a second is saved where they cannot.
by_somebody_ordinary = pytest.mark.parametrize("person", PEOPLE[-1:], indirect=True)
by_root_if_we_are = pytest.mark.parametrize("person", PEOPLE[:1], indirect=True)


def test_it_is_made_once_and_its_last_user_stops_it(nothing: Path, start: Start) -> None:
    first = start(nothing).ready()
    first.ask("CREATE TABLE kept (n int)")
    second = start(nothing).ready()
    second.ask("INSERT INTO kept VALUES (1)")
    first.leave()

    assert second.ask("SELECT n FROM kept") == [[1]]
    second.leave()
    assert server_processes(nothing) == []
    third = start(nothing).ready()
    assert third.ask("SELECT n FROM kept") == [[1]]
    assert [first.hello["fresh"], second.hello["fresh"], third.hello["fresh"]] == [True, False, False]


def test_it_is_durable_private_and_speaks_utc(made: Path, start: Start) -> None:
    client = start(made).ready()

    settings = "fsync full_page_writes synchronous_commit data_checksums listen_addresses TimeZone password_encryption"
    asked = ", ".join(f"current_setting('{name}')" for name in settings.split())
    assert client.ask(f"SELECT {asked}") == [["on", "on", "on", "on", "", "UTC", "scram-sha-256"]]
    assert client.ask("SELECT rolname FROM pg_roles WHERE rolsuper AND rolcanlogin") == [["ledger_superuser"]]
    open_to_all = (
        "SELECT datname FROM pg_database WHERE datallowconn AND has_database_privilege('public', oid, 'CONNECT')"
    )
    assert client.ask(open_to_all) == []
    assert (made / "secrets").stat().st_mode & 0o777 == 0o600
    assert made.stat().st_mode & 0o777 == 0o700
    assert Path(client.hello["socket"]).stat().st_mode & 0o077 == 0


def test_three_processes_at_once_from_nothing(nothing: Path, start: Start) -> None:
    clients = [start(nothing) for _ in range(3)]
    for client in clients:
        client.ready()

    assert sorted(client.hello["fresh"] for client in clients) == [False, False, True]
    started = [client.ask("SELECT pg_postmaster_start_time()::text") for client in clients]
    assert started == [started[0]] * 3
    for client in clients:
        client.leave()
    assert server_processes(nothing) == []


def test_what_was_committed_survives_kill_9_of_everything(made: Path, start: Start) -> None:
    client = start(made).ready()
    client.ask("CREATE TABLE survivors (n int)")
    for n in range(20):
        client.ask(f"INSERT INTO survivors VALUES ({n})")

    kill_everything(made)
    client.kill()

    again = start(made).ready()
    assert again.ask("SELECT count(*) FROM survivors") == [[20]]
    assert not again.hello["fresh"]


@by_somebody_ordinary
def test_a_killed_user_is_no_longer_counted(made: Path, start: Start) -> None:
    start(made).ready().kill()
    assert server_processes(made) != []

    start(made).ready().leave()

    assert server_processes(made) == []


def test_a_reused_process_number_does_not_prevent_the_start(person: Person, made: Path, start: Start) -> None:
    client = start(made).ready()
    left = (made / "cluster" / "postmaster.pid").read_text()
    kill_everything(made)
    client.kill()
    with subprocess.Popen(person.command("sleep", "60")) as somebody:
        number, rest = left.split("\n", 1)
        (made / "cluster" / "postmaster.pid").write_text(f"{somebody.pid}\n{rest}")

        again = start(made).ready()

        assert somebody.poll() is None
        assert postmaster(made) not in {int(number), somebody.pid}
        again.leave()
        somebody.kill()


@by_somebody_ordinary
def test_orphans_of_a_killed_postmaster_are_waited_for(made: Path, start: Start) -> None:
    busy, idle = start(made).ready(), start(made).ready()
    idle.ask("CREATE TABLE orphaned (n int)")
    busy.send("SELECT sum(n) FROM generate_series(1, 6000000) AS n")
    time.sleep(0.2)

    os.kill(postmaster(made), signal.SIGKILL)

    assert start(made).ready().ask("SELECT count(*) FROM orphaned") == [[0]]


def test_a_client_killed_while_it_makes_the_cluster_leaves_nothing_half_made(nothing: Path, start: Start) -> None:
    first = start(nothing)
    while not (nothing / "cluster.partial" / "made" / "PG_VERSION").exists():
        time.sleep(0.005)

    first.kill()

    second = start(nothing).ready()
    assert second.hello["fresh"]
    assert second.ask("SELECT 1") == [[1]]
    assert not (nothing / "cluster.partial").exists()


@by_somebody_ordinary
def test_ctrl_c_of_one_user_does_not_reach_the_server(made: Path, start: Start) -> None:
    first, second = start(made).ready(), start(made).ready()

    first.interrupt()

    assert second.ask("SELECT 1") == [[1]]
    second.leave()
    assert server_processes(made) == []


@by_root_if_we_are
def test_serve_keeps_it_until_it_is_stopped(person: Person, made: Path, start: Start) -> None:
    start(made, "keep").ready().leave()
    start(made).ready().leave()

    assert server_processes(made) != []
    assert person.vledger("db", "stop", "--data", made, LEDGER_LANG="en").stdout == "Stopped.\n"
    assert server_processes(made) == []
    start(made).ready().leave()
    assert server_processes(made) == []


def test_a_long_and_strange_path_will_do(nothing: Path, start: Start) -> None:
    client = start(nothing / ("x" * 200) / "a, b'c%41 账套").ready()

    assert client.ask("SELECT 1") == [[1]]
    assert len(os.fsencode(client.hello["socket"])) < 100


@by_root_if_we_are
def test_no_directory_of_the_users_is_opened(person: Person, made: Path, start: Start) -> None:
    def doors() -> list[tuple[int, int]]:
        return [(folder.stat().st_mode, folder.stat().st_uid) for folder in (made, *made.parents)]

    before = doors()

    start(made).ready().leave()

    assert doors() == before
    assert person.home.stat().st_mode & 0o077 == 0


@by_somebody_ordinary
def test_a_moved_directory_is_the_same_books(made: Path, nothing: Path, start: Start) -> None:
    client = start(made).ready()
    client.ask("CREATE TABLE moved (n int)")
    client.leave()
    made.rename(nothing)

    there = start(nothing).ready()

    assert there.ask("SELECT count(*) FROM moved") == [[0]]
    there.leave()
    shutil.move(nothing, made)
