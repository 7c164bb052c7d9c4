"""Tables of payables, batches and confirmations, and how they are loaded."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index
from sqlmodel import Field

from ledger.executor.commands import Aggregate, Keys
from ledger.executor.reading import Reader
from ledger.journal.tables import EventRow
from ledger.payments.values import Batch, BatchLine, Confirmation, Payable
from ledger.registry.store import PARTIES, PEOPLE


class PayableTable(EventRow, table=True):
    """Something approved for payment; written by the slice that has the approval for it."""

    __tablename__ = "payable"
    tells_of = ("payable", "number")
    __table_args__ = (
        Index("ix_payable_book_subject", "subject_kind", "subject", "book"),
        Index("ix_payable_book_payee", "payee", "book"),
        Index("uq_payable_amount", "number", "amount_fen", "book", unique=True),
    )

    number: str = Field(primary_key=True)
    subject_kind: str
    subject: str
    payer: str
    payee: str
    amount_fen: int = Field(sa_type=BigInteger)
    budget_line: str
    purpose: str
    created_on: date


class PaymentBatchTable(EventRow, table=True):
    """A frozen list with its control totals."""

    __tablename__ = "payment_batch"
    tells_of = ("batch", "number")
    __table_args__ = (Index("uq_payment_batch_maker", "number", "maker", "book", unique=True),)

    number: str = Field(primary_key=True)
    payer: str
    maker: str
    composed_on: date
    line_count: int
    total_fen: int = Field(sa_type=BigInteger)
    content_hash: str
    """SHA-256 over the canonical list, 64 hex digits; the approval is bound to it."""


class PaymentBatchLineTable(EventRow, table=True):
    """One payment as it will be made.

    Its amount is the payable's, by a foreign key; what was set off of it is in `payment_batch_line_offset`. The n-th
    attempt to pay a payable needs the row that freed it from the attempt before, so it is in one live batch.
    """

    __tablename__ = "payment_batch_line"
    __table_args__ = (
        Index("uq_payment_batch_line_payable", "batch", "payable", "book", unique=True),
        Index("uq_payment_batch_line_attempt", "payable", "attempt", "book", unique=True),
        ForeignKeyConstraint(
            ["book", "payable", "amount_fen"],
            ["payable.book", "payable.number", "payable.amount_fen"],
            name="fk_payment_batch_line_payable",
        ),
        ForeignKeyConstraint(
            ["book", "batch"],
            ["payment_batch.book", "payment_batch.number"],
            name="fk_payment_batch_line_batch",
            deferrable=True,
            initially="DEFERRED",
        ),
        ForeignKeyConstraint(
            ["book", "payable", "freed_attempt"],
            ["payable_freed.book", "payable_freed.payable", "payable_freed.attempt"],
            name="fk_payment_batch_line_freed",
        ),
    )

    batch: str = Field(primary_key=True)
    line: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    payable: str
    attempt: int
    freed_attempt: int | None = None
    """The attempt before, which a row of `payable_freed` ended; none for the first."""
    payee_name: str
    account_name: str
    bank: str
    account_number: str
    cnaps: str
    amount_fen: int = Field(sa_type=BigInteger)
    document_number: str


class PayableFreedTable(EventRow, table=True):
    """The end of an attempt that did not pay: the payable may enter another batch."""

    __tablename__ = "payable_freed"
    __table_args__ = (
        ForeignKeyConstraint(
            ["book", "payable", "attempt"],
            ["payment_batch_line.book", "payment_batch_line.payable", "payment_batch_line.attempt"],
            name="fk_payable_freed_line",
            use_alter=True,
        ),
    )

    payable: str = Field(primary_key=True)
    attempt: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    reason: str


class PaymentReleaseTable(EventRow, table=True):
    """A batch that the second person has approved."""

    __tablename__ = "payment_release"
    tells_of = ("batch", "batch")
    __table_args__ = (
        Index("uq_payment_release_day", "batch", "released_on", "book", unique=True),
        ForeignKeyConstraint(
            ["book", "batch"],
            ["payment_batch.book", "payment_batch.number"],
            name="fk_payment_release_batch",
        ),
    )

    batch: str = Field(primary_key=True)
    released_on: date
    signers: str
    """Codes of the people who approved, with commas between."""


class PaymentRefusalTable(EventRow, table=True):
    """A batch that somebody rejected; its payables are free again."""

    __tablename__ = "payment_refusal"
    tells_of = ("batch", "batch")
    __table_args__ = (
        ForeignKeyConstraint(
            ["book", "batch"],
            ["payment_batch.book", "payment_batch.number"],
            name="fk_payment_refusal_batch",
        ),
    )

    batch: str = Field(primary_key=True)
    refused_on: date
    person: str
    reason: str


class PaymentConfirmationTable(EventRow, table=True):
    """The bank has paid a line. Maker and day of release stand here too, so that CHECKs can compare with them."""

    __tablename__ = "payment_confirmation"
    tells_of = ("payable", "payable")
    __table_args__ = (
        ForeignKeyConstraint(
            ["book", "batch", "payable"],
            ["payment_batch_line.book", "payment_batch_line.batch", "payment_batch_line.payable"],
            name="fk_payment_confirmation_line",
        ),
        ForeignKeyConstraint(
            ["book", "batch", "maker"],
            ["payment_batch.book", "payment_batch.number", "payment_batch.maker"],
            name="fk_payment_confirmation_maker",
        ),
        ForeignKeyConstraint(
            ["book", "batch", "released_on"],
            ["payment_release.book", "payment_release.batch", "payment_release.released_on"],
            name="fk_payment_confirmation_release",
        ),
    )

    batch: str = Field(primary_key=True)
    payable: str = Field(primary_key=True)
    released_on: date
    paid_on: date
    bank_reference: str
    maker: str
    person: str


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
        "SELECT p.number, p.subject_kind, p.subject, p.payer, p.payee, p.amount_fen, p.budget_line, p.purpose, "
        "p.created_on, coalesce(d.document_number, ''), coalesce(l.attempt, 0), "
        "CASE WHEN f.payable IS NULL THEN l.batch END, c.paid_on, coalesce(o.position, 0), coalesce(o.offset_fen, 0) "
        "FROM payable p "
        "LEFT JOIN budget_line d ON d.book = p.book AND d.code = p.budget_line "
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
    """Batches with their lines and confirmations, in three statements."""
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
        "l.account_name, l.bank, l.account_number, l.cnaps, l.amount_fen - coalesce(o.offset_fen, 0), p.budget_line, "
        "l.document_number, p.purpose, coalesce(o.position, 0)::int4, coalesce(o.offset_fen, 0) "
        "FROM payment_batch_line l JOIN payable p ON p.book = l.book AND p.number = l.payable "
        "LEFT JOIN payment_batch_line_offset o ON o.book = l.book AND o.batch = l.batch AND o.payable = l.payable "
        "WHERE l.book = %s AND l.batch = ANY(%s) ORDER BY l.batch, l.line",
        reader.book,
        wanted,
    ):
        lines[batch].append(BatchLine(*rest))
    confirmed: dict[str, list[Confirmation]] = defaultdict(list)
    for batch, *rest in reader.rows(
        "SELECT batch, payable, paid_on, bank_reference FROM payment_confirmation "
        "WHERE book = %s AND batch = ANY(%s) ORDER BY batch, payable",
        reader.book,
        wanted,
    ):
        confirmed[batch].append(Confirmation(*rest))
    return {
        number: Batch(
            number, payer, maker, composed_on, tuple(lines[number]), released_on, refused_on, tuple(confirmed[number])
        )
        for number, payer, maker, composed_on, released_on, refused_on in heads
    }


def load_unsettled(reader: Reader, periods: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """For every period asked: the batches composed up to its end that still wait for approval or for the bank."""
    found: dict[str, list[str]] = {period: [] for period in periods}
    for period, batch in reader.rows(
        "SELECT p.code, b.number FROM period p JOIN payment_batch b ON b.book = p.book AND b.composed_on <= p.ends_on "
        "WHERE p.book = %s AND p.code = ANY(%s) "
        "AND NOT EXISTS (SELECT 1 FROM payment_refusal x WHERE x.book = b.book AND x.batch = b.number) "
        "AND b.line_count > (SELECT count(*) FROM payment_confirmation c WHERE c.book = b.book AND c.batch = b.number) "
        "ORDER BY b.composed_on, b.number",
        reader.book,
        list(periods),
    ):
        found[period].append(batch)
    return {period: tuple(batches) for period, batches in found.items()}


PAYABLES = Aggregate[Payable]("payable", load_payables, follow_payables, what="应付事项/payable")
BATCHES = Aggregate[Batch]("payment-batch", load_batches, follow_batches, what="支付批次/payment batch")
UNSETTLED = Aggregate[tuple[str, ...]]("unsettled-batches", load_unsettled, what="会计期间/period", locked=False)
"""By period."""
