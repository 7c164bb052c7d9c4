"""A platform that units have joined, for every test of this folder."""

from collections.abc import Iterator

import pytest
from databases import Database
from platform_books import HEALTH, A, B, C, Platform, open_platform


@pytest.fixture
def platform(database: Database) -> Iterator[Platform]:
    """A, B (education) and C (health) on the platform; the round of 2026 is open."""
    with open_platform(database) as platform:
        for unit in (A, B):
            platform.join(unit)
        platform.join(C, HEALTH)
        platform.open_round()
        yield platform
