"""A new cluster, made whole or not at all: initdb, roles with passwords, the database; then it gets its name."""

import json
import os
import secrets
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ledger.database.binaries import MAJOR, Programs
from ledger.database.directory import DataDirectory, Lock
from ledger.database.errors import Damaged, ForeignVersion, ProgramFailed, disk_full, says_disk_full, spoken
from ledger.database.postmaster import last_complaint

DATABASE = "ledger"
OWNER, WRITER, READER = "ledger_owner", "ledger_writer", "ledger_reader"
SUPERUSER = "ledger_superuser"
ROLES = (SUPERUSER, OWNER, WRITER, READER)

_SETTINGS = {
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "max_connections": "100",
    "max_locks_per_transaction": "256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
}
"""Written to postgresql.conf, where an operator may change them."""


@dataclass(frozen=True, slots=True)
class Passwords:
    by_role: dict[str, str]

    def __repr__(self) -> str:
        return "Passwords(…)"


def check(directory: DataDirectory) -> bool:
    """Whether there is a cluster, and one that our programs can run."""
    if not directory.cluster.exists():
        return False
    try:
        found = (directory.cluster / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        raise Damaged(directory=directory.path, missing="cluster/PG_VERSION") from None
    if found != str(MAJOR):
        raise ForeignVersion(directory=directory.path, found=found, ours=MAJOR)
    return True


def read_passwords(directory: DataDirectory) -> Passwords:
    """What `create` wrote down."""
    try:
        with spoken(directory.path):
            by_role = json.loads(directory.secrets.read_text())
        return Passwords({role: str(by_role[role]) for role in ROLES})
    except (FileNotFoundError, KeyError, TypeError, json.JSONDecodeError):
        raise Damaged(directory=directory.path, missing="secrets") from None


def create(directory: DataDirectory, programs: Programs, *, durable: bool) -> None:
    """Make the cluster in a folder beside its place. Killed in the middle, nothing of it counts.

    The programs inherit the server's lock: whoever comes next waits for those that outlive us.
    """
    workshop = directory.path / "cluster.partial"
    passwords = Passwords({role: secrets.token_urlsafe(24) for role in ROLES})
    with directory.server() as lock, spoken(directory.path):
        lock.wait()
        shutil.rmtree(workshop, ignore_errors=True)
        try:
            workshop.mkdir(mode=0o700)
            programs.own(workshop)
            _make(workshop, programs, passwords, lock, durable=durable)
            _write(workshop / "secrets", json.dumps(passwords.by_role, indent=1) + "\n")
            (workshop / "secrets").rename(directory.secrets)
            (workshop / "made").rename(directory.cluster)
        finally:
            shutil.rmtree(workshop, ignore_errors=True)


def _make(workshop: Path, programs: Programs, passwords: Passwords, lock: Lock, *, durable: bool) -> None:
    password = workshop / "password"
    _write(password, passwords.by_role[SUPERUSER])
    programs.own(password)
    made = workshop / "made"
    made.mkdir(mode=0o700)
    programs.own(made)
    here = programs.here(made)
    initdb = [
        *("initdb", "--pgdata", here, "--username", SUPERUSER, "--auth=scram-sha-256", f"--pwfile={here}/../password"),
        # PostgreSQL's own C.UTF-8: the same order and case on every machine, whatever its C library knows.
        *("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
        *("--data-checksums", *([] if durable else ["--no-sync"])),
        *(word for name, value in _SETTINGS.items() for word in ("--set", f"{name}={value}")),
    ]
    _run(initdb, made, programs, lock)
    single = ["postgres", "--single", *([] if durable else ["-F"]), "-D", here, "postgres"]
    _run(single, made, programs, lock, "".join(f"{statement};\n" for statement in _statements(passwords)))


def _statements(passwords: Passwords) -> list[str]:
    """One per line: so the single-user server reads them. Passwords are of letters, digits, - and _."""
    login = {role: f"LOGIN PASSWORD '{password}'" for role, password in passwords.by_role.items()}
    return [
        f"CREATE ROLE {OWNER} CREATEDB {login[OWNER]}",
        f"CREATE ROLE {WRITER} {login[WRITER]}",
        f"CREATE ROLE {READER} {login[READER]}",
        f"ALTER ROLE {READER} SET default_transaction_read_only = on",
        "REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC",
        f"GRANT CONNECT ON DATABASE postgres TO {OWNER}",
        f"CREATE DATABASE {DATABASE} OWNER {OWNER}",
        *database_grants(DATABASE, WRITER, READER),
    ]


def database_grants(database: str, writer: str, reader: str) -> list[str]:
    """Who may enter a database: nobody but the roles. The writer may have temporary tables, to COPY into."""
    return [
        f"REVOKE ALL ON DATABASE {database} FROM PUBLIC",
        f"GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {writer}",
        f"GRANT CONNECT ON DATABASE {database} TO {reader}",
    ]


def _run(command: Sequence[str], within: Path, programs: Programs, lock: Lock, statements: str | None = None) -> None:
    program, *words = command
    process = programs.start(
        [str(programs.directory / program), *words],
        within=within,
        keep=lock.descriptor,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    with process:
        try:
            _, said = process.communicate(statements)
        except BaseException:
            process.kill()
            raise
    # The single-user server goes on after an error and ends with 0.
    if process.returncode or "ERROR:" in said or "FATAL:" in said:
        if says_disk_full(said):
            raise disk_full(within)
        raise ProgramFailed(program=program, line=last_complaint(said))


def _write(path: Path, text: str) -> None:
    """A new file that only we can read, on the disk when this returns."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
