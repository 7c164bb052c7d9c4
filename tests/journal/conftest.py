"""Books lived once per worker and module; whoever spoils them rolls back."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import toy
from databases import Cluster
from hypothesis import settings
from year import Year

from ledger.assembly import Books
from ledger.journal.anchors import Anchors

settings.register_profile("books", deadline=None, print_blob=True)
settings.load_profile("books")


@pytest.fixture(scope="module")
def year(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    built = toy.toy_house()
    anchors = Anchors.at(tmp_path_factory.mktemp("year") / "anchors")
    clock = toy.clock_at(date(2017, 1, 1))
    with cluster.database() as database:
        with Books(database.writer, anchors, clock, built=built) as books:
            toy.live_through(books, clock)
        yield Year(database, built, anchors)


@pytest.fixture
def anchors(tmp_path: Path) -> Anchors:
    return Anchors.at(tmp_path / "anchors")
