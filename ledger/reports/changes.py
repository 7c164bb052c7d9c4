"""The feed of changes: what happened to whom, in the order in which it was recorded, as one party may see it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from sqlalchemy import Connection

from ledger.errors import Invalid
from ledger.journal.bulk import run
from ledger.journal.tables import EventRow, table_name

LOOKED_AT_MAX = 500
"""Commands looked at for one page: one that finds nothing for its reader still moves on."""


class CursorUnreadable(Invalid):
    zh = "游标“{cursor}”不能识别。请使用上一页答复中的 next，或从头开始。"
    en = "The cursor “{cursor}” cannot be read. Use `next` of the page before, or start from the beginning."


class Place(NamedTuple):
    """Where a command stands in the chain; the feed's order."""

    block: int = 0
    position: int = -1

    def __str__(self) -> str:
        return f"{self.block}.{self.position}"

    @classmethod
    def of(cls, cursor: str) -> "Place":
        """Of what `str` gave.

        Raises:
            CursorUnreadable
        """
        if not re.fullmatch(r"[0-9]{1,18}\.(-1|[0-9]{1,4})", cursor):
            raise CursorUnreadable(cursor=cursor[:40])
        block, position = cursor.split(".")
        return cls(int(block), int(position))


START = Place()
"""Before everything."""


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that a change touched: ask for it by its number to see how it stands now."""

    kind: str
    """Such as `voucher`, `claim` or `bill`."""
    number: str


@dataclass(frozen=True, slots=True)
class Change:
    place: Place
    """Where it is asked for the next: everything after it is later."""
    what: str
    """Kind of the command that did it, such as `voucher.accept` or `approval.approve`."""
    recorded_at: datetime
    things: tuple[Thing, ...]


@dataclass(frozen=True, slots=True)
class Page:
    changes: tuple[Change, ...]
    next: Place
    """Ask for what comes after this."""
    more: bool
    """Whether something is there already."""


def changes(
    connection: Connection,
    book: int,
    tables: Iterable[type[EventRow]],
    after: Place = START,
    limit: int = LOOKED_AT_MAX,
) -> Page:
    """What was recorded after a place, as far as the reader of this connection may see the rows that tell of it.

    A page may be short or empty and still not be the last: `more` says so. Nothing is ever inserted before a place that
    was given out, for blocks become visible in their order.

    Args:
        connection: in a read-only transaction with one snapshot; as the reader role it sees what its party may.
        book: the book.
        tables: the attested tables; those that tell of nothing are left out.
        after: a `next` of before.
        limit: how many commands are looked at, of whoever.
    """
    looked_at = min(max(limit, 1), LOOKED_AT_MAX)
    places = run(
        connection,
        "SELECT id, block, position, kind, recorded_at FROM command_place "
        "WHERE book = %s AND (block, position) > (%s, %s) ORDER BY block, position LIMIT %s",
        [book, after.block, after.position, looked_at + 1],
    )
    more = len(places) > looked_at
    by_id = {id_: (Place(block, position), kind, at) for id_, block, position, kind, at in places[:looked_at]}
    if not by_id:
        return Page((), after, more=False)
    run(connection, "SET LOCAL plan_cache_mode = force_generic_plan")  # planning a union of all tables takes longest
    told = run(connection, _told(tuple(tables)), {"book": book, "commands": list(by_id)})
    run(connection, "SET LOCAL plan_cache_mode = auto")
    found = [
        Change(*by_id[command], tuple(Thing(kind, number) for _, kind, number in rows))
        for command, rows in groupby(sorted(told), key=itemgetter(0))
    ]
    found.sort(key=lambda change: change.place)
    return Page(tuple(found), max(place for place, _, _ in by_id.values()), more)


@cache
def _told(tables: tuple[type[EventRow], ...]) -> str:
    """The things that commands wrote rows about."""
    return " UNION ".join(
        f"SELECT command, '{told[0]}', {told[1]}::text FROM {table_name(table)} "  # noqa: S608  our own tables
        "WHERE book = %(book)s AND command = ANY(%(commands)s)"
        for table in tables
        if (told := table.tells_of)
    )
