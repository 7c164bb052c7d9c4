"""What a leaf says: a command with every row and entry it wrote, as plain JSON values.  (pure)

A leaf holds neither seq nor time: the block binds both, so leaves can be hashed before the head is locked. Each entry
says its place among the entries of its block, counted from nought: its seq is the block's first seq plus that.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from ledger.journal.verify_receipt import canonical

Json = dict[str, Any]


def plain(value: object) -> Any:  # noqa: ANN401, PLR0911  any JSON value; one line per kind
    """A column's value as JSON: dates ISO, instants in UTC to the microsecond, bytes in hex."""
    if value is None or isinstance(value, str | int):
        return value
    match value:
        case datetime() if value.tzinfo:
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        case date() if not isinstance(value, datetime):
            return value.isoformat()
        case UUID():
            return str(value)
        case bytes() | memoryview():
            return bytes(value).hex()
        case Mapping():
            return {str(key): plain(item) for key, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no place in an attested row: {value!r}")


def row_leaf(table: str, values: Mapping[str, object]) -> Json:
    return {"table": table, "values": {name: plain(value) for name, value in values.items()}}


def entry_leaf(columns: Mapping[str, object], place: int, transfers: Iterable[Sequence[object]]) -> Json:
    """An entry, its place, and its transfers, each as debit address, credit address, asset, amount, budget line."""
    return {
        **{name: plain(value) for name, value in columns.items()},
        "place": place,
        "transfers": [list(transfer) for transfer in transfers],
    }


def command_leaf(book: str, command: Mapping[str, object], rows: Iterable[Json], entries: Sequence[Json]) -> Json:
    """The leaf of one command; rows in an order that follows from what they say."""
    return {
        "book": book,
        "command": {name: plain(value) for name, value in command.items()},
        "rows": sorted(rows, key=lambda row: (row["table"], canonical(row["values"]))),
        "entries": list(entries),
    }
