"""What people and programs look at, page by page and as far as the reader may see; `store` loads single things.

Every list is in the order of what identifies its items, and begins behind the item that was last on the page before.
"""

from dataclasses import dataclass
from datetime import date

from ledger.executor.reading import Reader
from ledger.registry.store import load_instruments, load_parties, load_people
from ledger.registry.values import ChargeUnit, Instrument, Party, Person, TariffLine, UserClass


def parties_page(
    reader: Reader, after: str, limit: int, *, kind: str | None = None, name: str | None = None
) -> list[Party]:
    """Organisations and teams by code; `name` is any part of theirs."""
    codes = _codes(
        reader,
        "SELECT code FROM party WHERE book = %s AND code > %s AND kind = coalesce(%s, kind) "
        "AND strpos(lower(name), lower(coalesce(%s, ''))) > 0 ORDER BY code LIMIT %s",
        after,
        kind,
        name,
        limit,
    )
    found = load_parties(reader, codes)
    return [found[code] for code in codes]


_HOLDS = """
    SELECT 1 FROM person_role r
     WHERE r.book = p.book AND r.person = p.code AND r.holds
       AND r.organisation = coalesce(%s, r.organisation) AND r.role = coalesce(%s, r.role)
       AND NOT EXISTS (SELECT 1 FROM person_role l
                        WHERE l.book = r.book AND l.person = r.person AND l.organisation = r.organisation
                          AND l.role = r.role AND l.step > r.step)
"""


def people_page(
    reader: Reader, after: str, limit: int, *, organisation: str | None = None, role: str | None = None
) -> list[Person]:
    """People by code; with an organisation or a role, those who hold one such now."""
    codes = _codes(
        reader,
        "SELECT p.code FROM person p WHERE p.book = %s AND p.code > %s "  # noqa: S608  our own words
        f"AND (coalesce(%s, %s) IS NULL OR EXISTS ({_HOLDS})) ORDER BY p.code LIMIT %s",
        after,
        organisation,
        role,
        organisation,
        role,
        limit,
    )
    found = load_people(reader, codes)
    return [found[code] for code in codes]


def instruments_page(
    reader: Reader,
    after: str,
    limit: int,
    *,
    unit: str | None = None,
    category: str | None = None,
    name: str | None = None,
) -> list[Instrument]:
    """Instruments by code; `name` is any part of theirs."""
    codes = _codes(
        reader,
        "SELECT code FROM instrument WHERE book = %s AND code > %s AND unit = coalesce(%s, unit) "
        "AND category = coalesce(%s, category) AND strpos(lower(name), lower(coalesce(%s, ''))) > 0 "
        "ORDER BY code LIMIT %s",
        after,
        unit,
        category,
        name,
        limit,
    )
    found = load_instruments(reader, codes)
    return [found[code] for code in codes]


def _codes(reader: Reader, sql: str, *parameters: object) -> list[str]:
    return [code for (code,) in reader.rows(sql, reader.book, *parameters)]


BEFORE_ALL_PRICES = ("", "", date.min)


def prices_page(
    reader: Reader, instrument: str, after: tuple[str, str, date], limit: int, *, on: date | None = None
) -> list[TariffLine]:
    """Prices of an instrument by charge unit, user class and first day: of all days, or those in force on one."""
    rows = reader.rows(
        "SELECT DISTINCT ON (charge_unit, user_class, effective_from) charge_unit, user_class, price_fen, "
        "effective_from FROM tariff p WHERE book = %s AND instrument = %s "
        "AND (charge_unit, user_class, effective_from) > (%s, %s, %s) "
        "AND (%s::date IS NULL OR effective_from = (SELECT max(o.effective_from) FROM tariff o "
        "  WHERE o.book = p.book AND o.instrument = p.instrument AND o.charge_unit = p.charge_unit "
        "  AND o.user_class = p.user_class AND o.effective_from <= %s)) "
        "ORDER BY charge_unit, user_class, effective_from, step DESC LIMIT %s",
        reader.book,
        instrument,
        *after,
        on,
        on,
        limit,
    )
    return [
        TariffLine(
            charge_unit=ChargeUnit(charge_unit),
            user_class=UserClass(user_class),
            price_fen=price_fen,
            effective_from=effective_from,
        )
        for charge_unit, user_class, price_fen, effective_from in rows
    ]


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day that an operator entered, as the last notice has it."""

    day: date
    works: bool
    notice: str


def calendar_days_page(reader: Reader, after: date, limit: int, *, since: date, until: date) -> list[CalendarDay]:
    """Days in their order, from `since` to `until`, both included."""
    rows = reader.rows(
        "SELECT DISTINCT ON (day) day, works, notice FROM calendar_day WHERE book = %s AND day > %s "
        "AND day BETWEEN %s AND %s ORDER BY day, step DESC LIMIT %s",
        reader.book,
        after,
        since,
        until,
        limit,
    )
    return [CalendarDay(*row) for row in rows]
