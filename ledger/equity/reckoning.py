"""How much of which bills converts: each bill for itself, then all of them under the appraisal and the largest share.

(pure)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ledger.equity.rules import (
    AppraisalExpired,
    BillNotCounted,
    NothingToConvert,
    check_bill,
    check_counted,
    check_known_capital,
)
from ledger.equity.store import COMPANIES
from ledger.equity.values import Accrual, Agreement, Company, Conversion, ConvertedBill, Resolution
from ledger.errors import Refused
from ledger.executor.commands import State
from ledger.fees.store import BILLS
from ledger.fees.values import Bill
from policies.equity.conversion import POLICY as CONVERSION
from policies.equity.convertible import POLICY as CONVERTIBLE
from policies.kernel.policies import Policies
from policies.kernel.registry import Calculation


class BillNamedTwice(Refused):
    zh = "账单 {bill} 列了两次。"
    en = "Bill {bill} is named twice."


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What converts, with the calculation of each bill and of all together."""

    fee_fen: int
    converted_fen: int
    new_registered_fen: int
    reserve_fen: int
    bills: tuple[ConvertedBill, ...]
    calculations: tuple[Calculation, ...]
    """One of each bill, in the order of `bills`."""
    whole: Calculation


def reckon(
    conversion: Conversion, agreement: Agreement, bills: Sequence[str], state: State, policies: Policies, today: date
) -> Reckoned:
    """Guards G2, G5, G7 and G8 on today's state; the oldest bills convert first.

    Raises:
        Refused: of what is no more as it was, by its own sentence.
    """
    if today > conversion.valid_until:
        raise AppraisalExpired(report=conversion.report_number, valid_until=conversion.valid_until, today=today)
    company: Company = state.one(COMPANIES, conversion.firm)
    resolution = conversion.resolution
    assert resolution is not None  # the state says so
    check_known_capital(company, resolution.registered_fen)
    found = [_convertible(agreement, bill, state, policies, today) for bill in _once(bills)]
    found.sort(key=lambda one: (one[0].issued_on, one[0].number))
    fee_fen = min(sum(one[2].whole("convertible_fen") for one in found), conversion.appraised_fen)
    if not fee_fen:
        raise NothingToConvert
    whole = _shares(conversion, agreement, company, resolution, fee_fen, policies, today)
    if not whole.whole("converted_fen"):
        raise NothingToConvert
    converted, calculations = _filled(found, whole.whole("converted_fen"))
    return Reckoned(
        fee_fen=fee_fen,
        converted_fen=whole.whole("converted_fen"),
        new_registered_fen=whole.whole("new_registered_fen"),
        reserve_fen=whole.whole("reserve_fen"),
        bills=converted,
        calculations=calculations,
        whole=whole,
    )


def _once(bills: Sequence[str]) -> Sequence[str]:
    for n, bill in enumerate(bills):
        if bill in bills[:n]:
            raise BillNamedTwice(bill=bill)
    return bills


def _convertible(
    agreement: Agreement, number: str, state: State, policies: Policies, today: date
) -> tuple[Bill, Accrual, Calculation]:
    accrual = agreement.accrual_of(number)
    if accrual is None:
        raise BillNotCounted(bill=number, agreement=agreement.number)
    bill = state.one(BILLS, number)
    check_bill(bill, agreement)
    check_counted(state, accrual.uses)
    facts = {
        "standing_fen": bill.fee_fen,
        "eligible_fen": min(accrual.eligible_fen, bill.fee_fen),
        "cash_fen": bill.cash_fen,
        "voucher_fen": bill.voucher_fen,
        "written_off_fen": bill.written_off_fen,
        "converted_fen": bill.equity_fen,
        "vat_rate": bill.vat_rate,
        "vat_in_cash": agreement.vat_in_cash,
    }
    return bill, accrual, policies.calculate(CONVERTIBLE, facts, on=today)


def _shares(  # each part has its name
    conversion: Conversion,
    agreement: Agreement,
    company: Company,
    resolution: Resolution,
    fee_fen: int,
    policies: Policies,
    today: date,
) -> Calculation:
    """What the unit holds already, registered or not, counts against the largest share."""
    facts = {
        "registered_fen": resolution.registered_fen,
        "pre_money_fen": conversion.pre_money_fen,
        "fee_fen": fee_fen,
        "share_max": agreement.share_max,
        "held_fen": company.held_by(agreement.unit) + company.pending_of(agreement.unit),
    }
    return policies.calculate(CONVERSION, facts, on=today)


def _filled(
    found: Sequence[tuple[Bill, Accrual, Calculation]], converted_fen: int
) -> tuple[tuple[ConvertedBill, ...], tuple[Calculation, ...]]:
    """The oldest bill first, until what converts is used up; what is left of a bill stays payable in cash."""
    left = converted_fen
    bills, calculations = [], []
    for bill, accrual, calculation in found:
        amount = min(left, calculation.whole("convertible_fen"))
        left -= amount
        if amount:
            bills.append(ConvertedBill(bill.number, accrual.number, calculation.whole("convertible_fen"), amount))
            calculations.append(calculation)
    return tuple(bills), tuple(calculations)
