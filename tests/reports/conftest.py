"""A voucher's programme on a database of its own."""

from collections.abc import Iterator

import pytest
from databases import Database
from programme import Programme, open_programme


@pytest.fixture
def programme(database: Database) -> Iterator[Programme]:
    with open_programme(database) as opened:
        yield opened
