"""Record a failure: the bank did not carry out a line of a released batch, so nothing left the account."""

from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar

from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.payments.rules import check_failure, check_other_person, check_released
from ledger.payments.store import BATCHES, PAYABLES
from ledger.payments.tables import PayableFreedTable, PaymentFailureTable
from ledger.payments.values import Failure
from ledger.registry.rules import require_any_role
from ledger.registry.store import PEOPLE
from ledger.registry.text import TEXT_LENGTH_MAX, checked_date, checked_name, readable
from ledger.registry.values import Role
from policies.kernel.policies import Policies


@dataclass(frozen=True, slots=True, kw_only=True)
class FailPayment(Command):
    """The payable is free to be paid in another batch; without this, a batch would wait for its bank for ever."""

    kind: ClassVar[str] = "payment.fail"

    batch: str
    payable: str
    failed_on: date
    """Day on which the bank said so."""
    reason: str


def reads(command: FailPayment) -> Keys:
    # Payables and maker are followed.
    return readable(command, BATCHES.keys(command.batch) | PEOPLE.keys(command.actor))


def decide(command: FailPayment, state: State, _policies: Policies, today: date) -> Effects:
    person = require_any_role(state, command.actor, {Role.TREASURY, Role.FINANCE})
    failure = Failure(
        command.payable,
        checked_date(command.failed_on, "失败日期", "date of the failure"),
        checked_name(command.reason, "失败原因", "reason of the failure", TEXT_LENGTH_MAX),
    )
    batch = state.one(BATCHES, command.batch)
    released_on = check_released(batch)
    check_other_person(batch, person, state.one(PEOPLE, batch.maker))
    check_failure(batch, failure, released_on, today)
    attempt = state.one(PAYABLES, failure.payable).attempts

    after = replace(batch, failures=(*batch.failures, failure))
    row = PaymentFailureTable(
        batch=batch.number,
        payable=failure.payable,
        released_on=released_on,
        failed_on=failure.failed_on,
        reason=failure.reason,
        maker=batch.maker,
        person=person.code,
    )
    freed = PayableFreedTable(payable=failure.payable, attempt=attempt, reason=f"{batch.number}: {failure.reason}")
    return Effects({**after.standing(), "failed": failure.payable}, rows=(row, freed))


USE_CASE = UseCase(FailPayment, reads, decide)
