"""A programme under way, a receiver on this machine, and somebody who delivers."""

from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from databases import Database
from programme import Programme, open_programme
from receiver import Receiver, listening

from api.webhooks.deliverer import Deliverer


@pytest.fixture
def programme(database: Database) -> Iterator[Programme]:
    with open_programme(database) as opened:
        yield opened


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with listening() as opened:
        yield opened


@pytest.fixture
def key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()


@pytest.fixture
def deliverer(programme: Programme, key: Ed25519PrivateKey) -> Deliverer:
    """Not started: the tests say when it looks."""
    return Deliverer(programme.database.writer, programme.database.reader, key, programme.clock, loopback=True)
