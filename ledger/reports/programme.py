"""A voucher programme's totals in one year, read from the entries."""

from dataclasses import dataclass

from sqlalchemy import Connection

from ledger.journal.bulk import run

_ACCEPTED = """
    SELECT v.holder, c.unit, c.number AS contract, t.amount
      FROM voucher v
      JOIN voucher_contract c ON c.book = v.book AND c.voucher = v.number
      JOIN account a ON a.book = c.book AND a.address = 'vouchers:redeemable:' || v.number || ':' || c.number
      JOIN transfer t ON t.book = a.book AND t.debit = a.id
      JOIN entry e ON e.book = t.book AND e.seq = t.seq AND e.template = 'voucher.accept'
     WHERE v.book = %(book)s AND v.scheme = %(scheme)s AND v.year = %(year)s
       AND NOT EXISTS (SELECT 1 FROM entry r WHERE r.book = e.book AND r.reverses = e.seq)
"""
"""What was accepted, by contract; an acceptance that was reversed does not count."""


@dataclass(frozen=True, slots=True)
class ProgrammeTotals:
    """Face value in fen; `used` is accepted, `redeemed` is paid and confirmed by the bank."""

    issued_fen: int
    used_fen: int
    redeemed_fen: int
    carriers: int
    """Distinct units with accepted use."""
    firms: int
    """Distinct holders with accepted use."""
    projects: int
    """Distinct contracts with accepted use."""


def programme_totals(connection: Connection, book: int, scheme: str, year: int) -> ProgrammeTotals:
    """The totals of a scheme's vouchers of one budget year."""
    which = {"book": book, "scheme": scheme, "year": year}
    ((issued_fen, redeemed_fen),) = run(
        connection,
        """
        SELECT coalesce(sum(b.credits - b.debits) FILTER (WHERE a.address LIKE 'vouchers:issued:%%'), 0)::int8,
               coalesce(sum(b.debits - b.credits) FILTER (WHERE a.address LIKE 'vouchers:redeemed:%%'), 0)::int8
          FROM account a JOIN balance b ON b.book = a.book AND b.account = a.id
         WHERE a.book = %(book)s AND (
            a.address = 'vouchers:issued:' || %(scheme)s || ':' || %(year)s::int
            OR a.owner IN (SELECT 'voucher:' || v.number FROM voucher v
                            WHERE v.book = %(book)s AND v.scheme = %(scheme)s AND v.year = %(year)s))
        """,
        which,
    )
    ((used_fen, carriers, firms, projects),) = run(
        connection,
        "SELECT coalesce(sum(amount), 0)::int8, count(DISTINCT unit), count(DISTINCT holder), count(DISTINCT contract) "  # noqa: S608  our own query
        f"FROM ({_ACCEPTED}) accepted",
        which,
    )
    return ProgrammeTotals(issued_fen, used_fen, redeemed_fen, carriers, firms, projects)
