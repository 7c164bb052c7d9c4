"""SQL for the last day of a voucher and of a hold, extensions included. `v` is a voucher's row, `c` a contract's.

What is derived from a voucher is asked for its own last day, so that nothing outlives it and nothing else is told.
"""

_OF_VOUCHER = "FROM voucher_extension x WHERE x.book = v.book AND x.voucher = v.number"
_OF_HOLD = "FROM voucher_hold_extension x WHERE x.book = c.book AND x.contract = c.number"

EXPIRES_ON = f"coalesce((SELECT max(x.expires_on) {_OF_VOUCHER}), v.expires_on)"
EXTENSIONS = f"(SELECT count(*)::int4 {_OF_VOUCHER})"
HOLD_UNTIL = f"coalesce((SELECT max(x.hold_until) {_OF_HOLD}), c.hold_until)"


def expired_before(day: str) -> str:
    """The condition that a voucher's last day lies before another; an index answers its first part."""
    return f"v.expires_on < {day} AND NOT EXISTS (SELECT {_OF_VOUCHER} AND x.expires_on >= {day})"
