"""`vledger serve` as a process of its own: it comes up, answers, and goes down without a trace of trouble."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx2
from databases import Database

SECONDS_MAX = 60


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def test_it_serves_and_stops_when_told(database: Database, tmp_path: Path) -> None:
    port = free_port()
    environment = os.environ | {
        "LEDGER_DATABASE_URL": database.writer_url.render_as_string(hide_password=False),
        "LEDGER_READER_URL": database.reader_url.render_as_string(hide_password=False),
        "LEDGER_ANCHORS": str(tmp_path / "anchors"),
    }
    words = [sys.executable, "-m", "api.cli.main", "serve", "--port", str(port)]
    with subprocess.Popen(words, env=environment, stderr=subprocess.PIPE, text=True) as process:
        try:
            answer = _when_ready(f"http://127.0.0.1:{port}/readyz")
            process.send_signal(signal.SIGTERM)
            _, log = process.communicate(timeout=SECONDS_MAX)
        finally:
            process.kill()

    lines = [json.loads(line) for line in log.splitlines()]
    requests = [line for line in lines if line["event"] == "request"]
    assert answer.json() == {"status": "ok"}
    assert (requests[0]["route"], requests[0]["status"]) == ("/readyz", 200)
    assert (tmp_path / "anchors.tokens.pem").stat().st_mode & 0o777 == 0o600
    assert process.returncode == 128 + signal.SIGTERM
    assert [line for line in lines if line["level"] in {"error", "critical"}] == []


def _when_ready(url: str) -> httpx2.Response:
    until = time.monotonic() + SECONDS_MAX
    while True:
        try:
            return httpx2.get(url, timeout=SECONDS_MAX)
        except httpx2.TransportError:
            assert time.monotonic() < until
            time.sleep(0.1)


def test_without_the_readers_address_it_says_so_and_does_not_start(database: Database, tmp_path: Path) -> None:
    environment = os.environ | {
        "LEDGER_DATABASE_URL": database.writer_url.render_as_string(hide_password=False),
        "LEDGER_ANCHORS": str(tmp_path / "anchors"),
        "LEDGER_LANG": "en",
    }
    environment.pop("LEDGER_READER_URL", None)
    words = [sys.executable, "-m", "api.cli.main", "serve"]

    done = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=SECONDS_MAX, check=False)

    assert done.returncode == 1
    assert "LEDGER_READER_URL" in done.stderr
