"""An open office for every test of this folder."""

from collections.abc import Iterator

import pytest
from databases import Database
from office import Office, open_office


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    with open_office(database) as office:
        yield office
