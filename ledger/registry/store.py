"""How decisions load what was registered and declared: of each thing the row with the highest step of its kind."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ledger.executor.commands import Aggregate, Key, Keys
from ledger.executor.reading import Reader
from ledger.registry import agencies, certificates, flags
from ledger.registry.values import (
    ChargeUnit,
    Instrument,
    Party,
    PartyKind,
    PayeeAccount,
    Person,
    Role,
    SizeClass,
    Tariff,
    TariffLine,
    UserClass,
)

CONTROL_DEPTH_MAX = 1_000
"""Far longer than any chain of controllers: a circle, which no command can close, would still not run for ever."""

# -- parties -----------------------------------------------------------------------------------------------------------


def load_parties(reader: Reader, ids: Collection[str]) -> Mapping[str, Party]:
    """Seven statements, for one party or a batch of them."""
    codes = list(ids)
    rows = reader.rows(
        "SELECT p.code, p.kind, p.name, p.body, p.registered_on, c.party IS NOT NULL, "
        "  (SELECT s.size FROM party_size s WHERE s.book = p.book AND s.party = p.code ORDER BY s.step DESC LIMIT 1) "
        "FROM party p LEFT JOIN party_cancellation c ON c.book = p.book AND c.party = p.code "
        "WHERE p.book = %s AND p.code = ANY(%s)",
        reader.book,
        codes,
    )
    chains = load_control_chains(reader, codes)
    related = _related(reader, {code: (chains[code] or (code,))[-1] for code in codes})
    accounts = _accounts(reader, codes)
    flagged = flags.load_flags(reader, codes)
    certified = certificates.load_certificates(reader, codes)
    return {
        code: Party(
            code=code,
            kind=PartyKind(kind),
            name=name,
            registered_on=registered_on,
            body=body,
            controller=chains[code][-1] if chains[code] else None,
            related=related[code],
            size=SizeClass(size) if size else None,
            account=next(iter(accounts[code]), None),
            earlier_accounts=accounts[code][1:],
            flags=flagged[code],
            certificates=certified[code],
            cancelled=cancelled,
        )
        for code, kind, name, body, registered_on, cancelled, size in rows
    }


def load_control_chains(reader: Reader, ids: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Each party's controllers, from the nearest to the actual one; empty where nobody controls it."""
    rows = reader.rows(
        "WITH RECURSIVE up (party, controller, depth) AS ("
        "  SELECT w.code, l.controller, 1 FROM unnest(%s::text[]) AS w (code), LATERAL ("
        "    SELECT c.controller FROM party_controller c WHERE c.book = %s AND c.party = w.code"
        "    ORDER BY c.step DESC LIMIT 1) l "
        "  UNION ALL "
        "  SELECT u.party, l.controller, u.depth + 1 FROM up u, LATERAL ("
        "    SELECT c.controller FROM party_controller c WHERE c.book = %s AND c.party = u.controller"
        "    ORDER BY c.step DESC LIMIT 1) l WHERE u.depth < %s"
        ") SELECT party, controller FROM up WHERE controller IS NOT NULL ORDER BY party, depth",
        list(ids),
        reader.book,
        reader.book,
        CONTROL_DEPTH_MAX,
    )
    chains: dict[str, tuple[str, ...]] = dict.fromkeys(ids, ())
    for party, controller in rows:
        chains[party] += (controller,)
    return chains


def _related(reader: Reader, controlled_by: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """Parties declared as related, from either side, and those at whose end stands the same controller."""
    under = defaultdict(set)
    for root, party in reader.rows(
        "WITH RECURSIVE down (root, party, depth) AS ("
        "  SELECT w.root, w.root, 0 FROM unnest(%s::text[]) AS w (root) "
        "  UNION ALL "
        "  SELECT d.root, c.party, d.depth + 1 FROM down d"
        "  JOIN party_controller c ON c.book = %s AND c.controller = d.party AND d.depth < %s"
        "  WHERE NOT EXISTS (SELECT 1 FROM party_controller l"
        "    WHERE l.book = c.book AND l.party = c.party AND l.step > c.step)"
        ") SELECT DISTINCT d.root, d.party FROM down d JOIN party p ON p.book = %s AND p.code = d.party",
        sorted(set(controlled_by.values())),
        reader.book,
        CONTROL_DEPTH_MAX,
        reader.book,
    ):
        under[root].add(party)
    found = {party: set(under[root]) for party, root in controlled_by.items()}
    for one, other in _standing_relations(reader, list(controlled_by)):
        for party, counterpart in ((one, other), (other, one)):
            if party in found:
                found[party].add(counterpart)
    return {party: frozenset(parties - {party}) for party, parties in found.items()}


def _standing_relations(reader: Reader, codes: list[str]) -> list[tuple[str, str]]:
    rows = reader.rows(
        "SELECT DISTINCT ON (party, other) party, other, stands FROM party_relation "
        "WHERE book = %s AND (party = ANY(%s) OR other = ANY(%s)) ORDER BY party, other, step DESC",
        reader.book,
        codes,
        codes,
    )
    return [(party, other) for party, other, stands in rows if stands]


def _accounts(reader: Reader, codes: list[str]) -> dict[str, tuple[PayeeAccount, ...]]:
    """Payee accounts, latest first."""
    found: dict[str, tuple[PayeeAccount, ...]] = dict.fromkeys(codes, ())
    for party, *columns in reader.rows(
        "SELECT party, account_name, bank, number, cnaps, since FROM party_account "
        "WHERE book = %s AND party = ANY(%s) ORDER BY party, step DESC",
        reader.book,
        codes,
    ):
        found[party] += (PayeeAccount(*columns),)
    return found


def follow_parties(reader: Reader, ids: Collection[str]) -> Mapping[str, Keys]:
    """A team's recommending body, which settles for it."""
    rows = reader.rows(
        "SELECT code, body FROM party WHERE book = %s AND code = ANY(%s) AND body IS NOT NULL", reader.book, list(ids)
    )
    return {code: frozenset({Key("party", body)}) for code, body in rows}


@dataclass(frozen=True, slots=True)
class PartyChanges:
    """How often each thing about a party was declared: the last step of each kind."""

    registered: bool = False
    size: int = 0
    controller: int = 0
    account: int = 0
    relations: Mapping[str, tuple[int, bool]] = field(default_factory=dict)
    """By counterpart: the last step, and whether the relation stands."""


def load_party_changes(reader: Reader, ids: Collection[str]) -> Mapping[str, PartyChanges]:
    """For every code, known or not: a code that nobody has registered yet is locked the same way."""
    codes = list(ids)
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for party, kind, step in reader.rows(
        "SELECT party, kind, max(step) FROM ("
        "  SELECT book, code AS party, 'registered' AS kind, 1 AS step FROM party"
        "  UNION ALL SELECT book, party, 'size', step FROM party_size"
        "  UNION ALL SELECT book, party, 'controller', step FROM party_controller"
        "  UNION ALL SELECT book, party, 'account', step FROM party_account"
        ") AS declared WHERE book = %s AND party = ANY(%s) GROUP BY party, kind",
        reader.book,
        codes,
    ):
        counts[party][kind] = step
    relations: dict[str, dict[str, tuple[int, bool]]] = defaultdict(dict)
    for party, other, step, stands in reader.rows(
        "SELECT party, other, step, stands FROM party_relation "
        "WHERE book = %s AND (party = ANY(%s) OR other = ANY(%s)) ORDER BY step",
        reader.book,
        codes,
        codes,
    ):
        relations[party][other] = relations[other][party] = (step, stands)
    return {
        code: PartyChanges(
            registered=bool(counts[code].get("registered")),
            size=counts[code].get("size", 0),
            controller=counts[code].get("controller", 0),
            account=counts[code].get("account", 0),
            relations=relations[code],
        )
        for code in codes
    }


PARTIES = Aggregate[Party]("party", load_parties, follow_parties, what="单位或团队/party", locked=False)
PARTY_CHANGES = Aggregate[PartyChanges]("party-change", load_party_changes, what="单位或团队/party")
"""Locked by whoever declares something about a party."""
CONTROL_CHAINS = Aggregate[tuple[str, ...]]("control-chain", load_control_chains, what="单位或团队/party", locked=False)
CONTROL_LOCK = Aggregate[None]("control", lambda _reader, _ids: {}, what="控制关系/control")
"""One name, `book`: two declarations at once could close a circle that neither sees."""

# -- people ------------------------------------------------------------------------------------------------------------


def load_people(reader: Reader, ids: Collection[str]) -> Mapping[str, Person]:
    codes = list(ids)
    known = reader.rows("SELECT code FROM person WHERE book = %s AND code = ANY(%s)", reader.book, codes)
    steps = load_person_changes(reader, codes)
    roles = {
        code: frozenset((where, Role(role)) for (where, role), (_, holds) in steps[code].roles.items() if holds)
        for code in codes
    }
    principals = agencies.load_principals(
        reader, {where for held in roles.values() for where, role in held if role is Role.RECOMMENDER}
    )
    return {
        code: Person(
            code=code,
            roles=roles[code],
            agencies=frozenset(
                (unit, Role.UNIT_OFFICER)
                for where, role in roles[code]
                if role is Role.RECOMMENDER
                for unit in principals[where]
            ),
            acts_for=frozenset(person for person, (_, holds) in steps[code].mandates.items() if holds),
        )
        for (code,) in known
    }


@dataclass(frozen=True, slots=True)
class PersonChanges:
    """The last step of each role and mandate of a person, and whether it holds."""

    roles: Mapping[tuple[str, str], tuple[int, bool]] = field(default_factory=dict)
    """By organisation and role."""
    mandates: Mapping[str, tuple[int, bool]] = field(default_factory=dict)


def load_person_changes(reader: Reader, ids: Collection[str]) -> dict[str, PersonChanges]:
    codes = list(ids)
    roles: dict[str, dict[tuple[str, str], tuple[int, bool]]] = defaultdict(dict)
    for person, organisation, role, step, holds in reader.rows(
        "SELECT DISTINCT ON (person, organisation, role) person, organisation, role, step, holds FROM person_role "
        "WHERE book = %s AND person = ANY(%s) ORDER BY person, organisation, role, step DESC",
        reader.book,
        codes,
    ):
        roles[person][organisation, role] = (step, holds)
    mandates: dict[str, dict[str, tuple[int, bool]]] = defaultdict(dict)
    for person, acts_for, step, holds in reader.rows(
        "SELECT DISTINCT ON (person, acts_for) person, acts_for, step, holds FROM person_mandate "
        "WHERE book = %s AND person = ANY(%s) ORDER BY person, acts_for, step DESC",
        reader.book,
        codes,
    ):
        mandates[person][acts_for] = (step, holds)
    return {code: PersonChanges(roles[code], mandates[code]) for code in codes}


PEOPLE = Aggregate[Person]("person", load_people, what="办事人员/person", locked=False)
PERSON_CHANGES = Aggregate[PersonChanges]("person-change", load_person_changes, what="办事人员/person")

# -- instruments -------------------------------------------------------------------------------------------------------


def load_instruments(reader: Reader, ids: Collection[str]) -> Mapping[str, Instrument]:
    rows = reader.rows(
        "SELECT code, unit, name, category, asset_number, original_value_fen, registered_on FROM instrument "
        "WHERE book = %s AND code = ANY(%s)",
        reader.book,
        list(ids),
    )
    return {
        code: Instrument(
            code=code,
            unit=unit,
            name=name,
            category=category,
            asset_number=asset_number,
            original_value_fen=value,
            registered_on=registered_on,
        )
        for code, unit, name, category, asset_number, value, registered_on in rows
    }


def follow_instruments(reader: Reader, ids: Collection[str]) -> Mapping[str, Keys]:
    """The unit it stands in."""
    rows = reader.rows("SELECT code, unit FROM instrument WHERE book = %s AND code = ANY(%s)", reader.book, list(ids))
    return {code: frozenset({Key("party", unit)}) for code, unit in rows}


def asset(unit: str, asset_number: str) -> str:
    """Name under which a unit's asset number is locked and looked up."""
    return f"{unit}:{asset_number}"


def load_assets(reader: Reader, ids: Collection[str]) -> Mapping[str, str]:
    """Code of the instrument that has this asset number of a unit; nothing where the number is free."""
    units, numbers = zip(*(id_.split(":", 1) for id_ in ids), strict=True)
    rows = reader.rows(
        "SELECT unit, asset_number, code FROM instrument "
        "JOIN unnest(%s::text[], %s::text[]) AS w (unit, asset_number) USING (unit, asset_number) WHERE book = %s",
        list(units),
        list(numbers),
        reader.book,
    )
    return {asset(unit, number): code for unit, number, code in rows}


@dataclass(frozen=True, slots=True)
class TariffSteps:
    """Each price that was ever set for an instrument: the last step by charge unit, user class and first day."""

    steps: Mapping[tuple[str, str, date], tuple[int, int]]
    """To the step and the price in fen."""


def load_tariff_steps(reader: Reader, ids: Collection[str]) -> dict[str, TariffSteps]:
    found: dict[str, dict[tuple[str, str, date], tuple[int, int]]] = {id_: {} for id_ in ids}
    for instrument, charge_unit, user_class, effective_from, step, price in reader.rows(
        "SELECT DISTINCT ON (instrument, charge_unit, user_class, effective_from) "
        "  instrument, charge_unit, user_class, effective_from, step, price_fen FROM tariff "
        "WHERE book = %s AND instrument = ANY(%s) "
        "ORDER BY instrument, charge_unit, user_class, effective_from, step DESC",
        reader.book,
        list(ids),
    ):
        found[instrument][charge_unit, user_class, effective_from] = (step, price)
    return {instrument: TariffSteps(steps) for instrument, steps in found.items()}


def load_tariffs(reader: Reader, ids: Collection[str]) -> Mapping[str, Tariff]:
    """An instrument without prices has an empty tariff."""
    return {
        instrument: Tariff(
            instrument=instrument,
            lines=tuple(
                TariffLine(
                    charge_unit=ChargeUnit(charge_unit),
                    user_class=UserClass(user_class),
                    price_fen=price,
                    effective_from=effective_from,
                )
                for (charge_unit, user_class, effective_from), (_, price) in tariff.steps.items()
            ),
        )
        for instrument, tariff in load_tariff_steps(reader, ids).items()
    }


INSTRUMENTS = Aggregate[Instrument](
    "instrument", load_instruments, follow_instruments, what="仪器/instrument", locked=False
)
ASSET_NUMBERS = Aggregate[str]("asset-number", load_assets, what="资产编号/asset number")
TARIFFS = Aggregate[Tariff]("tariff", load_tariffs, what="仪器/instrument", locked=False)
TARIFF_CHANGES = Aggregate[TariffSteps]("tariff-change", load_tariff_steps, what="仪器/instrument")

# -- working days ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OperatorDays:
    """What operators entered after the shipped calendar: `working_days(known_on).with_rows(days, published)`."""

    days: Mapping[date, bool] = field(default_factory=dict)
    """True: worked."""
    published: frozenset[int] = frozenset()
    """Years whose whole notice is entered."""
    steps: Mapping[date, int] = field(default_factory=dict)
    """The last step by day."""


def load_working_days(reader: Reader, ids: Collection[str]) -> Mapping[str, OperatorDays]:
    """All rows there are: they are few. The one id is `book`."""
    rows = reader.rows(
        "SELECT DISTINCT ON (day) day, works, step FROM calendar_day WHERE book = %s ORDER BY day, step DESC",
        reader.book,
    )
    years = reader.rows("SELECT year FROM calendar_year WHERE book = %s", reader.book)
    found = OperatorDays(
        {day: works for day, works, _ in rows},
        frozenset(year for (year,) in years),
        {day: step for day, _, step in rows},
    )
    return dict.fromkeys(ids, found)


WORKING_DAYS = Aggregate[OperatorDays]("working-days", load_working_days, what="工作日/working days", locked=False)
"""One per book, under the id `book`."""
WORKING_DAYS_CHANGES = Aggregate[OperatorDays]("working-days-change", load_working_days, what="工作日/working days")

AGGREGATES: tuple[Aggregate[Any], ...] = (
    PARTIES,
    PARTY_CHANGES,
    CONTROL_CHAINS,
    CONTROL_LOCK,
    PEOPLE,
    PERSON_CHANGES,
    INSTRUMENTS,
    ASSET_NUMBERS,
    TARIFFS,
    TARIFF_CHANGES,
    WORKING_DAYS,
    WORKING_DAYS_CHANGES,
)
