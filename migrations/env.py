"""What alembic runs: migrations on a connection that `ledger.database.migrate` gives it."""

import importlib
import importlib.util
from typing import Literal

from alembic import context
from sqlalchemy import Connection, MetaData
from sqlalchemy.sql.schema import SchemaItem

from ledger.database.engine import owner_engine
from ledger.database.naming import metadata
from ledger.database.store import open_store


def target() -> MetaData:
    """Every table of the books: importing the assembly declares them all."""
    if importlib.util.find_spec("ledger.assembly"):
        importlib.import_module("ledger.assembly")
    return metadata


def is_declared(
    _item: SchemaItem,
    name: str | None,
    kind: Literal[
        "schema", "table", "column", "index", "unique_constraint", "foreign_key_constraint", "check_constraint"
    ],
    reflected: bool,  # noqa: FBT001  alembic's own signature
    _counterpart: SchemaItem | None,
) -> bool:
    """Compare what the classes declare; a table that only the database has may be somebody else's."""
    return not (kind == "table" and reflected and name not in metadata.tables)


def run(connection: Connection) -> None:
    """All missing migrations in one transaction: a ledger is never between two versions."""
    context.configure(
        connection=connection,
        target_metadata=target() if context.config.attributes.get("compare", True) else None,
        include_object=is_declared,
        compare_type=True,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:  # alembic's own command line, while developing
    with open_store() as store, owner_engine(store.owner).connect() as own:
        run(own)
