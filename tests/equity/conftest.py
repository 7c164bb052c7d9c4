"""An open university for every test of this folder."""

from collections.abc import Iterator

import pytest
from databases import Cluster
from equity_books import University, furnished_university, open_university
from office import Furnished


@pytest.fixture(scope="session")
def furnished(cluster: Cluster) -> Iterator[Furnished]:
    with furnished_university(cluster) as made:
        yield made


@pytest.fixture
def uni(cluster: Cluster, furnished: Furnished) -> Iterator[University]:
    with cluster.database(furnished.template) as database, open_university(database, furnished) as university:
        yield university
