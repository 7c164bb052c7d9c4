"""Leave a holding, or a part of it: proposed, approved by the department and finance, completed when it is paid for."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from ledger.amounts import whole_amount, yuan
from ledger.approvals.approve import Approve
from ledger.approvals.content import content_hash
from ledger.approvals.events import ApprovalGiven, ApprovalRefused
from ledger.approvals.reject import Reject
from ledger.approvals.requests import request_rows
from ledger.approvals.values import Stage
from ledger.equity.postings import exit_entry
from ledger.equity.rules import NotSoMuchHeld, check_past, checked_fen
from ledger.equity.store import COMPANIES, EXIT, EXITS
from ledger.equity.tables import EquityExitStepTable, EquityExitTable
from ledger.equity.values import Company, Exit, ExitKind
from ledger.errors import Invalid, Refused
from ledger.executor.calculations import first_article, stored
from ledger.executor.commands import Command, Effects, Keys, Reaction, State, UseCase
from ledger.executor.reading import Reader
from ledger.journal.attestation import Json
from ledger.registry.rules import require_own
from ledger.registry.store import PEOPLE
from ledger.registry.text import checked_choice, checked_date, checked_name, readable
from ledger.registry.values import Role
from policies.equity.exit_proceeds import POLICY
from policies.equity.terms import equity_terms
from policies.kernel.policies import Policies

STAGES = (Stage(Role.SUPERVISOR, 1), Stage(Role.FINANCE, 2))
OUTCOMES = {"approved": "批准", "refused": "驳回", "completed": "完成", "waiting": "待批"}


class ExitNotSo(Refused):
    zh = "股权退出 {exit} 的状态为“{outcome_zh}”，不能如此办理。"
    en = "Exit {exit} is {outcome}; this cannot be done with it."


class BuyerMissing(Invalid):
    zh = "转让须写明受让方；减资不写。"
    en = "A sale names its buyer, a reduction of the capital names none."


class NoticeTooShort(Refused):
    zh = "其他股东于 {notified_on} 接到通知，{days} 日答复期至 {until} 止（今天 {today}）。期满或取得放弃后再办理。"
    en = (
        "The other members were told on {notified_on} and may answer for {days} days, until {until}; today is {today}. "
        "Wait for that, or have their waiver."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeExit(Command):
    """By an officer of the unit itself."""

    kind: ClassVar[str] = "equity.propose-exit"

    unit: str
    firm: str
    exit_kind: ExitKind
    sold_fen: int
    """Registered capital that goes."""
    price_fen: int
    appraisal_number: str
    buyer: str = ""
    notified_on: date | None = None
    """When the other members were told of the sale; None: they have waived, or it goes to one of them."""
    retained_document: str = ""
    """Approval by which the gain may be kept; empty: all proceeds go to the treasury."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteExit(Command):
    """By an officer of the unit itself: the share has gone, and its price has come."""

    kind: ClassVar[str] = "equity.complete-exit"

    exit: str
    bank_reference: str


def reads(command: ProposeExit) -> Keys:
    return readable(command, PEOPLE.keys(command.actor) | COMPANIES.keys(command.firm))


def decide(command: ProposeExit, state: State, _policies: Policies, today: date) -> Effects:
    require_own(state, command.actor, Role.UNIT_OFFICER, command.unit)
    kind = checked_choice(ExitKind, command.exit_kind, "退出方式", "kind of exit")
    if (kind is ExitKind.SALE) is not bool(command.buyer.strip()):
        raise BuyerMissing
    if command.notified_on is not None:
        check_past(checked_date(command.notified_on, "通知日期", "day of the notice"), today, "通知日期", "notice")
    proposed = Exit(
        number=command.number("EE"),
        firm=command.firm,
        unit=command.unit,
        kind=kind,
        sold_fen=whole_amount(command.sold_fen),
        price_fen=checked_fen(command.price_fen, "price_fen"),
        buyer=command.buyer.strip(),
        appraisal_number=checked_name(command.appraisal_number, "评估报告编号", "number of the appraisal"),
        notified_on=command.notified_on,
        retained_document=command.retained_document.strip(),
        maker=command.actor,
        proposed_on=today,
    )
    _check_held(proposed, state)
    shown = content(proposed)
    row = EquityExitTable(
        number=proposed.number,
        firm=proposed.firm,
        unit=proposed.unit,
        kind=kind.value,
        sold_fen=proposed.sold_fen,
        price_fen=proposed.price_fen,
        buyer=proposed.buyer,
        appraisal_number=proposed.appraisal_number,
        notified_on=proposed.notified_on,
        retained_document=proposed.retained_document,
        proposed_on=today,
        maker=command.actor,
    )
    request = request_rows(EXIT, proposed.number, shown, command.actor, STAGES, concerns={proposed.firm, proposed.unit})
    return Effects(
        {
            "exit": proposed.number,
            "approval": {"kind": EXIT, "subject": proposed.number, "content_hash": content_hash(shown)},
        },
        rows=(row, *request),
    )


def _check_held(proposed: Exit, state: State) -> Company:
    company: Company = state.one(COMPANIES, proposed.firm)
    held_fen = company.held_by(proposed.unit)
    if proposed.sold_fen > held_fen:
        raise NotSoMuchHeld(unit=proposed.unit, firm=proposed.firm, held=yuan(held_fen), sold=yuan(proposed.sold_fen))
    return company


def content(proposed: Exit) -> Json:
    """What the department and finance are shown, and sign."""
    return {
        "exit": proposed.number,
        "firm": proposed.firm,
        "unit": proposed.unit,
        "kind": proposed.kind.value,
        "sold_fen": proposed.sold_fen,
        "price_fen": proposed.price_fen,
        "buyer": proposed.buyer,
        "appraisal_number": proposed.appraisal_number,
        "notified_on": proposed.notified_on.isoformat() if proposed.notified_on else None,
        "retained_document": proposed.retained_document,
    }


def content_of(reader: Reader, number: str) -> Json:
    """The content of an exit as it was proposed."""
    return content(EXITS.load(reader, [number])[number])


# -- signed, or refused ------------------------------------------------------------------------------------------------


def answer_reads(command: Approve | Reject) -> Keys:
    return EXITS.keys(command.subject) if command.subject_kind == EXIT else frozenset()


def approved(event: ApprovalGiven, command: Approve, state: State, _policies: Policies, today: date) -> Effects:
    if event.subject_kind != EXIT:
        return Effects({})
    proposed = _in(state, event.subject, None)
    _check_held(proposed, state)
    return Effects(
        {"exit": proposed.number, "outcome": "approved"},
        rows=(_step(proposed.number, "approved", today, command.actor),),
    )


def refused(event: ApprovalRefused, command: Reject, state: State, _policies: Policies, today: date) -> Effects:
    if event.subject_kind != EXIT:
        return Effects({})
    proposed = _in(state, event.subject, None)
    return Effects(
        {"exit": proposed.number, "outcome": "refused"},
        rows=(_step(proposed.number, "refused", today, command.actor, event.reason),),
    )


def _in(state: State, number: str, outcome: str | None) -> Exit:
    found = state.one(EXITS, number)
    if found.outcome != outcome:
        word = found.outcome or "waiting"
        raise ExitNotSo(exit=number, outcome=word, outcome_zh=OUTCOMES[word])
    return found


def _step(number: str, outcome: str, today: date, person: str, reason: str = "") -> EquityExitStepTable:
    return EquityExitStepTable(
        exit_number=number,
        step=1,
        outcome=outcome,
        cost_fen=0,
        to_treasury_fen=0,
        bank_reference="",
        reason=reason,
        happened_on=today,
        person=person,
    )


# -- completed ---------------------------------------------------------------------------------------------------------


def complete_reads(command: CompleteExit) -> Keys:
    return readable(command, PEOPLE.keys(command.actor) | EXITS.keys(command.exit))


def complete(command: CompleteExit, state: State, policies: Policies, today: date) -> Effects:
    leaving = _in(state, command.exit, "approved")
    require_own(state, command.actor, Role.UNIT_OFFICER, leaving.unit)
    company = _check_held(leaving, state)
    terms = equity_terms(today, policies.known_on)
    if leaving.notified_on and today <= (until := leaving.notified_on + timedelta(days=terms.notice_days)):
        raise NoticeTooShort(notified_on=leaving.notified_on, days=terms.notice_days, until=until, today=today)
    facts = {
        "cost_fen": company.cost_of(leaving.unit),
        "held_fen": company.held_by(leaving.unit),
        "sold_fen": leaving.sold_fen,
        "price_fen": leaving.price_fen,
        "gain_retained": bool(leaving.retained_document),
    }
    reckoned = policies.calculate(POLICY, facts, on=today)
    calculation = stored(command, reckoned)
    cost_fen, to_treasury_fen = reckoned.whole("cost_part_fen"), reckoned.whole("to_treasury_fen")
    reference = checked_name(command.bank_reference, "银行流水号", "bank reference")
    step = EquityExitStepTable(
        exit_number=leaving.number,
        step=2,
        outcome="completed",
        cost_fen=cost_fen,
        to_treasury_fen=to_treasury_fen,
        bank_reference=reference,
        calculation=calculation.id,
        reason="",
        happened_on=today,
        person=command.actor,
    )
    return Effects(
        {
            "exit": leaving.number,
            "outcome": "completed",
            "cost_fen": cost_fen,
            "to_treasury_fen": to_treasury_fen,
            "retained_fen": reckoned.whole("retained_fen"),
            "left_fen": company.held_by(leaving.unit) - leaving.sold_fen,
        },
        entries=(
            exit_entry(leaving, cost_fen, to_treasury_fen, today, first_article(reckoned), calculation.id, reference),
        ),
        rows=(calculation, step),
    )


USE_CASES = (UseCase(ProposeExit, reads, decide), UseCase(CompleteExit, complete_reads, complete))
REACTIONS = (
    Reaction(ApprovalGiven, Approve, answer_reads, approved),
    Reaction(ApprovalRefused, Reject, answer_reads, refused),
)
