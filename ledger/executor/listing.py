"""Lists of things for people and programs, page by page, the newest first.

Which things there are for a reader is asked behind the walls between parties. Their details are loaded past them: what
stands on a contract stands in the accounts of both its sides, and each side may know it.
"""

from collections.abc import Sequence
from datetime import date
from typing import TypeVar

from ledger.database.walls import past_the_walls
from ledger.errors import NotFound
from ledger.executor.commands import Aggregate
from ledger.executor.reading import Reader

T = TypeVar("T")
Place = tuple[date, str]
"""Day and number: a page holds what is older, on the same day what has the lower number."""
NEWEST: Place = (date.max, "")


def newest(
    reader: Reader,
    aggregate: Aggregate[T],
    table: str,
    day: str,
    after: Place,
    limit: int,
    where: str = "",
    **wanted: str | int | None,
) -> list[T]:
    """Things behind a place.

    Args:
        reader: sees what its party may see.
        aggregate: loads them by number.
        table: where they have their `number`, known as `t`.
        day: its column that the list goes by.
        after: where the page begins.
        limit: how many at most.
        where: further conditions, in our own words.
        wanted: columns that hold this value; None holds for all.
    """
    columns = " ".join(f"AND t.{column} = coalesce(%s, t.{column})" for column in wanted)
    numbers = [
        number
        for (number,) in reader.rows(
            f"SELECT t.number FROM {table} t WHERE t.book = %s {columns} {where} "  # noqa: S608  our own words
            f"AND (t.{day}, t.number) < (%s, %s) ORDER BY t.{day} DESC, t.number DESC LIMIT %s",
            reader.book,
            *wanted.values(),
            *after,
            limit,
        )
    ]
    return details(reader, aggregate, numbers)


def details(reader: Reader, aggregate: Aggregate[T], numbers: Sequence[str]) -> list[T]:
    """Each of these, in their order: things that the reader was found to have a part in."""
    with past_the_walls(reader.connection):
        found = aggregate.load(reader, numbers)
    return [found[number] for number in numbers]


def detail(reader: Reader, aggregate: Aggregate[T], number: str) -> T:
    """The one of this number.

    Raises:
        NotFound: there is none, such as a budget whose letter awaits its signature.
    """
    with past_the_walls(reader.connection):
        found = aggregate.load(reader, [number])
    if number not in found:
        raise NotFound(aggregate.what or aggregate.name, number)
    return found[number]
