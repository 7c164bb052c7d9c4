"""Convert: counted fees become a share. One officer of the unit proposes which, another signs; then it is posted."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar

from ledger.approvals.approve import Approve
from ledger.approvals.content import content_hash
from ledger.approvals.events import ApprovalGiven, ApprovalRefused
from ledger.approvals.reject import Reject
from ledger.approvals.requests import request_rows
from ledger.approvals.values import Stage, second_pair
from ledger.equity.file_appraisal import step_row
from ledger.equity.postings import conversion_entries
from ledger.equity.reckoning import Reckoned, reckon
from ledger.equity.rules import check_conversion, check_in_force, require_fit_firm
from ledger.equity.store import AGREEMENTS, CONVERSION, CONVERSIONS
from ledger.equity.tables import EquityProposalBillTable, EquityProposalTable
from ledger.equity.values import Agreement, Conversion, ConversionState, Proposal
from ledger.errors import Invalid, Refused
from ledger.executor.calculations import first_article, stored
from ledger.executor.commands import Command, Effects, Keys, Reaction, State, UseCase
from ledger.executor.reading import Reader
from ledger.fees.store import BILLS
from ledger.journal.attestation import Json
from ledger.journal.tables import EventRow
from ledger.registry.rules import require_own
from ledger.registry.store import PEOPLE
from ledger.registry.text import readable
from ledger.registry.values import Role
from policies.kernel.policies import Policies

BILLS_MAX = 200
"""Most bills of one conversion."""


class NoBillNamed(Invalid):
    zh = "请列明 1 至 {most} 张要转股的账单。"
    en = "Name 1 to {most} bills that are to convert."


class ConversionChanged(Refused):
    zh = "转股 {conversion} 提交后账单或持股已变化：提交时 {proposed} 分，现为 {now} 分。请重新提交。"
    en = (
        "Since conversion {conversion} was proposed its bills or shares have changed: {proposed} fen then, {now} now. "
        "Propose it anew."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeConversion(Command):
    """By an officer of the unit itself, once the firm's members have resolved."""

    kind: ClassVar[str] = "equity.propose-conversion"

    conversion: str
    bills: tuple[str, ...]


def reads(command: ProposeConversion) -> Keys:
    if not 0 < len(command.bills) <= BILLS_MAX:
        raise NoBillNamed(most=BILLS_MAX)
    return readable(
        command,
        PEOPLE.keys(command.actor) | CONVERSIONS.keys(command.conversion) | BILLS.keys(*command.bills),
    )


def decide(command: ProposeConversion, state: State, policies: Policies, today: date) -> Effects:
    conversion = state.one(CONVERSIONS, command.conversion)
    agreement = state.one(AGREEMENTS, conversion.agreement)
    require_own(state, command.actor, Role.UNIT_OFFICER, conversion.unit)
    _check(conversion, agreement, state, today)
    reckoned = reckon(conversion, agreement, command.bills, state, policies, today)
    proposal = Proposal(
        version=conversion.proposal.version + 1 if conversion.proposal else 1,
        maker=command.actor,
        fee_fen=reckoned.fee_fen,
        converted_fen=reckoned.converted_fen,
        new_registered_fen=reckoned.new_registered_fen,
        reserve_fen=reckoned.reserve_fen,
        bills=reckoned.bills,
    )
    proposed = replace(conversion, proposal=proposal)
    shown = content(proposed)
    request = request_rows(
        CONVERSION,
        conversion.number,
        shown,
        command.actor,
        stages(agreement),
        proposal.version,
        concerns={conversion.firm},
    )
    return Effects(
        {
            "conversion": conversion.number,
            "version": proposal.version,
            "converted_fen": proposal.converted_fen,
            "new_registered_fen": proposal.new_registered_fen,
            "reserve_fen": proposal.reserve_fen,
            "share": str(reckoned.whole.result["share"]),
            "bills": [{"bill": one.bill, "amount_fen": one.amount_fen} for one in proposal.bills],
            "approval": {"kind": CONVERSION, "subject": conversion.number, "content_hash": content_hash(shown)},
        },
        rows=(*_rows(command, proposed, reckoned, today), *request),
    )


def stages(agreement: Agreement) -> tuple[Stage, ...]:
    """A second officer of the unit, last; where the firm is close to the unit, one of finance before (G9)."""
    own = second_pair(Role.UNIT_OFFICER)
    return (Stage(Role.FINANCE, 1), *own) if agreement.related else own


def _check(conversion: Conversion, agreement: Agreement, state: State, today: date) -> None:
    check_conversion(conversion, {ConversionState.RESOLVED}, "转股", "converted")
    check_in_force(agreement, "转股", "converted under")
    require_fit_firm(state, conversion.firm, today)


def _rows(command: Command, proposed: Conversion, reckoned: Reckoned, today: date) -> Iterator[EventRow]:
    proposal = proposed.proposal
    assert proposal is not None  # it is being made
    whole = stored(command, reckoned.whole)
    yield whole
    yield EquityProposalTable(
        conversion=proposed.number,
        version=proposal.version,
        fee_fen=proposal.fee_fen,
        converted_fen=proposal.converted_fen,
        new_registered_fen=proposal.new_registered_fen,
        reserve_fen=proposal.reserve_fen,
        calculation=whole.id,
        proposed_on=today,
        maker=proposal.maker,
    )
    for n, (one, calculation) in enumerate(zip(proposal.bills, reckoned.calculations, strict=True), start=2):
        row = stored(command, calculation, n)
        yield row
        yield EquityProposalBillTable(
            conversion=proposed.number,
            version=proposal.version,
            bill=one.bill,
            accrual=one.accrual,
            convertible_fen=one.convertible_fen,
            amount_fen=one.amount_fen,
            calculation=row.id,
        )


def content(conversion: Conversion) -> Json:
    """What the second officer is shown, and signs."""
    proposal, resolution = conversion.proposal, conversion.resolution
    assert proposal is not None  # it is proposed
    assert resolution is not None
    return {
        "conversion": conversion.number,
        "version": proposal.version,
        "agreement": conversion.agreement,
        "unit": conversion.unit,
        "firm": conversion.firm,
        "report_number": conversion.report_number,
        "appraised_fen": conversion.appraised_fen,
        "valid_until": conversion.valid_until.isoformat(),
        "pre_money_fen": conversion.pre_money_fen,
        "resolution_number": resolution.number,
        "registered_fen": resolution.registered_fen,
        "converted_fen": proposal.converted_fen,
        "new_registered_fen": proposal.new_registered_fen,
        "reserve_fen": proposal.reserve_fen,
        "bills": [
            {"bill": one.bill, "amount_fen": one.amount_fen} for one in sorted(proposal.bills, key=lambda one: one.bill)
        ],
    }


def content_of(reader: Reader, number: str) -> Json:
    """The content of a conversion as it was proposed last."""
    return content(CONVERSIONS.load(reader, [number])[number])


# -- signed, or refused ------------------------------------------------------------------------------------------------


def answer_reads(command: Approve | Reject) -> Keys:
    return CONVERSIONS.keys(command.subject) if command.subject_kind == CONVERSION else frozenset()


def post(event: ApprovalGiven, command: Approve, state: State, policies: Policies, today: date) -> Effects:
    """The last signature stands, if everything is as it was proposed."""
    if event.subject_kind != CONVERSION:
        return Effects({})
    conversion = state.one(CONVERSIONS, event.subject)
    require_own(state, command.actor, Role.UNIT_OFFICER, conversion.unit)
    agreement = state.one(AGREEMENTS, conversion.agreement)
    _check(conversion, agreement, state, today)
    proposal = conversion.proposal
    assert proposal is not None  # it was asked for
    now = reckon(conversion, agreement, [one.bill for one in proposal.bills], state, policies, today)
    if set(now.bills) != set(proposal.bills) or now.new_registered_fen != proposal.new_registered_fen:
        raise ConversionChanged(conversion=conversion.number, proposed=proposal.converted_fen, now=now.converted_fen)
    calculation = stored(command, now.whole)
    step = step_row(conversion, ConversionState.CONVERTED, today, today, command.actor, conversion.report_number)
    return Effects(
        {
            "conversion": conversion.number,
            "state": ConversionState.CONVERTED,
            "converted_fen": proposal.converted_fen,
            "new_registered_fen": proposal.new_registered_fen,
        },
        entries=conversion_entries(conversion, proposal, today, first_article(now.whole), calculation.id),
        rows=(calculation, step),
    )


def refuse(event: ApprovalRefused, _command: Reject, _state: State, _policies: Policies, _today: date) -> Effects:
    """It may be proposed anew."""
    if event.subject_kind != CONVERSION:
        return Effects({})
    return Effects({"conversion": event.subject, "outcome": "refused"})


USE_CASE = UseCase(ProposeConversion, reads, decide)
REACTIONS = (
    Reaction(ApprovalGiven, Approve, answer_reads, post),
    Reaction(ApprovalRefused, Reject, answer_reads, refuse),
)
