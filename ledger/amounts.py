"""Whole units of an asset: fen, minutes, fen of face value. No float comes near.  (pure)"""

from typing import TypeGuard

from ledger.errors import Invalid

AMOUNT_MAX = 10**15
"""Largest amount of one transfer, in whole units (ten trillion yuan)."""

TOTAL_MAX = 2**63 - 1
"""Largest total an account can carry on either side."""


_LINE = 40
"""Most characters of a wrong value that a sentence repeats."""
_LONG = 10**_LINE


class AmountNotWhole(Invalid):
    zh = "金额“{value}”不是整数。金额以分为单位，用整数填写，例如 12345 表示 123.45 元。"
    en = "The amount “{value}” is not a whole number. Amounts are whole fen: write 12345 for 123.45 yuan."


class AmountOutOfRange(Invalid):
    zh = "金额 {value} 超出范围。一笔金额须在 1 至 {largest} 之间（单位：分）。"
    en = "The amount {value} is out of range. One amount is between 1 and {largest} whole units (fen, minutes)."


def is_whole(value: object) -> TypeGuard[int]:
    """Whether it is an integer and nothing that only looks like one (a bool, a float, text)."""
    return isinstance(value, int) and not isinstance(value, bool)


def whole_amount(value: object) -> int:
    """A positive whole amount, or the sentence that says why not."""
    if not is_whole(value):
        raise AmountNotWhole(value=shown(value))
    if not 0 < value <= AMOUNT_MAX:
        raise AmountOutOfRange(value=shown(value), largest=AMOUNT_MAX)
    return value


def shown(value: object) -> str:
    """A value as a sentence can carry it: printable, and not longer than a line."""
    if isinstance(value, int) and abs(value) >= _LONG:
        return f"{'-' if value < 0 else ''}≈2^{value.bit_length()}"
    try:
        text = str(value)
    except ValueError:  # a number of thousands of digits within
        text = type(value).__name__
    safe = "".join(letter if letter.isprintable() else "�" for letter in text[:_LINE])
    return f"{safe}…" if len(text) > len(safe) else safe


def yuan(fen: int) -> str:
    """Fen as people read it: `1,234.56`; a negative amount keeps its sign."""
    whole, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole:,}.{rest:02d}"
