"""Programmes served over HTTP: one for each test, and one for all that change nothing which others look at."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from databases import Cluster, Database
from served import Served, open_served

from api.settings import Settings


@pytest.fixture
def served(database: Database, tmp_path: Path) -> Iterator[Served]:
    with open_served(database, tmp_path) as served:
        yield served


@pytest.fixture(scope="session")
def standing(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """It lets anybody ask as often as they like: the walk over all routes asks more often than one client may."""
    often = Settings(client_rate="1000000/minute", address_rate="1000000/minute")
    with cluster.database() as database, open_served(database, tmp_path_factory.mktemp("standing"), often) as served:
        yield served
