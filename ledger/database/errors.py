"""What can go wrong with the store, one sentence each: what happened, with the values, and what to do next."""

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from policies.kernel.errors import Spoken


class StoreError(Spoken):
    """The store cannot be opened or used. Nothing was changed."""


class NoEmbeddedServer(StoreError):
    zh = (
        "本机（{platform}）没有内置数据库可用：未找到 {missing}。"
        "请将 LEDGER_DATABASE_URL 设为一台 PostgreSQL 15 至 18 服务器的地址。"
    )
    en = (
        "There is no embedded database for this machine ({platform}): {missing} was not found. "
        "Set LEDGER_DATABASE_URL to the address of a PostgreSQL server, version 15 to 18."
    )


class NotExecutable(StoreError):
    zh = (
        "无法执行内置数据库的程序 {program}。"
        "请重新安装，或将 LEDGER_DATABASE_URL 设为一台 PostgreSQL 15 至 18 服务器的地址。"
    )
    en = (
        "The embedded database's program {program} cannot be executed. Install it again, "
        "or set LEDGER_DATABASE_URL to the address of a PostgreSQL server, version 15 to 18."
    )


class NotADirectory(StoreError):
    zh = "数据目录 {path} 是一个文件。请用 --data 或 LEDGER_DATA 指定一个目录。"
    en = "The data directory {path} is a file. Name a directory with --data or LEDGER_DATA."


class NotOurs(StoreError):
    zh = "目录 {directory} 不是空的，也不是 vledger 的数据目录，未作任何改动。请用 --data 指定一个空目录或新目录。"
    en = (
        "The directory {directory} is not empty and is no data directory of vledger; nothing in it was touched. "
        "Name an empty or a new directory with --data."
    )


class BelongsToAnother(StoreError):
    zh = "目录 {directory} 属于用户 {owner}，而当前用户是 {user}。请以 {owner} 身份运行，或用 --data 另指定目录。"
    en = (
        "The directory {directory} belongs to the user {owner}, and you are {user}. "
        "Run this as {owner}, or name another directory with --data."
    )


class NotUsable(StoreError):
    zh = "无法使用 {path}：{reason}。请排除该问题，或用 --data 另指定目录。"
    en = "Cannot use {path}: {reason}. Correct that, or name another directory with --data."


class DiskFull(StoreError):
    zh = "{directory} 所在磁盘已满（剩余 {free} MB）。请腾出空间后重试；已提交的账目未受影响。"
    en = (
        "The disk that holds {directory} is full ({free} MB free). Make room and try again; what was committed is safe."
    )


class ForeignVersion(StoreError):
    zh = (
        "{directory} 中的数据库由 PostgreSQL {found} 建立，而内置的是 PostgreSQL {ours}，未作任何改动。"
        "请用当初的 vledger 版本导出，或用 --data 另指定目录。"
    )
    en = (
        "The database in {directory} was made by PostgreSQL {found}, and ours is PostgreSQL {ours}; nothing was "
        "touched. Export it with the vledger that made it, or name another directory with --data."
    )


class Damaged(StoreError):
    zh = "数据目录 {directory} 不完整：缺少 {missing}。请从备份恢复；未作任何改动。"
    en = (
        "The data directory {directory} is incomplete: {missing} is missing. "
        "Restore it from a backup; nothing was touched."
    )


class NoUseradd(StoreError):
    zh = (
        "PostgreSQL 不能以 root 运行，而本机没有 useradd，无法建立系统用户 {account}。"
        "请以普通用户运行，或先建立该用户。"
    )
    en = (
        "PostgreSQL refuses to run as root, and this machine has no useradd to make the system account {account}. "
        "Run this as an ordinary user, or make the account first."
    )


class NoSystemAccount(StoreError):
    zh = "PostgreSQL 不能以 root 运行，而系统用户 {account} 无法建立：{reason}。请以普通用户运行，或先建立该用户。"
    en = (
        "PostgreSQL refuses to run as root, and the system account {account} could not be made: {reason}. "
        "Run this as an ordinary user, or make the account first."
    )


class ProgramFailed(StoreError):
    zh = "PostgreSQL 的 {program} 失败：{line}"
    en = "PostgreSQL's {program} failed: {line}"


class ServerDied(StoreError):
    zh = "内置数据库未能启动：{line}（日志：{log}）"
    en = "The embedded database did not start: {line} (log: {log})"


class NotReadyInTime(StoreError):
    zh = "内置数据库在 {seconds} 秒后仍未就绪（日志：{log}）。它仍在恢复，请稍后重试。"
    en = (
        "The embedded database is not ready after {seconds} seconds (log: {log}). "
        "It is still recovering; try again later."
    )


class NotStoppedInTime(StoreError):
    zh = "内置数据库在 {seconds} 秒后仍未停止（日志：{log}）。请稍后用 vledger db stop 重试。"
    en = "The embedded database has not stopped after {seconds} seconds (log: {log}). Try again later: vledger db stop."


class AnotherServer(StoreError):
    zh = "目录 {directory} 上已有一个并非由 vledger 启动的 PostgreSQL（进程 {pid}）。请先停止它。"
    en = "A PostgreSQL that vledger did not start (process {pid}) already runs on {directory}. Stop it first."


class SocketDirectoryTaken(StoreError):
    zh = "套接字目录 {path} 不属于当前用户或对他人开放。请删除它后重试。"
    en = "The socket directory {path} is not yours alone. Remove it and try again."


class BadDatabaseUrl(StoreError):
    zh = "{variable}（{beginning}）不是 PostgreSQL 地址。例如 postgresql://ledger_writer:密码@主机:5432/ledger。"
    en = (
        "{variable} ({beginning}) is no address of a PostgreSQL database. "
        "For example: postgresql://ledger_writer:password@host:5432/ledger"
    )


class UrlMissing(StoreError):
    zh = "已设置 LEDGER_DATABASE_URL，但缺少 {variable}（{role} 角色的地址）。请一并设置。"
    en = "LEDGER_DATABASE_URL is set, but {variable}, the address for the role of {role}, is not. Set it too."


class Unreachable(StoreError):
    zh = "连接不上数据库 {address}：{reason}"
    en = "The database at {address} cannot be reached: {reason}"


class UnsupportedServer(StoreError):
    zh = "{address} 是 PostgreSQL {found}，本系统支持 {oldest} 至 {newest}。"
    en = "The server at {address} is PostgreSQL {found}; versions {oldest} to {newest} are supported."


class ConnectionLost(StoreError):
    zh = "与数据库的连接中断：{reason}。结果未知的操作可用同一幂等键重试。"
    en = (
        "The connection to the database was lost: {reason}. What has an unknown outcome can be sent again with its key."
    )


class DatabaseDiskFull(StoreError):
    zh = "数据库所在磁盘已满：{reason}。请腾出空间后重试；已提交的账目未受影响。"
    en = "The database's disk is full: {reason}. Make room and try again; what was committed is safe."


class NewerBooks(StoreError):
    zh = "账套的版本 {found} 比本程序（{known}）新，未作任何改动。请升级 vledger。"
    en = (
        "The books have version {found}, newer than this program knows ({known}); nothing was touched. "
        "Install a newer vledger."
    )


class NoBooksHere(StoreError):
    zh = "{directory} 中还没有数据库。任何写账的命令都会建立它，例如 vledger demo。"
    en = "There is no database in {directory} yet. Any command that keeps books makes it, for example: vledger demo"


class NotOursToStop(StoreError):
    zh = "已设置 LEDGER_DATABASE_URL（{address}）：该服务器不由 vledger 启动，也不由它停止。"
    en = "LEDGER_DATABASE_URL is set ({address}): vledger did not start that server and does not stop it."


class MigrationsDiffer(StoreError):
    zh = "数据表与迁移脚本不一致：{differences}。请补写迁移。"
    en = "The tables and the migrations disagree: {differences}. Write the missing migration."


@contextmanager
def spoken(path: Path) -> Iterator[None]:
    """Faults of the file system below `path`, as sentences. What is merely missing is the caller's to judge."""
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as fault:
        if fault.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise disk_full(path) from fault
        raise NotUsable(path=fault.filename or path, reason=fault.strerror) from fault


def disk_full(path: Path) -> DiskFull:
    """With what is left on its disk."""
    return DiskFull(directory=path, free=shutil.disk_usage(nearest(path)).free // 2**20)


def nearest(path: Path) -> Path:
    """The path, or the closest of its parents that exists."""
    return next(place for place in (path, *path.parents) if place.exists())


def says_disk_full(said: str) -> bool:
    """Whether a program of PostgreSQL complains of a full disk; of shared memory it complains in the same words."""
    return any("No space left on device" in line and "shared memory" not in line for line in said.splitlines())
