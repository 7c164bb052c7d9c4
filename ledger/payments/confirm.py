"""Confirm a payment: the bank's word on lines of a released batch, each once, by a person other than its maker."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar

from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.payments.events import PaymentConfirmed
from ledger.payments.rules import check_confirmation, check_named, check_other_person, check_released
from ledger.payments.store import BATCHES, PAYABLES
from ledger.payments.tables import PaymentConfirmationTable
from ledger.payments.values import Batch, Confirmation
from ledger.registry.rules import require_any_role
from ledger.registry.store import PEOPLE
from ledger.registry.text import checked_date, checked_name, readable
from ledger.registry.values import Person, Role
from policies.kernel.policies import Policies


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmPayment(Command):
    kind: ClassVar[str] = "payment.confirm"

    batch: str
    paid_on: date
    """As the bank's slip says."""
    lines: tuple[tuple[str, str], ...]
    """Number of a payable, and the bank's reference for its payment. The amount is the batch's: none is given here."""


def reads(command: ConfirmPayment) -> Keys:
    # Payables and maker are followed.
    return readable(command, BATCHES.keys(command.batch) | PEOPLE.keys(command.actor))


def decide(command: ConfirmPayment, state: State, _policies: Policies, today: date) -> Effects:
    person = require_any_role(state, command.actor, {Role.TREASURY, Role.FINANCE})
    paid_on = checked_date(command.paid_on, "付款日期", "date of payment")
    check_named([payable for payable, _ in command.lines])
    confirmations = [
        Confirmation(payable, paid_on, checked_name(reference, "银行流水号", "bank reference"))
        for payable, reference in command.lines
    ]
    return confirmed(state, state.one(BATCHES, command.batch), confirmations, person, today)


def confirmed(
    state: State, batch: Batch, confirmations: Sequence[Confirmation], person: Person, today: date
) -> Effects:
    """What follows when the bank has paid lines of a batch, whoever says so."""
    released_on = check_released(batch)
    check_other_person(batch, person, state.one(PEOPLE, batch.maker))
    for confirmation in confirmations:
        check_confirmation(batch, confirmation, released_on, today)

    after = replace(batch, confirmations=(*batch.confirmations, *confirmations))
    return Effects(
        {**after.standing(), "confirmed": [c.payable for c in confirmations]},
        rows=tuple(_row(batch, c, released_on, person.code) for c in confirmations),
        events=tuple(_event(batch, c, state) for c in confirmations),
    )


def _row(batch: Batch, confirmed: Confirmation, released_on: date, person: str) -> PaymentConfirmationTable:
    return PaymentConfirmationTable(
        batch=batch.number,
        payable=confirmed.payable,
        released_on=released_on,
        paid_on=confirmed.paid_on,
        bank_reference=confirmed.bank_reference,
        maker=batch.maker,
        person=person,
    )


def _event(batch: Batch, confirmed: Confirmation, state: State) -> PaymentConfirmed:
    payable = replace(state.one(PAYABLES, confirmed.payable), paid_on=confirmed.paid_on)
    return PaymentConfirmed(payable, batch.number, confirmed.paid_on, confirmed.bank_reference, batch.maker)


USE_CASE = UseCase(ConfirmPayment, reads, decide)
