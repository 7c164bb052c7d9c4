"""A bank's file, whatever its kind.  (pure)"""

from ledger.payments.bank.camt053 import read_camt053
from ledger.payments.bank.csv_statement import read_csv
from ledger.payments.bank.reading import FILE_BYTES_MAX, FileTooLarge, NotAStatement
from ledger.payments.bank.values import Statement

_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def read_statements(data: bytes) -> tuple[Statement, ...]:
    """The statements of a file: camt.053 if it begins like XML, else our CSV.

    Raises:
        FileTooLarge, NotAStatement, or the sentence of what cannot be read, with its place.
    """
    if len(data) > FILE_BYTES_MAX:
        raise FileTooLarge(size=len(data), largest=FILE_BYTES_MAX)
    statements = read_camt053(data) if _is_xml(data) else read_csv(data)
    if not statements:
        raise NotAStatement(reason="0")
    return statements


def _is_xml(data: bytes) -> bool:
    head = data[:64]
    for mark in _MARKS:
        head = head.removeprefix(mark)
    return head.replace(b"\0", b"").lstrip().startswith(b"<")
