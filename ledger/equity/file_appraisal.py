"""File an appraisal: what the claim on the firm and the firm itself are worth. With it a conversion begins."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.amounts import whole_amount
from ledger.approvals.requests import lapse_rows
from ledger.approvals.store import APPROVALS
from ledger.approvals.values import request_number
from ledger.calendar import add_months
from ledger.equity.postings import appraisal_entry
from ledger.equity.rules import check_conversion, check_in_force, check_past, checked_fen
from ledger.equity.store import AGREEMENTS, CONVERSION, CONVERSIONS
from ledger.equity.tables import EquityConversionStepTable, EquityConversionTable
from ledger.equity.values import BEFORE_CONVERTED, Agreement, Conversion, ConversionState
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.registry.rules import require_own
from ledger.registry.store import PEOPLE
from ledger.registry.text import TEXT_LENGTH_MAX, checked_date, checked_name, readable
from ledger.registry.values import Role
from policies.equity.terms import equity_terms
from policies.kernel.policies import Policies


@dataclass(frozen=True, slots=True, kw_only=True)
class FileAppraisal(Command):
    """By an officer of the unit itself."""

    kind: ClassVar[str] = "equity.file-appraisal"

    agreement: str
    report_number: str
    filing_number: str
    """Under which it is filed for record (备案)."""
    appraised_on: date
    appraised_fen: int
    """What the claim is worth: no more than this converts."""
    pre_money_fen: int
    """What the firm is worth before the conversion."""
    appraisal_fee_fen: int = 0
    """What the unit has paid the appraiser in cash; a part of what the share costs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveUpConversion(Command):
    """By an officer of the unit itself, before anything has converted: the appraisal is too old, or nobody agrees."""

    kind: ClassVar[str] = "equity.give-up-conversion"

    conversion: str
    reason: str


def reads(command: FileAppraisal) -> Keys:
    return readable(command, PEOPLE.keys(command.actor) | AGREEMENTS.keys(command.agreement))


def decide(command: FileAppraisal, state: State, policies: Policies, today: date) -> Effects:
    agreement = state.one(AGREEMENTS, command.agreement)
    require_own(state, command.actor, Role.UNIT_OFFICER, agreement.unit)
    check_in_force(agreement, "登记评估", "appraised for")
    fee_fen = checked_fen(command.appraisal_fee_fen, "appraisal_fee_fen")
    conversion = _conversion(command, agreement, policies, today)
    terms = equity_terms(conversion.appraised_on, policies.known_on)
    row = EquityConversionTable(
        number=conversion.number,
        agreement=conversion.agreement,
        unit=conversion.unit,
        firm=conversion.firm,
        report_number=conversion.report_number,
        filing_number=conversion.filing_number,
        appraised_on=conversion.appraised_on,
        valid_until=conversion.valid_until,
        appraised_fen=conversion.appraised_fen,
        pre_money_fen=conversion.pre_money_fen,
        appraisal_fee_fen=fee_fen,
        recorded_on=today,
        person=command.actor,
    )
    first = step_row(
        conversion, ConversionState.APPRAISED, conversion.appraised_on, today, command.actor, conversion.report_number
    )
    paid = (appraisal_entry(conversion, fee_fen, today, terms.cite("appraisal_months")),) if fee_fen else ()
    return Effects(
        {
            "conversion": conversion.number,
            "agreement": agreement.number,
            "state": ConversionState.APPRAISED,
            "valid_until": conversion.valid_until,
        },
        entries=paid,
        rows=(row, first),
    )


def _conversion(command: FileAppraisal, agreement: Agreement, policies: Policies, today: date) -> Conversion:
    appraised_on = checked_date(command.appraised_on, "评估基准日", "day of the appraisal")
    terms = equity_terms(appraised_on, policies.known_on)
    return Conversion(
        number=command.number("EC"),
        agreement=agreement.number,
        unit=agreement.unit,
        firm=agreement.firm,
        report_number=checked_name(command.report_number, "评估报告编号", "number of the report"),
        filing_number=checked_name(command.filing_number, "备案编号", "number of the filing"),
        appraised_on=check_past(appraised_on, today, "评估基准日", "appraisal"),
        valid_until=add_months(appraised_on, terms.appraisal_months),
        appraised_fen=whole_amount(command.appraised_fen),
        pre_money_fen=whole_amount(command.pre_money_fen),
        recorded_on=today,
    )


def give_up_reads(command: GiveUpConversion) -> Keys:
    return readable(
        command,
        PEOPLE.keys(command.actor)
        | CONVERSIONS.keys(command.conversion)
        | APPROVALS.keys(request_number(CONVERSION, command.conversion)),
    )


def give_up(command: GiveUpConversion, state: State, _policies: Policies, today: date) -> Effects:
    conversion = state.one(CONVERSIONS, command.conversion)
    require_own(state, command.actor, Role.UNIT_OFFICER, conversion.unit)
    check_conversion(conversion, BEFORE_CONVERTED, "放弃", "given up")
    reason = checked_name(command.reason, "理由", "reason", TEXT_LENGTH_MAX)
    row = step_row(conversion, ConversionState.VOID, today, today, command.actor, reason=reason)
    asked = state.find(APPROVALS, request_number(CONVERSION, conversion.number))
    return Effects(
        {"conversion": conversion.number, "state": ConversionState.VOID},
        rows=(row, *(lapse_rows(asked, reason) if asked else ())),
    )


def step_row(  # each part has its name
    conversion: Conversion,
    state: ConversionState,
    happened_on: date,
    today: date,
    person: str,
    document_number: str = "",
    reason: str = "",
) -> EquityConversionStepTable:
    """The next step of a conversion."""
    return EquityConversionStepTable(
        conversion=conversion.number,
        step=conversion.steps + 1,
        state=state.value,
        document_number=document_number,
        reason=reason,
        happened_on=happened_on,
        recorded_on=today,
        person=person,
    )


USE_CASES = (UseCase(FileAppraisal, reads, decide), UseCase(GiveUpConversion, give_up_reads, give_up))
