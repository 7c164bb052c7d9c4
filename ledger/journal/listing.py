"""What is looked at, as far as the reader may see: accounts page by page, an entry with its transfers."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from ledger.errors import NotFound
from ledger.journal.bulk import run


@dataclass(frozen=True, slots=True)
class AccountShown:
    address: str
    entity: str
    side: str
    type: str
    normal: str
    asset: str
    owner: str
    government_code: str | None
    opened_on: date
    standing: int
    """On the normal side, in whole units of the asset."""


def accounts_page(
    connection: Connection, book: int, after: str, limit: int, *, prefix: str = "", asset: str | None = None
) -> list[AccountShown]:
    """Accounts by address, behind this one."""
    rows = run(
        connection,
        "SELECT a.address, a.entity, a.side, a.type, a.normal, a.asset, a.owner, a.government_code, a.opened_on, "
        "CASE a.normal WHEN 'D' THEN b.debits - b.credits ELSE b.credits - b.debits END "
        "FROM account a JOIN balance b ON b.book = a.book AND b.account = a.id "
        "WHERE a.book = %s AND a.address > %s AND starts_with(a.address, %s) AND a.asset = coalesce(%s, a.asset) "
        "ORDER BY a.address LIMIT %s",
        [book, after, prefix, asset, limit],
    )
    return [AccountShown(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class TransferShown:
    line: int
    debit: str
    """Address; empty where the account is another party's and not the reader's to see."""
    credit: str
    asset: str
    amount: int
    budget_line: str | None


@dataclass(frozen=True, slots=True)
class EntryShown:
    seq: int
    id: str
    template: str
    effective_on: date
    recorded_at: datetime
    block: int
    citation: str
    calculation: str | None
    reverses: int | None
    reason: str | None
    memo: str
    transfers: tuple[TransferShown, ...]


def entry_shown(connection: Connection, book: int, seq: int) -> EntryShown:
    """An entry, with those of its transfers that the reader may see.

    Raises:
        NotFound: there is no such entry, or nothing of it is the reader's to see.
    """
    heads = run(
        connection,
        "SELECT e.seq, e.id::text, e.template, e.effective_on, k.recorded_at, k.number, e.citation, "
        "e.calculation::text, e.reverses, e.reason, e.memo FROM entry e "
        # By its seq and not through its command: that may be another party's, which a reader does not see.
        "JOIN LATERAL (SELECT recorded_at, number FROM block WHERE book = e.book AND last_seq >= e.seq "
        "ORDER BY last_seq, number LIMIT 1) k ON true WHERE e.book = %s AND e.seq = %s",
        [book, seq],
    )
    if not heads:
        raise NotFound("凭证/entry", str(seq))
    transfers = run(
        connection,
        "SELECT t.line, coalesce(d.address, ''), coalesce(c.address, ''), t.asset, t.amount, t.budget_line "
        "FROM transfer t LEFT JOIN account d ON d.book = t.book AND d.id = t.debit "
        "LEFT JOIN account c ON c.book = t.book AND c.id = t.credit WHERE t.book = %s AND t.seq = %s ORDER BY t.line",
        [book, seq],
    )
    return EntryShown(*heads[0], *[tuple(TransferShown(*transfer) for transfer in transfers)])
