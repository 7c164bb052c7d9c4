"""What is refused about batches and their payment.  (pure)"""

from collections.abc import Collection
from datetime import date

from ledger.amounts import AMOUNT_MAX, yuan
from ledger.errors import Refused
from ledger.payments.values import STATUS_ZH, Batch, Confirmation, Failure, Payable, Return
from ledger.registry.rules import same_person
from ledger.registry.values import Person

LINES_MAX = 5_000
"""Most lines of one batch: what two people can still look through, and what one transaction carries easily."""


class NothingNamed(Refused):
    zh = "没有列出任何款项。请至少列出一笔。"
    en = "Nothing is named. Name at least one payment."


class NamedTwice(Refused):
    zh = "{payable} 在同一请求中出现了两次。请只列一次。"
    en = "{payable} is named twice in one request. Name it once."


class TooManyLines(Refused):
    zh = "一个批次最多 {largest} 笔，此处有 {count} 笔。请分成几个批次。"
    en = "One batch holds at most {largest} payments, and these are {count}. Make several batches."


class BatchTooLarge(Refused):
    zh = "批次合计 {total_fen} 分，超过一个批次的上限 {largest} 分。请分成几个批次。"
    en = "The batch would total {total_fen} fen, more than one batch may hold ({largest} fen). Make several batches."


class PayersDiffer(Refused):
    zh = "{payable} 由 {payer} 支付，而批次中其他款项由 {other} 支付。一个批次只能有一个付款单位。"
    en = "{payable} is paid by {payer}, others of the batch by {other}. A batch has one payer."


class InAnotherBatch(Refused):
    zh = "{payable} 已在批次 {batch} 中，不能再列入另一批次。"
    en = "{payable} is in batch {batch} already and cannot enter another one."


class AlreadyPaid(Refused):
    zh = "{payable} 已于 {paid_on} 付讫，不能再次支付。"
    en = "{payable} was paid on {paid_on} and cannot be paid again."


class WhollyOffset(Refused):
    zh = "{payable} 已全额抵扣（{amount} 元），没有需要支付的余额。"
    en = "{payable} was set off in full ({amount} yuan): nothing of it is left to pay."


class OffsetTooLarge(Refused):
    zh = "{payable} 尚待支付 {net} 元，不能抵扣 {amount} 元。请减少抵扣金额。"
    en = "{payable} has {net} yuan left to pay; {amount} yuan cannot be set off against it. Set off less."


class NoPayeeAccount(Refused):
    zh = "{name}（{payee}）没有可用的收款账户。请先登记账户。"
    en = "{name} ({payee}) has no account to be paid to. Register one first."


class BatchChanged(Refused):
    zh = "批次 {batch} 的内容（{now}）与审批时（{approved}）不符，不能放行。请运行 vledger verify。"
    en = "Batch {batch} ({now}) is not what was approved ({approved}) and is not released. Run vledger verify."


class NotReleased(Refused):
    zh = "批次 {batch} {status_zh}，不能登记付款。"
    en = "Batch {batch} is {status}; no payment of it can be confirmed."


class NotForTheBank(Refused):
    zh = "批次 {batch} {status_zh}，不能导出付款清单。"
    en = "Batch {batch} is {status}; its list is not for the bank."


class OwnBatch(Refused):
    zh = "批次 {batch} 由 {maker} 制单，{person} 是本人或与其有委托关系，不能登记银行结果。请由另一人办理。"
    en = (
        "Batch {batch} was made by {maker}, and {person} is that person or counts as it. "
        "Have another person record what the bank says."
    )


class NotInBatch(Refused):
    zh = "批次 {batch} 中没有 {payable}。请核对编号。"
    en = "There is no {payable} in batch {batch}. Check the number."


class AlreadyConfirmed(Refused):
    zh = "{payable} 的付款已登记：{paid_on}，银行流水号 {bank_reference}。不能重复登记。"
    en = "The payment of {payable} is confirmed already: {paid_on}, bank reference {bank_reference}."


class PaidInFuture(Refused):
    zh = "付款日期 {paid_on} 晚于今天（{today}）。请核对银行回单。"
    en = "The payment is dated {paid_on}, later than today ({today}). Check the bank's slip."


class PaidBeforeRelease(Refused):
    zh = "付款日期 {paid_on} 早于批次 {batch} 的放行日期 {released_on}。请核对银行回单。"
    en = "The payment is dated {paid_on}, before batch {batch} was released on {released_on}. Check the bank's slip."


class NotPaid(Refused):
    zh = "批次 {batch} 中 {payable} 的付款尚未确认，没有可退回的款项。若银行未予支付，请登记付款失败。"
    en = (
        "The payment of {payable} in batch {batch} was never confirmed, so nothing can come back. "
        "If the bank did not carry it out, record that it failed."
    )


class AlreadyReturned(Refused):
    zh = "{payable} 在批次 {batch} 中的付款已于 {returned_on} 退回（银行流水号 {bank_reference}），不能重复登记。"
    en = (
        "The payment of {payable} in batch {batch} came back on {returned_on} already, bank reference {bank_reference}."
    )


class ReturnedInFuture(Refused):
    zh = "退回日期 {returned_on} 晚于今天（{today}）。请核对银行回单。"
    en = "The return is dated {returned_on}, later than today ({today}). Check the bank's slip."


class ReturnedBeforePaid(Refused):
    zh = "退回日期 {returned_on} 早于 {payable} 的付款日期 {paid_on}。请核对银行回单。"
    en = "The return is dated {returned_on}, before {payable} was paid on {paid_on}. Check the bank's slip."


class AlreadyFailed(Refused):
    zh = "{payable} 在批次 {batch} 中的付款已于 {failed_on} 登记为失败：{reason}。"
    en = "The payment of {payable} in batch {batch} is on record as failed since {failed_on}: {reason}."


def check_named(payables: Collection[str]) -> None:
    """At least one, none twice."""
    if not payables:
        raise NothingNamed
    if len(payables) > LINES_MAX:
        raise TooManyLines(count=len(payables), largest=LINES_MAX)
    seen: set[str] = set()
    for payable in payables:
        if payable in seen:
            raise NamedTwice(payable=payable)
        seen.add(payable)


def check_payable_now(payables: Collection[Payable]) -> None:
    """All free, of one payer, and together not more than one batch holds."""
    payers = {payable.payer for payable in payables}
    for payable in payables:
        check_free(payable)
        if others := payers - {payable.payer}:
            raise PayersDiffer(payable=payable.number, payer=payable.payer, other=min(others))
    total = sum(payable.net_fen for payable in payables)
    if total > AMOUNT_MAX:
        raise BatchTooLarge(total_fen=total, largest=AMOUNT_MAX)


def check_free(payable: Payable) -> None:
    """Neither paid, nor in a live batch, nor set off in full."""
    if payable.paid_on:
        raise AlreadyPaid(payable=payable.number, paid_on=payable.paid_on)
    if payable.batch:
        raise InAnotherBatch(payable=payable.number, batch=payable.batch)
    if not payable.net_fen:
        raise WhollyOffset(payable=payable.number, amount=yuan(payable.amount_fen))


def check_offset(payable: Payable, amount_fen: int) -> None:
    """A part of it may be set off: it is free, and has as much left to pay. What a batch has frozen is not touched."""
    check_free(payable)
    if amount_fen > payable.net_fen:
        raise OffsetTooLarge(payable=payable.number, net=yuan(payable.net_fen), amount=yuan(amount_fen))


def check_released(batch: Batch) -> date:
    """The day it was released."""
    if batch.released_on is None or batch.refused_on is not None:
        raise NotReleased(batch=batch.number, status=batch.status.value, status_zh=STATUS_ZH[batch.status])
    return batch.released_on


def check_for_the_bank(batch: Batch) -> None:
    """Approved by a second person, and as such to be carried out."""
    if batch.released_on is None or batch.refused_on is not None:
        raise NotForTheBank(batch=batch.number, status=batch.status.value, status_zh=STATUS_ZH[batch.status])


def check_confirmation(batch: Batch, confirmed: Confirmation, released_on: date, today: date) -> None:
    """The line is in the batch, has not been confirmed, and its date can be."""
    if batch.line_of(confirmed.payable) is None:
        raise NotInBatch(batch=batch.number, payable=confirmed.payable)
    _check_unanswered(batch, confirmed.payable)
    if confirmed.paid_on > today:
        raise PaidInFuture(paid_on=confirmed.paid_on, today=today)
    if confirmed.paid_on < released_on:
        raise PaidBeforeRelease(batch=batch.number, paid_on=confirmed.paid_on, released_on=released_on)


def check_failure(batch: Batch, failure: Failure, released_on: date, today: date) -> None:
    """The line is in the batch, and the bank has not answered on it."""
    if batch.line_of(failure.payable) is None:
        raise NotInBatch(batch=batch.number, payable=failure.payable)
    _check_unanswered(batch, failure.payable)
    if failure.failed_on > today:
        raise PaidInFuture(paid_on=failure.failed_on, today=today)
    if failure.failed_on < released_on:
        raise PaidBeforeRelease(batch=batch.number, paid_on=failure.failed_on, released_on=released_on)


def _check_unanswered(batch: Batch, payable: str) -> None:
    if before := batch.confirmation_of(payable):
        raise AlreadyConfirmed(payable=before.payable, paid_on=before.paid_on, bank_reference=before.bank_reference)
    if failed := batch.failure_of(payable):
        raise AlreadyFailed(payable=payable, batch=batch.number, failed_on=failed.failed_on, reason=failed.reason)


def check_return(batch: Batch, returned: Return, today: date) -> Confirmation:
    """The payment that came back: it was made, and has not come back before."""
    if batch.line_of(returned.payable) is None:
        raise NotInBatch(batch=batch.number, payable=returned.payable)
    paid = batch.confirmation_of(returned.payable)
    if paid is None:
        raise NotPaid(batch=batch.number, payable=returned.payable)
    if before := batch.return_of(returned.payable):
        raise AlreadyReturned(
            payable=before.payable,
            batch=batch.number,
            returned_on=before.returned_on,
            bank_reference=before.bank_reference,
        )
    if returned.returned_on > today:
        raise ReturnedInFuture(returned_on=returned.returned_on, today=today)
    if returned.returned_on < paid.paid_on:
        raise ReturnedBeforePaid(payable=paid.payable, returned_on=returned.returned_on, paid_on=paid.paid_on)
    return paid


def check_other_person(batch: Batch, person: Person, maker: Person) -> None:
    """Who composed a batch does not say what the bank did with it."""
    if same_person(person, maker):
        raise OwnBatch(batch=batch.number, maker=maker.code, person=person.code)
