"""What waits for signatures, the oldest first: all of it, or what one person may sign."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from ledger.approvals.rules import may_sign
from ledger.approvals.store import load_requests
from ledger.approvals.values import Request
from ledger.executor.reading import Reader
from ledger.registry.store import load_people

Place = tuple[int, int, str]
"""Block and position of the command that asked, and the request's number."""
BEFORE_ALL: Place = (0, -1, "")
LOOKED_AT = 200
"""Requests looked at in one step."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request and when it was made."""

    request: Request
    asked_at: datetime
    place: Place


def waiting(reader: Reader, after: Place, limit: int) -> list[Asked]:
    """Requests that miss a signature, whoever may give it."""
    return _first(limit, _waiting(reader, after), lambda _: True)


def waiting_for(reader: Reader, person: str, after: Place, limit: int) -> list[Asked]:
    """Requests that this person may sign now."""
    found = load_people(reader, [person]).get(person)
    if found is None:
        return []
    return _first(limit, _waiting(reader, after), lambda asked: may_sign(asked.request, found))


def asked(reader: Reader, number: str) -> Asked:
    """The version of a request that stands now, signed or not."""
    ((block, position, asked_at),) = reader.rows(
        "SELECT p.block, p.position, p.recorded_at FROM approval_request r "
        "JOIN command_place p ON p.book = r.book AND p.id = r.command "
        "WHERE r.book = %s AND r.number = %s ORDER BY r.version DESC LIMIT 1",
        reader.book,
        number,
    )
    return Asked(load_requests(reader, [number])[number], asked_at, (block, position, number))


def _first(limit: int, found: Iterator[Asked], wanted: Callable[[Asked], bool]) -> list[Asked]:
    kept: list[Asked] = []
    for one in found:
        if len(kept) == limit:
            break
        if wanted(one):
            kept.append(one)
    return kept


def _waiting(reader: Reader, after: Place) -> Iterator[Asked]:
    while True:
        rows = reader.rows(_WAITING, reader.book, *after, LOOKED_AT)
        requests = load_requests(reader, [number for number, *_ in rows])
        for number, block, position, asked_at in rows:
            after = block, position, number
            yield Asked(requests[number], asked_at, after)
        if len(rows) < LOOKED_AT:
            return


_WAITING = """
    SELECT r.number, p.block, p.position, p.recorded_at FROM approval_request r
      JOIN command_place p ON p.book = r.book AND p.id = r.command
      CROSS JOIN LATERAL (
        SELECT count(*) AS given, count(*) FILTER (WHERE s.decision = 'rejected') AS against FROM approval_step s
         WHERE s.book = r.book AND s.request = r.number AND s.version = r.version) s
     WHERE r.book = %s AND (p.block, p.position, r.number) > (%s, %s, %s)
       AND s.against = 0 AND s.given < (SELECT sum((stage ->> 'count')::int) FROM jsonb_array_elements(r.stages) stage)
       AND NOT EXISTS (SELECT FROM approval_lapse l
                        WHERE l.book = r.book AND l.request = r.number AND l.version = r.version)
       AND NOT EXISTS (SELECT FROM approval_request n
                        WHERE n.book = r.book AND n.number = r.number AND n.version > r.version)
     ORDER BY p.block, p.position, r.number LIMIT %s
"""
