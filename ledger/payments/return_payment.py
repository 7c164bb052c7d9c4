"""Return a payment: the bank has sent it back, and the payable is free to be paid again, to a corrected account."""

from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar

from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.payments.events import PaymentReturned
from ledger.payments.rules import check_other_person, check_return
from ledger.payments.store import BATCHES, PAYABLES
from ledger.payments.tables import PayableFreedTable, PaymentReturnTable
from ledger.payments.values import Batch, Return
from ledger.registry.rules import require_any_role
from ledger.registry.store import PEOPLE
from ledger.registry.text import TEXT_LENGTH_MAX, checked_date, checked_name, readable
from ledger.registry.values import Person, Role
from policies.kernel.policies import Policies


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnPayment(Command):
    """A payment comes back whole, as the batch has it: no amount is given here."""

    kind: ClassVar[str] = "payment.return"

    batch: str
    payable: str
    returned_on: date
    """As the bank's slip says; where that day's period is closed, a day of an open one, with the bank's in `reason`."""
    bank_reference: str
    """Of the return."""
    reason: str
    """Why the bank sent it back."""


def reads(command: ReturnPayment) -> Keys:
    checked_date(command.returned_on, "退回日期", "date of the return")
    # Payables and maker are followed.
    return readable(command, BATCHES.keys(command.batch) | PEOPLE.keys(command.actor))


def decide(command: ReturnPayment, state: State, _policies: Policies, today: date) -> Effects:
    person = require_any_role(state, command.actor, {Role.TREASURY, Role.FINANCE})
    returned = Return(
        command.payable,
        command.returned_on,
        checked_name(command.bank_reference, "银行流水号", "bank reference"),
        checked_name(command.reason, "退回原因", "reason of the return", TEXT_LENGTH_MAX),
    )
    return came_back(state, state.one(BATCHES, command.batch), returned, person, today)


def came_back(state: State, batch: Batch, returned: Return, person: Person, today: date) -> Effects:
    """What follows when a payment of a batch has come back, whoever says so."""
    paid = check_return(batch, returned, today)
    check_other_person(batch, person, state.one(PEOPLE, batch.maker))
    payable = replace(state.one(PAYABLES, returned.payable), batch=None, paid_on=None)

    after = replace(batch, returns=(*batch.returns, returned))
    row = PaymentReturnTable(
        batch=batch.number,
        payable=payable.number,
        paid_on=paid.paid_on,
        returned_on=returned.returned_on,
        bank_reference=returned.bank_reference,
        reason=returned.reason,
        maker=batch.maker,
        person=person.code,
    )
    freed = PayableFreedTable(
        payable=payable.number, attempt=payable.attempts, reason=f"{batch.number}: {returned.reason}"
    )
    event = PaymentReturned(
        payable,
        batch.number,
        paid.paid_on,
        returned.returned_on,
        returned.bank_reference,
        returned.reason,
        batch.maker,
    )
    return Effects({**after.standing(), "returned": payable.number}, rows=(row, freed), events=(event,))


USE_CASE = UseCase(ReturnPayment, reads, decide)
