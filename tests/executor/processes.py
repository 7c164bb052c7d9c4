"""Other processes that work on a book."""

import json
import os
import subprocess
import sys
from typing import Any

import victim
from databases import Database


def order(database: Database, prefix: str, commands: int, work: str = "grants", point: str = "", batch: int = 0) -> str:
    """What a victim is to do, and at which batch and point it dies."""
    writer = database.writer_url.render_as_string(hide_password=False)
    return json.dumps(
        {"writer": writer, "prefix": prefix, "commands": commands, "work": work, "point": point, "batch": batch}
    )


def start_victim(order: str) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, victim.__file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        text=True,
    )
    assert process.stdin
    process.stdin.write(order)
    process.stdin.close()
    process.stdin = None
    return process


def run_victim(order: str) -> "subprocess.CompletedProcess[str]":
    with start_victim(order) as process:
        said, _ = process.communicate(timeout=120)
    return subprocess.CompletedProcess(process.args, process.returncode, said)


def acknowledged(said: str) -> dict[str, list[Any]]:
    """By key; a last line cut short was not said."""
    lines = [json.loads(line) for line in said.splitlines(keepends=True) if line.endswith("\n")]
    return {key: answer for key, *answer in lines}
