"""How payables and batches are loaded: set-based, a constant number of statements for one or many."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from typing import TypeVar

from ledger.executor.commands import Aggregate, Keys
from ledger.executor.reading import Reader
from ledger.payments.values import Batch, BatchLine, Confirmation, Failure, Payable, Return
from ledger.registry.store import PARTIES, PEOPLE

T = TypeVar("T")


def follow_payables(reader: Reader, numbers: Collection[str]) -> Mapping[str, Keys]:
    """Payer and payee of each."""
    return {
        number: PARTIES.keys(payer, payee)
        for number, payer, payee in reader.rows(
            "SELECT number, payer, payee FROM payable WHERE book = %s AND number = ANY(%s)", reader.book, list(numbers)
        )
    }


def load_payables(reader: Reader, numbers: Collection[str]) -> Mapping[str, Payable]:
    """Payables with the batch they are in, in one statement."""
    rows = reader.rows(
        "SELECT p.number, p.subject_kind, p.subject, p.payer, p.payee, p.amount_fen, "
        "coalesce(a.budget_line, p.budget_line), p.purpose, "
        "p.created_on, coalesce(d.document_number, ''), coalesce(l.attempt, 0), "
        "CASE WHEN f.payable IS NULL THEN l.batch END, CASE WHEN f.payable IS NULL THEN c.paid_on END, "
        "coalesce(o.position, 0), coalesce(o.offset_fen, 0) FROM payable p "
        "LEFT JOIN LATERAL (SELECT budget_line FROM payable_budget_line "
        "WHERE book = p.book AND payable = p.number ORDER BY attempt DESC LIMIT 1) a ON true "
        "LEFT JOIN budget_line d ON d.book = p.book AND d.code = coalesce(a.budget_line, p.budget_line) "
        "LEFT JOIN LATERAL (SELECT attempt, batch FROM payment_batch_line "
        "WHERE book = p.book AND payable = p.number ORDER BY attempt DESC LIMIT 1) l ON true "
        "LEFT JOIN payable_freed f ON f.book = p.book AND f.payable = p.number AND f.attempt = l.attempt "
        "LEFT JOIN payment_confirmation c ON c.book = p.book AND c.batch = l.batch AND c.payable = p.number "
        "LEFT JOIN LATERAL (SELECT position, offset_fen FROM payable_offset "
        "WHERE book = p.book AND payable = p.number ORDER BY position DESC LIMIT 1) o ON true "
        "WHERE p.book = %s AND p.number = ANY(%s)",
        reader.book,
        list(numbers),
    )
    return {row[0]: Payable(*row) for row in rows}


def follow_batches(reader: Reader, numbers: Collection[str]) -> Mapping[str, Keys]:
    """The payables of each and its maker: neither changes once written."""
    return {
        batch: PAYABLES.keys(*payables) | PEOPLE.keys(maker)
        for batch, maker, payables in reader.rows(
            "SELECT b.number, b.maker, array_agg(l.payable) FROM payment_batch b "
            "JOIN payment_batch_line l ON l.book = b.book AND l.batch = b.number "
            "WHERE b.book = %s AND b.number = ANY(%s) GROUP BY b.number, b.maker",
            reader.book,
            list(numbers),
        )
    }


def load_batches(reader: Reader, numbers: Collection[str]) -> Mapping[str, Batch]:
    """Batches with their lines and what the bank said of them, in five statements."""
    wanted = list(numbers)
    heads = reader.rows(
        "SELECT b.number, b.payer, b.maker, b.composed_on, r.released_on, x.refused_on FROM payment_batch b "
        "LEFT JOIN payment_release r ON r.book = b.book AND r.batch = b.number "
        "LEFT JOIN payment_refusal x ON x.book = b.book AND x.batch = b.number "
        "WHERE b.book = %s AND b.number = ANY(%s)",
        reader.book,
        wanted,
    )
    lines: dict[str, list[BatchLine]] = defaultdict(list)
    for batch, *rest in reader.rows(
        "SELECT l.batch, l.line, l.payable, l.attempt, p.subject_kind, p.subject, p.payee, l.payee_name, "
        "l.account_name, l.bank, l.account_number, l.cnaps, l.amount_fen - coalesce(o.offset_fen, 0), "
        "coalesce(a.budget_line, p.budget_line), l.document_number, p.purpose, "
        "coalesce(o.position, 0)::int4, coalesce(o.offset_fen, 0) "
        "FROM payment_batch_line l JOIN payable p ON p.book = l.book AND p.number = l.payable "
        "LEFT JOIN payment_batch_line_offset o ON o.book = l.book AND o.batch = l.batch AND o.payable = l.payable "
        "LEFT JOIN LATERAL (SELECT budget_line FROM payable_budget_line WHERE book = l.book AND payable = l.payable "
        "AND attempt < l.attempt ORDER BY attempt DESC LIMIT 1) a ON true "
        "WHERE l.book = %s AND l.batch = ANY(%s) ORDER BY l.batch, l.line",
        reader.book,
        wanted,
    ):
        lines[batch].append(BatchLine(*rest))
    confirmed = _answers(
        reader, wanted, Confirmation, "SELECT batch, payable, paid_on, bank_reference FROM payment_confirmation"
    )
    returned = _answers(
        reader, wanted, Return, "SELECT batch, payable, returned_on, bank_reference, reason FROM payment_return"
    )
    failed = _answers(reader, wanted, Failure, "SELECT batch, payable, failed_on, reason FROM payment_failure")
    return {
        number: Batch(
            number,
            payer,
            maker,
            composed_on,
            tuple(lines[number]),
            released_on,
            refused_on,
            confirmed[number],
            returned[number],
            failed[number],
        )
        for number, payer, maker, composed_on, released_on, refused_on in heads
    }


def _answers(reader: Reader, batches: list[str], kind: Callable[..., T], select: str) -> dict[str, tuple[T, ...]]:
    """What the bank said of lines, by batch."""
    found: dict[str, list[T]] = {batch: [] for batch in batches}
    for batch, *rest in reader.rows(
        f"{select} WHERE book = %s AND batch = ANY(%s) ORDER BY batch, payable", reader.book, batches
    ):
        found[batch].append(kind(*rest))
    return {batch: tuple(answers) for batch, answers in found.items()}


def load_unsettled(reader: Reader, periods: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """For every period asked: what lies in it or before it and waits.

    Batches that wait for approval or for the bank; lines of bank statements that wait to be matched.
    """
    found: dict[str, list[str]] = {period: [] for period in periods}
    for period, number, _ in reader.rows(
        "SELECT p.code, b.number, b.composed_on FROM period p "
        "JOIN payment_batch b ON b.book = p.book AND b.composed_on <= p.ends_on "
        "WHERE p.book = %s AND p.code = ANY(%s) "
        "AND NOT EXISTS (SELECT 1 FROM payment_refusal x WHERE x.book = b.book AND x.batch = b.number) "
        "AND b.line_count > (SELECT count(*) FROM payment_confirmation c WHERE c.book = b.book AND c.batch = b.number) "
        "+ (SELECT count(*) FROM payment_failure f WHERE f.book = b.book AND f.batch = b.number) "
        "UNION ALL "
        "SELECT p.code, l.number, l.booked_on FROM period p "
        "JOIN bank_line l ON l.book = p.book AND l.booked_on <= p.ends_on "
        "LEFT JOIN LATERAL (SELECT step FROM bank_line_step WHERE book = l.book AND line = l.number "
        "ORDER BY position DESC LIMIT 1) s ON true "
        "WHERE p.book = %s AND p.code = ANY(%s) AND coalesce(s.step, 'reopened') = 'reopened' "
        "ORDER BY 3, 2",
        reader.book,
        list(periods),
        reader.book,
        list(periods),
    ):
        found[period].append(number)
    return {period: tuple(numbers) for period, numbers in found.items()}


PAYABLES = Aggregate[Payable]("payable", load_payables, follow_payables, what="应付事项/payable")
BATCHES = Aggregate[Batch]("payment-batch", load_batches, follow_batches, what="支付批次/payment batch")
UNSETTLED = Aggregate[tuple[str, ...]]("unsettled-payments", load_unsettled, what="会计期间/period", locked=False)
"""By period."""
