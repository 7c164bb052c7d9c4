"""What customs, and the units it watches, ask: goods, uses, consents, tax at risk, moves; as far as the reader sees."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from ledger.customs.store import CONSENTS, EXPOSURES, ITEMS, MOVES
from ledger.customs.values import Consent, Exposure, Item, ItemOutcome, Move
from ledger.database.walls import EVERYTHING, past_the_walls
from ledger.executor.clock import CITY
from ledger.executor.listing import details
from ledger.executor.reading import Reader
from ledger.journal.verify_receipt import canonical

BEFORE_THE_FIRST_USE = (datetime.max.replace(tzinfo=UTC), "")


@dataclass(frozen=True, slots=True)
class ItemFilter:
    """What goods are asked for; what is None does not matter."""

    certificate_number: str | None = None
    declaration_number: str | None = None
    hs_code: str | None = None
    instrument: str | None = None
    asset_number: str | None = None
    unit: str | None = None
    district: str | None = None
    supervised_on: date | None = None
    """Under supervision on this day."""
    ends_from: date | None = None
    """Whose supervision ends on this day or later."""
    ends_until: date | None = None


def items_page(reader: Reader, after: tuple[date, str], limit: int, wanted: ItemFilter) -> list[Item]:
    """Goods behind those that were released on this day under this number, the newest first."""
    last = "least(i.supervised_until, e.ended_on)"
    numbers = _numbers(
        reader,
        "SELECT i.number FROM customs_item i LEFT JOIN customs_item_end e ON e.book = i.book AND e.item = i.number "  # noqa: S608  our own words
        "WHERE i.book = %s AND (i.released_on, i.number) < (%s, %s) "
        "AND i.certificate_number = coalesce(%s, i.certificate_number) "
        "AND i.declaration_number = coalesce(%s, i.declaration_number) AND i.hs_code = coalesce(%s, i.hs_code) "
        "AND i.unit = coalesce(%s, i.unit) AND i.district = coalesce(%s, i.district) "
        "AND (%s::text IS NULL OR EXISTS (SELECT FROM customs_item_share s "
        "     WHERE s.book = i.book AND s.item = i.number AND s.instrument = %s)) "
        "AND (%s::text IS NULL OR EXISTS (SELECT FROM customs_item_share s JOIN instrument m ON m.book = s.book "
        "     AND m.code = s.instrument WHERE s.book = i.book AND s.item = i.number AND m.asset_number = %s)) "
        f"AND (%s::date IS NULL OR %s BETWEEN i.released_on AND {last}) "
        f"AND {last} BETWEEN coalesce(%s, {last}) AND coalesce(%s, {last}) "
        "ORDER BY i.released_on DESC, i.number DESC LIMIT %s",
        *after,
        wanted.certificate_number,
        wanted.declaration_number,
        wanted.hs_code,
        wanted.unit,
        wanted.district,
        wanted.instrument,
        wanted.instrument,
        wanted.asset_number,
        wanted.asset_number,
        wanted.supervised_on,
        wanted.supervised_on,
        wanted.ends_from,
        wanted.ends_until,
        limit,
    )
    return details(reader, ITEMS, numbers)


def consents_page(
    reader: Reader,
    after: tuple[date, str],
    limit: int,
    *,
    instrument: str | None = None,
    unit: str | None = None,
    valid_on: date | None = None,
) -> list[Consent]:
    """Consents behind the one that holds from this day under this number, the latest first."""
    numbers = _numbers(
        reader,
        "SELECT number FROM (SELECT DISTINCT ON (number) * FROM customs_consent WHERE book = %s "
        "ORDER BY number, version DESC) c WHERE (c.valid_from, c.number) < (%s, %s) "
        "AND c.instrument = coalesce(%s, c.instrument) AND c.unit = coalesce(%s, c.unit) "
        "AND (%s::date IS NULL OR %s BETWEEN c.valid_from AND c.valid_until) "
        "ORDER BY c.valid_from DESC, c.number DESC LIMIT %s",
        *after,
        instrument,
        unit,
        valid_on,
        valid_on,
        limit,
    )
    return details(reader, CONSENTS, numbers)


@dataclass(frozen=True, slots=True)
class Usage:
    """One use of a supervised instrument, as customs sees it: the record that the bills read, and how it was judged."""

    number: str
    instrument: str
    unit: str
    district: str
    user: str
    purpose_class: str | None
    place: str | None
    started_at: datetime
    ended_at: datetime
    minutes: int
    in_scope: bool
    reasons: tuple[str, ...]
    consent: str | None
    exposure: str | None
    billed: bool
    fee_fen: int
    """Charged for it, VAT included; 0 where no bill charges it."""
    voucher: bool
    """A voucher bears a part of its bill, or did."""
    command: UUID
    """What recorded it: its receipt proves it."""

    @property
    def evidence_hash(self) -> str:
        """SHA-256 over who used what, when, where and for what."""
        facts = {
            "use": self.number,
            "instrument": self.instrument,
            "unit": self.unit,
            "user": self.user,
            "purpose_class": self.purpose_class or "",
            "place": self.place or "",
            "started_at": self.started_at.astimezone(UTC).isoformat(),
            "minutes": self.minutes,
        }
        return hashlib.sha256(canonical(facts)).hexdigest()


_USAGE = (
    "recorded_use, instrument, unit, district, used_by, purpose_class, place, started_at, ended_at, minutes, in_scope, "
    "reasons, consent, exposure, billed, fee_fen, voucher, recorded_by"
)
_REASONS = _USAGE.split(", ").index("reasons")


@dataclass(frozen=True, slots=True)
class UseFilter:
    """Which uses are asked for; what is None does not matter."""

    instrument: str | None = None
    unit: str | None = None
    district: str | None = None
    user: str | None = None
    since: datetime | None = None
    """Begun then or later."""
    until: datetime | None = None
    """Begun before then."""
    in_scope: bool | None = None
    reason: str | None = None


def days_in_the_city(since: date | None, until: date | None) -> tuple[datetime | None, datetime | None]:
    """The instants between which uses begin, from days of the city; the last one taken in."""
    begin = None if since is None else datetime.combine(since, time(), CITY)
    end = None if until is None else datetime.combine(until, time(), CITY) + timedelta(days=1)
    return begin, end


def usage_page(reader: Reader, after: tuple[datetime, str], limit: int, wanted: UseFilter) -> list[Usage]:
    """Uses behind the one that started at this instant under this number, the latest first.

    Which they are is asked of one table along its index; what they are, of the view behind the walls.
    """
    if wanted.user is not None:  # it stands beside the record of use, and not beside the judgement
        return _usages(reader, after, limit, *_conditions(wanted))
    conditions, values = _conditions(wanted, seen_as(reader))
    with past_the_walls(reader.connection):
        numbers = _numbers(
            reader,
            "SELECT recorded_use FROM customs_use WHERE book = %s AND (started_at, recorded_use) < (%s, %s) "  # noqa: S608  our own words
            f"{conditions}ORDER BY started_at DESC, recorded_use DESC LIMIT %s",
            *after,
            *values,
            limit,
        )
    return _usages(reader, after, limit, "AND recorded_use = ANY(%s) ", [numbers]) if numbers else []


def _usages(
    reader: Reader, after: tuple[datetime, str], limit: int, conditions: str, values: Sequence[object]
) -> list[Usage]:
    rows = reader.rows(
        f"SELECT {_USAGE} FROM customs_usage WHERE book = %s AND (started_at, recorded_use) < (%s, %s) "  # noqa: S608  our own words
        f"{conditions}ORDER BY started_at DESC, recorded_use DESC LIMIT %s",
        reader.book,
        *after,
        *values,
        limit,
    )
    return [_usage(row) for row in rows]


def _conditions(wanted: UseFilter, seen: Sequence[tuple[str, object]] = ()) -> tuple[str, list[object]]:
    """Only what is asked for, so that the planner sees which index serves it."""
    asked: list[tuple[str, object]] = [
        *seen,
        ("instrument = %s", wanted.instrument),
        ("unit = %s", wanted.unit),
        ("district = %s", wanted.district),
        ("used_by = %s", wanted.user),
        ("started_at >= %s", wanted.since),
        ("started_at < %s", wanted.until),
        ("%s = ANY(string_to_array(reasons, ','))", wanted.reason),
    ]
    given = [(sql, value) for sql, value in asked if value is not None]
    scope = {None: "", True: "AND in_scope ", False: "AND NOT in_scope "}[wanted.in_scope]
    return scope + "".join(f"AND {sql} " for sql, _ in given), [value for _, value in given]


def seen_as(reader: Reader) -> list[tuple[str, object]]:
    """What the walls between parties let the reader see of uses and exposures, said so that an index serves it."""
    ((party, district),) = reader.rows("SELECT coalesce(ledger_party(), '*'), ledger_district()")
    if party == EVERYTHING:
        return []
    if district is None:
        return [("unit = %s", party)]
    if district.endswith("00"):  # a direct customs: all offices under it
        return [("left(district, 2) = %s", district[:2])]
    return [("district = %s", district)]


def _usage(row: Sequence[Any]) -> Usage:
    values: list[Any] = list(row)
    values[_REASONS] = tuple(word for word in values[_REASONS].split(",") if word)
    return Usage(*values)


@dataclass(frozen=True, slots=True)
class Goods:
    """An instrument that came in without duty."""

    instrument: str
    unit: str
    supervised_until: date
    """Last day, of all its items."""
    outcomes: tuple[ItemOutcome, ...]
    """Of supervisions that ended before their time."""


def goods_page(
    reader: Reader, after: str, limit: int, *, instrument: str | None = None, unit: str | None = None
) -> list[Goods]:
    """Instruments behind this one, by their numbers."""
    rows = reader.rows(
        "SELECT s.instrument, min(i.unit), max(least(i.supervised_until, e.ended_on)), "
        "  array_remove(array_agg(DISTINCT e.outcome), NULL) FROM customs_item_share s "
        "JOIN customs_item i ON i.book = s.book AND i.number = s.item "
        "LEFT JOIN customs_item_end e ON e.book = i.book AND e.item = i.number "
        "WHERE s.book = %s AND s.instrument > %s AND s.instrument = coalesce(%s, s.instrument) "
        "AND i.unit = coalesce(%s, i.unit) GROUP BY s.instrument ORDER BY s.instrument LIMIT %s",
        reader.book,
        after,
        instrument,
        unit,
        limit,
    )
    return [
        Goods(machine, owner, until, tuple(ItemOutcome(word) for word in outcomes))
        for machine, owner, until, outcomes in rows
    ]


def exposures_page(  # filters, by name
    reader: Reader,
    after: tuple[date, str],
    limit: int,
    *,
    instrument: str | None = None,
    unit: str | None = None,
    district: str | None = None,
    state: str | None = None,
    reason: str | None = None,
) -> list[Exposure]:
    """Exposures behind the one whose use began on this day under this number, the latest first."""
    asked = [
        *seen_as(reader),
        ("instrument = %s", instrument),
        ("unit = %s", unit),
        ("district = %s", district),
        ("state = %s", state),
        ("%s = ANY(string_to_array(reasons, ','))", reason),
    ]
    given = [(sql, value) for sql, value in asked if value is not None]
    with past_the_walls(reader.connection):
        numbers = _numbers(
            reader,
            "SELECT number FROM customs_exposure e JOIN LATERAL (SELECT state FROM customs_exposure_step s "  # noqa: S608  our own words
            "  WHERE s.book = e.book AND s.exposure = e.number ORDER BY step DESC LIMIT 1) s ON true "
            f"WHERE book = %s AND (first_on, number) < (%s, %s) {''.join(f'AND {sql} ' for sql, _ in given)}"
            "ORDER BY first_on DESC, number DESC LIMIT %s",
            *after,
            *(value for _, value in given),
            limit,
        )
    return details(reader, EXPOSURES, numbers)


@dataclass(frozen=True, slots=True)
class Risk:
    """What is at risk of one instrument, unit or district, at the end of a day."""

    subject: str
    exposures: int
    """Open ones."""
    duty_fen: int
    vat_fen: int
    consumption_fen: int

    @property
    def total_fen(self) -> int:
        return self.duty_fen + self.vat_fen + self.consumption_fen


def risk_by(reader: Reader, column: str, on: date, after: str, limit: int) -> list[Risk]:
    """What is at risk by `instrument`, `unit` or `district`, as it stood after the steps taken up to a day."""
    if column not in {"instrument", "unit", "district"}:
        raise ValueError(column)
    seen = seen_as(reader)
    with past_the_walls(reader.connection):  # they would be asked again for every step
        rows = reader.rows(
            f"SELECT e.{column}, count(*), sum(s.duty_fen)::int8, sum(s.vat_fen)::int8, sum(s.consumption_fen)::int8 "  # noqa: S608  our own words
            "FROM customs_exposure e JOIN LATERAL (SELECT * FROM customs_exposure_step s WHERE s.book = e.book "
            "  AND s.exposure = e.number AND s.taken_on <= %s ORDER BY step DESC LIMIT 1) s ON true "
            f"WHERE e.book = %s AND e.{column} > %s AND s.state NOT IN ('cleared', 'paid') "
            f"{''.join(f'AND {sql} ' for sql, _ in seen)}"
            f"GROUP BY e.{column} ORDER BY e.{column} LIMIT %s",
            on,
            reader.book,
            after,
            *(value for _, value in seen),
            limit,
        )
    return [Risk(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class ExposureStep:
    """What became of an exposure, step by step."""

    state: str
    duty_fen: int
    vat_fen: int
    consumption_fen: int
    document_number: str
    reason: str
    taken_on: date


def exposure_steps(reader: Reader, exposure: str) -> list[ExposureStep]:
    rows = reader.rows(
        "SELECT state, duty_fen, vat_fen, consumption_fen, document_number, reason, taken_on "
        "FROM customs_exposure_step WHERE book = %s AND exposure = %s ORDER BY step",
        reader.book,
        exposure,
    )
    return [ExposureStep(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class ExposureTax:
    """How an addition to one item's tax was computed."""

    item: str
    days: int
    base_fen: int
    duty_fen: int
    vat_fen: int
    consumption_fen: int
    rule_version: str
    rate_on: date
    calculation: UUID


def exposure_taxes(reader: Reader, exposure: str) -> list[ExposureTax]:
    """As it is counted now, item by item."""
    with past_the_walls(reader.connection):
        rows = reader.rows(
            "SELECT t.item, t.days, t.base_fen, t.duty_fen, t.vat_fen, t.consumption_fen, c.version, c.fact_on, "
            "t.calculation FROM (SELECT DISTINCT ON (item) * FROM customs_exposure_tax "
            "  WHERE book = %s AND exposure = %s ORDER BY item, step DESC) t "
            "JOIN calculation c ON c.book = t.book AND c.id = t.calculation ORDER BY t.item",
            reader.book,
            exposure,
        )
    return [ExposureTax(*row) for row in rows]


def moves_page(
    reader: Reader, after: tuple[date, str], limit: int, *, instrument: str | None = None, unit: str | None = None
) -> list[Move]:
    """Moves behind the one that is planned for this day under this number, the latest first."""
    numbers = _numbers(
        reader,
        "SELECT number FROM customs_move WHERE book = %s AND (planned_on, number) < (%s, %s) "
        "AND instrument = coalesce(%s, instrument) AND unit = coalesce(%s, unit) "
        "ORDER BY planned_on DESC, number DESC LIMIT %s",
        *after,
        instrument,
        unit,
        limit,
    )
    return details(reader, MOVES, numbers)


def _numbers(reader: Reader, sql: str, *parameters: object) -> list[str]:
    return [number for (number,) in reader.rows(sql, reader.book, *parameters)]
