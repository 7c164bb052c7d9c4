"""What stands on an account, at two clocks: by legal date, and as known at an instant."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from ledger.errors import NotFound
from ledger.journal.assets import CNY, CNY_BUDGETARY
from ledger.journal.bulk import run

MONEY = {CNY.code, CNY_BUDGETARY.code}
"""Stays within one entity; everything else passes between them."""


@dataclass(frozen=True, slots=True)
class Balance:
    """Debits and credits of one account, in whole units of its asset."""

    address: str
    entity: str
    asset: str
    normal: str
    debits: int
    credits: int

    @property
    def standing(self) -> int:
        """On the normal side."""
        return self.debits - self.credits if self.normal == "D" else self.credits - self.debits


@dataclass(frozen=True, slots=True)
class TrialLine:
    """One account class of one entity in a trial balance."""

    entity: str
    asset: str
    side: str
    address: str
    debits: int
    credits: int


def last_seq_known_at(connection: Connection, book: int, known_at: datetime | None) -> int | None:
    """Seq of the last entry recorded at or before an instant; None: everything is known."""
    if known_at is None:
        return None
    rows = run(
        connection,
        "SELECT last_seq FROM block WHERE book = %s AND recorded_at <= %s ORDER BY number DESC LIMIT 1",
        [book, known_at],
    )
    return rows[0][0] if rows else 0


def balance(
    connection: Connection,
    book: int,
    address: str,
    effective_on: date | None = None,
    known_at: datetime | None = None,
) -> Balance:
    """The balance of one account.

    Args:
        connection: any role that may see the account.
        book: the book's number.
        address: the account's address.
        effective_on: counts entries dated up to and including this day; None counts all.
        known_at: counts what was recorded at or before this instant; None counts all.

    Raises:
        NotFound: there is no such account, or it is not the caller's to see.
    """
    rows = run(
        connection,
        "SELECT a.id, a.entity, a.asset, a.normal, a.hot, b.debits, b.credits FROM account a "
        "JOIN balance b ON b.book = a.book AND b.account = a.id WHERE a.book = %s AND a.address = %s",
        [book, address],
    )
    if not rows:
        raise NotFound("账户/account", address)
    account, entity, asset, normal, hot, debits, credits_ = rows[0]
    known_seq = last_seq_known_at(connection, book, known_at)
    if effective_on is not None and hot:
        debits, credits_ = _from_days(connection, book, account, effective_on, known_seq)
    elif effective_on is not None or known_seq is not None:
        debits, credits_ = _from_transfers(connection, book, account, effective_on, known_seq)
    return Balance(address, entity, asset, normal, debits, credits_)


def _from_transfers(
    connection: Connection, book: int, account: int, effective_on: date | None, known_seq: int | None, after: int = 0
) -> tuple[int, int]:
    """Sums over the account's transfers, by the two statement indexes."""
    sums = []
    for side in ("debit", "credit"):
        ((total,),) = run(
            connection,
            "SELECT coalesce(sum(t.amount), 0)::int8 FROM transfer t "  # noqa: S608  two fixed words
            "JOIN entry e ON e.book = t.book AND e.seq = t.seq "
            f"WHERE t.book = %s AND t.{side} = %s AND t.seq > %s "
            "AND (%s::int8 IS NULL OR t.seq <= %s) AND (%s::date IS NULL OR e.effective_on <= %s)",
            [book, account, after, known_seq, known_seq, effective_on, effective_on],
        )
        sums.append(total)
    return sums[0], sums[1]


def _from_days(
    connection: Connection, book: int, account: int, effective_on: date, known_seq: int | None
) -> tuple[int, int]:
    """Sums of days, less what was recorded after the instant: flat, however many lines the account has."""
    ((debits, credits_),) = run(
        connection,
        "SELECT coalesce(sum(debits), 0)::int8, coalesce(sum(credits), 0)::int8 FROM day_balance "
        "WHERE book = %s AND account = %s AND effective_on <= %s",
        [book, account, effective_on],
    )
    if known_seq is not None:
        later = _from_transfers(connection, book, account, effective_on, None, after=known_seq)
        debits, credits_ = debits - later[0], credits_ - later[1]
    return debits, credits_


def trial_balance(
    connection: Connection, book: int, effective_on: date | None = None, known_at: datetime | None = None
) -> list[TrialLine]:
    """Debits and credits of every account that has moved, by entity, asset and address.

    Their sums are equal per entity for money, and per asset over the book for everything else.
    """
    return trial_balance_up_to(connection, book, effective_on, last_seq_known_at(connection, book, known_at))


def trial_balance_up_to(
    connection: Connection, book: int, effective_on: date | None, known_seq: int | None
) -> list[TrialLine]:
    """The same, as far as it was recorded up to an entry. Blocks may share an instant; no two share an entry."""
    if effective_on is None and known_seq is None:
        sql = (
            "SELECT a.entity, a.asset, a.side, a.address, b.debits, b.credits FROM account a "
            "JOIN balance b ON b.book = a.book AND b.account = a.id WHERE a.book = %s ORDER BY 1, 2, 4"
        )
        return [TrialLine(*row) for row in run(connection, sql, [book])]
    rows = run(
        connection,
        """
        SELECT a.entity, a.asset, a.side, a.address, sum(m.debit)::int8, sum(m.credit)::int8
          FROM (SELECT t.debit AS account, t.amount AS debit, 0 AS credit, t.seq FROM transfer t WHERE t.book = %(book)s
                UNION ALL
                SELECT t.credit, 0, t.amount, t.seq FROM transfer t WHERE t.book = %(book)s) m
          JOIN entry e ON e.book = %(book)s AND e.seq = m.seq
          JOIN account a ON a.book = %(book)s AND a.id = m.account
         WHERE (%(known)s::int8 IS NULL OR m.seq <= %(known)s) AND (%(day)s::date IS NULL OR e.effective_on <= %(day)s)
         GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 4
        """,
        {"book": book, "known": known_seq, "day": effective_on},
    )
    return [TrialLine(*row) for row in rows]


def summed(lines: Iterable[TrialLine]) -> list[TrialLine]:
    """One line per entity and asset for money, one per asset for what passes between entities; no address."""
    totals: dict[tuple[str, str, str], list[int]] = {}
    for line in lines:
        entity = line.entity if line.asset in MONEY else ""
        total = totals.setdefault((entity, line.asset, line.side), [0, 0])
        total[0] += line.debits
        total[1] += line.credits
    return [TrialLine(e, a, s, "", debits, credits_) for (e, a, s), (debits, credits_) in sorted(totals.items())]
