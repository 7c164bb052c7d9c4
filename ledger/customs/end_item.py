"""End a supervision before its time: transferred, carried over, released early, or exported again."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import count
from typing import ClassVar

from ledger.customs.exposing import Restated, restated, restated_rows
from ledger.customs.postings import payment_entry, settlement_entries
from ledger.customs.store import ITEMS, OFFICES_OF, SUPERVISED
from ledger.customs.tables import CustomsItemEndTable
from ledger.customs.values import Item, ItemOutcome, Supervision, Taxes
from ledger.customs.who import require_customs
from ledger.errors import Invalid, Refused
from ledger.executor.calculations import first_article, stored
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.journal.entries import Entry
from ledger.registry.store import PEOPLE
from ledger.registry.text import checked_choice, checked_date, checked_name, readable
from policies.customs.transfer import POLICY
from policies.kernel.policies import Policies
from policies.kernel.registry import Calculation

TAXED = frozenset({ItemOutcome.TRANSFERRED, ItemOutcome.EARLY_RELEASED})
"""What takes back the relief for the rest of the supervision."""


class SupervisionOver(Refused):
    zh = "减免税货物 {item} 的监管已于 {last_day} 结束。"
    en = "The supervision of item {item} ended on {last_day} already."


class EndsOutsideSupervision(Refused):
    zh = "日期 {ended_on} 不在监管期（{released_on} 至 {last_day}）之内，或晚于今天（{today}）。请核对。"
    en = (
        "The day {ended_on} is not within the supervision from {released_on} to {last_day}, or later than today "
        "({today}). Check it."
    )


class PaymentNumberMissing(Invalid):
    zh = "转让补税和提前解除监管须填写税款缴款书编号。"
    en = "A transfer with duty paid, or an early release, names the payment of the tax."


class PaymentNumberNotAsked(Invalid):
    zh = "结转和退运不补税，不填写税款缴款书编号。"
    en = "Nothing is paid when goods are carried over or exported again; leave the number of the payment out."


@dataclass(frozen=True, slots=True, kw_only=True)
class EndItem(Command):
    """By an officer of the competent customs."""

    kind: ClassVar[str] = "customs.end-item"

    item: str
    outcome: ItemOutcome
    ended_on: date
    """Last day of the supervision."""
    document_number: str
    payment_number: str = ""
    """税款缴款书编号, where tax is paid."""


def reads(command: EndItem) -> Keys:
    return readable(command, PEOPLE.keys(command.actor) | OFFICES_OF.keys(command.actor) | ITEMS.keys(command.item))


def decide(command: EndItem, state: State, policies: Policies, today: date) -> Effects:
    item = state.one(ITEMS, command.item)
    require_customs(state, command.actor, item.district)
    outcome = checked_choice(ItemOutcome, command.outcome, "结果", "outcome")
    _check_time(command, item, today)
    _check_payment(command, outcome)

    tax = _tax(item, command.ended_on, policies) if outcome in TAXED else None
    calculation = stored(command, tax) if tax else None
    paid = Taxes(tax.whole("duty_fen"), tax.whole("vat_fen"), tax.whole("consumption_fen")) if tax else Taxes()
    changes = _restated(replace(item, ended_on=command.ended_on, outcome=outcome), state, policies)
    row = CustomsItemEndTable(
        item=item.number,
        outcome=outcome.value,
        ended_on=command.ended_on,
        document_number=checked_name(command.document_number, "文号", "number of the document"),
        payment_number=command.payment_number.strip(),
        duty_fen=paid.duty_fen,
        vat_fen=paid.vat_fen,
        consumption_fen=paid.consumption_fen,
        calculation=calculation.id if calculation else None,
        recorded_on=today,
        person=command.actor,
    )
    again = restated_rows(changes, command, today, count(2), f"{item.number}: {outcome.value}")
    return Effects(
        {"item": item.number, "outcome": outcome, "paid_fen": paid.total_fen},
        entries=_entries(item, tax, paid, changes, today, command.payment_number),
        rows=(row, *((calculation,) if calculation else ()), *again),
    )


def _check_time(command: EndItem, item: Item, today: date) -> None:
    ended_on = checked_date(command.ended_on, "结束日期", "last day")
    if item.outcome is not None or item.last_day < today:
        raise SupervisionOver(item=item.number, last_day=item.last_day)
    if not item.released_on <= ended_on <= min(today, item.last_day):
        raise EndsOutsideSupervision(
            ended_on=ended_on, released_on=item.released_on, last_day=item.last_day, today=today
        )


def _check_payment(command: EndItem, outcome: ItemOutcome) -> None:
    if outcome in TAXED and not command.payment_number.strip():
        raise PaymentNumberMissing
    if outcome not in TAXED and command.payment_number.strip():
        raise PaymentNumberNotAsked


def _tax(item: Item, event_on: date, policies: Policies) -> Calculation:
    facts: Mapping[str, object] = {
        "value_fen": sum(share.value_fen for share in item.shares),
        "supervision_years": item.supervision_years,
        "duty_rate": item.duty_rate,
        "vat_rate": item.vat_rate,
        "consumption_rate": item.consumption_rate,
        "released_on": item.released_on,
        "event_on": event_on,
    }
    return policies.calculate(POLICY, facts, on=event_on)


def _restated(ended: Item, state: State, policies: Policies) -> tuple[Restated, ...]:
    """Estimates of uses after the end: those days were not supervised."""
    changes: list[Restated] = []
    for share in ended.shares:
        supervision: Supervision = state.one(SUPERVISED, share.instrument)
        items = tuple(ended if one.number == ended.number else one for one in supervision.items)
        changes += restated(replace(supervision, items=items), policies)
    return tuple(changes)


def _entries(  # each part has its name
    item: Item,
    tax: Calculation | None,
    paid: Taxes,
    changes: tuple[Restated, ...],
    today: date,
    payment_number: str,
) -> tuple[Entry, ...]:
    moved = [(change.before, change.after.exposure.standing) for change in changes]
    entries = [*settlement_entries(moved, today)]
    if tax and paid.total_fen:
        citation = first_article(tax)
        entries.append(payment_entry(item.unit, paid.total_fen, 0, today, citation, payment_number.strip()))
    return tuple(entries)


USE_CASE = UseCase(EndItem, reads, decide)
