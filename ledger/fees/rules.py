"""What is refused about uses and bills.  (pure)"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from ledger.amounts import whole_amount, yuan
from ledger.errors import Invalid, Refused
from ledger.executor.clock import CITY
from ledger.fees.values import Bill, BillLine, Credits, PurposeClass, Use
from ledger.registry.text import TEXT_LENGTH_MAX, checked_choice, checked_name, shown
from ledger.registry.values import Party

LINES_MAX = 500
"""Most lines of one bill."""


class InstantUnreadable(Invalid):
    zh = "开始时间“{value}”须为带时区的时刻，例如 2026-07-01T09:00:00+08:00。"
    en = "The start “{value}” is to be an instant with its time zone, for example 2026-07-01T09:00:00+08:00."


class UseInFuture(Refused):
    zh = "使用开始于 {started_at}，晚于今天（{today}）。请在使用之后登记。"
    en = "The use starts at {started_at}, later than today ({today}). Record it when it has taken place."


class UseTooLong(Refused):
    zh = "自 {started_at} 起到今天（{today}）结束最多 {longest} 分钟，登记的是 {minutes} 分钟。请核对。"
    en = "From {started_at} to the end of today ({today}) there are {longest} minutes, not {minutes}. Check them."


class BillWithoutLines(Refused):
    zh = "账单没有明细。请至少填写一行。"
    en = "The bill has no line. Give at least one."


class TooManyBillLines(Refused):
    zh = "一张账单最多 {largest} 行，此处有 {count} 行。请分成几张账单。"
    en = "One bill holds at most {largest} lines, and these are {count}. Make several bills."


class UseTwiceOnBill(Refused):
    zh = "使用记录 {use} 在账单中出现两次。一次使用只收费一次。"
    en = "The use {use} stands on the bill twice. A use is billed once."


class UseBilled(Refused):
    zh = "使用记录 {use} 已由账单 {bill} 收费。一次使用只收费一次。"
    en = "The use {use} is charged by bill {bill} already. A use is billed once."


class UseOfAnotherUnit(Refused):
    zh = "使用记录 {use} 属于管理单位 {owner}，不能由 {unit} 开具账单。"
    en = "The use {use} belongs to unit {owner}; {unit} cannot bill it."


class UseOfAnotherUser(Refused):
    zh = "使用记录 {use} 的用户是 {user}，不能向 {payer} 收费。"
    en = "The use {use} was by {user}; {payer} cannot be charged for it."


class PayerIsUnit(Refused):
    zh = "{unit} 不能向自身开具账单。"
    en = "{unit} cannot bill itself."


class InvoiceUsed(Refused):
    zh = "发票 {invoice_number} 已用于账单 {bill}，不能再次使用。"
    en = "Invoice {invoice_number} belongs to bill {bill} already and cannot be used again."


class InvoiceInFuture(Refused):
    zh = "发票日期 {invoice_date} 晚于今天（{today}）。请核对。"
    en = "The invoice is dated {invoice_date}, later than today ({today}). Check the date."


class MoreThanOpen(Refused):
    zh = "账单 {bill} 尚欠 {open} 元，收款 {amount} 元超出。请核对金额。"
    en = "Bill {bill} is open with {open} yuan, and {amount} yuan were received. Check the amount."


class ReceiptKnown(Refused):
    zh = "账单 {bill} 已登记银行流水号 {bank_reference} 的收款，不能重复登记。"
    en = "A payment with bank reference {bank_reference} is recorded for bill {bill} already."


class AlreadyDisputed(Refused):
    zh = "账单 {bill} 已在争议中。"
    en = "Bill {bill} is disputed already."


class NotDisputed(Refused):
    zh = "账单 {bill} 没有争议，无需了结。"
    en = "Bill {bill} is not disputed; there is nothing to settle."


class NothingOpen(Refused):
    zh = "账单 {bill} 没有未收金额，不能提出争议。多付的款项请与管理单位 {unit} 联系退回。"
    en = "Nothing of bill {bill} is open, so there is nothing to dispute. Ask {unit} for what was paid too much."


class CreditBeforeBill(Refused):
    zh = "红字发票日期 {invoice_date} 早于所冲发票的日期 {billed_on}。请核对。"
    en = "The red invoice is dated {invoice_date}, before the invoice that it credits ({billed_on}). Check the date."


class MoreThanStands(Refused):
    zh = "账单 {bill} 尚可冲减 {stands} 元（未收与已收之和），红字发票 {amount} 元超出。请核对金额。"
    en = "Of bill {bill} {stands} yuan stand, open or paid; {amount} yuan cannot be credited. Check the amount."


class MoreThanOwedBack(Refused):
    zh = "账单 {bill} 应退用户 {owed} 元，退款 {amount} 元超出。请核对金额。"
    en = "Of bill {bill} {owed} yuan are owed back to its payer; {amount} yuan were paid back. Check the amount."


class RepaymentKnown(Refused):
    zh = "账单 {bill} 已登记银行流水号 {bank_reference} 的退款，不能重复登记。"
    en = "A payment back with bank reference {bank_reference} is recorded for bill {bill} already."


class DisputedNotWrittenOff(Refused):
    zh = "账单 {bill} 有争议，未了结前不能核销。"
    en = "Bill {bill} is contested; nothing of it is written off before that is settled."


class CreditNotReversible(Refused):
    zh = "凭证 {seq} 所属账单已开具红字发票，不能以反向凭证撤回。请以新的发票更正。"
    en = "Entry {seq} is of a bill that a red invoice has credited; it is not reversed. Correct it by a new invoice."


def checked_instant(value: object) -> datetime:
    """An instant with its time zone: a time of day alone would be another instant on another machine."""
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise InstantUnreadable(value=shown(value))
    try:
        value.astimezone(CITY)
    except OverflowError:  # hours before the year 1, or after the year 9999
        raise InstantUnreadable(value=shown(value)) from None
    return value


def checked_purpose_class(value: str) -> PurposeClass | None:
    """A class of purposes, or None where none is stated."""
    return checked_choice(PurposeClass, value, "用途类别", "class of purposes") if value else None


def check_duration(started_at: datetime, minutes: int, today: date) -> tuple[int, date]:
    """Whole minutes, and the legal date of a use: the last day in the city that it touches.

    There is no longest use: a measurement may run for days. It is over by the end of today.
    """
    length = whole_amount(minutes)
    begins = checked_instant(started_at).astimezone(CITY)
    midnight = datetime.combine(today + timedelta(days=1), time(), CITY)
    left = int((midnight - begins).total_seconds() // 60)
    if begins >= midnight:
        raise UseInFuture(started_at=begins.isoformat(), today=today)
    if length > left:
        raise UseTooLong(started_at=begins.isoformat(), today=today, longest=left, minutes=length)
    return length, legal_date(begins, length)


def legal_date(started_at: datetime, minutes: int) -> date:
    """The last day in the city that a use touches: a use that ends at midnight does not touch the day that begins."""
    return (started_at.astimezone(CITY) + timedelta(minutes=minutes - 1)).date()


def checked_lines(lines: Sequence[BillLine]) -> int:
    """The gross amount of a bill's lines in fen; each line whole and positive, no use on two of them."""
    if not lines:
        raise BillWithoutLines
    if len(lines) > LINES_MAX:
        raise TooManyBillLines(count=len(lines), largest=LINES_MAX)
    used: set[str] = set()
    for line in lines:
        checked_name(line.description, "明细名称", "description of the line", TEXT_LENGTH_MAX)
        whole_amount(line.quantity)
        whole_amount(line.price_fen)
        if line.use and line.use in used:
            raise UseTwiceOnBill(use=line.use)
        used.add(line.use or "")
    return whole_amount(sum(whole_amount(line.amount_fen) for line in lines))


def check_chargeable(use: Use, user: Party, unit: str, payer: str) -> None:
    """The unit's own, by the payer or by a team that the payer settles for, and on no bill yet."""
    if use.unit != unit:
        raise UseOfAnotherUnit(use=use.number, owner=use.unit, unit=unit)
    if payer not in {user.code, user.body}:
        raise UseOfAnotherUser(use=use.number, user=user.code, payer=payer)
    if use.bill:
        raise UseBilled(use=use.number, bill=use.bill)


def check_receipt(bill: Bill, amount_fen: int, bank_reference: str, known: frozenset[str]) -> None:
    """Never more than is open, and no bank slip twice."""
    if bank_reference in known:
        raise ReceiptKnown(bill=bill.number, bank_reference=bank_reference)
    if amount_fen > bill.open_fen:
        raise MoreThanOpen(bill=bill.number, open=yuan(bill.open_fen), amount=yuan(amount_fen))


def check_repayment(bill: Bill, amount_fen: int, bank_reference: str, so_far: Credits) -> None:
    """Never more than is owed back, and no bank slip twice."""
    if bank_reference in so_far.references:
        raise RepaymentKnown(bill=bill.number, bank_reference=bank_reference)
    if amount_fen > bill.owed_fen:
        raise MoreThanOwedBack(bill=bill.number, owed=yuan(bill.owed_fen), amount=yuan(amount_fen))


def check_write_off(bill: Bill, amount_fen: int) -> None:
    """Refuse to give up more than is open, or what is contested."""
    if amount_fen > bill.open_fen:
        raise MoreThanOpen(bill=bill.number, open=yuan(bill.open_fen), amount=yuan(amount_fen))
    if bill.disputed:
        raise DisputedNotWrittenOff(bill=bill.number)
