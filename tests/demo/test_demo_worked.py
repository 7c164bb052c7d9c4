"""The worked examples of the notes, told through the books: each figure is the note's."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Protocol

import pytest
from databases import Cluster
from sqlalchemy import Connection

from ledger.assembly import BOOK, Books, house
from ledger.demo import customs, equity
from ledger.demo.stage import Stage
from ledger.demo.worked import WorkedFigure
from ledger.executor.clock import SimulatedClock
from ledger.journal.bulk import run


class Story(Protocol):
    def tell(self) -> None: ...


STORIES: dict[str, tuple[Callable[[Stage], Story], Callable[[Connection], Sequence[WorkedFigure]], int]] = {
    "customs": (customs.CustomsStory, customs.figures, customs.STEPS),
    "equity": (equity.EquityStory, equity.figures, equity.STEPS),
}


@pytest.mark.parametrize("name", STORIES)
def test_every_figure_is_the_notes(cluster: Cluster, name: str) -> None:
    story, figures, steps = STORIES[name]
    counted: list[int] = []
    with cluster.database() as database:
        for _ in range(2):  # the second time every key is known: nothing is new
            clock = SimulatedClock(datetime(2017, 1, 1, tzinfo=UTC))
            with Books(database.writer, clock=clock) as books:
                story(Stage(books.executor, clock, counted.append)).tell()
            with database.owner.connect() as connection:
                found = figures(connection)
                ((commands,),) = run(connection, "SELECT count(*) FROM command WHERE book = %s", [BOOK])
                faults = house().verifier().verify(connection, []).faults
            assert [figure for figure in found if not figure.agrees] == []
            assert commands == steps
            assert faults == []
    assert sum(counted) == 2 * steps
