"""What people and programs look at: statements, and lines with what they mean or why they wait."""

from dataclasses import dataclass
from datetime import date

from ledger.database.walls import past_the_walls
from ledger.executor.listing import Place, details
from ledger.executor.reading import Reader
from ledger.payments.bank.meaning import Meaning, Unclear, meaning
from ledger.payments.bank.store import BANK_LINES, load_candidates
from ledger.payments.bank.values import STATE_AFTER, BankLine, LineState


@dataclass(frozen=True, slots=True)
class ImportedStatement:
    """A statement as it was imported."""

    number: str
    payer: str
    account_number: str
    reference: str
    imported_on: date
    line_count: int
    new_count: int
    """Lines that no earlier statement had."""
    waiting: int
    """Lines of it that still wait."""


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A line, and while it waits what it means by itself, or why that is not clear."""

    line: BankLine
    found: Meaning | Unclear | None


_WAITS = (
    "coalesce((SELECT s.step FROM bank_line_step s WHERE s.book = l.book AND s.line = l.number "
    "ORDER BY s.position DESC LIMIT 1), 'reopened') = 'reopened'"
)
_STATEMENT = (
    "SELECT t.number, t.payer, t.account_number, t.reference, t.imported_on, t.line_count, t.new_count, "  # noqa: S608  our own words
    f"(SELECT count(*) FROM bank_line l WHERE l.book = t.book AND l.statement = t.number AND {_WAITS})::int4 "
    "FROM bank_statement t WHERE t.book = %s "
)


def statements_page(
    reader: Reader, after: Place, limit: int, *, account_number: str | None = None
) -> list[ImportedStatement]:
    """Statements behind the one that was imported on this day under this number, newest first."""
    rows = reader.rows(
        f"{_STATEMENT} AND t.account_number = coalesce(%s, t.account_number) AND (t.imported_on, t.number) < (%s, %s) "
        "ORDER BY t.imported_on DESC, t.number DESC LIMIT %s",
        reader.book,
        account_number,
        *after,
        limit,
    )
    return [ImportedStatement(*row) for row in rows]


def statement_named(reader: Reader, number: str) -> ImportedStatement:
    """One that is there."""
    (row,) = reader.rows(f"{_STATEMENT} AND t.number = %s", reader.book, number)
    return ImportedStatement(*row)


def lines_page(
    reader: Reader, after: Place, limit: int, *, statement: str | None = None, state: LineState | None = None
) -> list[ReadLine]:
    """Lines behind the one that was booked on this day under this number, newest first."""
    steps = [step.value for step, becomes in STATE_AFTER.items() if becomes is state]
    if state is LineState.WAITING:
        steps.append("")
    numbers = [
        number
        for (number,) in reader.rows(
            "SELECT l.number FROM bank_line l LEFT JOIN LATERAL (SELECT step FROM bank_line_step "
            "WHERE book = l.book AND line = l.number ORDER BY position DESC LIMIT 1) s ON true "
            "WHERE l.book = %s AND l.statement = coalesce(%s, l.statement) "
            "AND (%s::boolean OR coalesce(s.step, '') = ANY(%s)) AND (l.booked_on, l.number) < (%s, %s) "
            "ORDER BY l.booked_on DESC, l.number DESC LIMIT %s",
            reader.book,
            statement,
            state is None,
            steps,
            *after,
            limit,
        )
    ]
    return read_lines(reader, numbers)


def read_lines(reader: Reader, numbers: list[str]) -> list[ReadLine]:
    """Each of these, in their order, with what it means."""
    lines = details(reader, BANK_LINES, numbers)
    with past_the_walls(reader.connection):
        candidates = load_candidates(reader, numbers)
    return [
        ReadLine(line, meaning(line, candidates[line.number]) if line.state is LineState.WAITING else None)
        for line in lines
    ]
