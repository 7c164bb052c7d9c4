"""Migrations: once, by whoever comes first; and never behind the table classes."""

import subprocess
import sys
from pathlib import Path

import pytest
from databases import Cluster, Database
from sqlalchemy import text

from ledger.database import migrate
from ledger.database.errors import MigrationsDiffer, NewerBooks
from ledger.database.store import Store

UPGRADE = """
import sys
from sqlalchemy import make_url
from ledger.database import migrate
migrate.upgrade(make_url(sys.argv[1]))
"""


def test_two_processes_at_once(cluster: Cluster) -> None:
    with cluster.database("template0") as database:
        address = database.owner_url.render_as_string(hide_password=False)
        processes = [subprocess.Popen([sys.executable, "-c", UPGRADE, address]) for _ in range(2)]

        assert [process.wait() for process in processes] == [0, 0]

        with database.owner.connect() as connection:
            assert migrate.current(connection) == migrate.head()
            assert connection.execute(text("SELECT count(*) FROM alembic_version")).scalar_one() == 1


def test_again_changes_nothing(database: Database) -> None:
    urls = (database.writer_url, database.owner_url, database.reader_url)
    migrate.upgrade_store(Store(*urls, Path(), embedded=False, fresh=False))

    migrate.check(database.owner_url)


def test_a_column_without_a_migration_is_noticed(database: Database) -> None:
    with database.owner.begin() as owner:
        owner.execute(text("ALTER TABLE book ADD COLUMN surprise int"))

    with pytest.raises(MigrationsDiffer, match="surprise"):
        migrate.check(database.owner_url)


def test_a_table_of_somebody_else_is_none_of_our_business(database: Database) -> None:
    with database.owner.begin() as owner:
        owner.execute(text("CREATE TABLE monitoring (n int)"))

    migrate.check(database.owner_url)


def test_books_of_a_newer_program_are_left_alone(database: Database) -> None:
    with database.owner.begin() as owner:
        owner.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(NewerBooks, match="9999"):
        migrate.upgrade(database.owner_url)


def test_migrations_grant_to_the_roles_they_are_given(cluster: Cluster) -> None:
    with cluster.database("template0") as database, database.owner.connect() as connection:
        migrate.upgrade(database.owner_url, writer_role="pg_monitor", reader_role="pg_read_all_stats")

        for role, expected in (("pg_monitor", True), ("pg_read_all_stats", False), ("ledger_writer", False)):
            may = connection.execute(text("SELECT has_table_privilege(:role, 'entry', 'INSERT')"), {"role": role})
            assert may.scalar_one() is expected
