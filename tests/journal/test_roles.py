"""The three roles: who may do what to the rows of the books, and who sees which."""

import psycopg
import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError
from test_tampering import ATTESTED, columns
from year import Year

from ledger.database.cluster import READER, WRITER

INSERT_ONLY = [table.name for table in ATTESTED]
FORBIDDEN = (psycopg.errors.InsufficientPrivilege, psycopg.errors.RestrictViolation)
SEEN_BY_ALL = {"asset", "block", "book", "budget_line", "period", "period_step"}
"""Of the journal: what is nobody's in particular. Everything else is a party's."""
OF_A_PARTY = [
    *("account", "account_closing", "balance", "day_balance", "period_balance", "transfer", "entry", "command"),
    "calculation",
]


def refused(engine: Engine, statement: str) -> type[BaseException] | None:
    """Why the database refuses a statement; None: it does not. Nothing of it remains."""
    with engine.connect() as connection:
        try:
            connection.exec_driver_sql(statement)
        except DBAPIError as error:
            return type(error.orig)
        finally:
            connection.rollback()
    return None


def as_party(connection: Connection, party: str) -> None:
    connection.execute(text("SELECT set_config('ledger.party', :party, true)"), {"party": party})


# -- the writer --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", INSERT_ONLY)
def test_the_writer_can_change_no_column_that_is_attested(year: Year, table: str) -> None:
    for column in columns([t for t in ATTESTED if t.name == table]):
        name = column.partition(".")[2]
        assert refused(year.database.writer, f"UPDATE {table} SET {name} = {name}") in FORBIDDEN, column


@pytest.mark.parametrize("table", INSERT_ONLY)
@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM {table}",
        "DELETE FROM {table} WHERE false",
        "TRUNCATE {table}",
        "TRUNCATE {table} CASCADE",
        "INSERT INTO {table} SELECT * FROM {table} LIMIT 1 ON CONFLICT (book, {key}) DO UPDATE SET book = 2",
        "DROP TABLE {table} CASCADE",
        "DROP TRIGGER {table}_is_insert_only ON {table}",
        "ALTER TABLE {table} DISABLE TRIGGER ALL",
        "ALTER TABLE {table} DISABLE TRIGGER {table}_is_insert_only",
        "ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE {table} ADD COLUMN more text",
        "ALTER TABLE {table} RENAME TO other",
        "ALTER TABLE {table} OWNER TO " + WRITER,
        "CREATE RULE nothing AS ON INSERT TO {table} DO INSTEAD NOTHING",
        "CREATE TRIGGER mine BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    ],
)
def test_the_writer_cannot_take_a_row_away_nor_touch_what_guards_it(year: Year, table: str, statement: str) -> None:
    key = ", ".join(
        column.name for t in ATTESTED if t.name == table for column in t.primary_key if column.name != "book"
    )
    assert refused(year.database.writer, statement.format(table=table, key=key)) in FORBIDDEN


@pytest.mark.parametrize(
    "statement",
    [
        "SET session_replication_role = replica",
        "SET ROLE ledger_owner",
        "SET SESSION AUTHORIZATION ledger_owner",
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "CREATE OR REPLACE FUNCTION check_transfers() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        "DROP FUNCTION check_transfers() CASCADE",
        "ALTER FUNCTION check_transfers() OWNER TO " + WRITER,
        "CREATE TABLE mine (n int)",
        "CREATE SCHEMA mine",
        "DROP SCHEMA public CASCADE",
        "DROP OWNED BY ledger_owner",
        "SELECT setval('account_id', 1)",
        "COPY transfer TO PROGRAM 'true'",
        "UPDATE balance SET floor = NULL",
        "UPDATE balance SET account = 0",
        "DELETE FROM balance",
        "TRUNCATE balance",
        "DELETE FROM day_balance",
        "UPDATE book SET code = 'mine'",
        "INSERT INTO book SELECT 2, 'other', name, 0, 0, last_hash, last_recorded_at, 0 FROM book",
        "DELETE FROM book",
        "UPDATE personal SET value = ''",
        "DELETE FROM personal",
        "UPDATE alembic_version SET version_num = '0000'",
    ],
)
def test_the_writer_cannot_become_another_nor_rewrite_the_rules(year: Year, statement: str) -> None:
    assert refused(year.database.writer, statement) in FORBIDDEN


@pytest.mark.parametrize("table", INSERT_ONLY)
def test_not_even_the_owner_changes_a_row_by_oversight(year: Year, table: str) -> None:
    for statement in (f"UPDATE {table} SET book = 1", f"DELETE FROM {table} WHERE false", f"TRUNCATE {table}"):
        assert refused(year.database.owner, statement) is psycopg.errors.RestrictViolation


def test_no_table_of_the_database_was_forgotten(year: Year) -> None:
    """Whatever slice it belongs to: insert-only for the writer, or one of those that are known to change."""
    # What was sent to whom, which assertions were used: no part of the books, and cleared in time.
    working = {"client_assertion", "webhook_progress", "webhook_sending"}
    changing = {"alembic_version", "balance", "book", "day_balance", "personal", *working}
    with year.database.owner.connect() as connection:
        tables = {*connection.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))}
        guarded = {
            *connection.scalars(
                text(
                    "SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE t.tgenabled = 'O' "
                    "AND t.tgname = c.relname || '_is_insert_only' AND t.tgtype & 56 = 56 AND t.tgtype & 3 = 2"
                )
            )
        }
        for role in (WRITER, READER):
            for table in tables - changing:
                rights = "UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER"
                asked = text(
                    "SELECT has_table_privilege(:role, :table, :rights) OR "
                    "has_any_column_privilege(:role, :table, 'UPDATE, REFERENCES')"
                )
                assert not connection.scalar(asked, {"role": role, "table": table, "rights": rights}), (role, table)
            for table in tables:
                asked = text("SELECT has_table_privilege(:role, :table, 'INSERT')")
                may_insert = connection.scalar(asked, {"role": role, "table": table})
                assert may_insert == (role == WRITER and table not in {"alembic_version", "book"}), (role, table)

    assert tables - guarded == changing


# -- the reader --------------------------------------------------------------------------------------------------------


def test_the_reader_writes_nothing_even_when_it_says_it_will(year: Year) -> None:
    with year.database.owner.connect() as connection:
        tables = connection.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).all()
    for table in tables:
        for statement in (
            f"INSERT INTO {table} SELECT * FROM {table} LIMIT 1",
            f"DELETE FROM {table}",
            f"TRUNCATE {table}",
            f"ALTER TABLE {table} DISABLE TRIGGER ALL",
            f"DROP TABLE {table}",
            f"LOCK TABLE {table} IN EXCLUSIVE MODE",
        ):
            assert refused(year.database.reader, f"SET TRANSACTION READ WRITE; {statement}") in FORBIDDEN, statement
    assert refused(year.database.reader, "SELECT * FROM personal") in FORBIDDEN


def counts(connection: Connection) -> dict[str, int]:
    return {table: connection.scalar(text(f"SELECT count(*) FROM {table}")) for table in (*SEEN_BY_ALL, *OF_A_PARTY)}


def test_the_reader_of_no_party_sees_no_party_s_rows_and_a_bureau_sees_all(year: Year) -> None:
    with year.database.owner.connect() as connection:
        everything = counts(connection)
    with year.database.reader.connect() as connection:
        nobody = counts(connection)
        as_party(connection, "nobody-of-this-name")
        stranger = counts(connection)
        as_party(connection, "*")
        bureau = counts(connection)

    assert bureau == everything
    assert nobody == stranger == everything | dict.fromkeys(OF_A_PARTY, 0)


def test_a_party_sees_its_accounts_what_moved_on_them_why_and_its_own_commands(year: Year) -> None:
    with year.database.reader.connect() as connection:
        as_party(connection, "U")

        addresses = {*connection.scalars(text("SELECT address FROM account"))}
        assert addresses == {"toy:bank:U", "toy:income:U"}
        assert {*connection.scalars(text("SELECT template FROM entry"))} == {"toy.spend", "toy.assess"}
        assert connection.scalars(text("SELECT amount FROM transfer ORDER BY seq")).all() == [70_00, 1_000_00]
        for table in ("balance", "period_balance"):
            assert connection.scalar(text(f"SELECT count(*) FROM {table}")) == 2
        of_its_entry = "SELECT calculation FROM entry WHERE template = 'toy.assess'"
        assert connection.scalars(text("SELECT id FROM calculation")).all() == [connection.scalar(text(of_its_entry))]
        for table in ("command", "day_balance", "account_closing"):
            assert connection.scalar(text(f"SELECT count(*) FROM {table}")) == 0
        as_party(connection, "K")
        assert connection.scalar(text("SELECT count(*) FROM command WHERE tenant <> 'K'")) == 0
        assert connection.scalar(text("SELECT count(*) FROM account WHERE entity <> 'K'")) == 0
