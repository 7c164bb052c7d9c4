"""An open office with a slice of debts above it, for every test of this folder."""

from collections.abc import Iterator

import pytest
from databases import Cluster
from debts import SLICES, Desk, hire_more
from office import Furnished, furnish, open_office


@pytest.fixture(scope="session")
def furnished_desk(cluster: Cluster) -> Iterator[Furnished]:
    with cluster.database() as database:
        with open_office(database, None, *SLICES) as office:
            furnish(office)
            hire_more(office)
        database.close()
        yield Furnished(str(database.writer_url.database), office.people)


@pytest.fixture
def desk(cluster: Cluster, furnished_desk: Furnished) -> Iterator[Desk]:
    with (
        cluster.database(furnished_desk.template) as database,
        open_office(database, furnished_desk.people, *SLICES) as office,
    ):
        yield Desk(office)
