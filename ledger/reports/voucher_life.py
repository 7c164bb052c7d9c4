"""One voucher's entries, and those of its bills, as dated lines with debits and credits."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from ledger.errors import NotFound
from ledger.journal.bulk import run
from ledger.journal.entries import Line, lines
from ledger.journal.templates import Template


@dataclass(frozen=True, slots=True)
class LifeEntry:
    """An entry as it is printed: one line per account and side, zero lines left out."""

    seq: int
    effective_on: date
    template: str
    name_zh: str
    name_en: str
    citation: str
    lines: tuple[Line, ...]


def voucher_life(
    connection: Connection, book: int, voucher: str, templates: Mapping[str, Template]
) -> tuple[LifeEntry, ...]:
    """Every entry that moved something of this voucher or of a bill it pays, in the order recorded.

    Raises:
        NotFound: there is no such voucher.
    """
    heads = run(
        connection,
        """
        WITH own AS (
            SELECT 'voucher:' || number AS owner FROM voucher WHERE book = %(book)s AND number = %(voucher)s
            UNION SELECT 'bill:' || x.bill FROM voucher_contract c
              JOIN voucher_acceptance x ON x.book = c.book AND x.contract = c.number
             WHERE c.book = %(book)s AND c.voucher = %(voucher)s)
        SELECT DISTINCT e.seq, e.effective_on, e.template, e.citation FROM own
          JOIN account a ON a.book = %(book)s AND a.owner = own.owner
          JOIN transfer t ON t.book = a.book AND (t.debit = a.id OR t.credit = a.id)
          JOIN entry e ON e.book = t.book AND e.seq = t.seq ORDER BY e.seq
        """,
        {"book": book, "voucher": voucher},
    )
    if not heads:
        raise NotFound("创新券/voucher", voucher)
    moved: dict[int, list[tuple[str, str, str, int]]] = defaultdict(list)
    for seq, debit, credit, asset, amount in run(
        connection,
        "SELECT t.seq, d.address, c.address, t.asset, t.amount FROM transfer t "
        "JOIN account d ON d.book = t.book AND d.id = t.debit JOIN account c ON c.book = t.book AND c.id = t.credit "
        "WHERE t.book = %s AND t.seq = ANY(%s) ORDER BY t.seq, t.line",
        [book, [head[0] for head in heads]],
    ):
        moved[seq].append((debit, credit, asset, amount))
    return tuple(
        LifeEntry(
            seq,
            effective_on,
            template,
            templates[template].name_zh,
            templates[template].name_en,
            citation,
            tuple(lines(moved[seq])),
        )
        for seq, effective_on, template, citation in heads
    )


def liveliest_voucher(connection: Connection, book: int, scheme: str, year: int) -> str | None:
    """The voucher that went the longest road: the most entries, the lowest number among equals."""
    rows = run(
        connection,
        "SELECT v.number FROM voucher v JOIN account a ON a.book = v.book AND a.owner = 'voucher:' || v.number "
        "JOIN transfer t ON t.book = a.book AND (t.debit = a.id OR t.credit = a.id) "
        "WHERE v.book = %s AND v.scheme = %s AND v.year = %s "
        "GROUP BY 1 ORDER BY count(DISTINCT t.seq) DESC, 1 LIMIT 1",
        [book, scheme, year],
    )
    return rows[0][0] if rows else None
