"""What stands on accounts, by address."""

from collections.abc import Iterable

from ledger.executor.reading import Reader


def standing(reader: Reader, addresses: Iterable[str]) -> dict[str, int]:
    """What stands on each of these accounts, by address; nothing where none was opened."""
    return dict(
        reader.rows(
            "SELECT a.address, b.debits - b.credits FROM account a "
            "JOIN balance b ON b.book = a.book AND b.account = a.id WHERE a.book = %s AND a.address = ANY(%s)",
            reader.book,
            list(addresses),
        )
    )
