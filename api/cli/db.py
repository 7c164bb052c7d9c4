"""`vledger db`: the store itself."""

import json
import sys
import tempfile
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import URL, text

from api.cli.options import AsJson, Data, in_language
from ledger.database import cluster, embedded, migrate, postmaster, store
from ledger.database.directory import DataDirectory, data_directory, existing
from ledger.database.engine import owner_engine
from ledger.database.errors import NoBooksHere, NotOursToStop

app = typer.Typer(no_args_is_help=True, help="The database: is it running, where, stop it.  数据库")


class Role(StrEnum):
    """Who connects."""

    OWNER = "owner"
    WRITER = "writer"
    READER = "reader"


@dataclass(frozen=True, slots=True)
class Status:
    """What can be said about a store without starting it."""

    embedded: bool
    address: str
    made: bool
    running: bool
    pid: int | None = None
    version: str | None = None
    migration: str | None = None
    newest_migration: str | None = None


@app.command()
def status(data: Data = None, as_json: AsJson = False) -> None:  # noqa: FBT002  a switch
    """Say where the database is and whether it runs.  查看数据库状态."""
    found = _status(data)
    if as_json:
        print(json.dumps(asdict(found), ensure_ascii=False))
        return
    for label, value in _rows(found):
        print(f"{label}  {value}")


def _status(data: Path | None) -> Status:
    yours = store.server_of_yours(data)
    if yours:
        return _asked(yours.owner_or_none or yours.writer, embedded=False, address=_public(yours.writer), pid=None)
    path = data_directory(data)
    directory = existing(path)
    made = directory is not None and cluster.check(directory)
    if directory is None or not made or not postmaster.is_running(directory):
        return Status(embedded=True, address=str(path), made=made, running=False, newest_migration=migrate.head())
    owner = embedded.urls(directory).owner
    return _asked(owner, embedded=True, address=str(directory.path), pid=postmaster.process_id(directory))


def _asked(url: URL, *, embedded: bool, address: str, pid: int | None) -> Status:
    engine = owner_engine(url)
    try:
        with engine.connect() as connection:
            version = connection.execute(text("SHOW server_version")).scalar_one()
            applied = migrate.current(connection)
    finally:
        engine.dispose()
    return Status(embedded, address, True, True, pid, version, applied, migrate.head())  # noqa: FBT003  as the fields stand


def _rows(found: Status) -> list[tuple[str, str]]:
    nothing = in_language(zh="无", en="none")
    return [
        (in_language(zh="数据库　", en="Database "), found.address),
        (
            in_language(zh="运行　　", en="Running  "),
            in_language(zh="是", en="yes") if found.running else in_language(zh="否", en="no"),
        ),
        (in_language(zh="进程　　", en="Process  "), str(found.pid or nothing)),
        (in_language(zh="版本　　", en="Version  "), f"PostgreSQL {found.version}" if found.version else nothing),
        (
            in_language(zh="迁移　　", en="Migration"),
            f"{found.migration or nothing} / {found.newest_migration or nothing}",
        ),
    ]


@app.command()
def stop(data: Data = None) -> None:
    """Stop the embedded database, whoever uses it.  停止内置数据库."""
    yours = store.server_of_yours(data, ask=False)
    if yours:
        raise NotOursToStop(address=_public(yours.writer))
    directory = existing(data_directory(data))
    if directory and embedded.stop(directory):
        print(in_language(zh="已停止。", en="Stopped."))
    else:
        print(in_language(zh="数据库没有在运行。", en="The database is not running."))


@app.command()
def url(
    data: Data = None,
    role: Annotated[Role, typer.Option(help="Whose rights.  以哪个角色连接")] = Role.WRITER,
) -> None:
    """Print the address, with its password: psql "$(vledger db url)".  输出连接地址（含密码）."""
    yours = store.server_of_yours(data, ask=False)
    if yours:
        address: URL = getattr(yours, role)
    else:
        directory = _directory(data)
        address = getattr(embedded.urls(directory), role)
        if not postmaster.is_running(directory):
            print(in_language(zh="数据库没有在运行。", en="The database is not running."), file=sys.stderr)
    print(address.set(drivername="postgresql").render_as_string(hide_password=False))


@app.command()
def check_migrations() -> None:
    """Run all migrations in a throw-away database and compare with the tables.  检查迁移与数据表一致."""
    with (
        tempfile.TemporaryDirectory(prefix="vledger-") as place,
        embedded.embedded(Path(place) / "data", durable=False) as server,
    ):
        migrate.upgrade(server.urls.owner)
        migrate.check(server.urls.owner)
    print(in_language(zh="迁移与数据表一致。", en="Migrations and tables agree."))


def _directory(data: Path | None) -> DataDirectory:
    path = data_directory(data)
    directory = existing(path)
    if directory is None or not cluster.check(directory):
        raise NoBooksHere(directory=path)
    return directory


def _public(address: URL) -> str:
    return address.render_as_string(hide_password=True)
