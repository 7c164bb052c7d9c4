"""Vouchers with all their contracts; what is over and not posted yet."""

from collections.abc import Collection, Mapping
from datetime import date

from ledger.executor.commands import Aggregate, Keys
from ledger.executor.reading import Reader
from ledger.vouchers.last_days import expired_before
from ledger.vouchers.store.contracts import CONTRACTS, LAST_DAY, WAITING
from ledger.vouchers.store.vouchers import VOUCHERS


def load_wholes(reader: Reader, vouchers: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """Numbers of all contracts of each voucher; for every voucher asked."""
    found: dict[str, tuple[str, ...]] = dict.fromkeys(vouchers, ())
    for voucher, contract in reader.rows(
        "SELECT voucher, number FROM voucher_contract WHERE book = %s AND voucher = ANY(%s) "
        "ORDER BY reserved_on, number",
        reader.book,
        list(vouchers),
    ):
        found[voucher] += (contract,)
    return found


def follow_wholes(reader: Reader, vouchers: Collection[str]) -> Mapping[str, Keys]:
    return {
        voucher: VOUCHERS.keys(voucher) | CONTRACTS.keys(*contracts)
        for voucher, contracts in load_wholes(reader, vouchers).items()
    }


def due_id(scheme: str, on: date, operator: str | None = None) -> str:
    """Of one bureau's vouchers, or of all. A scheme's name and a day hold no colon; the bureau's code comes last."""
    return f"{scheme}:{on.isoformat()}:{operator or ''}"


_ITS_BUREAU = "w.operator IN ('', v.operator)"
_DUE = f"""
    SELECT w.id, d.number FROM unnest(%s::text[], %s::text[], %s::date[], %s::text[]) AS w (id, scheme, day, operator)
    CROSS JOIN LATERAL (
        SELECT v.number FROM voucher v
         WHERE v.book = %s AND v.scheme = w.scheme AND {_ITS_BUREAU} AND {expired_before("w.day")}
           AND NOT EXISTS (SELECT FROM voucher_expiry e WHERE e.book = v.book AND e.voucher = v.number)
           AND NOT EXISTS (SELECT FROM voucher_revocation e WHERE e.book = v.book AND e.voucher = v.number)
        UNION
        SELECT v.number FROM voucher v
          JOIN voucher_contract c ON c.book = v.book AND c.voucher = v.number
          {WAITING} AND v.book = %s AND v.scheme = w.scheme AND {_ITS_BUREAU} AND {LAST_DAY} < w.day
        ORDER BY 1 LIMIT %s) d
"""  # noqa: S608  our own words
"""Vouchers past their last day, and vouchers with a hold that ran out or an acceptance not claimed in time."""


def load_due(reader: Reader, ids: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """Vouchers of a scheme of which something ended before a day and is not posted yet, at most so many at a time."""
    found: dict[str, tuple[str, ...]] = dict.fromkeys(ids, ())
    split = [id_.split(":", 2) for id_ in ids]
    for id_, voucher in reader.rows(
        _DUE,
        list(ids),
        [scheme for scheme, _, _ in split],
        [date.fromisoformat(day) for _, day, _ in split],
        [operator for _, _, operator in split],
        reader.book,
        reader.book,
        DUE_MAX,
    ):
        found[id_] += (voucher,)
    return found


DUE_MAX = 500
"""Most vouchers that one run of expiry takes; a further run takes the next."""


def follow_due(reader: Reader, ids: Collection[str]) -> Mapping[str, Keys]:
    return {id_: WHOLES.keys(*vouchers) for id_, vouchers in load_due(reader, ids).items()}


WHOLES = Aggregate[tuple[str, ...]]("voucher-whole", load_wholes, follow_wholes, what="创新券/voucher", locked=False)
"""A voucher with all its contracts."""
DUE = Aggregate[tuple[str, ...]]("voucher-due", load_due, follow_due, what="到期事项/what is due")
"""By `due_id(scheme, day, operator)`."""
