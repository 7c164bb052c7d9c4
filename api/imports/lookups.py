"""What a row names by a unit's own numbers, asked of the books once."""

from sqlalchemy import Engine

from api.imports.sheets import Lookups
from ledger.assembly import BOOK
from ledger.database.engine import read_only_session
from ledger.journal.bulk import run


class BooksLookups(Lookups):
    """All asset numbers of a unit are read when the first of them is asked for."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._units: dict[str, dict[str, str]] = {}

    def instrument(self, unit: str, asset_number: str) -> str | None:
        if unit not in self._units:
            with read_only_session(self._engine) as session:
                rows = run(
                    session.connection(),
                    "SELECT asset_number, code FROM instrument WHERE book = %s AND unit = %s",
                    [BOOK, unit],
                )
            self._units[unit] = dict(rows)
        return self._units[unit].get(asset_number)
