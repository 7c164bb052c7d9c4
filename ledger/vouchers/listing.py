"""What people and programs look at: vouchers page by page, newest first, as far as the reader may see."""

from datetime import date

from ledger.executor.reading import Reader
from ledger.vouchers.store.contracts import load_contracts
from ledger.vouchers.store.vouchers import load_vouchers
from ledger.vouchers.values import Contract, Voucher

BEFORE_THE_FIRST = (date.max, "")


def vouchers_page(
    reader: Reader, after: tuple[date, str], limit: int, *, scheme: str | None = None, holder: str | None = None
) -> list[Voucher]:
    """Vouchers behind the one that was issued on this day under this number."""
    numbers = [
        number
        for (number,) in reader.rows(
            "SELECT number FROM voucher WHERE book = %s AND scheme = coalesce(%s, scheme) "
            "AND holder = coalesce(%s, holder) AND (issued_on, number) < (%s, %s) "
            "ORDER BY issued_on DESC, number DESC LIMIT %s",
            reader.book,
            scheme,
            holder,
            *after,
            limit,
        )
    ]
    found = load_vouchers(reader, numbers)
    return [found[number] for number in numbers]


def contracts_of(reader: Reader, voucher: str) -> list[Contract]:
    """Contracts of a voucher, in the order in which they were reserved."""
    numbers = [
        number
        for (number,) in reader.rows(
            "SELECT number FROM voucher_contract WHERE book = %s AND voucher = %s ORDER BY reserved_on, number",
            reader.book,
            voucher,
        )
    ]
    found = load_contracts(reader, numbers)
    return [found[number] for number in numbers]
