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
        arrays = ", ".join(f"%s::{column.type.compile(_DIALECT)}[]" for column in table.columns)
        names = ", ".join(self.columns)
        self._sql = f"INSERT INTO {table.name} ({names}) SELECT * FROM unnest({arrays})"  # noqa: S608  our own table's names

    def __call__(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert rows given as mappings from column to value; no rows, no statement."""
        if not rows:
            return
        run(
            connection,
            self._sql,
            [
                array_literal([json.dumps(row[name], ensure_ascii=False) for row in rows])
                if name in self._json
                else array_literal([row[name] for row in rows])
                for name in self.columns
            ],
        )


def array_literal(values: Iterable[object]) -> str:
    """A PostgreSQL array as text, to be cast to its type: the driver's own way takes a third of a bulk posting."""
    return "{" + ",".join(map(_element, values)) + "}"


def _element(value: object) -> str:
    if value is None:
        return "NULL"
    if type(value) is int:
        return str(value)
    text = "\\x" + value.hex() if isinstance(value, bytes) else str(value)
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def run(connection: Connection, sql: str, parameters: Sequence[object] | Mapping[str, object] = ()) -> list[Any]:
    """Run one statement in the driver's own words; its rows, if it gives any.

    The statements of a batch are few and hot: the driver prepares them by itself when they come again.
    """
    result = connection.exec_driver_sql(sql, parameters if isinstance(parameters, Mapping) else tuple(parameters))
    return list(result) if result.returns_rows else []


def columns_of(row: object, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}
