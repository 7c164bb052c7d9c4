"""What is unfinished when a period is to close."""

from collections.abc import Collection, Mapping

from ledger.executor.commands import Aggregate
from ledger.executor.reading import Reader


def load_unfinished(reader: Reader, periods: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """Claims under way and expiries not posted that lie in each period or before it; for every period asked."""
    found: dict[str, tuple[str, ...]] = dict.fromkeys(periods, ())
    for period, number in reader.rows(
        "SELECT p.code, c.number FROM period p JOIN voucher_claim c ON c.book = p.book AND c.filed_on <= p.ends_on "
        "LEFT JOIN LATERAL (SELECT step FROM voucher_claim_step s WHERE s.book = c.book AND s.claim = c.number "
        "ORDER BY position DESC LIMIT 1) s ON true "
        "WHERE p.book = %s AND p.code = ANY(%s) AND coalesce(s.step, 'passed') = 'passed' "
        "UNION ALL "
        "SELECT p.code, v.number FROM period p JOIN voucher v ON v.book = p.book AND v.expires_on < p.ends_on "
        "WHERE p.book = %s AND p.code = ANY(%s) "
        "AND NOT EXISTS (SELECT FROM voucher_expiry e WHERE e.book = v.book AND e.voucher = v.number) ORDER BY 1, 2",
        reader.book,
        list(periods),
        reader.book,
        list(periods),
    ):
        found[period] += (number,)
    return found


UNFINISHED = Aggregate[tuple[str, ...]]("voucher-unfinished", load_unfinished, what="未完成的工作/work", locked=False)
"""By period."""
