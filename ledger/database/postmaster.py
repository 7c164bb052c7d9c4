"""One server process: is it alive, start it, wait for it, stop it.

Every process of the server inherits one lock on `server.lock`. Process numbers are reused, zombies count as running
and the numbers in `postmaster.pid` outlive a power cut; the lock does none of that, so it alone says who lives.
"""

import os
import platform
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from psycopg import pq
from psycopg.conninfo import make_conninfo

from ledger.database.binaries import Programs
from ledger.database.directory import DataDirectory, Lock
from ledger.database.errors import (
    AnotherServer,
    NotReadyInTime,
    NotStoppedInTime,
    ServerDied,
    disk_full,
    says_disk_full,
    spoken,
)

RECOVERY_SECONDS_MAX = 3600.0
"""Recovery of a large ledger after a crash takes as long as it takes; this is for what never ends."""

STOP_SECONDS_MAX = 600.0
ORPHAN_SECONDS_MAX = 60.0
"""PostgreSQL's processes leave by themselves when their postmaster was killed, each as soon as it looks up."""

_LOG_BYTES_MAX = 10 * 2**20
_STAMP = re.compile(r"^[-0-9:. ]+ [A-Z]+ \[\d+\] ")
_COMPLAINT_BYTES = 2**20
_STEP_SECONDS = 0.02


def is_running(directory: DataDirectory) -> bool:
    """Whether any process of the server lives, ready or not."""
    with directory.server() as lock:
        return not lock.is_free()


def ensure_running(directory: DataDirectory, programs: Callable[[], Programs], *, durable: bool) -> None:
    """Start the server unless it runs, and wait until it takes connections. The caller is alone with the directory."""
    log_from = _size(directory.log)
    with directory.server() as lock:
        if not _found_running(directory, lock):
            log_from = _launch(directory, programs(), lock, durable=durable)
    with directory.server() as lock:
        _wait_until_ready(directory, lock, log_from)


def _found_running(directory: DataDirectory, lock: Lock) -> bool:
    """Whether a postmaster lives. If not, nobody does: orphans of a killed one are waited for."""
    give_up = time.monotonic() + ORPHAN_SECONDS_MAX
    while not lock.try_alone():
        if process_id(directory):
            return True
        if time.monotonic() > give_up:
            raise NotStoppedInTime(seconds=ORPHAN_SECONDS_MAX, log=directory.log)
        time.sleep(_STEP_SECONDS)
    return False


def process_id(directory: DataDirectory) -> int | None:
    """The postmaster's, when that process lives and works in this very directory."""
    try:
        pid = int((directory.cluster / "postmaster.pid").read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None
    return pid if pid > 0 and _works_in(pid, directory.cluster) else None


def _works_in(pid: int, cluster: Path) -> bool:
    if platform.system() == "Linux":
        try:
            return Path(f"/proc/{pid}/cwd").samefile(cluster)
        except OSError:  # gone, a zombie, or not ours to look at
            return False
    seen = subprocess.run(["/bin/ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return str(cluster) in seen.stdout


def _launch(directory: DataDirectory, programs: Programs, lock: Lock, *, durable: bool) -> int:
    """Start the postmaster as nobody's child: it must outlive us, and must not become our zombie.

    Returns where its words begin in the log.
    """
    if pid := process_id(directory):
        raise AnotherServer(directory=directory.cluster, pid=pid)
    (directory.cluster / "postmaster.pid").unlink(missing_ok=True)
    directory.keep.unlink(missing_ok=True)
    sockets = directory.make_sockets(programs)
    with spoken(directory.path), _open_log(directory) as log:
        begin = _size(directory.log)
        shell = programs.start(
            ["/bin/sh", "-c", '"$@" &', "sh", *_command(directory, programs, sockets, durable=durable)],
            within=directory.cluster,
            keep=lock.descriptor,
            stdin=subprocess.DEVNULL,
            stdout=log.fileno(),
            stderr=log.fileno(),
        )
        shell.wait()
    return begin


def _command(directory: DataDirectory, programs: Programs, sockets: Path, *, durable: bool) -> list[str]:
    """What must hold whatever the configuration file says: no network, and no loss of what was acknowledged."""
    switch = "on" if durable else "off"
    thrown_away = {} if durable else {"max_wal_size": "128MB", "wal_init_zero": "off"}
    settings = {
        **thrown_away,
        "listen_addresses": "",
        "port": "5432",
        "unix_socket_directories": str(sockets),
        "unix_socket_permissions": "0700",
        "logging_collector": "off",
        "log_destination": "stderr",
        "fsync": switch,
        "full_page_writes": switch,
        "synchronous_commit": switch,
    }
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    return [str(programs.directory / "postgres"), "-D", programs.here(directory.cluster), *options]


def _open_log(directory: DataDirectory) -> TextIO:
    if _size(directory.log) > _LOG_BYTES_MAX:
        directory.log.replace(directory.log.with_suffix(".log.1"))
    return os.fdopen(os.open(directory.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600), "a")


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _wait_until_ready(directory: DataDirectory, lock: Lock, log_from: int) -> None:
    """Until it takes connections; recovery after a crash is waited for as long as the server lives."""
    give_up = time.monotonic() + RECOVERY_SECONDS_MAX
    pause = _STEP_SECONDS
    server = make_conninfo(host=str(directory.sockets), port=5432, dbname="ledger", user="ledger_reader")
    while pq.PGconn.ping(f"{server} connect_timeout=5".encode()) != pq.Ping.OK:
        if lock.is_free():
            raise _death(directory, log_from)
        if time.monotonic() > give_up:
            raise NotReadyInTime(seconds=RECOVERY_SECONDS_MAX, log=directory.log)
        time.sleep(pause)
        pause = min(pause * 1.2, 0.5)  # each question leaves a line in the log


def _death(directory: DataDirectory, log_from: int) -> Exception:
    with directory.log.open(errors="replace") as log:
        log.seek(log_from)
        said = log.read()
    no_room_to_complain = not said and shutil.disk_usage(directory.path).free < _COMPLAINT_BYTES
    if says_disk_full(said) or no_room_to_complain:
        return disk_full(directory.path)
    return ServerDied(line=last_complaint(said), log=directory.log)


def last_complaint(said: str) -> str:
    """The line that says why, out of all that a program of PostgreSQL said."""
    lines = [line.strip() for line in said.splitlines() if line.strip() and "is starting up" not in line]
    grave = [line for line in lines if "FATAL:" in line or "PANIC:" in line or "error:" in line or "ERROR:" in line]
    return _STAMP.sub("", (grave or lines or ["…"])[-1])


def stop(directory: DataDirectory) -> None:
    """A fast shutdown: open transactions are rolled back, everything committed is on the disk."""
    with directory.server() as lock:
        if pid := process_id(directory):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGINT)
        _wait_until_gone(directory, lock, STOP_SECONDS_MAX)
    with suppress(OSError):  # an empty folder less; it may hold somebody's file, or be gone
        directory.sockets.rmdir()


def _wait_until_gone(directory: DataDirectory, lock: Lock, seconds: float) -> None:
    """Until no process of the server lives; then the lock is ours."""
    give_up = time.monotonic() + seconds
    while not lock.try_alone():
        if time.monotonic() > give_up:
            raise NotStoppedInTime(seconds=seconds, log=directory.log)
        time.sleep(_STEP_SECONDS)
