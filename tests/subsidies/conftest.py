"""A September for every test of this folder: earned, graded, and appropriated too little."""

from collections.abc import Iterator

import pytest
from databases import Database
from season import Season, open_season


@pytest.fixture
def spring(database: Database) -> Iterator[Season]:
    """The year that counts: five units have billed what they earn in it."""
    with open_season(database) as season:
        yield season


@pytest.fixture
def season(spring: Season) -> Season:
    """September of the year after: grades are published, the budget is there."""
    spring.to_autumn()
    return spring
