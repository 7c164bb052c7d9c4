"""A programme under way for every test of this folder, and one that issues tokens."""

from collections.abc import Iterator

import pytest
from databases import Database
from programme import TOKENS, Programme, open_programme


@pytest.fixture
def programme(database: Database) -> Iterator[Programme]:
    with open_programme(database) as programme:
        yield programme


@pytest.fixture
def tokens(database: Database) -> Iterator[Programme]:
    """Whole vouchers of 5,000 yuan; no change is given."""
    with open_programme(database, TOKENS) as programme:
        yield programme
