"""A programme served over HTTP, for every test of this folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from databases import Database
from served import Served, open_served


@pytest.fixture
def served(database: Database, tmp_path: Path) -> Iterator[Served]:
    with open_served(database, tmp_path) as served:
        yield served
