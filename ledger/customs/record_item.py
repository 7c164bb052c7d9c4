"""Record goods that came in without duty: one line of a declaration, and the instruments it is."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar

from ledger.amounts import is_whole, whole_amount
from ledger.customs.exposing import Restated, restated, restated_rows
from ledger.customs.judge_use import Bench
from ledger.customs.postings import settlement_entries
from ledger.customs.rules import (
    CAPACITY_MAX,
    CERTIFICATE,
    DISTRICT,
    HS_CODE,
    LINE_MAX,
    CapacityUnreadable,
    CertificateUnreadable,
    DistrictUnreadable,
    HsCodeUnreadable,
    LineUnreadable,
    RateUnreadable,
    checked_code,
    checked_declaration,
    checked_place,
)
from ledger.customs.store import ITEM_LINES, LINKS, OFFICES_OF, PAST_USES, SUPERVISED, item_line, since
from ledger.customs.tables import CustomsItemShareTable, CustomsItemTable
from ledger.customs.values import GoodsKind, Item, Share, Supervision
from ledger.customs.who import require_unit_or_customs
from ledger.errors import Invalid, Refused
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.registry.rules import require_party
from ledger.registry.store import INSTRUMENTS, PARTIES, PEOPLE
from ledger.registry.supervision import SUPERVISED_DAYS
from ledger.registry.text import checked_choice, checked_date, checked_name, readable, shown
from ledger.registry.values import PartyKind
from policies.customs.supervision import supervision_term
from policies.kernel.policies import Policies

RATE = re.compile(r"0(\.[0-9]{1,6})?")
SHARES_MAX = 200


class ItemWithoutInstruments(Invalid):
    zh = "报关单项没有写明对应的仪器。请至少写明一台及其价值。"
    en = "The item names no instrument. Name at least one, with its value."


class TooManyInstruments(Invalid):
    zh = "一个报关单项最多 {most} 台仪器，此处有 {count} 台。请按批分项登记。"
    en = "One item holds at most {most} instruments, and these are {count}. Record them as several items."


class InstrumentTwiceOnItem(Invalid):
    zh = "仪器 {instrument} 在同一报关单项中出现两次。请合并为一行。"
    en = "Instrument {instrument} stands in the item twice. Put it in one line."


class ItemKnown(Refused):
    zh = "报关单 {declaration} 第 {line} 项已登记为 {item}。"
    en = "Line {line} of declaration {declaration} is recorded as {item} already."


class ReleaseInFuture(Refused):
    zh = "放行日期 {released_on} 晚于今天（{today}）。请在放行之后登记。"
    en = "The release on {released_on} is later than today ({today}). Record it when the goods are released."


class InstrumentOfAnotherUnit(Refused):
    zh = "仪器 {instrument} 属于 {owner}，征免税证明的持有单位是 {unit}。请核对。"
    en = "Instrument {instrument} belongs to {owner}, and the certificate is held by {unit}. Check them."


@dataclass(frozen=True, slots=True)
class ItemShare:
    """What the item is to one instrument."""

    instrument: str
    value_fen: int
    """Part of the item's taxable value; of one instrument alone, all of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordItem(Command):
    """By an officer of the unit, or of the competent customs. Uses that were recorded before are judged now."""

    kind: ClassVar[str] = "customs.record-item"

    unit: str
    certificate_number: str
    declaration_number: str
    line: int
    hs_code: str
    policy_document: str
    """Number of the policy the goods came in under, as the certificate names it."""
    goods: GoodsKind
    shares: tuple[ItemShare, ...]
    duty_rate: str
    """As decimal text, e.g. `0.05`; of the day of import."""
    vat_rate: str
    consumption_rate: str
    released_on: date
    district: str
    place: str
    capacity: int = 1
    """How many uses at once the instrument allows."""


def reads(command: RecordItem) -> Keys:
    if not command.shares:
        raise ItemWithoutInstruments
    declaration = checked_declaration(command.declaration_number)
    if len(command.shares) > SHARES_MAX:
        raise TooManyInstruments(count=len(command.shares), most=SHARES_MAX)
    instruments = [share.instrument for share in command.shares]
    released_on = checked_date(command.released_on, "放行日期", "day of release")
    return readable(
        command,
        PEOPLE.keys(command.actor)
        | OFFICES_OF.keys(command.actor)
        | PARTIES.keys(command.unit)
        | INSTRUMENTS.keys(*instruments)
        | LINKS.keys(*instruments)
        | SUPERVISED.keys(*instruments)
        | SUPERVISED_DAYS.keys(*instruments)
        | PAST_USES.keys(*(since(instrument, released_on) for instrument in instruments))
        | ITEM_LINES.keys(item_line(declaration, _line(command.line))),
    )


def decide(command: RecordItem, state: State, policies: Policies, today: date) -> Effects:
    district = checked_code(command.district, DISTRICT, DistrictUnreadable)
    unit = require_party(state, command.unit, PartyKind.UNIT)
    require_unit_or_customs(state, command.actor, unit.code, district)
    item = _item(command, state, policies, district)
    if item.released_on > today:
        raise ReleaseInFuture(released_on=item.released_on, today=today)
    if known := state.find(ITEM_LINES, item_line(item.declaration_number, item.line)):
        raise ItemKnown(declaration=item.declaration_number, line=item.line, item=known)

    instruments = {share.instrument: _with(state.one(SUPERVISED, share.instrument), item) for share in item.shares}
    changes = tuple(change for supervision in instruments.values() for change in restated(supervision, policies))
    bench = _judged(command, state, policies, today, item, dict(_restated(instruments, changes)))
    again = tuple(restated_rows(changes, command, today, bench.numbers, f"{item.number}: recorded"))
    moved = [(change.before, change.after.exposure.standing) for change in changes]
    return Effects(
        {
            "item": item.number,
            "supervision_years": item.supervision_years,
            "supervised_until": item.supervised_until,
            "days_left": max(0, (item.supervised_until - today).days + 1),
        },
        entries=settlement_entries(moved, today),
        rows=(*_rows(command, item, policies, today), *again),
    ).and_also(bench.effects())


def _item(command: RecordItem, state: State, policies: Policies, district: str) -> Item:
    kind = checked_choice(GoodsKind, command.goods, "货物种类", "kind of goods")
    term = supervision_term(kind.value, command.released_on, policies.known_on)
    if not is_whole(command.capacity) or not 0 < command.capacity <= CAPACITY_MAX:
        raise CapacityUnreadable(value=shown(command.capacity), largest=CAPACITY_MAX)
    return Item(
        number=command.number("CI"),
        unit=command.unit,
        certificate_number=checked_code(command.certificate_number, CERTIFICATE, CertificateUnreadable),
        declaration_number=checked_declaration(command.declaration_number),
        line=_line(command.line),
        hs_code=checked_code(command.hs_code, HS_CODE, HsCodeUnreadable),
        policy_document=checked_name(command.policy_document, "免税政策文号", "number of the policy"),
        kind=kind,
        duty_rate=checked_code(command.duty_rate, RATE, RateUnreadable),
        vat_rate=checked_code(command.vat_rate, RATE, RateUnreadable),
        consumption_rate=checked_code(command.consumption_rate, RATE, RateUnreadable),
        released_on=command.released_on,
        supervision_years=term.years,
        supervised_until=term.until,
        district=district,
        place=checked_place(command.place),
        capacity=command.capacity,
        shares=_shares(command, state),
    )


def _line(value: object) -> int:
    if not is_whole(value) or not 0 < value <= LINE_MAX:
        raise LineUnreadable(value=shown(value), largest=LINE_MAX)
    return value


def _shares(command: RecordItem, state: State) -> tuple[Share, ...]:
    found: dict[str, Share] = {}
    for share in command.shares:
        if share.instrument in found:
            raise InstrumentTwiceOnItem(instrument=share.instrument)
        instrument = state.one(INSTRUMENTS, share.instrument)
        if instrument.unit != command.unit:
            raise InstrumentOfAnotherUnit(instrument=instrument.code, owner=instrument.unit, unit=command.unit)
        found[share.instrument] = Share(instrument.code, whole_amount(share.value_fen))
    return tuple(found.values())


def _restated(instruments: Mapping[str, Supervision], changes: Sequence[Restated]) -> Iterator[tuple[str, Supervision]]:
    """The instruments whose earlier exposures the new item adds to."""
    after = {change.before.number: change.after.exposure for change in changes}
    for instrument, supervision in instruments.items():
        exposures = tuple(after.get(one.number, one) for one in supervision.exposures)
        yield instrument, replace(supervision, exposures=exposures)


def _judged(
    command: RecordItem,
    state: State,
    policies: Policies,
    today: date,
    item: Item,
    supervised: dict[str, Supervision],
) -> Bench:
    """Uses that were recorded before anybody said that customs supervises the instrument."""
    bench = Bench(command, policies, today, supervised, {instrument: [] for instrument in supervised})
    for instrument in supervised:
        for use in state.one(PAST_USES, since(instrument, item.released_on)).uses:
            bench.judge(use, posted_on=today)
    return bench


def _with(supervision: Supervision, item: Item) -> Supervision:
    return replace(supervision, items=(*supervision.items, item))


def _rows(
    command: RecordItem, item: Item, policies: Policies, today: date
) -> tuple[CustomsItemTable | CustomsItemShareTable, ...]:
    head = CustomsItemTable(
        number=item.number,
        unit=item.unit,
        certificate_number=item.certificate_number,
        declaration_number=item.declaration_number,
        line=item.line,
        hs_code=item.hs_code,
        policy_document=item.policy_document,
        kind=item.kind.value,
        value_fen=whole_amount(sum(share.value_fen for share in item.shares)),
        duty_rate=item.duty_rate,
        vat_rate=item.vat_rate,
        consumption_rate=item.consumption_rate,
        released_on=item.released_on,
        supervision_years=item.supervision_years,
        supervised_until=item.supervised_until,
        article=str(supervision_term(item.kind.value, item.released_on, policies.known_on).cite),
        district=item.district,
        place=item.place,
        capacity=item.capacity,
        recorded_on=today,
        person=command.actor,
    )
    shares = (
        CustomsItemShareTable(item=item.number, instrument=share.instrument, value_fen=share.value_fen)
        for share in item.shares
    )
    return (head, *shares)


USE_CASE = UseCase(RecordItem, reads, decide, apart=True)
