"""`vledger subsidy publish` with a seal, and `vledger check-seal` on what became of the paper."""

import json
from pathlib import Path

import pytest
from certificates import pair
from databases import Database
from season import Season, open_season
from typer.testing import CliRunner

from api.cli.main import build


def run(*words: str) -> tuple[int, str]:
    answer = CliRunner().invoke(build(words), list(words))
    return answer.exit_code, answer.stdout


def published(season: Season, out: Path) -> Path:
    code, said = run("subsidy", "publish", season.compute(reason=out.name), "--out", str(out), "--json")
    assert code == 0, said
    return next(Path(name) for name in json.loads(said)["files"] if name.endswith("approval.pdf"))


def test_a_published_september_is_sealed_and_checked(
    here: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The sheet, a changed one, and one without a seal."""
    certificate, key = pair(tmp_path, "bureau")
    with open_season(here) as season:
        season.to_autumn()
        bare = published(season, tmp_path / "bare")
        monkeypatch.setenv("LEDGER_SEAL_CERT", str(certificate))
        monkeypatch.setenv("LEDGER_SEAL_KEY", str(key))
        sheet = published(season, tmp_path / "sealed")
    changed = tmp_path / "changed.pdf"
    changed.write_bytes(sheet.read_bytes().replace(b"vledger", b"VLEDGER", 1))

    code, said = run("check-seal", str(sheet))
    assert code == 0
    assert said.split("  ")[1:3] == ["the seal holds: the document is what was sealed", "Common Name: bureau"]
    code, said = run("check-seal", str(changed), str(bare), "--json")
    assert code == 1
    assert [one["state"] for one in json.loads(said)["files"]] == ["tampered", "none"]
    assert f"{sheet.name}\n" in (sheet.parent / "SHA256SUMS").read_text()

    monkeypatch.delenv("LEDGER_SEAL_CERT")
    answer = CliRunner().invoke(build(["check-seal"]), ["check-seal", str(sheet)])
    assert "--cert or LEDGER_SEAL_CERT" in str(answer.exception)
