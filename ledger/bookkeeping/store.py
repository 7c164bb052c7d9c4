"""Periods, posted entries and accounts, as decisions about the books see them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from ledger.executor.commands import Aggregate
from ledger.executor.reading import Reader
from ledger.journal.balances import TrialLine, trial_balance
from ledger.journal.periods import Period, load_periods


@dataclass(frozen=True, slots=True)
class Calendar:
    """All periods of the book, and what stands on its accounts."""

    periods: tuple[Period, ...]
    assets: frozenset[str]

    def named(self, code: str) -> Period | None:
        return next((period for period in self.periods if period.code == code), None)


@dataclass(frozen=True, slots=True)
class PostedTransfer:
    """A transfer as it stands in the books."""

    debit: str
    credit: str
    debit_entity: str
    credit_entity: str
    debit_owner: str
    credit_owner: str
    amount: int
    budget_line: str | None


@dataclass(frozen=True, slots=True)
class PostedEntry:
    """An entry as it stands in the books."""

    seq: int
    template: str
    effective_on: date
    reverses: int | None
    reversed_by: int | None
    transfers: tuple[PostedTransfer, ...]


@dataclass(frozen=True, slots=True)
class AccountStanding:
    id: int
    address: str
    debits: int
    credits: int
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class TrialBalance:
    """Every account's debits and credits up to and including the last day of a period."""

    accounts: tuple[tuple[int, int, int], ...]
    """(account, debits, credits)"""
    lines: tuple[TrialLine, ...]
    overdrawn: tuple[TrialLine, ...]
    """Limited accounts that stood below nothing that day: an entry dated earlier took what came later."""


def load_calendar(reader: Reader, ids: Collection[str]) -> Mapping[str, Calendar]:
    assets = frozenset(code for (code,) in reader.rows("SELECT code FROM asset WHERE book = %s", reader.book))
    calendar = Calendar(load_periods(reader.connection, reader.book), assets)
    return dict.fromkeys(ids, calendar)


def load_entries(reader: Reader, ids: Collection[str]) -> Mapping[str, PostedEntry]:
    seqs = [int(seq) for seq in ids if seq.isdecimal() and len(seq) < 19]  # noqa: PLR2004  digits of a bigint
    heads = reader.rows(
        "SELECT e.seq, e.template, e.effective_on, e.reverses, r.seq FROM entry e "
        "LEFT JOIN entry r ON r.book = e.book AND r.reverses = e.seq WHERE e.book = %s AND e.seq = ANY(%s)",
        reader.book,
        seqs,
    )
    moved: dict[int, list[PostedTransfer]] = {}
    for seq, *transfer in reader.rows(
        "SELECT t.seq, d.address, c.address, d.entity, c.entity, d.owner, c.owner, t.amount, t.budget_line "
        "FROM transfer t "
        "JOIN account d ON d.book = t.book AND d.id = t.debit JOIN account c ON c.book = t.book AND c.id = t.credit "
        "WHERE t.book = %s AND t.seq = ANY(%s) ORDER BY t.seq, t.line",
        reader.book,
        seqs,
    ):
        moved.setdefault(seq, []).append(PostedTransfer(*transfer))
    return {
        str(seq): PostedEntry(seq, template, effective_on, reverses, reversed_by, tuple(moved[seq]))
        for seq, template, effective_on, reverses, reversed_by in heads
    }


def load_accounts(reader: Reader, ids: Collection[str]) -> Mapping[str, AccountStanding]:
    rows = reader.rows(
        "SELECT a.address, a.id, b.debits, b.credits, x.closed_on FROM account a "
        "JOIN balance b ON b.book = a.book AND b.account = a.id "
        "LEFT JOIN account_closing x ON x.book = a.book AND x.account = a.id "
        "WHERE a.book = %s AND a.address = ANY(%s)",
        reader.book,
        list(ids),
    )
    return {address: AccountStanding(id_, address, *rest) for address, id_, *rest in rows}


def load_trial_balances(reader: Reader, ids: Collection[str]) -> Mapping[str, TrialBalance]:
    """The trial balance at the end of each period named."""
    ends = {period.code: period.ends_on for period in load_periods(reader.connection, reader.book)}
    found = {}
    for code in ids:
        if code in ends:
            lines = trial_balance(reader.connection, reader.book, ends[code])
            known = {
                address: (id_, floor)
                for address, id_, floor in reader.rows(
                    "SELECT address, id, CASE WHEN NOT may_overdraw THEN normal END FROM account "
                    "WHERE book = %s AND address = ANY(%s)",
                    reader.book,
                    [line.address for line in lines],
                )
            }
            found[code] = TrialBalance(
                accounts=tuple((known[line.address][0], line.debits, line.credits) for line in lines),
                lines=tuple(lines),
                overdrawn=tuple(line for line in lines if _is_overdrawn(line, floor=known[line.address][1])),
            )
    return found


def _is_overdrawn(line: TrialLine, floor: str | None) -> bool:
    net = line.debits - line.credits
    return (floor == "D" and net < 0) or (floor == "C" and net > 0)


CALENDAR = Aggregate[Calendar]("calendar", load_calendar, what="会计期间/calendar of periods")
"""One per book, under the id `book`."""
PERIOD_END = Aggregate[TrialBalance]("period-end", load_trial_balances, what="会计期间/period")
ENTRIES = Aggregate[PostedEntry]("entry", load_entries, what="凭证/entry")
ACCOUNTS = Aggregate[AccountStanding]("account", load_accounts, what="账户/account")


def load_beginning(reader: Reader, ids: Collection[str]) -> Mapping[str, date]:
    """First day of the first period."""
    ((begins_on,),) = reader.rows("SELECT min(starts_on) FROM period WHERE book = %s", reader.book)
    return dict.fromkeys(ids, begins_on) if begins_on else {}


BEGINNING = Aggregate[date]("books-begin", load_beginning, what="账簿/books", locked=False)
"""One name, `book`: the day before which nothing was recorded here, which never changes."""
