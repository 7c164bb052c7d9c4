"""The data directory: which one, whose it is, its locks and its socket.

vledger.lock   marks the directory as ours; held by whoever starts or stops the server
users.lock     shared by everyone who uses the server: the last one stops it
server.lock    inherited by every process of the server, so it is free exactly when none of them lives
keep           the server was asked to stay when its last user leaves
cluster/       PostgreSQL's own
secrets        the passwords of the roles, readable by the owner only
server.log     what the server says
run/           the socket, where its path is short enough
"""

import fcntl
import hashlib
import os
import pwd
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from ledger.database.binaries import SYSTEM_HOME, Programs, make_system_folder
from ledger.database.errors import (
    BelongsToAnother,
    NotADirectory,
    NotOurs,
    NotUsable,
    SocketDirectoryTaken,
    nearest,
    spoken,
)

CHECKOUT = Path(__file__).resolve().parents[2]

SOCKET_PATH_MAX = 107
"""Bytes that fit into sockaddr_un on Linux, its final zero left out."""

_PLAIN = re.compile(r"[A-Za-z0-9_./+-]+")
"""A comma would end one host name and begin the next."""

_SOCKET = ".s.PGSQL.5432"
_MARKER = "vledger.lock"
_HARMLESS = {_MARKER, "lost+found"}
"""What may lie in a directory that we take: an empty disk is not quite empty."""


def data_directory(explicit: Path | None = None) -> Path:
    """`--data`, else LEDGER_DATA, else a directory of the checkout's own."""
    chosen = explicit or os.environ.get("LEDGER_DATA") or _default()
    return Path(chosen).expanduser().resolve()


def _default() -> Path:
    if os.geteuid() == 0:
        return SYSTEM_HOME / _short_hash(CHECKOUT)
    inside_checkout = (CHECKOUT / "pyproject.toml").is_file()
    return (CHECKOUT if inside_checkout else Path.cwd()) / ".data"


def _short_hash(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class DataDirectory:
    """A directory known to be ours."""

    path: Path

    @property
    def cluster(self) -> Path:
        return self.path / "cluster"

    @property
    def secrets(self) -> Path:
        return self.path / "secrets"

    @property
    def log(self) -> Path:
        return self.path / "server.log"

    @property
    def keep(self) -> Path:
        return self.path / "keep"

    @property
    def sockets(self) -> Path:
        """Where the server's socket is: beside the data if a socket and an address can have that path.

        For root it is where the account that makes it can come in.
        """
        if os.geteuid() == 0:
            return SYSTEM_HOME / "run" / _short_hash(self.path)
        beside = self.path / "run"
        if _PLAIN.fullmatch(str(beside)) and len(str(beside / _SOCKET)) <= SOCKET_PATH_MAX:
            return beside
        return Path("/tmp") / f"vledger-{os.geteuid()}-{_short_hash(self.path)}"  # noqa: S108  checked in make_sockets

    def make_sockets(self, programs: Programs) -> Path:
        """The socket's directory, empty, ours alone; what a killed server left in it is gone."""
        folder = self.sockets
        with spoken(folder):
            if programs.account:
                make_system_folder(folder.parent)
            folder.mkdir(mode=0o700, exist_ok=True)
            programs.own(folder)
            found = folder.lstat()
            expected = programs.account.pw_uid if programs.account else os.geteuid()
            if not stat.S_ISDIR(found.st_mode) or found.st_uid != expected or found.st_mode & 0o077:
                raise SocketDirectoryTaken(path=folder)
            for left in (folder / _SOCKET, folder / f"{_SOCKET}.lock"):
                left.unlink(missing_ok=True)
        return folder

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Only one process at a time starts or stops the server; the others wait."""
        with self._lock(_MARKER) as marker:
            with spoken(self.path):  # a network's file system may know no locks
                marker.wait()
            yield

    def users(self) -> "Lock":
        return self._lock("users.lock")

    def server(self) -> "Lock":
        return self._lock("server.lock")

    def _lock(self, name: str) -> "Lock":
        with spoken(self.path):
            return Lock(self.path / name)


def existing(path: Path) -> DataDirectory | None:
    """The data directory at this path, when there is one; nothing is made."""
    with spoken(path):
        if path.exists() and not path.is_dir():
            raise NotADirectory(path=path)
        if not (path / _MARKER).exists():
            return None
        _refuse_foreign_owner(path)
    return DataDirectory(path)


def prepare(path: Path) -> DataDirectory:
    """Make the directory ours, unless it is somebody else's or holds something else."""
    with spoken(path):
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError):
            raise NotADirectory(path=nearest(path)) from None
        except FileNotFoundError as fault:  # a file system that makes nothing, such as /proc
            raise NotUsable(path=path, reason=fault.strerror) from None
        _refuse_foreign_owner(path)
        names = {found.name for found in path.iterdir()}
        # Looked for once more: another process may have made it ours between the two looks.
        if names - _HARMLESS and _MARKER not in names and not (path / _MARKER).exists():
            raise NotOurs(directory=path)
        Lock(path / _MARKER).close()
    return DataDirectory(path)


def _refuse_foreign_owner(path: Path) -> None:
    owner = path.stat().st_uid
    if owner != os.geteuid():
        raise BelongsToAnother(directory=path, owner=_name(owner), user=_name(os.geteuid()))


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


class Lock:
    """A lock on a file. The kernel drops it when its last holder is gone, however that one went."""

    def __init__(self, path: Path) -> None:
        self.descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go."""
        os.close(self.descriptor)

    def wait(self) -> None:
        """Alone, whenever that may be."""
        fcntl.flock(self.descriptor, fcntl.LOCK_EX)

    def share(self) -> None:
        """Among others who share."""
        fcntl.flock(self.descriptor, fcntl.LOCK_SH)

    def try_alone(self) -> bool:
        return self._try(fcntl.LOCK_EX)

    def is_free(self) -> bool:
        """Whether nobody holds it alone. Looking does not disturb others who look."""
        free = self._try(fcntl.LOCK_SH)
        if free:
            fcntl.flock(self.descriptor, fcntl.LOCK_UN)
        return free

    def _try(self, kind: int) -> bool:
        try:
            fcntl.flock(self.descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
