"""The entries of receipts that nobody can match. K = the bureau whose account it is.  (pure)"""

from datetime import date

from ledger.journal.entries import Backdating, Entry, entry, move
from ledger.payments.addresses import bank
from ledger.payments.bank.addresses import suspense
from ledger.payments.bank.values import BankLine


def suspense_entry(line: BankLine, on: date, backdating: Backdating | None) -> Entry:
    """Money came and nobody can say what for.

    debit   bank:K (1002)                 amount
    credit  payments:suspense:K (2307)    amount
    """
    received = move(line.amount_fen, debit=bank(line.payer), credit=suspense(line.payer))
    return entry("payment.suspense", on, received, backdating=backdating, memo=line.reference)


def leaving_entry(line: BankLine, on: date, memo: str) -> Entry:
    """Two people have decided: it goes back to its sender, or to the queue, where it is matched. The mirror image.

    debit   payments:suspense:K (2307)    amount
    credit  bank:K (1002)                 amount
    """
    left = move(line.amount_fen, debit=suspense(line.payer), credit=bank(line.payer))
    return entry("payment.suspense-left", on, left, memo=memo)
