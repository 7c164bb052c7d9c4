"""Every column of every attested table of this release is attested, whichever slice it belongs to.

The rows are made up: one per table, every column filled. What they would mean is the slices' own tests' business; here
their constraints are out of the way, and only the chain speaks.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import ClassVar
from uuid import UUID

import pytest
import toy
from databases import Cluster, Database
from sqlalchemy import Connection, text

from ledger.assembly import Books, House, house
from ledger.executor.commands import Command, Effects, UseCase
from ledger.executor.slices import Slice
from ledger.journal.tables import ATTESTED, EventRow, table_name, table_of
from ledger.journal.verify import Fault, Verification, Verifier

TABLES = [table for table in house().attested if table not in ATTESTED]
COLUMNS = [f"{table_name(table)}.{column.name}" for table in TABLES for column in table_of(table).columns]

VALUES: dict[str, tuple[object, str]] = {
    "VARCHAR": ("something", "{0} || 'x'"),
    "SMALLINT": (7, "{0} + 1"),
    "INTEGER": (7, "{0} + 1"),
    "BIGINT": (7, "{0} + 1"),
    "BOOLEAN": (True, "NOT {0}"),
    "DATE": (date(2017, 3, 1), "{0} + 1"),
    "DATETIME": (datetime(2017, 3, 1, tzinfo=UTC), "{0} + interval '1 microsecond'"),
    "CHAR(32)": (UUID(int=7), "gen_random_uuid()"),
    "BYTEA": (b"\x07", "sha256({0})"),
    "JSONB": ({"some": ["thing"]}, "jsonb_build_object('another', 1)"),
}
"""By type: a value, and what makes another of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep(Command):
    """Writes one made-up row of a table."""

    kind: ClassVar[str] = "toy.keep"
    table: str


def made_up(table: type[EventRow]) -> EventRow:
    own = [column for column in table_of(table).columns if column.name not in {"book", "command"}]
    return table(**{column.name: VALUES[str(column.type)][0] for column in own})


def keep(command: Keep, *_: object) -> Effects:
    table = next(table for table in TABLES if table_name(table) == command.table)
    return Effects({}, rows=(made_up(table),))


@dataclass(frozen=True, slots=True)
class Shelf:
    """Books with a row in each table of each slice."""

    database: Database
    verifier: Verifier

    def faults(self, connection: Connection) -> list[Fault]:
        """Of the chain alone: made-up rows break the laws of the slices anyway."""
        found = Verification()
        self.verifier._chain(connection, found, lambda _done, _all: None)
        return found.faults

    def rows_at_fault(self, connection: Connection) -> set[str]:
        """Blocks whose rows are not those that were written."""
        return {fault.row for fault in self.faults(connection) if fault.check == "attested rows"}

    def blocks(self, connection: Connection) -> dict[str, str]:
        """The block in which the row of each table was written, by table."""
        return {
            table_name(table): str(
                connection.scalar(
                    text(
                        f"SELECT 'block ' || c.block FROM {table_name(table)} t "
                        "JOIN command_place c ON c.id = t.command"
                    )
                )
            )
            for table in TABLES
        }


@pytest.fixture(scope="module")
def shelf(cluster: Cluster) -> Iterator[Shelf]:
    built = House((*house().slices, Slice("shelf", use_cases=(UseCase(Keep, toy.none, keep),))))
    names = [table_name(table) for table in TABLES]
    with cluster.database() as database:
        with database.owner.begin() as connection:
            constraints = connection.execute(
                text(
                    "SELECT conrelid::regclass::text, conname FROM pg_constraint "
                    "WHERE contype IN ('c', 'f') AND conrelid::regclass::text = ANY(:names)"
                ),
                {"names": names},
            )
            for table, constraint in constraints.all():
                connection.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT {constraint} CASCADE"))
            for table in names:
                connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        with Books(database.writer, clock=toy.clock_at(date(2017, 3, 1)), built=built) as books:
            books.executor.run(toy.a_year())
            for table in names:
                assert books.executor.run(Keep(**toy.by("P-1", table), table=table)).accepted
        yield Shelf(database, built.verifier())


def test_each_table_has_its_row_and_the_chain_holds(shelf: Shelf) -> None:
    with shelf.database.owner.connect() as connection:
        assert shelf.faults(connection) == []
        for table in TABLES:
            assert connection.scalar(text(f"SELECT count(*) FROM {table_name(table)}")) == 1


def test_the_database_has_no_column_and_no_table_that_the_house_does_not_attest(shelf: Shelf) -> None:
    with shelf.database.owner.connect() as connection:
        written_by_commands = connection.scalars(
            text(
                "SELECT table_name FROM information_schema.columns "
                "WHERE column_name = 'command' AND table_schema = 'public'"
            )
        )
        of_the_journal = {*map(table_name, ATTESTED), "entry", "personal"}
        assert {*written_by_commands} == {*map(table_name, TABLES)} | of_the_journal
        found = connection.scalars(
            text(
                "SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_name = ANY(:names)"
            ),
            {"names": [table_name(table) for table in TABLES]},
        )
        assert sorted(found) == sorted(COLUMNS)


def changes(table: type[EventRow]) -> list[str]:
    """Each way in which one value of the table's row can be another."""
    return [
        f"{column.name} = {another}"
        for column in table_of(table).columns
        for another in (
            VALUES[str(column.type)][1].format(column.name),
            *(["NULL"] if column.nullable and not column.primary_key else []),
        )
    ]


@pytest.mark.parametrize("number", range(max(len(changes(table)) for table in TABLES)))
def test_one_changed_value_of_any_slice_breaks_the_chain(shelf: Shelf, number: int) -> None:
    """The n-th value of every table at once: each row has a block of its own, and each of those is named."""
    changed = {table_name(table): changes(table)[number] for table in TABLES if number < len(changes(table))}
    with shelf.database.owner.connect() as connection:
        blocks = shelf.blocks(connection)
        for name, change in changed.items():
            connection.execute(text(f"UPDATE {name} SET {change}"))
        named = shelf.rows_at_fault(connection)
        unnoticed = [f"{name}: {change}" for name, change in changed.items() if blocks[name] not in named]
        assert unnoticed == []
        assert {block for name, block in blocks.items() if name not in changed}.isdisjoint(named)


def test_a_row_of_any_slice_that_is_gone_is_noticed(shelf: Shelf) -> None:
    with shelf.database.owner.connect() as connection:
        blocks = shelf.blocks(connection)
        gone = sorted(blocks)[::2]
        for name in gone:
            connection.execute(text(f"DELETE FROM {name}"))
        assert {*blocks.values()} & shelf.rows_at_fault(connection) == {blocks[name] for name in gone}
