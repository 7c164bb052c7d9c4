"""What every table of the books gets beside its columns: who may do what to it, and who may see which rows."""

from alembic import context, op


def writer() -> str:
    """Quoted name of the role that executes commands."""
    return _role("writer_role", "ledger_writer")


def reader() -> str:
    """Quoted name of the role that answers requests."""
    return _role("reader_role", "ledger_reader")


def _role(attribute: str, default: str) -> str:
    name: str = context.config.attributes.get(attribute, default)
    return '"' + name.replace('"', '""') + '"'


def event_rows(*tables: str) -> None:
    """Attested tables: insert-only, and found by the command that wrote them."""
    for table in tables:
        op.execute(f"CREATE INDEX ix_{table}_command ON {table} (command)")
    insert_only(*tables)


def insert_only(*tables: str) -> None:
    """The writer may add rows; nobody may change, delete or truncate them, not even the owner by oversight."""
    for table in tables:
        op.execute(f"GRANT SELECT, INSERT ON {table} TO {writer()}")
        op.execute(f"GRANT SELECT ON {table} TO {reader()}")
        op.execute(
            f"CREATE TRIGGER {table}_is_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def seen_by(table: str, condition: str) -> None:
    """Row-level security: the writer sees all rows, the reader those that meet the condition.

    `ledger_party()` is the party a request acts for, `*` for a bureau that sees the whole book; unset, nothing is seen.
    """
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY {table}_writer ON {table} TO {writer()} USING (true) WITH CHECK (true)")
    _shown_where(table, condition)


def now_seen_by(table: str, condition: str) -> None:
    """Another condition in the place of the one that a table had."""
    op.execute(f"DROP POLICY {table}_reader ON {table}")
    _shown_where(table, condition)


def _shown_where(table: str, condition: str) -> None:
    op.execute(
        f"CREATE POLICY {table}_reader ON {table} FOR SELECT TO {reader()} "
        f"USING ((SELECT ledger_party()) = '*' OR ({condition}))"
    )
