"""An open office for every test of this folder."""

from collections.abc import Iterator

import pytest
from databases import Cluster
from office import Furnished, Office, furnished, open_office


@pytest.fixture(scope="session")
def furnished_office(cluster: Cluster) -> Iterator[Furnished]:
    with furnished(cluster) as made:
        yield made


@pytest.fixture
def office(cluster: Cluster, furnished_office: Furnished) -> Iterator[Office]:
    with (
        cluster.database(furnished_office.template) as database,
        open_office(database, furnished_office.people) as office,
    ):
        yield office
