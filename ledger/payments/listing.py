"""What people and programs look at: payables, batches, the list as the bank gets it."""

from ledger.executor.listing import Place, detail, newest
from ledger.executor.reading import Reader
from ledger.payments.export import export_csv
from ledger.payments.rules import check_for_the_bank
from ledger.payments.store import BATCHES, PAYABLES
from ledger.payments.values import Batch, Payable


def payables_page(reader: Reader, after: Place, limit: int, *, payee: str | None, free: bool) -> list[Payable]:
    """Payables; on request only those that a batch may take: neither paid, nor in one, nor wholly set off."""
    return newest(reader, PAYABLES, "payable", "created_on", after, limit, _FREE if free else "", payee=payee)


_FREE = (
    "AND NOT EXISTS (SELECT FROM payment_batch_line l WHERE l.book = t.book AND l.payable = t.number "
    "AND NOT EXISTS (SELECT FROM payable_freed f WHERE f.book = l.book AND f.payable = l.payable "
    "AND f.attempt = l.attempt)) "
    "AND t.amount_fen > coalesce((SELECT offset_fen FROM payable_offset o WHERE o.book = t.book "
    "AND o.payable = t.number ORDER BY position DESC LIMIT 1), 0)"
)


def batches_page(reader: Reader, after: Place, limit: int) -> list[Batch]:
    return newest(reader, BATCHES, "payment_batch", "composed_on", after, limit)


def bank_file(reader: Reader, number: str) -> bytes:
    """The list of a released batch, as the bank gets it.

    Raises:
        NotForTheBank: nobody has approved it yet, or somebody has refused it.
    """
    batch = detail(reader, BATCHES, number)
    check_for_the_bank(batch)
    return export_csv(batch)
