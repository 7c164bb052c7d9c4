"""What is read from a bank's file: amounts, days, text; and the sentence for what cannot be read.  (pure)"""

import re
import unicodedata
from datetime import date, datetime

from ledger.amounts import AMOUNT_MAX, shown
from ledger.errors import Invalid
from ledger.executor.clock import CITY
from ledger.payments.bank.values import Direction
from ledger.registry.text import NAME_LENGTH_MAX, TEXT_LENGTH_MAX, UNPRINTABLE

FILE_BYTES_MAX = 20_000_000
"""Largest file that is read."""


class FileTooLarge(Invalid):
    zh = "文件有 {size} 字节，最多 {largest} 字节。请向银行索取较短期间的对账单。"
    en = "The file has {size} bytes, and {largest} are the most. Ask the bank for statements of shorter periods."


class NotAStatement(Invalid):
    zh = "文件不是可识别的银行对账单（{reason}）。请提供 camt.053 XML，或按文档列名的 CSV。"
    en = "The file is no bank statement that can be read ({reason}). Give camt.053 in XML, or a CSV with our columns."


class StatementPartMissing(Invalid):
    zh = "{place}：缺少{what_zh}。请向银行索取完整的对账单。"
    en = "{place}: the {what_en} is missing. Ask the bank for the complete statement."


class AmountUnreadable(Invalid):
    zh = "{place}：金额“{value}”不能识别，应为正数，最多两位小数，例如 1234.56。"
    en = "{place}: the amount “{value}” cannot be read. It is a positive number of at most two decimals, as 1234.56."


class CurrencyNotCny(Invalid):
    zh = "{place}：币种为“{currency}”，只能读取人民币（CNY）对账单。"
    en = "{place}: the currency is “{currency}”; only statements in CNY are read."


class DirectionUnreadable(Invalid):
    zh = "{place}：借贷标志“{value}”不能识别，应为：{known}。"
    en = "{place}: “{value}” does not say which way the money went. Known are: {known}."


class DayUnreadable(Invalid):
    zh = "{place}：日期“{value}”不能识别，例如 2026-07-01。"
    en = "{place}: the date “{value}” cannot be read. Write it as 2026-07-01."


_AMOUNT = re.compile(r"([0-9]{1,16}|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.([0-9]{1,2})0*)?")
_DAY = re.compile(
    r"(?P<y>[0-9]{4})[-/.年](?P<m>[0-9]{1,2})[-/.月](?P<d>[0-9]{1,2})日?"
    r"|(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})"
)
_OF_DIRECTION = {
    **dict.fromkeys(("DBIT", "DEBIT", "D", "借", "借方", "支出", "付款"), Direction.DEBIT),
    **dict.fromkeys(("CRDT", "CREDIT", "C", "贷", "贷方", "收入", "收款"), Direction.CREDIT),
}


def fen(written: str, place: str) -> int:
    """An amount in decimal text, in whole fen; never through binary floating point."""
    found = _AMOUNT.fullmatch(written.strip())
    if not found:
        raise AmountUnreadable(place=place, value=shown(written))
    amount_fen = int(found[1].replace(",", "")) * 100 + int((found[2] or "").ljust(2, "0"))
    if amount_fen > AMOUNT_MAX:
        raise AmountUnreadable(place=place, value=shown(written))
    return amount_fen


def some_fen(written: str, place: str) -> int:
    """The same, and more than nothing."""
    amount_fen = fen(written, place)
    if not amount_fen:
        raise AmountUnreadable(place=place, value=shown(written))
    return amount_fen


def day(written: str, place: str) -> date:
    """A day of the calendar; of an instant with its zone, the day in Beijing."""
    text = written.strip()
    found = _DAY.fullmatch(text)
    try:
        if found:
            year, month, of_month = (int(part) for part in found.groups() if part)
            return date(year, month, of_month)
        at = datetime.fromisoformat(text)
    except ValueError:
        raise DayUnreadable(place=place, value=shown(written)) from None
    return at.astimezone(CITY).date() if at.tzinfo else at.date()


def direction(written: str, place: str) -> Direction:
    found = _OF_DIRECTION.get(written.strip().upper())
    if found is None:
        raise DirectionUnreadable(place=place, value=shown(written), known="DBIT, CRDT, 借, 贷")
    return found


def words(written: str, longest: int = TEXT_LENGTH_MAX) -> str:
    """Text in one line, as long as the books keep it: what cannot be printed leaves a mark in its place."""
    line = " ".join(written.split())
    line = "".join("�" if _unprintable(letter) else letter for letter in line)
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def name(written: str) -> str:
    return words(written, NAME_LENGTH_MAX)


def account(written: str) -> str:
    """The number of an account, without blanks and the marks that keep a spreadsheet from counting with it."""
    return "".join(letter for letter in written.upper() if letter.isascii() and letter.isalnum())


def needed(written: str, place: str, what_zh: str, what_en: str) -> str:
    """What must be there."""
    if not written:
        raise StatementPartMissing(place=place, what_zh=what_zh, what_en=what_en)
    return written


def _unprintable(letter: str) -> bool:
    return unicodedata.category(letter) in UNPRINTABLE
