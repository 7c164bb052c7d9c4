"""Unified social credit codes (统一社会信用代码) by both their check characters.  (pure)

A code that passes proves no identity; it only was not mistyped.
"""

from ledger.amounts import shown
from ledger.errors import Invalid

LENGTH = 18
LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""GB 32100-2015: no I O S V Z."""

_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ORGANISATION = slice(8, 16)
"""Places 9 to 16; the 17th is their check character (GB 11714-1997)."""


class UsccUnreadable(Invalid):
    zh = "统一社会信用代码“{value}”不能识别：应为 18 位，由数字和大写字母组成，不含 I、O、S、V、Z，也没有空格。"
    en = (
        "The unified social credit code “{value}” cannot be read: 18 characters are expected, digits and capital "
        "letters without I, O, S, V, Z, and no spaces."
    )


class UsccCheckWrong(Invalid):
    zh = "统一社会信用代码“{value}”的第 {place} 位是校验码，应为“{expected}”，现为“{found}”。请核对有无录错。"
    en = (
        "Character {place} of the unified social credit code “{value}” is a check character: “{expected}” is expected, "
        "“{found}” was given. Check for a typing error."
    )


def checked_uscc(value: object) -> str:
    """The code, or the sentence that says why it is none."""
    if not isinstance(value, str) or len(value) != LENGTH or not set(value) <= set(LETTERS):
        raise UsccUnreadable(value=shown(value))
    for place, expected in ((17, organisation_check(value[_ORGANISATION])), (18, final_check(value[:17]))):
        if value[place - 1] != expected:
            raise UsccCheckWrong(value=value, place=place, expected=expected, found=value[place - 1])
    return value


def organisation_check(eight: str) -> str:
    """Check character of an organisation code: 11 − Σ mod 11, where 10 is X and 11 is 0; letters count from A = 10."""
    total = sum(weight * int(letter, 36) for weight, letter in zip(_ORGANISATION_WEIGHTS, eight, strict=True))
    return "0123456789X"[-total % 11]


def final_check(seventeen: str) -> str:
    """Check character of the whole code: 31 − Σ mod 31, where 31 is 0."""
    total = sum(weight * LETTERS.index(letter) for weight, letter in zip(_WEIGHTS, seventeen, strict=True))
    return LETTERS[-total % 31]
