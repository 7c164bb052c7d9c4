"""With the owner's rights and the triggers out of the way: whatever is changed, verify says so."""

import pytest
import toy
from sqlalchemy import Connection, Table, text
from year import Year

from ledger.journal.tables import (
    BalanceTable,
    BlockTable,
    BookTable,
    CommandTable,
    DayBalanceTable,
    EntryTable,
    TransferTable,
    table_of,
)

ATTESTED = [
    table_of(table) for table in (*toy.toy_house().attested, CommandTable, EntryTable, TransferTable, BlockTable)
]
RECOMPUTED = [table_of(table) for table in (BookTable, BalanceTable, DayBalanceTable)]
UNPROVED = {"balance.version", "book.name", "book.generation"}
"""Nothing that anybody reads as a figure depends on them."""

ANOTHER = {
    "smallint": "{0} + 1",
    "integer": "{0} + 1",
    "bigint": "coalesce({0}, 0) + 1",
    "boolean": "NOT {0}",
    "character varying": "coalesce({0}, '') || 'x'",
    "uuid": "gen_random_uuid()",
    "date": "{0} + 1",
    "timestamp with time zone": "{0} + interval '1 microsecond'",
    "bytea": "sha256(coalesce({0}, ''))",
    "jsonb": "jsonb_build_object('other', 1.5)",
}
"""Another value that the column can hold, by its type."""
ANOTHER_OF = {
    "account.side": "CASE {0} WHEN 'control' THEN 'financial' ELSE 'control' END",
    "account.normal": "CASE {0} WHEN 'D' THEN 'C' ELSE 'D' END",
    "balance.floor": "CASE WHEN {0} IS NULL AND debits >= credits THEN 'D' WHEN {0} IS NULL THEN 'C' END",
    "command.status": "CASE {0} WHEN 'accepted' THEN 'refused' ELSE 'accepted' END",
    "period_step.status": "CASE {0} WHEN 'open' THEN 'adjusting' ELSE 'open' END",
    "transfer.asset": "CASE {0} WHEN 'VOUCHER' THEN 'CNY' ELSE 'VOUCHER' END",
} | dict.fromkeys(
    (
        *("account.id", "account_closing.account", "balance.account", "block.number", "command.block", "entry.seq"),
        *("period_balance.account", "transfer.seq", "transfer.debit", "transfer.credit"),
    ),
    "{0} + 1000",
)
"""The same where a CHECK or a unique index is particular."""


def columns(tables: list[Table]) -> list[str]:
    return [f"{table.name}.{column.name}" for table in tables for column in table.columns]


def change(connection: Connection, column: str, which: str) -> None:
    """Give one value of a column, in the first or last row of its table, another that is as valid."""
    table, name = column.split(".")
    kind = connection.scalar(
        text("SELECT data_type FROM information_schema.columns WHERE (table_name, column_name) = (:t, :c)"),
        {"t": table, "c": name},
    )
    another = ANOTHER_OF.get(column, ANOTHER[kind]).format(name)
    order = {"the first": "ctid", "the last": "ctid DESC", "an empty": "ctid", "a filled": "ctid"}[which]
    where = {"an empty": f"WHERE {name} IS NULL", "a filled": f"WHERE {name} IS NOT NULL"}.get(which, "")
    changed = connection.execute(
        text(
            f"UPDATE {table} SET {name} = {another} "
            f"WHERE ctid = (SELECT ctid FROM {table} {where} ORDER BY {order} LIMIT 1)"
        )
    )
    assert changed.rowcount == 1


# -- what is looked at -------------------------------------------------------------------------------------------------


def test_the_untouched_year_is_right(year: Year) -> None:
    with year.in_the_owners_hands() as connection:
        found = year.verify(connection)

    assert found.faults == []
    assert (found.commands, found.entries, found.blocks, found.anchors, found.calculations) == (18, 10, 18, 1, 1)


def test_no_column_of_these_tables_is_left_out_and_each_table_has_rows(year: Year) -> None:
    """A new column of the database shows here, whatever the classes say."""
    with year.in_the_owners_hands() as connection:
        found = connection.execute(
            text(
                "SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_name = ANY(:names)"
            ),
            {"names": [table.name for table in (*ATTESTED, *RECOMPUTED)]},
        )
        assert sorted(found.scalars()) == sorted(columns([*ATTESTED, *RECOMPUTED]))
        for table in (*ATTESTED, *RECOMPUTED):
            assert connection.scalar(text(f"SELECT count(*) FROM {table.name}")) > 0, table.name


def test_every_column_that_may_be_empty_is_filled_somewhere(year: Year) -> None:
    with year.in_the_owners_hands() as connection:
        for table in ATTESTED:
            for column in table.columns:
                filled = connection.scalar(text(f"SELECT count({column.name}) FROM {table.name}"))
                assert filled > 0, f"{table.name}.{column.name}"


# -- one value ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("which", ["the first", "the last"])
@pytest.mark.parametrize("column", sorted({*columns(ATTESTED), *columns(RECOMPUTED)} - UNPROVED))
def test_one_changed_value_is_noticed(year: Year, column: str, which: str) -> None:
    with year.in_the_owners_hands() as connection:
        change(connection, column, which)

        assert year.faults(connection, anchored=False) != []


@pytest.mark.parametrize("which", ["an empty", "a filled"])
@pytest.mark.parametrize(
    "column",
    [
        f"{table.name}.{column.name}"
        for table in ATTESTED
        for column in table.columns
        if column.nullable and not column.primary_key
    ],
)
def test_it_is_noticed_when_nothing_becomes_something_or_another_thing(year: Year, column: str, which: str) -> None:
    """A comparison by `=` would let NULL slip through."""
    with year.in_the_owners_hands() as connection:
        change(connection, column, which)
        assert year.faults(connection, anchored=False) != []
