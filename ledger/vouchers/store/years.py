"""What of a voucher scheme stands in the way of ending a budget year."""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from ledger.executor.commands import Aggregate
from ledger.executor.reading import Reader
from ledger.vouchers.store.due import due_id, load_due

_YEAR = re.compile(r"(.+):([0-9]{4})")

_IN_PAYMENT = """
    SELECT DISTINCT w.id, l.batch
      FROM unnest(%s::text[], %s::text[], %s::int[]) AS w (id, scheme, year)
      JOIN voucher_claim c ON c.book = %s AND c.scheme = w.scheme
      JOIN voucher_claim_payable p ON p.book = c.book AND p.claim = c.number
      JOIN payment_batch_line l ON l.book = p.book AND l.payable = p.payable
      JOIN payment_release r ON r.book = l.book AND r.batch = l.batch
     WHERE w.year >= coalesce((SELECT x.year FROM voucher_claim_bounce x WHERE x.book = p.book AND x.payable = p.payable
                                ORDER BY x.position DESC LIMIT 1), c.year)
       AND NOT EXISTS (SELECT FROM payment_confirmation k
                        WHERE k.book = l.book AND k.batch = l.batch AND k.payable = l.payable)
       AND NOT EXISTS (SELECT FROM payable_freed f
                        WHERE f.book = l.book AND f.payable = l.payable AND f.attempt = l.attempt)
     ORDER BY 1, 2
"""
"""Batches that may have been paid on an earlier day, of which the bank has not told yet."""


@dataclass(frozen=True, slots=True)
class YearUnfinished:
    """What is unfinished of a year's vouchers and claims."""

    overdue: tuple[str, ...]
    """Vouchers of which something was over by the end of the year and is not posted."""
    in_payment: tuple[str, ...]
    """Released batches with claims it bears, of which the bank has not told yet."""


def load_years_unfinished(reader: Reader, ids: Collection[str]) -> Mapping[str, YearUnfinished]:
    """For every year asked that can be read, of a voucher scheme or not."""
    named = {id_: (parts[1], int(parts[2])) for id_ in ids if (parts := _YEAR.fullmatch(id_))}
    wanted = (list(named), [scheme for scheme, _ in named.values()], [year for _, year in named.values()])
    in_payment: dict[str, list[str]] = defaultdict(list)
    for id_, batch in reader.rows(_IN_PAYMENT, *wanted, reader.book):
        in_payment[id_].append(batch)
    over = {id_: due_id(scheme, date(year + 1, 1, 1)) for id_, (scheme, year) in named.items()}
    due = load_due(reader, list(over.values()))
    return {id_: YearUnfinished(due[over[id_]], tuple(in_payment[id_])) for id_ in named}


YEARS_UNFINISHED = Aggregate[YearUnfinished](
    "voucher-year-unfinished", load_years_unfinished, what="年度预算/budget of the year"
)
"""By `budget_id(scheme, year)`."""
