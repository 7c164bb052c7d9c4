"""What one cell says. A CSV gives text; XLSX gives text, numbers, dates, and yes or no.  (pure)

A spreadsheet keeps numbers in binary floating point and shows fifteen digits of them. What it shows is what its author
meant: a number is read by those digits, as a decimal, and never calculated with before.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation

from ledger.amounts import AMOUNT_MAX, shown
from ledger.errors import Invalid
from ledger.executor.clock import CITY
from policies.kernel.words import Words

Cell = object
"""str, int, float, bool, date, datetime, timedelta or None."""

DIGITS_EXACT = 15
"""Of a number in a spreadsheet; a longer one has lost its end already."""


class CellMissing(Invalid):
    zh = "未填写。请填写。"
    en = "Nothing is filled in. Fill it in."


class NotWhole(Invalid):
    zh = "“{value}”不是整数。请填写整数，例如 120。"
    en = "“{value}” is no whole number. Write one such as 120."


class NotYuan(Invalid):
    zh = "“{value}”不是金额。请以元填写，最多两位小数，例如 1234.56。"
    en = "“{value}” is no amount. Write yuan with at most two decimals, for example 1234.56."


class NotPoints(Invalid):
    zh = "“{value}”不是得分。请填写最多两位小数的数字，例如 85.5。"
    en = "“{value}” is no score. Write a number with at most two decimals, such as 85.5."


class OutOfRange(Invalid):
    zh = "“{value}”超出范围。"
    en = "“{value}” is out of range."


class DigitsLost(Invalid):
    zh = "“{value}”超过 15 位，作为数字保存时末位已丢失。请将该列设为文本格式后重新填写。"
    en = (
        "“{value}” has more than 15 digits; kept as a number, its end is lost. Format the column as text and retype it."
    )


class NotADate(Invalid):
    zh = "“{value}”不是日期。请填写如 2026-07-01。"
    en = "“{value}” is no date. Write it like 2026-07-01."


class NotAnInstant(Invalid):
    zh = "“{value}”不是日期和时间。请填写如 2026-07-01 09:00（北京时间）。"
    en = "“{value}” is no date and time. Write it like 2026-07-01 09:00 (Beijing time)."


class NotAChoice(Invalid):
    zh = "“{value}”不在可选范围内。可选：{choices}。"
    en = "“{value}” is none of the choices: {choices}."


class LikeAFormula(Invalid):
    zh = "“{value}”以 {first} 开头，电子表格会当作公式。请改写。"
    en = "“{value}” begins with {first}, which a spreadsheet takes for a formula. Write it another way."


FORMULA_SIGNS = ("=", "+", "-", "@")


def text(cell: Cell) -> str:
    """Text as written; a whole number as its digits. Empty where nothing is filled in."""
    if cell is None:
        return ""
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        return str(cell)
    if isinstance(cell, str):
        words = cell.strip()
        if words.startswith(FORMULA_SIGNS):
            raise LikeAFormula(value=shown(words), first=words[0])
        return words
    return _digits(cell)


def _digits(number: float) -> str:
    """A number as a spreadsheet shows it in full."""
    if abs(number) >= 10**DIGITS_EXACT:
        raise DigitsLost(value=f"{number:.0f}")
    return f"{Decimal(f'{number:.{DIGITS_EXACT}g}'):f}"


def whole(cell: Cell) -> int:
    """A whole number, thousands separated or not."""
    number = _decimal(cell, NotWhole)
    if number != number.to_integral_value():
        raise NotWhole(value=shown(cell))
    return int(number)


def fen(cell: Cell) -> int:
    """Yuan with at most two decimals, in whole fen."""
    return _hundredths(cell, NotYuan)


def points(cell: Cell) -> int:
    """A score with at most two decimals, in whole hundredths of a point."""
    return _hundredths(cell, NotPoints)


def _hundredths(cell: Cell, wrong: type[Invalid]) -> int:
    number = _decimal(cell, wrong) * 100
    if number != number.to_integral_value():
        raise wrong(value=shown(cell))
    return int(number)


_NUMBER = re.compile(r"-?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?")


def _decimal(cell: Cell, wrong: type[Invalid]) -> Decimal:
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        raise wrong(value=shown(cell))
    if not isinstance(cell, str):
        return Decimal(_digits(cell))
    written = cell.strip().removeprefix("¥").removeprefix("￥").strip()
    if not _NUMBER.fullmatch(written):
        raise wrong(value=shown(cell))
    try:
        number = Decimal(written.replace(",", ""))
    except InvalidOperation:
        raise wrong(value=shown(cell)) from None
    if abs(number) > AMOUNT_MAX:
        raise OutOfRange(value=shown(cell))
    return number


_DATE = re.compile(r"(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?")


def day(cell: Cell) -> date:
    """A date of the calendar; a midnight is one too, for so a spreadsheet keeps dates."""
    if isinstance(cell, datetime):
        if cell.time() != time():
            raise NotADate(value=shown(cell))
        return cell.date()
    if isinstance(cell, date):
        return cell
    found = _DATE.fullmatch(cell.strip()) if isinstance(cell, str) else None
    if not found:
        raise NotADate(value=shown(cell))
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        raise NotADate(value=shown(cell)) from None


_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")


def instant(cell: Cell) -> datetime:
    """A date and a time; without a zone, of Beijing."""
    if isinstance(cell, datetime):
        return cell if cell.tzinfo else cell.replace(tzinfo=CITY)
    if not isinstance(cell, str):
        raise NotAnInstant(value=shown(cell))
    written = cell.strip()
    try:
        return _with_zone(datetime.fromisoformat(written)) if "T" in written else _local(written)
    except ValueError:
        raise NotAnInstant(value=shown(cell)) from None


def _with_zone(at: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=CITY)


def _local(written: str) -> datetime:
    on, _, clock = written.partition(" ")
    found, hour = _DATE.fullmatch(on), _CLOCK.fullmatch(clock.strip())
    if not found or not hour:
        raise ValueError(written)
    parts = [int(part) for part in (*found.groups(), *hour.groups("0"))]
    return datetime(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5], tzinfo=CITY)


def choice(cell: Cell, choices: Mapping[str, Words]) -> str:
    """The code of one of several words, which may be written in either language or as the code itself."""
    written = text(cell)
    for code, words in choices.items():
        if written.casefold() in {code.casefold(), words.zh.casefold(), words.en.casefold()}:
            return code
    raise NotAChoice(value=shown(written), choices="、".join(words.zh for words in choices.values()))
