"""How an upper slice says that something is to be paid, under which budget line, or is settled otherwise.  (pure)"""

from datetime import date

from ledger.amounts import whole_amount
from ledger.payments.offset_tables import PayableOffsetTable
from ledger.payments.tables import PayableBudgetLineTable, PayableTable
from ledger.payments.values import Payable


def payable_row(
    *,
    number: str,
    subject_kind: str,
    subject: str,
    payer: str,
    payee: str,
    amount_fen: int,
    budget_line: str,
    purpose: str,
    created_on: date,
) -> PayableTable:
    """The row of a payable; whoever writes it has the approval for it.

    Args:
        number: the payable's own, by `command.number("PAY", …)`.
        subject_kind: what it pays, e.g. `voucher.claim`; comes back in `PaymentConfirmed`.
        subject: number of what it pays.
        payer: code of the bureau whose money it is.
        payee: code of the party that is paid.
        amount_fen: whole fen.
        budget_line: code of the budget line.
        purpose: a few words for the payee's bank statement.
        created_on: legal date.
    """
    return PayableTable(
        number=number,
        subject_kind=subject_kind,
        subject=subject,
        payer=payer,
        payee=payee,
        amount_fen=whole_amount(amount_fen),
        budget_line=budget_line,
        purpose=purpose,
        created_on=created_on,
    )


def charged_anew_row(payable: str, attempt: int, budget_line: str) -> PayableBudgetLineTable:
    """Written when an attempt has ended: from the next one on, another budget line pays."""
    return PayableBudgetLineTable(payable=payable, attempt=attempt, budget_line=budget_line)


def offset_row(payable: Payable, amount_fen: int, ground: str, offset_on: date) -> PayableOffsetTable:
    """The row by which a part of a payable is set off: only the rest will be paid.

    Args:
        payable: as loaded under its lock, and checked by `rules.check_offset`.
        amount_fen: whole fen, at most what is left of it.
        ground: number of the decision's own record.
        offset_on: legal date.
    """
    return PayableOffsetTable(
        payable=payable.number,
        position=payable.offsets + 1,
        position_before=payable.offsets or None,
        payable_fen=payable.amount_fen,
        offset_before_fen=payable.offset_fen,
        amount_fen=whole_amount(amount_fen),
        offset_fen=payable.offset_fen + amount_fen,
        ground=ground,
        offset_on=offset_on,
    )
