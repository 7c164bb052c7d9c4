"""Many rows, one statement: inserts and updates through arrays."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import JSONB

_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy's own gap


class BulkInsert:
    """One prepared shape of insert: its SQL text is made once per table."""

    def __init__(self, table: Table) -> None:
        self.columns = [column.name for column in table.columns]
        self._json = {column.name for column in table.columns if isinstance(column.type, JSONB)}
        arrays = ", ".join(
            f"%s::{'text' if column.name in self._json else column.type.compile(_DIALECT)}[]"
            for column in table.columns
        )
        picked = ", ".join(f"u.{name}::jsonb" if name in self._json else f"u.{name}" for name in self.columns)
        names = ", ".join(self.columns)
        self._sql = f"INSERT INTO {table.name} ({names}) SELECT {picked} FROM unnest({arrays}) AS u ({names})"  # noqa: S608  our own table's names

    def __call__(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert rows given as mappings from column to value; no rows, no statement."""
        if not rows:
            return
        arrays = [
            [json.dumps(row[name], ensure_ascii=False) for row in rows]
            if name in self._json
            else [row[name] for row in rows]
            for name in self.columns
        ]
        run(connection, self._sql, arrays)


def run(connection: Connection, sql: str, parameters: Sequence[object] | Mapping[str, object] = ()) -> list[Any]:
    """Run one statement in the driver's own words; its rows, if it gives any.

    The statements of a batch are few and hot: the driver prepares them by itself when they come again.
    """
    result = connection.exec_driver_sql(sql, parameters if isinstance(parameters, Mapping) else tuple(parameters))
    return list(result) if result.returns_rows else []


def columns_of(row: object, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}
