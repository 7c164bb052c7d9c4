"""The statement of an account: its lines in the order they were recorded, with the balance after each."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from ledger.errors import NotFound
from ledger.journal.bulk import run


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One transfer as this account sees it."""

    seq: int
    line: int
    effective_on: date
    recorded_at: datetime
    template: str
    counterpart: str
    """Address of the other account; empty when it is another party's and not the reader's to see."""
    debit: int
    credit: int
    balance: int
    """On the normal side, after this line."""
    reverses: int | None
    memo: str


@dataclass(frozen=True, slots=True)
class Statement:
    address: str
    entity: str
    asset: str
    normal: str
    opening: int
    """On the normal side, before the first line shown."""
    lines: tuple[StatementLine, ...]
    closing: int
    more_after: int | None
    """Give this as `after` for the next page; None: this is the last."""


def statement(connection: Connection, book: int, address: str, after: int = 0, limit: int = 200) -> Statement:
    """The lines of up to `limit` entries recorded after entry `after`; a page never splits an entry.

    Read it in one snapshot: a page is put together from several queries.

    Raises:
        NotFound: there is no such account, or it is not the caller's to see.
    """
    rows = run(
        connection, "SELECT id, entity, asset, normal FROM account WHERE book = %s AND address = %s", [book, address]
    )
    if not rows:
        raise NotFound("账户/account", address)
    account, entity, asset, normal = rows[0]
    sign = 1 if normal == "D" else -1
    opening = sign * _net(connection, book, account, after)
    found = _lines(connection, book, account, after, limit)
    lines: list[StatementLine] = []
    running = opening
    for seq, line, effective_on, recorded_at, template, counterpart, debit, credit, reverses, memo in found:
        running += sign * (debit - credit)
        lines.append(
            StatementLine(
                seq, line, effective_on, recorded_at, template, counterpart, debit, credit, running, reverses, memo
            )
        )
    last = lines[-1].seq if lines else after
    more = bool(run(connection, _MORE, [book, account, last, book, account, last]))
    return Statement(address, entity, asset, normal, opening, tuple(lines), running, last if more else None)


_MORE = (
    "(SELECT 1 FROM transfer WHERE book = %s AND debit = %s AND seq > %s LIMIT 1) UNION ALL "
    "(SELECT 1 FROM transfer WHERE book = %s AND credit = %s AND seq > %s LIMIT 1)"
)


def _net(connection: Connection, book: int, account: int, until: int) -> int:
    ((net,),) = run(
        connection,
        "SELECT (coalesce((SELECT sum(amount) FROM transfer WHERE book = %s AND debit = %s AND seq <= %s), 0)"
        " - coalesce((SELECT sum(amount) FROM transfer WHERE book = %s AND credit = %s AND seq <= %s), 0))::int8",
        [book, account, until, book, account, until],
    )
    return int(net)


def _lines(connection: Connection, book: int, account: int, after: int, limit: int) -> list[Any]:
    return run(
        connection,
        """
        WITH seqs AS (
            SELECT seq FROM (
                (SELECT seq FROM transfer WHERE book = %(book)s AND debit = %(account)s AND seq > %(after)s
                 ORDER BY seq LIMIT %(limit)s)
                UNION
                (SELECT seq FROM transfer WHERE book = %(book)s AND credit = %(account)s AND seq > %(after)s
                 ORDER BY seq LIMIT %(limit)s)
            ) s ORDER BY seq LIMIT %(limit)s
        )
        SELECT t.seq, t.line, e.effective_on, k.recorded_at, e.template, coalesce(o.address, ''),
               CASE WHEN t.debit = %(account)s THEN t.amount ELSE 0 END,
               CASE WHEN t.credit = %(account)s THEN t.amount ELSE 0 END, e.reverses, e.memo
          FROM seqs JOIN transfer t ON t.book = %(book)s AND t.seq = seqs.seq
               AND (t.debit = %(account)s OR t.credit = %(account)s)
          JOIN entry e ON e.book = t.book AND e.seq = t.seq
          -- By its seq and not through its command: that may be another party's, which a reader does not see.
          JOIN LATERAL (SELECT recorded_at FROM block WHERE book = e.book AND last_seq >= e.seq
                         ORDER BY last_seq, number LIMIT 1) k ON true
          LEFT JOIN account o ON o.book = t.book
               AND o.id = CASE WHEN t.debit = %(account)s THEN t.credit ELSE t.debit END
         ORDER BY t.seq, t.line
        """,
        {"book": book, "account": account, "after": after, "limit": limit},
    )
