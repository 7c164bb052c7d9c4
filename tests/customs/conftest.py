"""An open laboratory for every test of this folder."""

from collections.abc import Iterator

import pytest
from customs_books import Laboratory, furnished_laboratory, open_laboratory
from databases import Cluster
from office import Furnished


@pytest.fixture(scope="session")
def furnished(cluster: Cluster) -> Iterator[Furnished]:
    with furnished_laboratory(cluster) as made:
        yield made


@pytest.fixture
def lab(cluster: Cluster, furnished: Furnished) -> Iterator[Laboratory]:
    with cluster.database(furnished.template) as database, open_laboratory(database, furnished.people) as lab:
        yield lab
