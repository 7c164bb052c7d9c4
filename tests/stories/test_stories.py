"""Every story of this folder, told on real books. Nothing else may change than what a step says, and the laws hold."""

from datetime import date
from pathlib import Path

import pytest
from databases import Database
from programme import DAY_ONE, SCHEME, open_programme
from teller import Teller
from telling import read

STORIES = sorted(Path(__file__).parent.glob("*.toml"))


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_story(path: Path, database: Database) -> None:
    story = read(path)
    begins: date = story.get("begins", DAY_ONE)

    with open_programme(database, story.get("scheme", SCHEME), begins) as programme:
        Teller(programme).tell(story)

        assert programme.breaches() == []
        assert programme.faults() == []
