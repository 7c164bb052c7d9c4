"""People with data directories, and the processes they start."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from databases import scratch
from people import AS_ROOT, NOBODY, PEOPLE, Client, Person, Start, disguise_as_nobody, stop_if_running


@pytest.fixture(scope="session", params=PEOPLE)
def person(request: pytest.FixtureRequest) -> Iterator[Person]:
    # Not in pytest's own directory: nobody else may enter that one.
    home = Path(tempfile.mkdtemp(prefix="vledger-person-", dir=scratch()))
    if AS_ROOT and request.param == "ordinary":
        os.chown(home, NOBODY, NOBODY)
        yield Person(request.param, home, disguise_as_nobody())
    else:
        yield Person(request.param, home, ())
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def made(person: Person) -> Path:
    """A data directory with a cluster, for all tests of one person: making one takes a second."""
    Client(person, person.home / "made").ready().leave()
    return person.home / "made"


@pytest.fixture
def nothing(person: Person) -> Iterator[Path]:
    """Where a data directory is to be."""
    folder = person.home / uuid4().hex
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def start(person: Person) -> Iterator[Start]:
    """Start clients; all have left at the end, and so have their servers."""
    clients: list[Client] = []
    directories: set[Path] = set()

    def begin(data: Path, *words: str) -> Client:
        directories.add(data)
        clients.append(Client(person, data, *words))
        return clients[-1]

    yield begin
    for client in clients:
        client.process.communicate()
    for data in directories:
        stop_if_running(data)
    for client in clients:  # a server that was not stopped by us left its folder
        shutil.rmtree(client.hello.get("socket", ""), ignore_errors=True)
