"""Pay an exposure: taxes that customs set have been paid, with what being late cost; nothing is at risk any more."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.customs.exposing import step_row
from ledger.customs.postings import payment_entry, settlement_entries
from ledger.customs.store import EXPOSURES, OFFICES_OF, PAYMENTS
from ledger.customs.tables import CustomsLateFeeTable, CustomsPaymentTable
from ledger.customs.values import Exposure, ExposureState, Tax, Taxes
from ledger.customs.who import require_customs_word
from ledger.errors import Refused
from ledger.executor.calculations import first_article, stored
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.journal.tables import EventRow
from ledger.registry.store import PEOPLE
from ledger.registry.text import checked_date, checked_name, readable
from policies.customs.late_fee import POLICY
from policies.kernel.policies import Policies
from policies.kernel.registry import Calculation

PAYABLE = frozenset({ExposureState.REPORTED, ExposureState.GUARANTEED, ExposureState.CONTESTED})


class ExposureNotPayable(Refused):
    zh = "或有税款 {exposure} 的状态为“{state}”：海关核定并报告之后才能登记缴纳。"
    en = "Exposure {exposure} is {state}: its payment is recorded once customs has assessed it and it was reported."


class PaymentKnown(Refused):
    zh = "税款缴款书 {payment} 已登记于或有税款 {exposure}。请核对编号。"
    en = "Payment {payment} is recorded for exposure {exposure} already. Check the number."


class PaidInFuture(Refused):
    zh = "缴纳日期 {paid_on} 晚于今天（{today}）。请在缴纳之后登记。"
    en = "The payment is dated {paid_on}, later than today ({today}). Record it when it is made."


@dataclass(frozen=True, slots=True, kw_only=True)
class PayExposure(Command):
    """By customs, or by an operator on customs' receipt. The entry is dated when it is recorded."""

    kind: ClassVar[str] = "customs.pay-exposure"

    exposure: str
    payment_number: str
    """税款缴款书编号."""
    due_on: date
    """Last day on which it was in time."""
    paid_on: date


def reads(command: PayExposure) -> Keys:
    return readable(
        command,
        PEOPLE.keys(command.actor)
        | OFFICES_OF.keys(command.actor)
        | EXPOSURES.keys(command.exposure)
        | PAYMENTS.keys(command.payment_number.strip()),
    )


def decide(command: PayExposure, state: State, policies: Policies, today: date) -> Effects:
    exposure = state.one(EXPOSURES, command.exposure)
    require_customs_word(state, command.actor, exposure)
    number = checked_name(command.payment_number, "税款缴款书编号", "number of the payment")
    due_on = checked_date(command.due_on, "缴款期限", "last day to pay")
    paid_on = checked_date(command.paid_on, "缴纳日期", "day of payment")
    if exposure.state not in PAYABLE:
        raise ExposureNotPayable(exposure=exposure.number, state=exposure.state)
    if paid_on > today:
        raise PaidInFuture(paid_on=paid_on, today=today)
    if known := state.find(PAYMENTS, number):
        raise PaymentKnown(payment=number, exposure=known)

    fees = _late_fees(exposure.standing, due_on, paid_on, policies)
    charged = sum(fee.whole("late_fee_fen") for fee in fees.values() if not fee.result["waived"])
    citation = next((first_article(fee) for fee in fees.values()), "")
    entries = []
    if exposure.standing.total_fen:
        entries = [
            *settlement_entries([(exposure, Taxes())], today, number),
            payment_entry(exposure.unit, exposure.standing.total_fen, charged, today, citation, number),
        ]
    return Effects(
        {
            "exposure": exposure.number,
            "state": ExposureState.PAID,
            "paid_fen": exposure.standing.total_fen,
            "late_fee_fen": charged,
            "waived": sorted(tax.value for tax, fee in fees.items() if fee.result["waived"]),
        },
        entries=tuple(entries),
        rows=_rows(command, exposure, fees, charged, number, today),
    )


def _late_fees(taxes: Taxes, due_on: date, paid_on: date, policies: Policies) -> Mapping[Tax, Calculation]:
    """By kind of tax; none where it was paid in time."""
    days = (paid_on - due_on).days
    if days <= 0:
        return {}
    return {
        tax: policies.calculate(POLICY, {"tax_fen": fen, "days_late": days}, on=due_on)
        for tax, fen in taxes.by_kind().items()
        if fen
    }


def _rows(  # each part has its name
    command: PayExposure,
    exposure: Exposure,
    fees: Mapping[Tax, Calculation],
    charged: int,
    number: str,
    today: date,
) -> tuple[EventRow, ...]:
    taxes = exposure.standing
    rows: list[EventRow] = [
        step_row(exposure, ExposureState.PAID, taxes, command, today, document_number=number),
        CustomsPaymentTable(
            exposure=exposure.number,
            payment_number=number,
            due_on=command.due_on,
            paid_on=command.paid_on,
            duty_fen=taxes.duty_fen,
            vat_fen=taxes.vat_fen,
            consumption_fen=taxes.consumption_fen,
            late_fee_fen=charged,
            recorded_on=today,
            person=command.actor,
        ),
    ]
    for n, (tax, fee) in enumerate(fees.items(), start=1):
        calculation = stored(command, fee, n)
        rows += [
            calculation,
            CustomsLateFeeTable(
                exposure=exposure.number,
                tax=tax.value,
                days_late=(command.paid_on - command.due_on).days,
                late_fee_fen=fee.whole("late_fee_fen"),
                waived=bool(fee.result["waived"]),
                calculation=calculation.id,
            ),
        ]
    return tuple(rows)


USE_CASE = UseCase(PayExposure, reads, decide)
