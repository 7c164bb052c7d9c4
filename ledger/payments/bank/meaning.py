"""What a bank line means: our number first, then amount, then account; only where nothing else could be meant.  (pure)

An amount that differs, a second payment, money that came back twice: nothing is guessed, a person looks at it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ledger.payments.bank.values import BankLine, Candidate, Direction
from policies.kernel.words import Words

_LETTERS = "[0-9A-HJKMNP-TV-Z]{4}"
_OURS = re.compile(rf"(?<![0-9A-Z])(?:PAY|B)-{_LETTERS}-{_LETTERS}-{_LETTERS}(?![0-9A-Z])")
"""Numbers of payables and of batches, as `Command.number` makes them."""


def our_id(references: Iterable[str], purpose: str) -> str:
    """The number of ours that came with a line: in an id of the order, else in its purpose; none where two did."""
    for text in (*references, purpose):
        found = set(_OURS.findall(text.upper()))
        if found:
            return found.pop() if len(found) == 1 else ""
    return ""


@dataclass(frozen=True, slots=True)
class Meaning:
    """Payments of one batch that a line is about."""

    batch: str
    payables: frozenset[str]
    on_record: bool = False
    """A person has said so before; the line is the evidence of it and changes nothing."""


class Unclear(StrEnum):
    """Why a line waits for a person."""

    NO_NUMBER = "no-number"
    NUMBER_UNKNOWN = "number-unknown"
    AMOUNT_DIFFERS = "amount-differs"
    ACCOUNT_DIFFERS = "account-differs"
    TOO_EARLY = "too-early"
    PAID_ALREADY = "paid-already"
    NOT_PAID = "not-paid"
    BACK_ALREADY = "back-already"
    ATTEMPT_OVER = "attempt-over"
    WHOLE_BATCH_BACK = "whole-batch-back"
    SEVERAL_FIT = "several-fit"
    NOTHING_FITS = "nothing-fits"
    A_RECEIPT = "a-receipt"


WHY = {
    Unclear.NO_NUMBER: Words(
        "无我方编号，也无对方账号", "it has neither a number of ours nor the other side's account"
    ),
    Unclear.NUMBER_UNKNOWN: Words("所带编号不在已放行的批次中", "no released batch has the number it came with"),
    Unclear.AMOUNT_DIFFERS: Words("金额与应付金额不符", "its amount is not what was to be paid"),
    Unclear.ACCOUNT_DIFFERS: Words("对方账号与批次所列不符", "the other side's account is not the one in the batch"),
    Unclear.TOO_EARLY: Words(
        "记账日期早于放行或付款", "it was booked before the batch was released or the payment made"
    ),
    Unclear.PAID_ALREADY: Words("该笔已付，可能重复付款", "the payment was made before: perhaps it was paid twice"),
    Unclear.NOT_PAID: Words("该笔未付，无款可退", "the payment was not made, so nothing could come back"),
    Unclear.BACK_ALREADY: Words("该笔已退回过", "the payment came back before"),
    Unclear.ATTEMPT_OVER: Words("该次付款已登记为失败", "the payment is on record as failed"),
    Unclear.WHOLE_BATCH_BACK: Words(
        "整批退回须逐笔办理", "a whole batch that came back is looked at payment by payment"
    ),
    Unclear.SEVERAL_FIT: Words("有几笔同样符合", "several payments fit equally"),
    Unclear.NOTHING_FITS: Words("没有符合的款项", "no payment fits"),
    Unclear.A_RECEIPT: Words("收款，但不是退回", "it is a receipt, and no return"),
}
"""The same in a sentence's end: `it waits because …`."""


def meaning(line: BankLine, candidates: Sequence[Candidate]) -> Meaning | Unclear:
    """What a line means, or why that is not clear.

    Args:
        line: as imported.
        candidates: every line of a released batch of the same payer that has our number of the line, stands in the
            batch of that number, or goes to the other side's account.
    """
    if line.our_id:
        named = [one for one in candidates if line.our_id in {one.batch, one.payable}]
        whole_batch = any(one.batch == line.our_id for one in named)
        if not named:
            return Unclear.NUMBER_UNKNOWN
        if line.direction is Direction.DEBIT:
            return _whole_batch_paid(line, named) if whole_batch else _paid(line, named)
        return Unclear.WHOLE_BATCH_BACK if whole_batch else _came_back(line, named)
    if line.direction is Direction.CREDIT and not line.returned:
        return Unclear.A_RECEIPT
    if not line.counterparty_account:
        return Unclear.NO_NUMBER
    return _by_amount_and_account(line, candidates)


def _whole_batch_paid(line: BankLine, named: Sequence[Candidate]) -> Meaning | Unclear:
    """One booking for all that is open of a batch, or for all of it when a person has confirmed it before."""
    for some, on_record in (
        ([one for one in named if one.open], False),
        ([one for one in named if one.paid_on and not one.paid_line], True),
    ):
        if some and sum(one.amount_fen for one in some) == line.amount_fen:
            if not on_record and line.booked_on < some[0].released_on:
                return Unclear.TOO_EARLY
            return Meaning(line.our_id, frozenset(one.payable for one in some), on_record)
    return Unclear.AMOUNT_DIFFERS if any(one.open for one in named) else Unclear.PAID_ALREADY


def _paid(line: BankLine, named: Sequence[Candidate]) -> Meaning | Unclear:
    """A payable that waits for its bank, or that a person has confirmed without it."""
    waiting = [one for one in named if one.open]
    if waiting:
        return _fitting(line, waiting[-1], on_record=False)
    noted = [one for one in named if one.paid_on and not one.paid_line]
    if noted:
        return _fitting(line, noted[-1], on_record=True)
    return Unclear.PAID_ALREADY if any(one.paid_on for one in named) else Unclear.ATTEMPT_OVER


def _came_back(line: BankLine, named: Sequence[Candidate]) -> Meaning | Unclear:
    out = [one for one in named if one.may_come_back]
    if out:
        return _fitting(line, out[-1], on_record=False)
    noted = [one for one in named if one.returned_on and not one.returned_line]
    if noted:
        return _fitting(line, noted[-1], on_record=True)
    return Unclear.BACK_ALREADY if any(one.returned_on for one in named) else Unclear.NOT_PAID


def _fitting(line: BankLine, one: Candidate, *, on_record: bool) -> Meaning | Unclear:
    """The number says which; amount, account and day must agree."""
    if one.amount_fen != line.amount_fen:
        return Unclear.AMOUNT_DIFFERS
    if line.counterparty_account not in {"", one.account_number}:
        return Unclear.ACCOUNT_DIFFERS
    if line.booked_on < _earliest(line, one):
        return Unclear.TOO_EARLY
    return Meaning(one.batch, frozenset({one.payable}), on_record)


def _by_amount_and_account(line: BankLine, candidates: Sequence[Candidate]) -> Meaning | Unclear:
    """No number: amount and account must both agree, and with one payment only, on record or not."""
    fit = [
        one
        for one in candidates
        if one.amount_fen == line.amount_fen
        and one.account_number == line.counterparty_account
        and line.booked_on >= _earliest(line, one)
        and (_answers(line, one) or _on_record(line, one))
    ]
    if len(fit) != 1:
        return Unclear.SEVERAL_FIT if fit else Unclear.NOTHING_FITS
    return Meaning(fit[0].batch, frozenset({fit[0].payable}), _on_record(line, fit[0]))


def _earliest(line: BankLine, one: Candidate) -> date:
    """First day on which the bank can have booked it."""
    return one.released_on if line.direction is Direction.DEBIT or one.paid_on is None else one.paid_on


def _answers(line: BankLine, one: Candidate) -> bool:
    """Whether it would tell something new."""
    return one.open if line.direction is Direction.DEBIT else one.may_come_back


def _on_record(line: BankLine, one: Candidate) -> bool:
    """Whether a person has said so before, and no bank line is the evidence yet."""
    if line.direction is Direction.DEBIT:
        return one.paid_on is not None and one.paid_line is None
    return one.returned_on is not None and one.returned_line is None
