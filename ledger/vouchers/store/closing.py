"""What is unfinished when a period is to close."""

from collections.abc import Collection, Mapping

from ledger.executor.commands import Aggregate
from ledger.executor.reading import Reader
from ledger.vouchers.last_days import expired_before
from ledger.vouchers.store.contracts import LAST_DAY, WAITING

_UNFINISHED = f"""
    SELECT p.code, u.number FROM period p CROSS JOIN LATERAL (
        SELECT c.number FROM voucher_claim c
          LEFT JOIN LATERAL (SELECT step FROM voucher_claim_step s WHERE s.book = c.book AND s.claim = c.number
                              ORDER BY position DESC LIMIT 1) s ON true
         WHERE c.book = p.book AND c.filed_on <= p.ends_on AND coalesce(s.step, 'passed') = 'passed'
        UNION ALL
        SELECT v.number FROM voucher v
         WHERE v.book = p.book AND {expired_before("p.ends_on")}
           AND NOT EXISTS (SELECT FROM voucher_expiry e WHERE e.book = v.book AND e.voucher = v.number)
           AND NOT EXISTS (SELECT FROM voucher_revocation e WHERE e.book = v.book AND e.voucher = v.number)
        UNION ALL
        SELECT c.number FROM voucher_contract c
          {WAITING} AND c.book = p.book AND {LAST_DAY} < p.ends_on) u
     WHERE p.book = %s AND p.code = ANY(%s) ORDER BY 1, 2
"""  # noqa: S608  our own words
"""Claims under way, and vouchers and contracts whose last day has passed: what runs out on the last day of a period
ends on the first day of the next. The same vouchers and contracts are due (`DUE`), so `ExpireDue` ends all of them."""


def load_unfinished(reader: Reader, periods: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """What lies in each period or before it and is not finished, by its number; for every period asked."""
    found: dict[str, tuple[str, ...]] = dict.fromkeys(periods, ())
    for period, number in reader.rows(_UNFINISHED, reader.book, list(periods)):
        found[period] += (number,)
    return found


UNFINISHED = Aggregate[tuple[str, ...]]("voucher-unfinished", load_unfinished, what="未完成的工作/work", locked=False)
"""By period."""
