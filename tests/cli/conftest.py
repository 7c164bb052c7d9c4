"""The command line, pointed at a test's own database."""

from pathlib import Path

import pytest
from databases import Database


@pytest.fixture
def here(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    """`vledger` works on this database, keeps its anchors beside the test, and answers in English."""
    monkeypatch.setenv("LEDGER_DATABASE_URL", database.writer_url.render_as_string(hide_password=False))
    monkeypatch.setenv("LEDGER_ANCHORS", str(tmp_path / "anchors"))
    monkeypatch.setenv("LEDGER_LANG", "en")
    for name in ("LEDGER_OWNER_URL", "LEDGER_READER_URL"):
        monkeypatch.delenv(name, raising=False)
    return database
