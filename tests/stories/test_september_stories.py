"""Every story of a September, told on real books. Nothing else may change than what a step says, and the laws hold."""

from pathlib import Path

import pytest
from databases import Database
from season import open_season
from september_teller import SeptemberTeller
from telling import read

STORIES = sorted((Path(__file__).parent / "september").glob("*.toml"))


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_story_of_a_september(path: Path, database: Database) -> None:
    with open_season(database) as season:
        SeptemberTeller(season).tell(read(path))

        assert season.breaches() == []
        assert season.faults() == []
