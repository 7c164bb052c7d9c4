"""A statement as CSV with our own columns, for banks that give no camt.053.  (pure)

UTF-8, with or without its mark, or GB18030. The first row names the columns, in Chinese or in English, in any order.
Rows of one account and one number of a statement are one statement. An account number may have the apostrophe or the
tab by which spreadsheets keep it text.
"""

import csv
import io
from collections.abc import Iterator

from ledger.amounts import shown
from ledger.errors import Invalid
from ledger.payments.bank import reading
from ledger.payments.bank.reading import NotAStatement
from ledger.payments.bank.values import Statement, StatementLine

COLUMNS = {
    "account_number": "账号",
    "statement": "对账单编号",
    "booked_on": "记账日期",
    "reference": "流水号",
    "direction": "借贷",
    "amount_yuan": "金额（元）",
    "our_reference": "业务编号",
    "counterparty_account": "对方账号",
    "counterparty_name": "对方户名",
    "purpose": "摘要",
    "return_reason": "退回原因",
}
"""English and Chinese name of each column. A row with a reason of return is a payment that came back."""
NEEDED = ("account_number", "statement", "booked_on", "reference", "direction", "amount_yuan")
"""Columns that must be there; the others may be left out."""
_BY_NAME = {name: key for key, zh in COLUMNS.items() for name in (key, zh, zh.replace("（", "(").replace("）", ")"))}
_ENCODINGS = ("utf-8-sig", "gb18030")


class ColumnUnknown(Invalid):
    zh = "列名“{value}”不能识别。可用的列：{known}。"
    en = "There is no column “{value}”. The columns are: {known}."


class ColumnTwice(Invalid):
    zh = "列“{value}”出现两次。请删去其中一列。"
    en = "The column “{value}” stands there twice. Remove one."


class ColumnMissing(Invalid):
    zh = "缺少列：{missing}。"
    en = "These columns are missing: {missing}."


class RowOfAnotherLength(Invalid):
    zh = "第 {row} 行有 {count} 个单元格，列名有 {columns} 个。请检查引号和逗号。"
    en = "Row {row} has {count} cells, and there are {columns} columns. Check quotes and commas."


def read_csv(data: bytes) -> tuple[Statement, ...]:
    """The statements of a file, in the order in which they begin.

    Raises:
        NotAStatement, or the sentence of what cannot be read, with its row.
    """
    found: dict[tuple[str, str], list[StatementLine]] = {}
    for row, cells in _rows(_text(data)):
        place = f"第 {row} 行 / row {row}"
        own = reading.needed(reading.account(cells["account_number"]), place, "账号", "account")
        number = reading.needed(reading.name(cells["statement"]), place, "对账单编号", "statement's number")
        found.setdefault((own, number), []).append(_line(cells, place))
    return tuple(Statement(own, number, tuple(lines)) for (own, number), lines in found.items())


def _text(data: bytes) -> str:
    for encoding in _ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise NotAStatement(reason="UTF-8, GB18030")


def _rows(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Number of each row, as a spreadsheet counts, and its cells by column."""
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        columns = _columns(next(rows, []))
        for number, cells in enumerate(rows, start=2):
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(columns):
                raise RowOfAnotherLength(row=number, count=len(cells), columns=len(columns))
            yield number, dict.fromkeys(COLUMNS, "") | dict(zip(columns, map(_cell, cells), strict=True))
    except csv.Error as error:
        raise NotAStatement(reason=f"CSV: {error}") from None


def _columns(header: list[str]) -> list[str]:
    known = "、".join(COLUMNS.values())
    columns = []
    for name in map(str.strip, header):
        key = _BY_NAME.get(name)
        if key is None:
            raise ColumnUnknown(value=shown(name), known=known)
        if key in columns:
            raise ColumnTwice(value=shown(name))
        columns.append(key)
    if missing := [COLUMNS[key] for key in NEEDED if key not in columns]:
        raise ColumnMissing(missing="、".join(missing))
    return columns


def _cell(cell: str) -> str:
    return cell.strip().removeprefix("'").strip()


def _line(cells: dict[str, str], place: str) -> StatementLine:
    our_reference, reason = reading.name(cells["our_reference"]), reading.words(cells["return_reason"])
    return StatementLine(
        reference=reading.needed(reading.name(cells["reference"]), place, "流水号", "bank's reference"),
        direction=reading.direction(cells["direction"], place),
        amount_fen=reading.some_fen(cells["amount_yuan"].removeprefix("¥").removeprefix("￥"), place),
        booked_on=reading.day(cells["booked_on"], place),
        references=(our_reference,) if our_reference else (),
        returned=bool(reason),
        return_reason=reason,
        counterparty_account=reading.account(cells["counterparty_account"]),
        counterparty_name=reading.name(cells["counterparty_name"]),
        purpose=reading.words(cells["purpose"]),
    )
