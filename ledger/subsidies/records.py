"""The records that a line of a batch rests on, one by one, as the books held them at the block it names.

They add up to what the line says: so many bills, so much billed and left out, so many uses and minutes. What has been
corrected since is not in them.
"""

from collections.abc import Container
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import NamedTuple

from ledger.errors import Refused
from ledger.executor.reading import Reader
from ledger.journal.bulk import run
from ledger.subsidies.bases import bills, claimed_contracts, known, related
from ledger.subsidies.values import Batch
from policies.subsidies.schemes import Serves, subsidy


class RecordsForBureaus(Refused):
    zh = "批次 {batch} 的账单依据涉及他人的关联关系，只提供给主管部门、财政部门和审计。本单位的账单见账单列表。"
    en = (
        "Which bills count in batch {batch} depends on relations of others: they are for commission, bureau and "
        "auditors. A unit's own bills stand in the list of bills."
    )


class LeftOutBill(StrEnum):
    """Why a bill does not count."""

    RELATED = "related"
    """Unit and payer are related, or under one actual controller."""
    EXCLUDED = "excluded"
    """It was said to count for no subsidy, such as one for statutory work; the reason stands beside."""
    OFF_PLATFORM = "off-platform"
    """Of a unit that is not on the platform, in a subsidy to users."""


LEFT_OUT_ZH = {
    LeftOutBill.RELATED: "关联方",
    LeftOutBill.EXCLUDED: "不予支持",
    LeftOutBill.OFF_PLATFORM: "单位未入网",
}


@dataclass(frozen=True, slots=True)
class BillRecord:
    """One bill under a line. Amounts are whole fen, tax included."""

    bill: str
    invoice_number: str
    unit: str
    payer: str
    issued_on: date
    vat_rate: str
    billed_fen: int
    """Less what red invoices credited and what was written off by then."""
    voucher_fen: int
    """What vouchers bear; of a bill that is left out, nothing is taken off twice."""
    equity_fen: int
    left_out: LeftOutBill | None
    reason: str
    """Of an excluded bill, as it was given."""

    @property
    def counts_fen(self) -> int:
        """With tax."""
        return 0 if self.left_out else self.billed_fen - self.voucher_fen - self.equity_fen


@dataclass(frozen=True, slots=True)
class UseRecord:
    """One use under a line."""

    use: str
    instrument: str
    unit: str
    used_by: str
    started_at: datetime
    minutes: int


FIRST_BILL = (date.min, "")
FIRST_USE = (datetime.min.replace(tzinfo=UTC), "")

_SIDE = {Serves.UNITS: "unit", Serves.USERS: "payer"}
_USED = {Serves.UNITS: "unit", Serves.USERS: "used_by"}


def bill_records(
    reader: Reader, batch: Batch, code: str | None, after: tuple[date, str] = FIRST_BILL, limit: int | None = None
) -> list[BillRecord]:
    """Bills of a unit, or to a user, by day and number; of all where none is named; all of them, or some behind one.

    Raises:
        RecordsForBureaus: the reader sees a part of the relations only, and would be told something else.
    """
    if not reader.sees_everything:
        raise RecordsForBureaus(batch=batch.number)
    side = _SIDE[batch.serves]
    of_party = f"b.{side} = coalesce(%(code)s, b.{side})"
    terms = subsidy(batch.scheme, batch.rules_on, batch.known_on)
    platform_only = batch.serves is Serves.USERS and terms.needs_membership
    rows = run(
        reader.connection,
        f"WITH RECURSIVE {related(then=True)}, {bills(then=True, only=of_party)}, "  # noqa: S608  our own words
        "member AS (SELECT DISTINCT ON (unit) unit, stands AND joined_on <= make_date(%(year)s, 12, 31) AS counts "
        f"FROM evaluation_member t WHERE book = %(book)s AND {known('t', then=True)} ORDER BY unit, step DESC) "
        "SELECT bill.number, invoice_number, bill.unit, payer, contract, issued_on, vat_rate, billed::int8, "
        "coalesce(borne.voucher, 0)::int8, coalesce(borne.equity, 0)::int8, kin, statutory, coalesce(reason, ''), "
        "NOT coalesce(member.counts, false) FROM bill LEFT JOIN borne ON borne.bill = bill.number "
        "LEFT JOIN member ON member.unit = bill.unit WHERE (issued_on, bill.number) > (%(day)s, %(number)s) "
        "ORDER BY issued_on, bill.number LIMIT %(limit)s",
        {
            "book": reader.book,
            "year": batch.base_year,
            "block": batch.block,
            "last_seq": batch.last_seq,
            "code": code,
            "day": after[0],
            "number": after[1],
            "limit": limit,
        },
    )
    found = [_Row(*row) for row in rows]
    contracts = [(row.unit, row.contract) for row in found if row.contract and not row.voucher]
    claimed = claimed_contracts(reader, contracts if batch.serves is Serves.USERS else [], batch.block)
    return [_record(row, claimed, platform_only=platform_only) for row in found]


class _Row(NamedTuple):
    number: str
    invoice_number: str
    unit: str
    payer: str
    contract: str | None
    issued_on: date
    vat_rate: str
    billed: int
    voucher: int
    equity: int
    kin: bool
    excluded: bool
    reason: str
    outside: bool


def _record(row: _Row, claimed: Container[tuple[str, str | None]], *, platform_only: bool) -> BillRecord:
    if row.kin:
        left_out: LeftOutBill | None = LeftOutBill.RELATED
    elif row.excluded:
        left_out = LeftOutBill.EXCLUDED
    else:
        left_out = LeftOutBill.OFF_PLATFORM if platform_only and row.outside else None
    return BillRecord(
        bill=row.number,
        invoice_number=row.invoice_number,
        unit=row.unit,
        payer=row.payer,
        issued_on=row.issued_on,
        vat_rate=row.vat_rate,
        billed_fen=row.billed,
        voucher_fen=row.billed - row.equity if (row.unit, row.contract) in claimed else row.voucher,
        equity_fen=row.equity,
        left_out=left_out,
        reason=row.reason if row.excluded else "",
    )


def use_records(
    reader: Reader, batch: Batch, code: str | None, after: tuple[datetime, str] = FIRST_USE, limit: int | None = None
) -> list[UseRecord]:
    """Uses of a unit's instruments by others, or of others' by a user, by start and number; None: of all."""
    used = _USED[batch.serves]
    rows = run(
        reader.connection,
        "SELECT u.number, u.instrument, u.unit, u.used_by, u.started_at, u.minutes "  # noqa: S608  our own words
        "FROM fee_use u "
        f"WHERE u.book = %(book)s AND u.{used} = coalesce(%(code)s, u.{used}) AND u.used_by <> u.unit "
        "AND u.started_at >= make_date(%(year)s, 1, 1)::timestamp AT TIME ZONE 'Asia/Shanghai' "
        "AND u.started_at < make_date(%(year)s + 1, 1, 1)::timestamp AT TIME ZONE 'Asia/Shanghai' "
        f"AND {known('u', then=True)} AND (u.started_at, u.number) > (%(at)s, %(number)s) "
        "ORDER BY u.started_at, u.number LIMIT %(limit)s",
        {
            "book": reader.book,
            "year": batch.base_year,
            "block": batch.block,
            "code": code,
            "at": after[0],
            "number": after[1],
            "limit": limit,
        },
    )
    return [UseRecord(*row) for row in rows]
