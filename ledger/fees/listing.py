"""What people and programs look at: uses and bills page by page, newest first, as far as the reader may see."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from ledger.executor.reading import Reader
from ledger.fees.store import STANDS, load_bills, load_uses
from ledger.fees.values import Bill, Use

BEFORE_THE_FIRST_USE = (datetime.max.replace(tzinfo=UTC), "")
BEFORE_THE_FIRST_BILL = (date.max, "")


def uses_page(
    reader: Reader,
    after: tuple[datetime, str],
    limit: int,
    *,
    instrument: str | None = None,
    unit: str | None = None,
    user: str | None = None,
    since: date = date.min,
    until: date = date.max,
    billed: bool | None = None,
) -> list[Use]:
    """Uses behind the one that started at this instant under this number; days are those of the start in the city."""
    numbers = _numbers(
        reader,
        "SELECT u.number FROM fee_use u WHERE u.book = %s AND (u.started_at, u.number) < (%s, %s) "  # noqa: S608  our own words
        "AND u.instrument = coalesce(%s, u.instrument) AND u.unit = coalesce(%s, u.unit) "
        "AND u.used_by = coalesce(%s, u.used_by) "
        "AND (u.started_at AT TIME ZONE 'Asia/Shanghai')::date BETWEEN %s AND %s "
        "AND (%s::boolean IS NULL OR %s = EXISTS ("
        f"  SELECT 1 FROM fee_bill_line l WHERE l.book = u.book AND l.charged_use = u.number AND {STANDS})) "
        "ORDER BY u.started_at DESC, u.number DESC LIMIT %s",
        *after,
        instrument,
        unit,
        user,
        since,
        until,
        billed,
        billed,
        limit,
    )
    found = load_uses(reader, numbers)
    return [found[number] for number in numbers]


def bills_page(
    reader: Reader,
    after: tuple[date, str],
    limit: int,
    *,
    unit: str | None = None,
    payer: str | None = None,
    contract: str | None = None,
    since: date = date.min,
    until: date = date.max,
    unpaid: bool | None = None,
    disputed: bool | None = None,
) -> list[Bill]:
    """Bills behind the one that was issued on this day under this number; `unpaid`: whether anything of it is open."""
    numbers = _numbers(
        reader,
        "SELECT b.number FROM fee_bill b WHERE b.book = %s AND (b.issued_on, b.number) < (%s, %s) "
        "AND b.unit = coalesce(%s, b.unit) AND b.payer = coalesce(%s, b.payer) "
        "AND (%s::text IS NULL OR b.contract = %s) AND b.issued_on BETWEEN %s AND %s "
        "AND (%s::boolean IS NULL OR %s = (SELECT coalesce(sum(l.leaves), 0) < 0 FROM fee_bill_leg l "
        "  WHERE l.book = b.book AND l.bill = b.number AND l.own LIKE 'fees:open:%%')) "
        "AND (%s::boolean IS NULL OR %s = coalesce((SELECT d.stands FROM fee_dispute d "
        "  WHERE d.book = b.book AND d.bill = b.number ORDER BY d.step DESC LIMIT 1), false)) "
        "ORDER BY b.issued_on DESC, b.number DESC LIMIT %s",
        *after,
        unit,
        payer,
        contract,
        contract,
        since,
        until,
        unpaid,
        unpaid,
        disputed,
        disputed,
        limit,
    )
    found = load_bills(reader, numbers)
    return [found[number] for number in numbers]


def _numbers(reader: Reader, sql: str, *parameters: object) -> list[str]:
    return [number for (number,) in reader.rows(sql, reader.book, *parameters)]


@dataclass(frozen=True, slots=True)
class Receipt:
    """A payment of the payer that has reached the unit's bank."""

    number: str
    amount_fen: int
    bank_reference: str
    received_on: date


def receipts_of(reader: Reader, bill: str) -> list[Receipt]:
    """Payments received on a bill, in their order."""
    rows = reader.rows(
        "SELECT number, amount_fen, bank_reference, received_on FROM fee_receipt WHERE book = %s AND bill = %s "
        "ORDER BY received_on, number",
        reader.book,
        bill,
    )
    return [Receipt(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class CreditNote:
    """A red invoice that has credited a bill, or a part of it."""

    number: str
    invoice_number: str
    invoice_date: date
    gross_fen: int
    net_fen: int
    vat_fen: int
    owed_fen: int
    reason: str
    credited_on: date
    calculation: UUID


def credit_notes_of(reader: Reader, bill: str) -> list[CreditNote]:
    """Red invoices of a bill, in their order."""
    rows = reader.rows(
        "SELECT number, invoice_number, invoice_date, gross_fen, net_fen, vat_fen, owed_fen, reason, credited_on, "
        "calculation FROM fee_credit WHERE book = %s AND bill = %s ORDER BY step",
        reader.book,
        bill,
    )
    return [CreditNote(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Repayment:
    """What was owed back to the payer has left the unit's bank."""

    number: str
    amount_fen: int
    bank_reference: str
    repaid_on: date


def repayments_of(reader: Reader, bill: str) -> list[Repayment]:
    """Payments back to a bill's payer, in their order."""
    rows = reader.rows(
        "SELECT number, amount_fen, bank_reference, repaid_on FROM fee_repayment WHERE book = %s AND bill = %s "
        "ORDER BY repaid_on, number",
        reader.book,
        bill,
    )
    return [Repayment(*row) for row in rows]
