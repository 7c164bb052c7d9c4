"""How customs' goods, consents and exposures are loaded: an instrument with all that concerns it, under one lock."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from ledger.customs.values import (
    Consent,
    ConsentState,
    Exposure,
    ExposureState,
    GoodsKind,
    Item,
    ItemOutcome,
    Move,
    MoveState,
    Reason,
    Route,
    Share,
    Supervision,
    TakenBack,
    Taxes,
    TimedUse,
)
from ledger.executor.commands import Aggregate, Keys
from ledger.executor.reading import Reader
from ledger.fees.store import TAKEN_BACK, use_of
from ledger.fees.values import PurposeClass, Use
from ledger.registry.store import INSTRUMENTS

# -- links -------------------------------------------------------------------------------------------------------------


def load_links(reader: Reader, instruments: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """Numbers of the items by which each instrument came in; for every instrument asked."""
    found: dict[str, list[str]] = {instrument: [] for instrument in instruments}
    for instrument, item in reader.rows(
        "SELECT instrument, item FROM customs_item_share WHERE book = %s AND instrument = ANY(%s) ORDER BY item",
        reader.book,
        list(instruments),
    ):
        found[instrument].append(item)
    return {instrument: tuple(items) for instrument, items in found.items()}


def follow_links(reader: Reader, instruments: Collection[str]) -> Mapping[str, Keys]:
    """What is supervised, where anything is: an instrument without items costs its users no lock."""
    return {
        instrument: SUPERVISED.keys(instrument) if items else frozenset()
        for instrument, items in load_links(reader, instruments).items()
    }


# -- items -------------------------------------------------------------------------------------------------------------

_ITEM = (
    "number, unit, certificate_number, declaration_number, line, hs_code, policy_document, kind, duty_rate, vat_rate, "
    "consumption_rate, released_on, supervision_years, supervised_until, district, place, capacity"
)


def load_items(reader: Reader, numbers: Collection[str]) -> Mapping[str, Item]:
    shares: dict[str, list[Share]] = defaultdict(list)
    for item, instrument, value_fen in reader.rows(
        "SELECT item, instrument, value_fen FROM customs_item_share WHERE book = %s AND item = ANY(%s) "
        "ORDER BY item, instrument",
        reader.book,
        list(numbers),
    ):
        shares[item].append(Share(instrument, value_fen))
    rows = reader.rows(
        f"SELECT {_ITEM} FROM customs_item WHERE book = %s AND number = ANY(%s) ORDER BY number",  # noqa: S608  our own words
        reader.book,
        list(numbers),
    )
    ends = {
        item: (ended_on, ItemOutcome(outcome))
        for item, ended_on, outcome in reader.rows(
            "SELECT item, ended_on, outcome FROM customs_item_end WHERE book = %s AND item = ANY(%s)",
            reader.book,
            list(numbers),
        )
    }
    found = {}
    for row in rows:
        ended_on, outcome = ends.get(row[0], (None, None))
        found[row[0]] = replace(
            Item(*row),
            kind=GoodsKind(row[7]),
            shares=tuple(shares[row[0]]),
            ended_on=ended_on,
            outcome=outcome,
        )
    return found


def follow_items(reader: Reader, numbers: Collection[str]) -> Mapping[str, Keys]:
    """The instruments, under whose locks a supervision is ended."""
    found: dict[str, Keys] = dict.fromkeys(numbers, frozenset())
    for item, instrument in reader.rows(
        "SELECT item, instrument FROM customs_item_share WHERE book = %s AND item = ANY(%s)",
        reader.book,
        list(numbers),
    ):
        found[item] |= SUPERVISED.keys(instrument) | INSTRUMENTS.keys(instrument)
    return found


def item_line(declaration_number: str, line: int) -> str:
    """Name under which a line of a declaration is locked and looked up."""
    return f"{declaration_number}:{line}"


def load_item_lines(reader: Reader, ids: Collection[str]) -> Mapping[str, str]:
    """The item that a line of a declaration is recorded as; nothing where it is none."""
    declarations, lines = zip(*(id_.split(":", 1) for id_ in ids), strict=True)
    return {
        item_line(declaration, line): number
        for declaration, line, number in reader.rows(
            "SELECT declaration_number, line, number FROM customs_item "
            "JOIN unnest(%s::text[], %s::int2[]) AS w (declaration_number, line) USING (declaration_number, line) "
            "WHERE book = %s",
            list(declarations),
            [int(line) for line in lines],
            reader.book,
        )
    }


# -- consents ----------------------------------------------------------------------------------------------------------


def load_consents(reader: Reader, numbers: Collection[str]) -> Mapping[str, Consent]:
    """In their last versions, with what is left of their minutes."""
    wanted = list(numbers)
    heads = reader.rows(
        "SELECT DISTINCT ON (number) number, instrument, unit, route, document_number, purposes, place, minutes, "
        "valid_from, valid_until, version FROM customs_consent WHERE book = %s AND number = ANY(%s) "
        "ORDER BY number, version DESC",
        reader.book,
        wanted,
    )
    users: dict[tuple[str, int], set[str]] = defaultdict(set)
    for consent, version, user in reader.rows(
        "SELECT consent, version, user_code FROM customs_consent_user WHERE book = %s AND consent = ANY(%s)",
        reader.book,
        wanted,
    ):
        users[consent, version].add(user)
    steps: dict[str, list[tuple[ConsentState, date]]] = defaultdict(list)
    for consent, state, since in reader.rows(
        "SELECT consent, state, since FROM customs_consent_step WHERE book = %s AND consent = ANY(%s) "
        "ORDER BY consent, step",
        reader.book,
        wanted,
    ):
        steps[consent].append((ConsentState(state), since))
    left: dict[str, int] = dict(
        reader.rows(
            "SELECT split_part(a.address, ':', 3), (b.debits - b.credits)::int8 FROM account a "
            "JOIN balance b ON b.book = a.book AND b.account = a.id "
            "WHERE a.book = %s AND a.address = ANY(%s)",
            reader.book,
            [f"customs:consent-left:{number}" for number in wanted],
        )
    )
    return {
        row[0]: Consent(
            number=row[0],
            instrument=row[1],
            unit=row[2],
            route=Route(row[3]),
            document_number=row[4],
            users=frozenset(users[row[0], row[10]]),
            purposes=frozenset(PurposeClass(word) for word in row[5].split(",")),
            place=row[6],
            minutes=row[7],
            valid_from=row[8],
            valid_until=row[9],
            version=row[10],
            state=steps[row[0]][-1][0] if steps[row[0]] else ConsentState.SUBMITTED,
            steps=len(steps[row[0]]),
            left_minutes=left.get(row[0], 0),
            stands=_stands(steps[row[0]]),
        )
        for row in heads
    }


def _stands(steps: Collection[tuple[ConsentState, date]]) -> tuple[tuple[date, date], ...]:
    """Days on which a consent stood granted: from each granting to the day before it was taken back."""
    spans: list[tuple[date, date]] = []
    since: date | None = None
    for state, day in steps:
        if state is ConsentState.GRANTED:
            since = day
        elif since is not None:
            spans.append((since, day - timedelta(days=1)))
            since = None
    if since is not None:
        spans.append((since, date.max))
    return tuple(span for span in spans if span[0] <= span[1])


def follow_consents(reader: Reader, numbers: Collection[str]) -> Mapping[str, Keys]:
    """The instrument, under whose lock a consent is changed."""
    return {
        number: SUPERVISED.keys(instrument) | INSTRUMENTS.keys(instrument)
        for number, instrument in reader.rows(
            "SELECT DISTINCT number, instrument FROM customs_consent WHERE book = %s AND number = ANY(%s)",
            reader.book,
            list(numbers),
        )
    }


# -- exposures ---------------------------------------------------------------------------------------------------------


def load_exposures(reader: Reader, numbers: Collection[str]) -> Mapping[str, Exposure]:
    """In the order in which they were recorded."""
    wanted = list(numbers)
    estimates: dict[str, dict[str, Taxes]] = defaultdict(dict)
    for exposure, item, duty, vat, consumption in reader.rows(
        "SELECT DISTINCT ON (exposure, item) exposure, item, duty_fen, vat_fen, consumption_fen "
        "FROM customs_exposure_tax WHERE book = %s AND exposure = ANY(%s) ORDER BY exposure, item, step DESC",
        reader.book,
        wanted,
    ):
        estimates[exposure][item] = Taxes(duty, vat, consumption)
    rows = reader.rows(
        "SELECT e.number, e.recorded_use, e.instrument, e.unit, e.district, e.reasons, e.first_on, e.last_on, "
        "e.rate_on, s.state, s.step, r.person, s.duty_fen, s.vat_fen, s.consumption_fen FROM customs_exposure e "
        "JOIN customs_exposure_step r ON r.book = e.book AND r.exposure = e.number AND r.step = 1 "
        "JOIN LATERAL (SELECT * FROM customs_exposure_step s WHERE s.book = e.book AND s.exposure = e.number "
        "              ORDER BY s.step DESC LIMIT 1) s ON true "
        "JOIN command_place c ON c.book = e.book AND c.id = e.command "
        "WHERE e.book = %s AND e.number = ANY(%s) ORDER BY c.block, c.position, e.first_on, e.number",
        reader.book,
        wanted,
    )
    return {
        row[0]: Exposure(
            number=row[0],
            use=row[1],
            instrument=row[2],
            unit=row[3],
            district=row[4],
            reasons=tuple(Reason(word) for word in row[5].split(",")),
            first_on=row[6],
            last_on=row[7],
            rate_on=row[8],
            state=ExposureState(row[9]),
            steps=row[10],
            recorder=row[11],
            standing=Taxes(*row[12:]),
            estimates=estimates[row[0]],
        )
        for row in rows
    }


def follow_exposures(reader: Reader, numbers: Collection[str]) -> Mapping[str, Keys]:
    """The instrument, under whose lock an exposure is changed."""
    return {
        number: SUPERVISED.keys(instrument) | INSTRUMENTS.keys(instrument)
        for number, instrument in reader.rows(
            "SELECT number, instrument FROM customs_exposure WHERE book = %s AND number = ANY(%s)",
            reader.book,
            list(numbers),
        )
    }


# -- moves -------------------------------------------------------------------------------------------------------------


def load_moves(reader: Reader, numbers: Collection[str]) -> Mapping[str, Move]:
    """In the order in which they were applied for."""
    steps: dict[str, list[tuple[MoveState, date]]] = defaultdict(list)
    for move, state, since_day in reader.rows(
        "SELECT move, state, since FROM customs_move_step WHERE book = %s AND move = ANY(%s) ORDER BY move, step",
        reader.book,
        list(numbers),
    ):
        steps[move].append((MoveState(state), since_day))
    found = {}
    for number, instrument, unit, place, district, planned_on in reader.rows(
        "SELECT number, instrument, unit, place, district, planned_on FROM customs_move "
        "WHERE book = %s AND number = ANY(%s) ORDER BY applied_on, number",
        reader.book,
        list(numbers),
    ):
        days = dict(steps[number])
        found[number] = Move(
            number=number,
            instrument=instrument,
            unit=unit,
            place=place,
            district=district,
            planned_on=planned_on,
            state=steps[number][-1][0] if steps[number] else MoveState.APPLIED,
            steps=len(steps[number]),
            moved_on=days.get(MoveState.MOVED),
            returned_on=days.get(MoveState.RETURNED),
        )
    return found


def follow_moves(reader: Reader, numbers: Collection[str]) -> Mapping[str, Keys]:
    """The instrument, under whose lock a move goes on."""
    return {
        number: SUPERVISED.keys(instrument) | INSTRUMENTS.keys(instrument)
        for number, instrument in reader.rows(
            "SELECT number, instrument FROM customs_move WHERE book = %s AND number = ANY(%s)",
            reader.book,
            list(numbers),
        )
    }


# -- an instrument with everything -------------------------------------------------------------------------------------


def load_supervised(reader: Reader, instruments: Collection[str]) -> Mapping[str, Supervision]:
    """For every instrument asked, supervised or not."""
    links = load_links(reader, instruments)
    items = load_items(reader, {item for numbers in links.values() for item in numbers})
    consents = load_consents(reader, _numbers_of(reader, "customs_consent", instruments))
    exposures = load_exposures(reader, _numbers_of(reader, "customs_exposure", instruments))
    moves = load_moves(reader, _numbers_of(reader, "customs_move", instruments))
    return {
        instrument: Supervision(
            instrument=instrument,
            items=tuple(items[number] for number in numbers),
            consents=tuple(one for one in consents.values() if one.instrument == instrument),
            exposures=tuple(one for one in exposures.values() if one.instrument == instrument),
            moves=tuple(one for one in moves.values() if one.instrument == instrument),
        )
        for instrument, numbers in links.items()
    }


def _numbers_of(reader: Reader, table: str, instruments: Collection[str]) -> set[str]:
    return {
        number
        for (number,) in reader.rows(
            f"SELECT DISTINCT number FROM {table} WHERE book = %s AND instrument = ANY(%s)",  # noqa: S608  our own words
            reader.book,
            list(instruments),
        )
    }


# -- uses --------------------------------------------------------------------------------------------------------------


def window(instrument: str, started_at: datetime, ended_at: datetime) -> str:
    """Name under which the uses of an instrument in a stretch of time are looked up."""
    return f"{instrument}|{started_at.isoformat()}|{ended_at.isoformat()}"


def load_overlapping(reader: Reader, windows: Collection[str]) -> Mapping[str, tuple[TimedUse, ...]]:
    """Judged uses that overlap each stretch."""
    parts = [name.split("|") for name in windows]
    found: dict[str, list[TimedUse]] = {name: [] for name in windows}
    for name, *use in reader.rows(
        "SELECT w.name, u.recorded_use, u.started_at, u.ended_at "  # noqa: S608  our own words
        "FROM unnest(%s::text[], %s::text[], %s::timestamptz[], %s::timestamptz[]) "
        "     AS w (name, instrument, since, until) "
        "JOIN customs_use u ON u.instrument = w.instrument AND u.ended_at > w.since AND u.started_at < w.until "
        "JOIN fee_use f ON f.book = u.book AND f.number = u.recorded_use "
        f"WHERE u.book = %s AND NOT {TAKEN_BACK} ORDER BY w.name, u.started_at, u.recorded_use",
        list(windows),
        [part[0] for part in parts],
        [part[1] for part in parts],
        [part[2] for part in parts],
        reader.book,
    ):
        found[name].append(TimedUse(*use))
    return {name: tuple(uses) for name, uses in found.items()}


@dataclass(frozen=True, slots=True)
class PastUses:
    """Uses of an instrument that were recorded before its import was."""

    uses: tuple[Use, ...] = ()


def since(instrument: str, released_on: date) -> str:
    """Name under which the uses of an instrument that touch a day or a later one, unjudged yet, are looked up."""
    return f"{instrument}|{released_on.isoformat()}"


def load_past_uses(reader: Reader, names: Collection[str]) -> Mapping[str, PastUses]:
    """Uses that nobody has judged, from a day on, in the order of their beginning."""
    parts = [name.split("|") for name in names]
    found: dict[str, list[Use]] = {name: [] for name in names}
    for name, *row in reader.rows(
        "SELECT w.name, u.number, u.instrument, u.unit, u.used_by, u.operator, u.started_at, u.minutes, u.purpose, "
        "u.service, c.purpose_class, c.place "
        "FROM unnest(%s::text[], %s::text[], %s::date[]) AS w (name, instrument, since) "
        "JOIN fee_use u ON u.instrument = w.instrument AND u.started_at + u.minutes * interval '1 minute' "
        "     > w.since::timestamp AT TIME ZONE 'Asia/Shanghai' "
        "LEFT JOIN fee_use_circumstance c ON c.book = u.book AND c.recorded_use = u.number "
        "WHERE u.book = %s AND NOT EXISTS "
        "  (SELECT FROM customs_use j WHERE j.book = u.book AND j.recorded_use = u.number) "
        "ORDER BY w.name, u.started_at, u.number",
        list(names),
        [part[0] for part in parts],
        [part[1] for part in parts],
        reader.book,
    ):
        found[name].append(use_of(row))
    return {name: PastUses(tuple(uses)) for name, uses in found.items()}


def load_minutes_of_entries(reader: Reader, seqs: Collection[str]) -> Mapping[str, tuple[TakenBack, ...]]:
    """By entry of uses, what they took of consents; for every entry asked."""
    found: dict[str, list[TakenBack]] = {seq: [] for seq in seqs}
    for seq, *taken in reader.rows(
        "SELECT e.seq::text, j.consent, c.unit, sum(f.minutes)::int8, c.minutes IS NOT NULL "
        "FROM entry e JOIN fee_use f ON f.book = e.book AND f.command = e.command AND e.effective_on = "
        "  ((f.started_at + (f.minutes - 1) * interval '1 minute') AT TIME ZONE 'Asia/Shanghai')::date "
        "JOIN customs_use j ON j.book = f.book AND j.recorded_use = f.number AND j.in_scope "
        "JOIN LATERAL (SELECT unit, minutes FROM customs_consent c WHERE c.book = j.book AND c.number = j.consent "
        "              ORDER BY version DESC LIMIT 1) c ON true "
        "WHERE e.book = %s AND e.seq = ANY(%s) AND e.template IN ('fee.use', 'fee.log') "
        "GROUP BY 1, 2, 3, 5 ORDER BY 1, 2",
        reader.book,
        [int(seq) for seq in seqs if seq.isdecimal()],
    ):
        found[seq].append(TakenBack(*taken))
    return {seq: tuple(taken) for seq, taken in found.items()}


# -- offices -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Office:
    """A bureau of customs; without a district it is none."""

    steps: int = 0
    district: str = ""


def load_offices(reader: Reader, bureaus: Collection[str]) -> Mapping[str, Office]:
    """For every bureau asked."""
    found: dict[str, Office] = dict.fromkeys(bureaus, Office())
    for bureau, step, district in reader.rows(
        "SELECT DISTINCT ON (bureau) bureau, step, district FROM customs_office WHERE book = %s AND bureau = ANY(%s) "
        "ORDER BY bureau, step DESC",
        reader.book,
        list(bureaus),
    ):
        found[bureau] = Office(step, district)
    return found


def load_offices_of(reader: Reader, people: Collection[str]) -> Mapping[str, tuple[Office, ...]]:
    """The customs offices at which each person is an officer of customs; for every person asked."""
    posts: dict[str, list[str]] = {person: [] for person in people}
    for person, bureau in reader.rows(
        "SELECT person, organisation FROM (SELECT DISTINCT ON (person, organisation) person, organisation, holds "
        "FROM person_role WHERE book = %s AND person = ANY(%s) AND role = 'customs' "
        "ORDER BY person, organisation, step DESC) r WHERE holds",
        reader.book,
        list(people),
    ):
        posts[person].append(bureau)
    offices = load_offices(reader, {bureau for bureaus in posts.values() for bureau in bureaus})
    return {
        person: tuple(offices[bureau] for bureau in bureaus if offices[bureau].district)
        for person, bureaus in posts.items()
    }


def load_payments(reader: Reader, numbers: Collection[str]) -> Mapping[str, str]:
    """The exposure that a payment was recorded for; nothing for one not used yet."""
    return dict(
        reader.rows(
            "SELECT payment_number, exposure FROM customs_payment WHERE book = %s AND payment_number = ANY(%s)",
            reader.book,
            list(numbers),
        )
    )


LINKS = Aggregate[tuple[str, ...]]("customs-link", load_links, follow_links, what="仪器/instrument", locked=False)
"""By instrument; leads to SUPERVISED where there is anything to supervise."""
SUPERVISED = Aggregate[Supervision]("customs-supervised", load_supervised, what="监管仪器/supervised instrument")
"""By instrument: what is locked by all that changes its items, consents or exposures."""
ITEMS = Aggregate[Item]("customs-item", load_items, follow_items, what="减免税货物/duty-free item", locked=False)
ITEM_LINES = Aggregate[str]("customs-item-line", load_item_lines, what="报关单项/line of a declaration")
CONSENTS = Aggregate[Consent]("customs-consent", load_consents, follow_consents, what="海关同意/consent", locked=False)
EXPOSURES = Aggregate[Exposure](
    "customs-exposure", load_exposures, follow_exposures, what="或有税款/exposure", locked=False
)
MOVES = Aggregate[Move]("customs-move", load_moves, follow_moves, what="移动/move", locked=False)
OVERLAPPING = Aggregate[tuple[TimedUse, ...]]("customs-overlapping", load_overlapping, locked=False)
MINUTES_OF_ENTRIES = Aggregate[tuple[TakenBack, ...]]("customs-minutes-of-entry", load_minutes_of_entries, locked=False)
"""By seq."""
PAST_USES = Aggregate[PastUses]("customs-past-uses", load_past_uses, locked=False)
PAYMENTS = Aggregate[str]("customs-payment", load_payments, what="税款缴款书/payment")
"""By the number of the payment, used or not: the name is what is locked."""
OFFICES = Aggregate[Office]("customs-office", load_offices, what="海关/customs office")
OFFICES_OF = Aggregate[tuple[Office, ...]]("customs-offices-of", load_offices_of, locked=False)

AGGREGATES: tuple[Aggregate[Any], ...] = (
    LINKS,
    SUPERVISED,
    ITEMS,
    ITEM_LINES,
    CONSENTS,
    EXPOSURES,
    MOVES,
    OVERLAPPING,
    MINUTES_OF_ENTRIES,
    PAST_USES,
    PAYMENTS,
    OFFICES,
    OFFICES_OF,
)
