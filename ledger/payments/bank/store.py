"""How statements, lines and what they may be about are loaded: a constant number of statements for one or many."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ledger.executor.commands import Aggregate, Keys
from ledger.executor.reading import Reader
from ledger.payments.bank.values import BankLine, Candidate, Decision, Direction, Evidenced, Proposal, Step
from ledger.registry.store import PEOPLE


@dataclass(frozen=True, slots=True)
class KnownStatement:
    number: str
    imported_on: date


def statement_id(account_number: str, reference: str) -> str:
    return f"{account_number} {reference}"


def load_statements(reader: Reader, ids: Collection[str]) -> Mapping[str, KnownStatement]:
    """Statements that were imported before, by `statement_id`."""
    accounts, references = zip(*(id_.split(" ", 1) for id_ in ids), strict=True)
    return {
        statement_id(account, reference): KnownStatement(number, imported_on)
        for account, reference, number, imported_on in reader.rows(
            "SELECT account_number, reference, number, imported_on FROM bank_statement "
            "JOIN unnest(%s::text[], %s::text[]) AS w (account_number, reference) USING (account_number, reference) "
            "WHERE book = %s",
            list(accounts),
            list(references),
            reader.book,
        )
    }


def load_nothing(_reader: Reader, _ids: Collection[str]) -> Mapping[str, str]:
    """Of an account there is nothing to know; its name is locked by whoever imports its lines."""
    return {}


def line_id(account_number: str, direction: Direction, reference: str) -> str:
    return f"{account_number} {direction.value} {reference}"


_LINE_COLUMNS = (
    "number",
    "statement",
    "payer",
    "account_number",
    "reference",
    "direction",
    "amount_fen",
    "booked_on",
    "our_id",
    "returned",
    "return_reason",
    "counterparty_account",
    "counterparty_name",
    "purpose",
    "importer",
)
_LINE = (
    f"SELECT {', '.join(f'l.{column}' for column in _LINE_COLUMNS)}, s.step, coalesce(s.position, 0)::int4, "  # noqa: S608  our own columns
    "p.version::int4, p.decision, p.reason FROM bank_line l "
    "LEFT JOIN LATERAL (SELECT step, position FROM bank_line_step WHERE book = l.book AND line = l.number "
    "ORDER BY position DESC LIMIT 1) s ON true "
    "LEFT JOIN LATERAL (SELECT version, decision, reason FROM bank_line_proposal "
    "WHERE book = l.book AND line = l.number ORDER BY version DESC LIMIT 1) p ON true "
)
"""Lines with their last step and their latest proposal."""


def _line(row: tuple[Any, ...]) -> BankLine:
    columns = dict(zip(_LINE_COLUMNS, row, strict=False))
    step, steps, version, decision, reason = row[len(_LINE_COLUMNS) :]
    return BankLine(
        **columns | {"direction": Direction(columns["direction"])},
        last_step=Step(step) if step else None,
        steps=steps,
        proposal=Proposal(version, Decision(decision), reason) if version else None,
    )


def load_known_lines(reader: Reader, ids: Collection[str]) -> Mapping[str, BankLine]:
    """Lines that were imported before, by `line_id`."""
    accounts, directions, references = zip(*(id_.split(" ", 2) for id_ in ids), strict=True)
    lines = map(
        _line,
        reader.rows(
            f"{_LINE} JOIN unnest(%s::text[], %s::text[], %s::text[]) AS w (account_number, direction, reference) "
            "ON (w.account_number, w.direction, w.reference) = (l.account_number, l.direction, l.reference) "
            "WHERE l.book = %s",
            list(accounts),
            list(directions),
            list(references),
            reader.book,
        ),
    )
    return {line_id(line.account_number, line.direction, line.reference): line for line in lines}


def load_lines(reader: Reader, numbers: Collection[str]) -> Mapping[str, BankLine]:
    rows = reader.rows(f"{_LINE} WHERE l.book = %s AND l.number = ANY(%s)", reader.book, list(numbers))
    return {line.number: line for line in map(_line, rows)}


def follow_lines(reader: Reader, numbers: Collection[str]) -> Mapping[str, Keys]:
    """Who imported each."""
    return {
        number: PEOPLE.keys(importer)
        for number, importer in reader.rows(
            "SELECT number, importer FROM bank_line WHERE book = %s AND number = ANY(%s)", reader.book, list(numbers)
        )
    }


def waiting_lines(reader: Reader, statement: str) -> list[BankLine]:
    """Lines of a statement that wait to be matched, in the order in which the bank booked them."""
    rows = reader.rows(
        f"{_LINE} WHERE l.book = %s AND l.statement = %s AND coalesce(s.step, 'reopened') = 'reopened' "
        "ORDER BY l.booked_on, l.reference, l.direction",
        reader.book,
        statement,
    )
    return [_line(row) for row in rows]


def load_candidates(reader: Reader, numbers: Collection[str]) -> Mapping[str, Sequence[Candidate]]:
    """For every line asked: the lines of released batches of its payer that it may be about.

    Those with our number of the line, those in the batch of that number, those to the other side's account.
    """
    found: dict[str, list[Candidate]] = {number: [] for number in numbers}
    for number, *columns in reader.rows(
        "SELECT w.number, l.batch, l.payable, l.attempt, l.amount_fen - coalesce(o.offset_fen, 0), l.account_number, "
        "r.released_on, c.paid_on, pe.line, t.returned_on, re.line, f.batch IS NOT NULL "
        "FROM bank_line w CROSS JOIN LATERAL ("
        "  SELECT batch, payable, attempt, amount_fen, account_number FROM payment_batch_line"
        "   WHERE book = w.book AND payable = w.our_id"
        "  UNION SELECT batch, payable, attempt, amount_fen, account_number FROM payment_batch_line"
        "   WHERE book = w.book AND batch = w.our_id"
        "  UNION SELECT batch, payable, attempt, amount_fen, account_number FROM payment_batch_line"
        "   WHERE book = w.book AND w.our_id = '' AND account_number = w.counterparty_account) l "
        "JOIN payment_batch b ON b.book = w.book AND b.number = l.batch AND b.payer = w.payer "
        "JOIN payment_release r ON r.book = w.book AND r.batch = l.batch "
        "LEFT JOIN payment_batch_line_offset o ON o.book = w.book AND o.batch = l.batch AND o.payable = l.payable "
        "LEFT JOIN payment_confirmation c ON c.book = w.book AND c.batch = l.batch AND c.payable = l.payable "
        "LEFT JOIN payment_return t ON t.book = w.book AND t.batch = l.batch AND t.payable = l.payable "
        "LEFT JOIN payment_failure f ON f.book = w.book AND f.batch = l.batch AND f.payable = l.payable "
        "LEFT JOIN bank_line_payment pe "
        "ON pe.book = w.book AND pe.batch = l.batch AND pe.payable = l.payable AND pe.what = 'paid' "
        "LEFT JOIN bank_line_payment re "
        "ON re.book = w.book AND re.batch = l.batch AND re.payable = l.payable AND re.what = 'returned' "
        "WHERE w.book = %s AND w.number = ANY(%s) ORDER BY w.number, l.payable, l.attempt",
        reader.book,
        list(numbers),
    ):
        found[number].append(Candidate(*columns))
    return found


def load_evidenced(reader: Reader, batches: Collection[str]) -> Mapping[str, Mapping[tuple[str, Evidenced], str]]:
    """For every batch asked: the bank line that is the evidence of each payment and each return."""
    found: dict[str, dict[tuple[str, Evidenced], str]] = defaultdict(dict, {batch: {} for batch in batches})
    for batch, payable, what, line in reader.rows(
        "SELECT batch, payable, what, line FROM bank_line_payment WHERE book = %s AND batch = ANY(%s)",
        reader.book,
        list(batches),
    ):
        found[batch][payable, Evidenced(what)] = line
    return found


def load_standing(reader: Reader, lines: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """By line: the payables for whose payment or return it is the evidence, where that has not been taken back."""
    found: dict[str, list[str]] = defaultdict(list)
    for line, payable in reader.rows(
        "SELECT e.line, e.payable FROM bank_line_payment e "
        "LEFT JOIN payment_return t ON t.book = e.book AND t.batch = e.batch AND t.payable = e.payable "
        "WHERE e.book = %s AND e.line = ANY(%s) AND (e.what = 'returned' OR t.batch IS NULL) ORDER BY 1, 2",
        reader.book,
        list(lines),
    ):
        found[line].append(payable)
    return {line: tuple(payables) for line, payables in found.items()}


STATEMENTS = Aggregate[KnownStatement]("bank-statement", load_statements, what="对账单/statement", locked=False)
"""By `statement_id`."""
BANK_ACCOUNTS = Aggregate[str]("bank-account", load_nothing, what="银行账户/bank account")
"""By number: one import of an account at a time."""
KNOWN_LINES = Aggregate[BankLine]("bank-line-known", load_known_lines, what="银行明细/bank line", locked=False)
"""By `line_id`."""
BANK_LINES = Aggregate[BankLine]("bank-line", load_lines, follow_lines, what="银行明细/bank line")
CANDIDATES = Aggregate[Sequence[Candidate]](
    "bank-line-candidates", load_candidates, what="银行明细/bank line", locked=False
)
"""By number of the bank line."""
EVIDENCED = Aggregate[Mapping[tuple[str, Evidenced], str]](
    "payment-evidenced", load_evidenced, what="支付批次/payment batch", locked=False
)
"""By batch, which whoever writes evidence has locked."""
STANDING = Aggregate[tuple[str, ...]]("bank-line-standing", load_standing, what="银行明细/bank line", locked=False)
"""By number of the bank line."""

AGGREGATES: tuple[Aggregate[Any], ...] = (
    STATEMENTS,
    BANK_ACCOUNTS,
    KNOWN_LINES,
    BANK_LINES,
    CANDIDATES,
    EVIDENCED,
    STANDING,
)
