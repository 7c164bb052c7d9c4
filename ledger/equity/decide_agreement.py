"""Decide an agreement: the unit after its feasibility study, then its department, then finance."""

from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar

from ledger.approvals.approve import Approve
from ledger.approvals.content import content_hash
from ledger.approvals.events import ApprovalGiven, ApprovalRefused
from ledger.approvals.reject import Reject
from ledger.approvals.requests import request_rows
from ledger.approvals.values import Stage
from ledger.equity.rules import check_state, check_unsupervised
from ledger.equity.store import AGREEMENT, AGREEMENTS
from ledger.equity.submit_agreement import step_row
from ledger.equity.values import Agreement, AgreementState
from ledger.executor.commands import Command, Effects, Keys, Reaction, State, UseCase
from ledger.executor.reading import Reader
from ledger.journal.attestation import Json
from ledger.registry.rules import require_own
from ledger.registry.store import PEOPLE
from ledger.registry.text import checked_name, readable
from ledger.registry.values import Role
from policies.kernel.policies import Policies

BEFORE_FINANCE = frozenset({AgreementState.UNIT_DECIDED, AgreementState.DEPT_REVIEWED})


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideAgreement(Command):
    """The unit has studied it and decided collectively; from here on it takes the department and finance."""

    kind: ClassVar[str] = "equity.decide-agreement"

    agreement: str
    feasibility_number: str
    decision_number: str
    """Of the collective decision."""


def reads(command: DecideAgreement) -> Keys:
    return readable(command, PEOPLE.keys(command.actor) | AGREEMENTS.keys(command.agreement))


def decide(command: DecideAgreement, state: State, _policies: Policies, today: date) -> Effects:
    agreement = state.one(AGREEMENTS, command.agreement)
    require_own(state, command.actor, Role.UNIT_OFFICER, agreement.unit)
    check_state(agreement, {AgreementState.DRAFT}, "提交审批", "put before the department")
    _check_instruments(state, agreement, today)
    decided = replace(
        agreement,
        feasibility_number=checked_name(command.feasibility_number, "可行性研究编号", "number of the study"),
        decision_number=checked_name(command.decision_number, "集体决策文号", "number of the decision"),
    )
    shown = content(decided)
    row = step_row(
        decided,
        AgreementState.UNIT_DECIDED,
        today,
        command.actor,
        decided.decision_number,
        decided.feasibility_number,
    )
    request = request_rows(
        AGREEMENT,
        agreement.number,
        shown,
        command.actor,
        stages(agreement),
        agreement.version,
        concerns={agreement.firm, agreement.unit},
    )
    return Effects(
        {
            "agreement": agreement.number,
            "state": AgreementState.UNIT_DECIDED,
            "approval": {"kind": AGREEMENT, "subject": agreement.number, "content_hash": content_hash(shown)},
        },
        rows=(row, *request),
    )


def stages(agreement: Agreement) -> tuple[Stage, ...]:
    """The department, then two officers of finance; two of the department where the firm is close to the unit (G9)."""
    return Stage(Role.SUPERVISOR, 2 if agreement.related else 1), Stage(Role.FINANCE, 2)


def _check_instruments(state: State, agreement: Agreement, today: date) -> None:
    for named in agreement.named:
        check_unsupervised(state, named.instrument, today, today, agreement.document_number)


def content(agreement: Agreement) -> Json:
    """What the department and finance are shown, and sign."""
    return {
        "agreement": agreement.number,
        "version": agreement.version,
        "unit": agreement.unit,
        "firm": agreement.firm,
        "document_number": agreement.document_number,
        "supply": agreement.supply.value,
        "share_max": agreement.share_max,
        "vat_in_cash": agreement.vat_in_cash,
        "related": agreement.related,
        "valid_from": agreement.valid_from.isoformat(),
        "valid_until": agreement.valid_until.isoformat(),
        "instruments": [{"instrument": one.instrument, "minutes_max": one.minutes_max} for one in agreement.named],
        "feasibility_number": agreement.feasibility_number,
        "decision_number": agreement.decision_number,
    }


def content_of(reader: Reader, number: str) -> Json:
    """The content of an agreement as it was put before them."""
    return content(AGREEMENTS.load(reader, [number])[number])


# -- signed, or refused ------------------------------------------------------------------------------------------------


def answer_reads(command: Approve | Reject) -> Keys:
    return AGREEMENTS.keys(command.subject) if command.subject_kind == AGREEMENT else frozenset()


def approved(event: ApprovalGiven, command: Approve, state: State, _policies: Policies, today: date) -> Effects:
    if event.subject_kind != AGREEMENT:
        return Effects({})
    agreement = state.one(AGREEMENTS, event.subject)
    check_state(agreement, BEFORE_FINANCE, "批准", "approved")
    _check_instruments(state, agreement, today)
    row = step_row(agreement, AgreementState.FINANCE_APPROVED, today, command.actor, agreement.decision_number)
    return Effects({"agreement": agreement.number, "state": AgreementState.FINANCE_APPROVED}, rows=(row,))


def refused(event: ApprovalRefused, command: Reject, state: State, _policies: Policies, today: date) -> Effects:
    """It is a draft again, for the unit to change."""
    if event.subject_kind != AGREEMENT:
        return Effects({})
    agreement = state.one(AGREEMENTS, event.subject)
    row = step_row(agreement, AgreementState.DRAFT, today, command.actor, reason=event.reason)
    return Effects({"agreement": agreement.number, "state": AgreementState.DRAFT}, rows=(row,))


USE_CASE = UseCase(DecideAgreement, reads, decide)
REACTIONS = (
    Reaction(ApprovalGiven, Approve, answer_reads, approved),
    Reaction(ApprovalRefused, Reject, answer_reads, refused),
)
