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
    "block.first_seq": "{0} - 1",
    "command.status": "CASE {0} WHEN 'accepted' THEN 'refused' ELSE 'accepted' END",
    "entry.reverses": "seq - 1",
    "period.ends_on": "{0} - 1",
    "period_step.status": "'adjusting'",
    "transfer.asset": "CASE {0} WHEN 'VOUCHER' THEN 'CNY' ELSE 'VOUCHER' END",
} | dict.fromkeys(
    (
        *("account.id", "account_closing.account", "balance.account", "block.number", "command.block", "entry.seq"),
        *("period_balance.account", "transfer.seq", "transfer.debit", "transfer.credit"),
    ),
    "{0} + 1000",
)
"""The same where a CHECK or a unique index is particular."""
ROW_OF = {
    "period_step.status": "period = '2018'",
    "transfer.asset": "asset <> 'BUDGET'",
    "transfer.budget_line": "asset = 'BUDGET'",
}
"""The rows that a CHECK or a unique index lets somebody change."""


UNIQUE = {"account.address", "command.tenant", "command.block", "entry.reverses", "period_step.status"}
"""What else must differ between two rows of a table."""


def columns(tables: list[Table]) -> list[str]:
    return [f"{table.name}.{column.name}" for table in tables for column in table.columns]


def change(connection: Connection, column: str, which: str, like: str = "") -> None:
    """Give one value of a column, in the first or last row of its table, another that is as valid."""
    table, name = column.split(".")
    like = like or column
    kind = connection.scalar(
        text("SELECT data_type FROM information_schema.columns WHERE (table_name, column_name) = (:t, :c)"),
        {"t": table, "c": name},
    )
    another = ANOTHER_OF.get(like, ANOTHER[kind]).format(name)
    order = "ctid DESC" if which == "the last" else "ctid"
    where = {"an empty": f"{name} IS NULL", "a filled": f"{name} IS NOT NULL"}.get(which, ROW_OF.get(column, "true"))
    changed = connection.execute(
        text(
            f"UPDATE {table} SET {name} = {another} "
            f"WHERE ctid = (SELECT ctid FROM {table} WHERE {where} ORDER BY {order} LIMIT 1)"
        )
    )
    assert changed.rowcount == 1


# -- what is looked at -------------------------------------------------------------------------------------------------


def test_the_untouched_year_is_right(year: Year) -> None:
    with year.in_the_owners_hands() as connection:
        found = year.verify(connection)

    assert found.faults == []
    assert (found.commands, found.entries, found.blocks, found.anchors, found.calculations) == (18, 10, 18, 4, 1)


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
@pytest.mark.parametrize("column", columns(ATTESTED))
def test_one_changed_value_that_is_attested_breaks_the_chain(year: Year, column: str, which: str) -> None:
    with year.in_the_owners_hands() as connection:
        change(connection, column, which)

        assert year.checks_failed(connection) & {"attested rows", "chain", "gapless seq"}


@pytest.mark.parametrize("which", ["the first", "the last"])
@pytest.mark.parametrize("column", sorted({*columns(RECOMPUTED)} - UNPROVED))
def test_one_changed_value_that_can_be_recomputed_is_noticed(year: Year, column: str, which: str) -> None:
    with year.in_the_owners_hands() as connection:
        change(connection, column, which)

        assert year.checks_failed(connection) & {"balances", "limits", "days", "head"}


MAYBE_EMPTY = [f"{table.name}.{column.name}" for table in ATTESTED for column in table.columns if column.nullable]


@pytest.mark.parametrize("which", ["an empty", "a filled"])
@pytest.mark.parametrize("column", sorted({*MAYBE_EMPTY} - {"transfer.budget_line"}))
def test_it_is_noticed_when_nothing_becomes_something(year: Year, column: str, which: str) -> None:
    """A comparison by `=` would let NULL slip through."""
    with year.in_the_owners_hands() as connection:
        change(connection, column, which)

        assert "attested rows" in year.checks_failed(connection)


# -- whole rows --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("which", ["first", "last"])
@pytest.mark.parametrize("table", [table.name for table in (*ATTESTED, *RECOMPUTED)])
def test_a_missing_row_is_noticed(year: Year, table: str, which: str) -> None:
    with year.in_the_owners_hands() as connection:
        order = "ctid" if which == "first" else "ctid DESC"
        connection.execute(
            text(f"DELETE FROM {table} WHERE ctid = (SELECT ctid FROM {table} ORDER BY {order} LIMIT 1)")
        )

        assert year.faults(connection, anchored=False) != []


@pytest.mark.parametrize("whose", ["a command that wrote none", "a refused command", "nobody", "another book"])
@pytest.mark.parametrize("table", [table.name for table in ATTESTED])
def test_a_row_that_no_command_wrote_is_noticed(year: Year, table: str, whose: str) -> None:
    """A copy of the last row, under another key."""
    where = {
        "a command that wrote none": "kind = 'toy.introduce'",
        "a refused command": "status = 'refused'",
        "nobody": "false",
        "another book": "kind = 'toy.introduce'",
    }[whose]
    with year.in_the_owners_hands() as connection:
        connection.execute(text(f"CREATE TEMPORARY TABLE copy AS SELECT * FROM {table} ORDER BY ctid DESC LIMIT 1"))
        writer = connection.scalar(text(f"SELECT id FROM command WHERE {where} LIMIT 1"))
        for column in next(t for t in ATTESTED if t.name == table).columns:
            key = column.primary_key or column.name == "id" or f"{table}.{column.name}" in UNIQUE
            if column.name == "command":
                connection.execute(text("UPDATE copy SET command = coalesce(:id, gen_random_uuid())"), {"id": writer})
            elif column.name == "book":
                connection.execute(text("UPDATE copy SET book = book + :n"), {"n": int(whose == "another book")})
            elif key:
                change(connection, f"copy.{column.name}", "the first", like=f"{table}.{column.name}")
        if table == "period":
            connection.execute(text("UPDATE copy SET starts_on = starts_on + 4000, ends_on = ends_on + 4000"))
        connection.execute(text(f"INSERT INTO {table} SELECT * FROM copy"))

        assert "attested rows" in year.checks_failed(connection)


def test_two_entries_that_changed_places_are_noticed(year: Year) -> None:
    """With and without their lines, side by side and far apart."""
    for one, other in ((5, 6), (2, 8), (9, 10)):
        for tables in (("entry",), ("entry", "transfer"), ("transfer",)):
            with year.in_the_owners_hands() as connection:
                for table in tables:
                    swap(connection, table, "seq", one, other)

                assert {"attested rows", "gapless seq"} & year.checks_failed(connection)


def test_two_lines_of_an_entry_that_changed_places_are_noticed(year: Year) -> None:
    with year.in_the_owners_hands() as connection:
        for now, then in ((1, 100), (2, 1), (100, 2)):
            connection.execute(text(f"UPDATE transfer SET line = {then} WHERE seq = 6 AND line = {now}"))

        assert "attested rows" in year.checks_failed(connection)


def test_two_blocks_or_two_commands_that_changed_places_are_noticed(year: Year) -> None:
    with year.in_the_owners_hands() as connection:
        swap(connection, "block", "number", 5, 6)
        assert "chain" in year.checks_failed(connection)
    with year.in_the_owners_hands() as connection:
        swap(connection, "command", "block", 5, 6)
        assert "attested rows" in year.checks_failed(connection)


def swap(connection: Connection, table: str, column: str, one: int, other: int) -> None:
    for now, then in ((one, 10_000), (other, one), (10_000, other)):
        connection.execute(text(f"UPDATE {table} SET {column} = {then} WHERE {column} = {now}"))


def test_sums_that_nobody_moved_are_noticed(year: Year) -> None:
    """Rows of nought included."""
    zero = {
        "balance": "INSERT INTO balance VALUES (1, 999, 0, 0, 1, NULL)",
        "day_balance": "INSERT INTO day_balance SELECT 1, account, date '2017-12-24', 0, 0 FROM day_balance LIMIT 1",
    }
    for table, insert in zero.items():
        with year.in_the_owners_hands() as connection:
            connection.execute(text(insert))
            assert year.checks_failed(connection) & {"balances", "days"}, table


# -- the tail ----------------------------------------------------------------------------------------------------------

WRITTEN_BY = [table.name for table in ATTESTED if "command" in table.columns]


def cut_last_block(connection: Connection) -> None:
    """The last block with everything its commands wrote; sums and the book's head stay."""
    last = "SELECT max(number) FROM block"
    commands = f"SELECT id FROM command WHERE block = ({last})"
    connection.execute(text(f"DELETE FROM transfer WHERE seq IN (SELECT seq FROM entry WHERE command IN ({commands}))"))
    for table in WRITTEN_BY:
        connection.execute(text(f"DELETE FROM {table} WHERE command IN ({commands})"))
    connection.execute(text(f"DELETE FROM command WHERE block = ({last})"))
    connection.execute(text(f"DELETE FROM block WHERE number = ({last})"))


def cut_last_block_and_hide_it(connection: Connection) -> None:
    """As above; then every sum is made anew, and the book says that it always ended there."""
    cut_last_block(connection)
    connection.execute(
        text(
            "UPDATE balance b SET debits = (SELECT coalesce(sum(amount), 0) FROM transfer WHERE debit = b.account), "
            "credits = (SELECT coalesce(sum(amount), 0) FROM transfer WHERE credit = b.account)"
        )
    )
    connection.execute(text("DELETE FROM balance b WHERE account NOT IN (SELECT id FROM account)"))
    connection.execute(text("DELETE FROM day_balance"))
    connection.execute(
        text(
            "INSERT INTO day_balance SELECT 1, a.id, e.effective_on, "
            "coalesce(sum(amount) FILTER (WHERE t.debit = a.id), 0), "
            "coalesce(sum(amount) FILTER (WHERE t.credit = a.id), 0) FROM account a "
            "JOIN transfer t ON a.id IN (t.debit, t.credit) JOIN entry e USING (seq) WHERE a.hot GROUP BY 2, 3"
        )
    )
    connection.execute(
        text(
            "UPDATE book SET (last_block, last_seq, last_hash, last_recorded_at) = "
            "(SELECT number, last_seq, hash, recorded_at FROM block ORDER BY number DESC LIMIT 1)"
        )
    )


def test_a_missing_last_block_is_noticed_with_its_rows_and_without(year: Year) -> None:
    with year.in_the_owners_hands() as connection:
        connection.execute(text("DELETE FROM block WHERE number = (SELECT max(number) FROM block)"))
        assert "chain" in year.checks_failed(connection)
    with year.in_the_owners_hands() as connection:
        cut_last_block(connection)
        assert {"head", "balances", "days"} <= year.checks_failed(connection)


def test_a_tail_cut_off_without_a_trace_is_noticed_by_the_signed_head(year: Year) -> None:
    with year.in_the_owners_hands() as connection:
        cut_last_block_and_hide_it(connection)

        assert year.faults(connection) == ["anchors: anchor of block 18: the block is gone: the tail was cut off"]


def test_what_no_signed_head_stands_above_can_be_cut_off_unnoticed(year: Year) -> None:
    """The limit of the proof, and why heads are signed and kept elsewhere."""
    with year.in_the_owners_hands() as connection:
        cut_last_block_and_hide_it(connection)

        assert year.faults(connection, anchored=False) == []


def test_a_book_emptied_to_the_last_row_is_noticed_by_the_signed_head(year: Year) -> None:
    with year.in_the_owners_hands() as connection:
        for table in ("personal", *(table.name for table in (*ATTESTED, *RECOMPUTED))):
            if table != "book":
                connection.execute(text(f"DELETE FROM {table}"))
        connection.execute(
            text(
                "UPDATE book SET last_block = 0, last_seq = 0, last_recorded_at = '1970-01-01Z', "
                "last_hash = decode(repeat('00', 32), 'hex')"
            )
        )

        assert year.faults(connection, anchored=False) == []
        assert year.faults(connection)[-1] == "anchors: anchor of block 18: the block is gone: the tail was cut off"


def test_a_chain_hashed_anew_over_a_forged_answer_is_noticed_by_the_signed_head(year: Year) -> None:
    """Whoever owns the database can make every hash again, but not the signature."""
    with year.in_the_owners_hands() as connection:
        connection.execute(text("UPDATE command SET answer = '{}' WHERE kind = 'toy.assess'"))
        year.hash_anew(connection)

        assert year.faults(connection, anchored=False) == []
        assert year.faults(connection)[-1] == "anchors: anchor of block 18: the block is not the one that was signed"


# -- the laws ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("law", "change"),
    [
        ("balances", "UPDATE balance SET debits = debits + 1, credits = credits + 1"),
        ("limits", "UPDATE balance SET floor = NULL"),
        ("limits", "UPDATE balance SET floor = 'D' WHERE floor IS NULL AND debits >= credits"),
        ("days", "UPDATE day_balance SET debits = debits + 1, credits = credits + 1"),
        ("money stays within an entity", "UPDATE account SET entity = 'K' WHERE address = 'toy:bank:U'"),
        ("money stays within an entity", "UPDATE account SET side = 'budgetary' WHERE address = 'toy:bank:U'"),
        ("money stays within an entity", "UPDATE account SET asset = 'VOUCHER' WHERE address = 'toy:bank:U'"),
        ("budget lines are known", "UPDATE budget_line SET code = 'another'"),
        ("entries say something", "DELETE FROM transfer WHERE seq = 3"),
        ("reversals mirror", "UPDATE transfer SET amount = amount + 1 WHERE seq = 9"),
        ("reversals mirror", "UPDATE transfer SET debit = credit, credit = debit WHERE seq = 9"),
        ("reversals mirror", "UPDATE entry SET reverses = 3 WHERE seq = 9"),
        ("dates lie in periods", "UPDATE entry SET effective_on = '2016-12-31' WHERE seq = 3"),
        ("dates lie in periods", "UPDATE entry SET effective_on = '2017-02-02' WHERE seq = 3"),
        ("closed periods stand", "UPDATE period_balance SET debits = debits + 1, credits = credits + 1"),
        ("closed periods stand", "UPDATE entry SET effective_on = '2017-12-31' WHERE seq = 10"),
        ("templates", "UPDATE entry SET template = 'toy.grant' WHERE seq = 2"),
        ("templates", "UPDATE entry SET template = 'toy.steal' WHERE seq = 2"),
        ("chart", "UPDATE account SET may_overdraw = true WHERE address = 'toy:fund'"),
        ("chart", "UPDATE account SET address = 'toy:nobody' WHERE address = 'toy:fund'"),
        ("calculations", "UPDATE calculation SET result = jsonb_set(result, '{net_fen}', '1')"),
        ("calculations", "UPDATE calculation SET facts = '{}'"),
        ("calculations", "UPDATE calculation SET known_on = '1900-01-01'"),
    ],
)
def test_a_broken_law_is_named_even_when_every_hash_was_made_anew(year: Year, law: str, change: str) -> None:
    with year.in_the_owners_hands() as connection:
        connection.execute(text(change))
        year.hash_anew(connection)

        failed = year.checks_failed(connection)

    assert law in failed
    assert not failed & {"attested rows", "chain", "gapless seq", "head"}


# -- the anchors -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["book", "block", "last_seq", "recorded_at", "hash", "public_key", "signature"])
def test_a_changed_anchor_is_noticed(year: Year, name: str) -> None:
    anchor = year.anchors.read()[-1]
    value = anchor[name]
    altered = anchor | {name: value + 1 if isinstance(value, int) else flipped(value)}

    with year.in_the_owners_hands() as connection:
        found = year.house.verifier().verify(connection, [altered])

    assert "anchors" in {fault.check for fault in found.faults}


def flipped(word: str) -> str:
    """The last character becomes another one of its kind."""
    return word[:-1] + ("1" if word[-1] == "0" else "0")
