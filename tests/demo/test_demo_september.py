"""The September demo on a small plan: published counts and means, one batch that is paid, files that say the same."""

import json
from pathlib import Path
from typing import Any

import pytest

from api.cli.demo import Story, demo
from api.cli.demo_books import NotTheDemosBooks
from api.cli.demo_september import september
from ledger.demo.season import BASE_YEAR, EFFECTIVE_HOURS, EXTERNAL_HOURS, GRADES, INSTRUMENTS, Season, season
from ledger.demo.september import September
from ledger.evaluation.values import Grade

SMALL = {Grade.EXCELLENT: 2, Grade.GOOD: 2, Grade.QUALIFIED: 3, Grade.POOR: 1}


def test_the_plan_has_the_published_counts_and_means_to_the_minute() -> None:
    planned = season()
    counted = {grade: sum(unit.grade is grade for unit in planned.units) for grade in Grade}
    sample = planned.units[:20]
    uses = [use for unit in sample for use in planned.uses(unit)]
    instruments = sum(unit.instruments for unit in sample)

    assert counted == GRADES
    assert (len(planned.units), planned.instruments) == (344, INSTRUMENTS)
    assert sum(use.minutes for use in uses) == instruments * EFFECTIVE_HOURS * 60
    assert sum(use.minutes for use in uses if use.firm is not None) == instruments * EXTERNAL_HOURS * 60
    assert len(uses) == instruments * 10
    assert {use.started_at.year for use in uses} == {BASE_YEAR}
    assert season() == planned  # drawn from its seed, and no other


def told(data: Path, planned: Season, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    september(data, None, as_json=True, planned=planned)
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_a_small_september_is_told_paid_and_published_and_the_second_time_only_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    planned = season(SMALL, 60)

    first = told(tmp_path / "books", planned, capsys)
    second = told(tmp_path / "books", planned, capsys)

    assert (first["units"], first["grades"]) == (8, {"优秀": 2, "良好": 2, "合格": 3, "较差": 1})
    assert first["awarded_fen"] == first["paid_fen"] <= first["budget_fen"]
    assert first["awarded_fen"] <= first["entitled_fen"]
    assert first["verify"]["ok"] is True
    assert first["synthetic"] is True
    assert all(Path(name).is_file() for name in first["files"])
    assert (tmp_path / "books" / "out" / "SHA256SUMS").is_file()
    assert not any(name.endswith("SHA256SUMS") for name in first["files"])
    assert (first["fresh"], second["fresh"]) == (True, False)
    assert {**second, "seconds": 0, "fresh": True} == {**first, "seconds": 0}


def test_one_demo_leaves_the_books_of_another_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    books = tmp_path / "books"
    told(books, season(SMALL, 12), capsys)

    with pytest.raises(NotTheDemosBooks):
        demo(Story.JINYUN, data=books, as_json=True)


def test_a_september_cut_short_goes_on_where_it_stopped(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    planned, books = season(SMALL, 24), tmp_path / "books"

    class CutOff(Exception):
        pass

    def cut(_: September) -> None:
        raise CutOff

    with monkeypatch.context() as cut_short:
        cut_short.setattr(September, "_grade", cut)
        with pytest.raises(CutOff):
            told(books, planned, capsys)
    resumed = told(books, planned, capsys)
    whole = told(tmp_path / "whole", planned, capsys)

    assert resumed["fresh"] is True
    same = ("units", "grades", "entitled_fen", "awarded_fen", "paid_fen")
    assert {name: resumed[name] for name in same} == {name: whole[name] for name in same}
    assert resumed["verify"]["ok"] is True
