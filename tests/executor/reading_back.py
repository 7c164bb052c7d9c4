"""What the books hold, read past the executor."""

from typing import Any

import toy
from databases import Database
from sqlalchemy import text

from ledger.journal.verify import Verification


def rows(database: Database, sql: str, **parameters: object) -> list[tuple[Any, ...]]:
    with database.owner.connect() as connection:
        return [tuple(row) for row in connection.execute(text(sql), parameters)]


def one(database: Database, sql: str, **parameters: object) -> Any:  # noqa: ANN401  whatever was asked for
    ((value,),) = rows(database, sql, **parameters)
    return value


def standing(database: Database) -> dict[str, int]:
    """Debits less credits of every account."""
    return dict(
        rows(database, "SELECT a.address, b.debits - b.credits FROM account a JOIN balance b ON b.account = a.id")
    )


def everything(database: Database) -> dict[str, str]:
    """A digest of each table of the journal: byte-identical means unchanged."""
    tables = (
        *("account", "account_closing", "balance", "block", "book", "budget_line", "calculation", "command"),
        *("day_balance", "entry", "period", "period_balance", "period_step", "personal", "transfer"),
    )
    return {
        table: one(database, f"SELECT md5(coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), '')) FROM {table} t")
        for table in tables
    }


def verify(database: Database) -> Verification:
    with database.owner.connect() as connection:
        return toy.toy_house().verifier().verify(connection, [])
