"""Issue: the second signature on a grant makes the voucher, and commits its budget."""

from datetime import date

from ledger.approvals.approve import Approve
from ledger.approvals.events import ApprovalGiven, ApprovalRefused
from ledger.approvals.reject import Reject
from ledger.budgets.ground import Ground
from ledger.budgets.store import BUDGET_CHANGES, budget_id
from ledger.budgets.values import Budget
from ledger.executor.commands import Effects, Keys, Reaction, State
from ledger.registry.rules import require_role
from ledger.registry.store import PARTIES
from ledger.registry.values import Role
from ledger.vouchers import rules
from ledger.vouchers.acting import require_holder
from ledger.vouchers.decide_application import KIND
from ledger.vouchers.flags import check_unflagged
from ledger.vouchers.postings import issue_entry
from ledger.vouchers.states import ApplicationState
from ledger.vouchers.store import APPLICATIONS, ISSUES
from ledger.vouchers.tables import VoucherApplicationStepTable, VoucherTable
from ledger.vouchers.terms import terms
from ledger.vouchers.values import Application, Voucher
from policies.kernel.policies import Policies
from policies.kernel.words import Words


def issue_reads(command: Approve) -> Keys:
    # The application with its applicant and caps, and its budget, are followed.
    return ISSUES.keys(command.subject) if command.subject_kind == KIND else frozenset()


def issue(event: ApprovalGiven, command: Approve, state: State, policies: Policies, today: date) -> Effects:
    """Face value is the grant; it is valid for the months the scheme gives, from today."""
    if event.subject_kind != KIND:
        return Effects({})
    application = _granted(state, event.subject, Words("发放", "issued"))
    rules.check_year(application, today)
    budget = state.one(BUDGET_CHANGES, budget_id(application.scheme, application.year))
    require_role(state, command.actor, Role.OPERATOR, budget.operator)
    check_unflagged(require_holder(state, application.holder), today)

    voucher = _voucher(application, budget, command.number("V", application.number), policies, today)

    ground = Ground(today, application.citation, application.calculation)
    return Effects(
        {
            "voucher": voucher.number,
            "face_fen": voucher.face_fen,
            "issued_on": voucher.issued_on,
            "expires_on": voucher.expires_on,
        },
        entries=(issue_entry(voucher, ground),),
        rows=(
            _row(voucher, application, state.one(PARTIES, application.holder).body),
            _step(application, "issued", today, command.actor),
        ),
    )


def _voucher(application: Application, budget: Budget, number: str, policies: Policies, today: date) -> Voucher:
    scheme = terms(policies, application.scheme, today)
    if application.granted_fen is None:
        raise ValueError(f"{application.number} was granted without an amount")
    return Voucher(
        number=number,
        scheme=application.scheme,
        year=application.year,
        budget_year=application.year,
        holder=application.holder,
        controller=application.controller,
        operator=budget.operator,
        budget_line=rules.line_for(budget, application.granted_fen).code,
        face_fen=application.granted_fen,
        denomination_fen=scheme.denomination_fen,
        issued_on=today,
        expires_on=rules.last_day(today, scheme.validity_months, lapses=scheme.across_year_end == "lapse"),
        expired_on=None,
        available_fen=application.granted_fen,
    )


def _row(voucher: Voucher, application: Application, body: str | None) -> VoucherTable:
    return VoucherTable(
        number=voucher.number,
        application=application.number,
        scheme=voucher.scheme,
        year=voucher.year,
        holder=voucher.holder,
        body=body,
        controller=voucher.controller,
        operator=voucher.operator,
        budget_line=voucher.budget_line,
        face_fen=voucher.face_fen,
        denomination_fen=voucher.denomination_fen,
        issued_on=voucher.issued_on,
        expires_on=voucher.expires_on,
    )


def return_reads(command: Reject) -> Keys:
    return APPLICATIONS.keys(command.subject) if command.subject_kind == KIND else frozenset()


def give_back(event: ApprovalRefused, command: Reject, state: State, _policies: Policies, today: date) -> Effects:
    """The second person said no: the commission decides again."""
    if event.subject_kind != KIND:
        return Effects({})
    application = _granted(state, event.subject, Words("退回", "given back"))
    return Effects(
        {"application": application.number, "state": ApplicationState.SUBMITTED},
        rows=(_step(application, "returned", today, command.actor, event.reason),),
    )


def _granted(state: State, number: str, wanted: Words) -> Application:
    application = state.one(APPLICATIONS, number)
    if application.state is not ApplicationState.GRANTED:
        raise rules.WrongState(rules.APPLICATION, number, application.state, wanted)
    return application


def _step(
    application: Application, step: str, today: date, person: str, reason: str = ""
) -> VoucherApplicationStepTable:
    return VoucherApplicationStepTable(
        application=application.number,
        position=application.steps + 1,
        step=step,
        taken_on=today,
        person=person,
        reason=reason,
        citation="",
    )


REACTIONS = (
    Reaction(ApprovalGiven, Approve, issue_reads, issue),
    Reaction(ApprovalRefused, Reject, return_reads, give_back),
)
