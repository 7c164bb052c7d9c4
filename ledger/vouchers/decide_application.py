"""Decide an application: the commission grants at most what the rules give, or rejects; a second person signs."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.amounts import whole_amount, yuan
from ledger.approvals.content import content_hash
from ledger.approvals.requests import request_rows
from ledger.approvals.values import second_pair
from ledger.budgets import rules as budget_rules
from ledger.budgets.store import BUDGETS, budget_id
from ledger.executor.calculations import StoredCalculation, calculation_id, load_calculations, stored
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.executor.reading import Reader
from ledger.journal.attestation import Json
from ledger.registry.rules import require_role
from ledger.registry.store import PARTIES, PEOPLE
from ledger.registry.text import readable
from ledger.registry.values import Party, Role
from ledger.vouchers import rules
from ledger.vouchers.acting import require_holder
from ledger.vouchers.flags import check_unflagged
from ledger.vouchers.states import ApplicationState
from ledger.vouchers.store import APPLICATIONS, CAPS, controller_cap, holder_cap
from ledger.vouchers.tables import VoucherApplicationStepTable
from ledger.vouchers.terms import cite, terms
from ledger.vouchers.values import Application
from policies.kernel.policies import Policies
from policies.kernel.registry import Calculation
from policies.kernel.words import Words
from policies.vouchers.schemes import VoucherScheme, counted_with

KIND = "voucher.issue"
"""Kind of subject under which a grant is approved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideApplication(Command):
    kind: ClassVar[str] = "voucher.decide-application"

    application: str
    grant_fen: int | None
    """Face value granted; None rejects the application."""
    reason: str = ""
    """Needed for a rejection."""


def reads(command: DecideApplication) -> Keys:
    # Applicant, budget and caps are followed.
    return readable(command, APPLICATIONS.keys(command.application) | PEOPLE.keys(command.actor))


def decide(command: DecideApplication, state: State, policies: Policies, today: date) -> Effects:
    application = state.one(APPLICATIONS, command.application)
    budget = state.find(BUDGETS, budget_id(application.scheme, application.year))
    if budget is None:
        raise budget_rules.NoBudget(scheme=application.scheme, year=application.year)
    require_role(state, command.actor, Role.OPERATOR, budget.operator)
    if application.state not in {ApplicationState.SUBMITTED, ApplicationState.GRANTED}:
        raise rules.WrongState(
            rules.APPLICATION, application.number, application.state, Words("再作决定", "decided again")
        )
    if command.grant_fen is None:
        return _reject(command, application, today)

    rules.check_year(application, today)
    holder = require_holder(state, application.holder)
    check_unflagged(holder, today)
    scheme = terms(policies, application.scheme, application.applied_on)
    grant_fen = whole_amount(command.grant_fen)
    calculation = grantable(application, holder, scheme, state)
    _check_grant(grant_fen, calculation, scheme)
    rules.line_for(budget, grant_fen)

    shown = content(application, holder, grant_fen, calculation)
    step = VoucherApplicationStepTable(
        application=application.number,
        position=application.steps + 1,
        step="granted",
        taken_on=today,
        person=command.actor,
        reason=command.reason,
        granted_fen=grant_fen,
        calculation=calculation_id(command),
        citation=cite(scheme, "per_firm_year_max_fen" if scheme.denomination_fen is None else "denomination_fen"),
    )
    request = request_rows(
        KIND,
        application.number,
        shown,
        command.actor,
        second_pair(Role.OPERATOR),
        version=application.grants + 1,
        concerns={holder.code, *([holder.body] if holder.body else [])},
    )
    return Effects(
        {
            "application": application.number,
            "granted_fen": grant_fen,
            "grantable_fen": calculation.whole("granted_fen"),
            "synthetic": calculation.synthetic,
            "calculation": calculation_id(command),
            "approval": {"kind": KIND, "subject": application.number, "content_hash": content_hash(shown)},
        },
        rows=(stored(command, calculation), step, *request),
    )


def grantable(application: Application, holder: Party, scheme: VoucherScheme, state: State) -> Calculation:
    """What the rules give this applicant at most, after all that was issued or granted this year.

    Raises:
        ControllerChanged, OverCap, SizeNotEligible, or what the calculator declines.
    """
    if holder.controlled_by != application.controller:
        raise rules.ControllerChanged(holder=holder.code, before=application.controller, now=holder.controlled_by)
    rules.check_eligible(
        holder, scheme.name, scheme.eligible_sizes, teams=scheme.teams_eligible, cite=cite(scheme, "eligible_sizes")
    )
    own = rules.without(state.one(CAPS, holder_cap(holder.code, scheme.name)), application)
    group = rules.without(state.one(CAPS, controller_cap(application.controller, scheme.name)), application)
    by_group = scheme.cap_holder == "controller"
    counted_for = application.controller if by_group else holder.code
    counted_fen = (group if by_group else own).in_year(application.year).counted_fen(
        refunds_restore=scheme.refund_restores_cap
    ) + _counted_beside(application, scheme, state, by_group=by_group)
    calculation = scheme.granted(requested_fen=application.requested_fen, used_fen=counted_fen, first_time=not own.ever)
    # A first application under a calculator of its own does not see what the group has had.
    rules.check_cap(
        calculation.whole("granted_fen"),
        counted_fen,
        scheme.per_firm_year_max_fen,
        counted_for,
        cite(scheme, "per_firm_year_max_fen"),
    )
    return calculation


def _counted_beside(application: Application, scheme: VoucherScheme, state: State, *, by_group: bool) -> int:
    """What counts towards the same cap of the other payers' schemes."""
    caps = (
        state.one(
            CAPS,
            controller_cap(application.controller, other) if by_group else holder_cap(application.holder, other),
        )
        for other in counted_with(scheme.name)[1:]
    )
    return sum(cap.in_year(application.year).counted_fen(refunds_restore=scheme.refund_restores_cap) for cap in caps)


def content(
    application: Application, holder: Party, grant_fen: int, calculation: Calculation | StoredCalculation
) -> Json:
    """What the second person is shown, and signs."""
    return {
        "application": application.number,
        "scheme": application.scheme,
        "year": application.year,
        "holder": holder.code,
        "holder_name": holder.name,
        "requested_fen": application.requested_fen,
        "granted_fen": grant_fen,
        "purpose": application.purpose,
        "policy_version": calculation.version,
        "synthetic": calculation.synthetic,
        "derivation_hash": calculation.derivation_hash,
    }


def content_of(reader: Reader, number: str) -> Json:
    """The content of the grant that was made last."""
    application = APPLICATIONS.load(reader, [number])[number]
    if application.granted_fen is None or application.calculation is None:
        raise ValueError(f"{number} asks for approval and was never granted")
    holder = PARTIES.load(reader, [application.holder])[application.holder]
    calculation = load_calculations(reader, [application.calculation])[application.calculation]
    return content(application, holder, application.granted_fen, calculation)


def _check_grant(grant_fen: int, calculation: Calculation, scheme: VoucherScheme) -> None:
    rules.check_whole_tokens(grant_fen, scheme.denomination_fen)
    grantable_fen = calculation.whole("granted_fen")
    if grant_fen > grantable_fen:
        raise rules.OverGrant(grantable=yuan(grantable_fen), grant=yuan(grant_fen))


def _reject(command: DecideApplication, application: Application, today: date) -> Effects:
    if not command.reason.strip():
        raise rules.ReasonMissing
    step = VoucherApplicationStepTable(
        application=application.number,
        position=application.steps + 1,
        step="rejected",
        taken_on=today,
        person=command.actor,
        reason=command.reason.strip(),
        citation="",
    )
    return Effects({"application": application.number, "state": ApplicationState.REJECTED}, rows=(step,))


USE_CASE = UseCase(DecideApplication, reads, decide)
