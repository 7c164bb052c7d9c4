"""Post decided commands: many entries, a constant number of statements, one block of the chain."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from itertools import count
from uuid import UUID, uuid5

from sqlalchemy import Connection
from sqlmodel import SQLModel

from ledger.errors import Refused
from ledger.journal.accounts import Chart
from ledger.journal.attestation import Json, command_leaf, entry_leaf, plain, row_leaf
from ledger.journal.bulk import BulkInsert, array_literal, columns_of, run
from ledger.journal.entries import Entry
from ledger.journal.periods import Period, check_date, load_periods
from ledger.journal.running import AccountDirectory, Running, RunningBalances
from ledger.journal.tables import (
    AccountClosingTable,
    AccountTable,
    BalanceTable,
    BlockTable,
    CommandTable,
    EntryTable,
    EventRow,
    PeriodStepTable,
    PeriodTable,
    TransferTable,
    table_name,
    table_of,
)
from ledger.journal.templates import Templates
from ledger.journal.verify_receipt import HASH_VERSION, block_hash, leaf_hash, merkle_root

Row = tuple[type[EventRow], dict[str, object]]
"""A row to be written: its table, its own columns."""

ACCEPTED, REFUSED = "accepted", "refused"
COMMAND_COLUMNS = ("id", "tenant", "key", "kind", "actor", "request", "status", "answer")
"""Of the command itself; `block` and `position` follow from where its leaf stands."""
ENTRY_COLUMNS = (
    "id",
    "template",
    "effective_on",
    "actor",
    "citation",
    "calculation",
    "evidence_hash",
    "reverses",
    "reason",
    "second_person",
    "memo",
)

MOVES_THE_GROUND = (PeriodTable, PeriodStepTable, AccountClosingTable)
"""Rows that other batches may have relied on not being there."""


class GroundMoved(Exception):
    """Another process closed a period or an account, reversed an entry, or opened an account that was not there.

    The whole batch is to run again.
    """


@dataclass(frozen=True, slots=True)
class Decided:
    """One command with what it decided, to be written if dates, limits and templates allow."""

    id: UUID
    tenant: str
    key: str
    kind: str
    actor: str
    request: Json
    status: str
    answer: Json
    entries: tuple[Entry, ...] = ()
    rows: tuple[EventRow, ...] = ()

    def refused(self, refusal: Refused) -> "Decided":
        return replace(self, status=REFUSED, answer=refusal_answer(refusal), entries=(), rows=())


def refusal_answer(refusal: Refused) -> Json:
    """A refusal as it is stored and given again: code, both sentences, the facts, the article."""
    return {
        "code": refusal.code,
        "zh": refusal.say("zh"),
        "en": refusal.say("en"),
        "facts": {name: str(fact) for name, fact in refusal.facts.items()},
        "cite": refusal.cite,
    }


@dataclass(frozen=True, slots=True)
class Posted:
    """What a batch became."""

    block: int
    outcomes: tuple[Decided, ...]
    first_seq: int
    last_seq: int


@dataclass(slots=True)
class _Head:
    last_seq: int
    last_block: int
    last_hash: bytes
    last_recorded_at: datetime
    generation: int


@dataclass(slots=True)
class Journal:
    """One book, opened for posting by one process. Not to be shared between threads."""

    book: int
    code: str
    chart: Chart
    templates: Templates
    now: Callable[[], datetime]
    _directory: AccountDirectory = field(init=False)
    _inserts: dict[type[SQLModel], BulkInsert] = field(init=False, default_factory=dict)
    _periods: tuple[Period, ...] = field(init=False, default=())
    _generation: int = field(init=False, default=-1)
    _account_ids: list[int] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self._directory = AccountDirectory(self.book)

    def post(
        self,
        connection: Connection,
        decided: Sequence[Decided],
        today: date,
        at: Callable[[str], None] = lambda _: None,
    ) -> Posted:
        """Write commands as one block, in their order; those that meet a limit become refusals and touch nothing.

        Args:
            connection: inside a transaction, which the caller commits.
            decided: at least one command.
            today: the legal date of the day; entries are not dated later.
            at: called with the name of each point a fault may be put at.

        Raises:
            GroundMoved: another process changed what was relied on; roll back and repeat.
            Undeclared: an entry that its template does not declare, a bug.
        """
        if self._generation < 0:
            self._learn_ground(connection)
        outcomes, balances = self._admit(connection, decided, today)
        opened = self._open_accounts(connection, balances, outcomes, today)
        root = merkle_root([leaf_hash(leaf) for leaf in self._leaves(outcomes, opened)])
        at("before-head")
        head = self._lock_head(connection)
        self._check_absent(connection, balances)
        at("after-head")
        posted = self._write(connection, outcomes, head, root, balances, opened)
        at("after-write")
        return posted

    def rehearse(self, connection: Connection, decided: Sequence[Decided], today: date) -> tuple[Decided, ...]:
        """What `post` would make of these commands, in their order; nothing is locked and nothing is written.

        Args:
            connection: in a read-only transaction with one snapshot.
            decided: commands that were decided on what the same snapshot shows.
            today: the legal date of the day.
        """
        self._learn_ground(connection)
        outcomes, _ = self._admit(connection, decided, today, locked=False)
        return outcomes

    # -- decide what stands --------------------------------------------------------------------------------------------

    def _admit(
        self, connection: Connection, decided: Sequence[Decided], today: date, *, locked: bool = True
    ) -> tuple[tuple[Decided, ...], RunningBalances]:
        accounts = (
            account
            for command in decided
            for entry in command.entries
            for transfer in entry.transfers
            for account in (transfer.debit, transfer.credit)
        )
        balances = RunningBalances(connection, self._directory, accounts, locked=locked)
        return tuple(self._admit_one(command, balances, today) for command in decided), balances

    def _admit_one(self, command: Decided, balances: RunningBalances, today: date) -> Decided:
        try:
            for entry in command.entries:
                self.templates.check(entry)
                check_date(entry, command.actor, self._periods, today)
            balances.apply(command.entries)
        except Refused as refusal:
            return command.refused(refusal)
        return command

    def _open_accounts(
        self, connection: Connection, balances: RunningBalances, outcomes: Iterable[Decided], today: date
    ) -> dict[UUID, list[Row]]:
        """Account rows for what is used for the first time, by the command that uses it first."""
        opened: dict[UUID, list[Row]] = defaultdict(list)
        self._reserve_ids(connection, sum(running.known is None for running in balances.by_address.values()))
        for outcome in outcomes:
            for entry in outcome.entries:
                for transfer in entry.transfers:
                    for account in (transfer.debit, transfer.credit):
                        running = balances.by_address[account.address]
                        if running.known is None and not running.id:
                            running.id = self._account_ids.pop()
                            opened[outcome.id].append((AccountTable, _account_row(running, today)))
        return opened

    def _reserve_ids(self, connection: Connection, wanted: int) -> None:
        if wanted > len(self._account_ids):
            # Some ahead; gaps mean nothing, an account's id is only its place.
            rows = run(connection, "SELECT nextval('account_id') FROM generate_series(1, %s)", [wanted + 100])
            self._account_ids = [number for (number,) in reversed(rows)]

    # -- attest --------------------------------------------------------------------------------------------------------

    def _leaves(self, outcomes: Iterable[Decided], opened: dict[UUID, list[Row]]) -> Iterator[Json]:
        places = count()
        for outcome in outcomes:
            yield self._leaf(outcome, opened.get(outcome.id, []), places)

    def _leaf(self, outcome: Decided, opened: Sequence[Row], places: Iterator[int]) -> Json:
        rows = [row_leaf(table_name(table), values) for table, values in (*map(_row, outcome.rows), *opened)]
        entries = [
            entry_leaf(
                _entry_columns(outcome, entry, position),
                next(places),
                [
                    (t.debit.address, t.credit.address, t.debit.asset.code, t.amount, t.budget_line)
                    for t in entry.transfers
                ],
            )
            for position, entry in enumerate(outcome.entries)
        ]
        return command_leaf(self.code, columns_of(outcome, COMMAND_COLUMNS), rows, entries)

    # -- write ---------------------------------------------------------------------------------------------------------

    def hold_head(self, connection: Connection) -> None:
        """Keep every other process from committing until this transaction ends: for closing what others rely on."""
        run(connection, "SELECT 1 FROM book WHERE id = %s FOR UPDATE", [self.book])

    def _lock_head(self, connection: Connection) -> _Head:
        """The last of all locks; from here to the commit, one process at a time."""
        (row,) = run(
            connection,
            "SELECT last_seq, last_block, last_hash, last_recorded_at, generation FROM book WHERE id = %s FOR UPDATE",
            [self.book],
        )
        head = _Head(*row)
        if head.generation != self._generation:
            self._forget_ground()
            raise GroundMoved
        return head

    def _check_absent(self, connection: Connection, balances: RunningBalances) -> None:
        """What a refusal found empty because nobody had opened it has not been opened since.

        What is not there cannot be locked. What the batch itself opens, a key of the table keeps apart.
        """
        absent = [address for address, r in balances.by_address.items() if r.known is None and not r.touched]
        if absent and self._directory.find(connection, absent):
            raise GroundMoved

    def _write(
        self,
        connection: Connection,
        outcomes: tuple[Decided, ...],
        head: _Head,
        root: bytes,
        balances: RunningBalances,
        opened: dict[UUID, list[Row]],
    ) -> Posted:
        entries, transfers = self._entry_rows(outcomes, head.last_seq, balances)
        block = self._block_row(head, root, len(outcomes), len(entries))
        rows: dict[type[EventRow], list[dict[str, object]]] = defaultdict(list)
        for outcome in outcomes:
            for table, values in (*map(_row, outcome.rows), *opened.get(outcome.id, [])):
                rows[table].append(values | {"book": self.book, "command": outcome.id})
        touched = [running for running in balances.by_address.values() if running.touched]
        for table, written in rows.items():
            self._insert(connection, table, written)
        self._insert(connection, BalanceTable, [_first_balance(self.book, r) for r in touched if r.known is None])
        self._insert(connection, EntryTable, entries)
        self._insert(connection, TransferTable, transfers)
        self._insert(
            connection,
            CommandTable,
            [
                columns_of(outcome, COMMAND_COLUMNS)
                | {"book": self.book, "block": block["number"], "position": position}
                for position, outcome in enumerate(outcomes)
            ],
        )
        self._insert(connection, BlockTable, [block])
        self._update_balances(connection, [running for running in touched if running.known])
        self._update_days(connection, outcomes, balances)
        reversed_ = any(entry.reverses is not None for outcome in outcomes for entry in outcome.entries)
        moved = reversed_ or any(issubclass(table, MOVES_THE_GROUND) for table in rows)
        self._move_head(connection, block, head.generation + moved)
        if moved:
            self._forget_ground()
        return Posted(int(str(block["number"])), outcomes, head.last_seq + 1, head.last_seq + len(entries))

    def _entry_rows(
        self, outcomes: Iterable[Decided], last_seq: int, balances: RunningBalances
    ) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
        entries: list[dict[str, object]] = []
        transfers: list[dict[str, object]] = []
        seq = last_seq
        for outcome in outcomes:
            for position, entry in enumerate(outcome.entries):
                seq += 1
                entries.append(
                    _entry_columns(outcome, entry, position)
                    | {"book": self.book, "seq": seq, "command": outcome.id, "position": position}
                )
                transfers += [
                    {
                        "book": self.book,
                        "seq": seq,
                        "line": line,
                        "debit": balances.by_address[transfer.debit.address].id,
                        "credit": balances.by_address[transfer.credit.address].id,
                        "asset": transfer.debit.asset.code,
                        "amount": transfer.amount,
                        "budget_line": transfer.budget_line,
                    }
                    for line, transfer in enumerate(entry.transfers, start=1)
                ]
        return entries, transfers

    def _block_row(self, head: _Head, root: bytes, leaves: int, entries: int) -> dict[str, object]:
        recorded_at = max(self.now(), head.last_recorded_at)
        block: dict[str, object] = {
            "book": self.book,
            "number": head.last_block + 1,
            "first_seq": head.last_seq + 1,
            "last_seq": head.last_seq + entries,
            "leaves": leaves,
            "recorded_at": recorded_at,
            "merkle_root": root,
            "previous_hash": head.last_hash,
            "hash_version": HASH_VERSION,
        }
        return block | {"hash": block_hash(block_header(self.code, block))}

    def _insert(self, connection: Connection, table: type[SQLModel], rows: Sequence[dict[str, object]]) -> None:
        if rows:
            insert = self._inserts.get(table) or self._inserts.setdefault(table, BulkInsert(table_of(table)))
            insert(connection, rows)

    def _update_balances(self, connection: Connection, touched: Sequence[Running]) -> None:
        if touched:
            run(
                connection,
                "UPDATE balance b SET debits = b.debits + u.debited, credits = b.credits + u.credited, "
                "version = b.version + 1 "
                "FROM unnest(%s::int8[], %s::int8[], %s::int8[]) AS u (account, debited, credited) "
                "WHERE b.book = %s AND b.account = u.account",
                [
                    array_literal(running.id for running in touched),
                    array_literal(running.debited for running in touched),
                    array_literal(running.credited for running in touched),
                    self.book,
                ],
            )

    def _update_days(self, connection: Connection, outcomes: Iterable[Decided], balances: RunningBalances) -> None:
        days: dict[tuple[int, date], list[int]] = defaultdict(lambda: [0, 0])
        for outcome in outcomes:
            for entry in outcome.entries:
                for transfer in entry.transfers:
                    for side, account in enumerate((transfer.debit, transfer.credit)):
                        if account.of.hot:
                            days[balances.by_address[account.address].id, entry.effective_on][side] += transfer.amount
        if days:
            run(
                connection,
                "INSERT INTO day_balance AS d (book, account, effective_on, debits, credits) "
                "SELECT %s, * FROM unnest(%s::int8[], %s::date[], %s::int8[], %s::int8[]) "
                "ON CONFLICT (book, account, effective_on) DO UPDATE "
                "SET debits = d.debits + excluded.debits, credits = d.credits + excluded.credits",
                [
                    self.book,
                    [account for account, _ in days],
                    [day for _, day in days],
                    [debit for debit, _ in days.values()],
                    [credit for _, credit in days.values()],
                ],
            )

    def _move_head(self, connection: Connection, block: dict[str, object], generation: int) -> None:
        run(
            connection,
            "UPDATE book SET last_seq = %s, last_block = %s, last_hash = %s, last_recorded_at = %s, generation = %s "
            "WHERE id = %s",
            [block["last_seq"], block["number"], block["hash"], block["recorded_at"], generation, self.book],
        )

    # -- the ground: periods and closings ------------------------------------------------------------------------------

    def _learn_ground(self, connection: Connection) -> None:
        ((generation,),) = run(connection, "SELECT generation FROM book WHERE id = %s", [self.book])
        self._periods = load_periods(connection, self.book)
        self._generation = generation

    def _forget_ground(self) -> None:
        self._generation = -1
        self._directory.forget()

    def rolled_back(self) -> None:
        """Forget what a transaction that did not commit may have taught."""
        self._forget_ground()


def block_header(book: str, block: dict[str, object]) -> Json:
    """A block as its hash sees it, from its columns."""
    return {name: plain(value) for name, value in block.items()} | {"book": book}


def entry_id(command: UUID, position: int) -> UUID:
    """An entry's id follows from its command and its place in it: the same in a dry run as in the real one."""
    return uuid5(command, f"entry:{position}")


def _entry_columns(outcome: Decided, entry: Entry, position: int) -> dict[str, object]:
    return {
        "id": entry_id(outcome.id, position),
        "template": entry.template,
        "effective_on": entry.effective_on,
        "actor": outcome.actor,
        "citation": entry.citation,
        "calculation": entry.calculation,
        "evidence_hash": entry.evidence_hash,
        "reverses": entry.reverses,
        "reason": entry.backdating.reason if entry.backdating else None,
        "second_person": entry.backdating.second_person if entry.backdating else None,
        "memo": entry.memo,
    }


def _row(row: EventRow) -> Row:
    """An event row as its table and its own columns, without those the journal fills in."""
    table = type(row)
    values = vars(row)
    return table, {name: values[name] for name in own_columns(table)}


@cache
def own_columns(table: type[EventRow]) -> tuple[str, ...]:
    return tuple(column.name for column in table_of(table).columns if column.name not in {"book", "command"})


def _account_row(running: Running, today: date) -> dict[str, object]:
    account, of = running.account, running.of
    return {
        "id": running.id,
        "address": account.address,
        "entity": account.entity,
        "side": of.side.value,
        "type": of.type.value,
        "normal": of.normal.value,
        "asset": account.asset.code,
        "owner": account.owner,
        "government_code": of.government_code,
        "may_overdraw": of.may_overdraw,
        "hot": of.hot,
        "opened_on": today,
    }


def _first_balance(book: int, running: Running) -> dict[str, object]:
    floor = None if running.of.may_overdraw else running.of.normal.value
    return {
        "book": book,
        "account": running.id,
        "debits": running.debited,
        "credits": running.credited,
        "version": 1,
        "floor": floor,
    }
