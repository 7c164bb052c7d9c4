"""Write a holding down, in part or whole: set apart when it is proposed, an expense when it is approved."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.amounts import whole_amount, yuan
from ledger.approvals.approve import Approve
from ledger.approvals.content import content_hash
from ledger.approvals.events import ApprovalGiven, ApprovalRefused
from ledger.approvals.reject import Reject
from ledger.approvals.requests import request_rows
from ledger.approvals.values import Stage
from ledger.equity.postings import set_apart_entry, write_down_entry
from ledger.equity.rules import NotSoMuchCost
from ledger.equity.store import COMPANIES, WRITE_DOWN, WRITE_DOWNS
from ledger.equity.tables import EquityWriteDownEndTable, EquityWriteDownTable
from ledger.equity.values import Company, WriteDown
from ledger.executor.commands import Command, Effects, Keys, Reaction, State, UseCase
from ledger.executor.reading import Reader
from ledger.journal.attestation import Json
from ledger.registry.rules import require_own
from ledger.registry.store import PEOPLE
from ledger.registry.text import TEXT_LENGTH_MAX, checked_name, readable
from ledger.registry.values import Role
from policies.kernel.policies import Policies

STAGES = (Stage(Role.SUPERVISOR, 1), Stage(Role.FINANCE, 2))


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeWriteDown(Command):
    """By an officer of the unit itself: the firm cannot pay, or is worth less for good."""

    kind: ClassVar[str] = "equity.propose-write-down"

    unit: str
    firm: str
    amount_fen: int
    """Of what the holding has cost."""
    document_number: str
    reason: str


def reads(command: ProposeWriteDown) -> Keys:
    return readable(command, PEOPLE.keys(command.actor) | COMPANIES.keys(command.firm))


def decide(command: ProposeWriteDown, state: State, _policies: Policies, today: date) -> Effects:
    require_own(state, command.actor, Role.UNIT_OFFICER, command.unit)
    company: Company = state.one(COMPANIES, command.firm)
    proposed = WriteDown(
        number=command.number("EW"),
        firm=command.firm,
        unit=command.unit,
        amount_fen=whole_amount(command.amount_fen),
        document_number=checked_name(command.document_number, "文号", "number of the document"),
        reason=checked_name(command.reason, "理由", "reason", TEXT_LENGTH_MAX),
        proposed_on=today,
    )
    cost_fen = company.cost_of(command.unit)
    if proposed.amount_fen > cost_fen:
        raise NotSoMuchCost(
            unit=proposed.unit, firm=proposed.firm, cost=yuan(cost_fen), amount=yuan(proposed.amount_fen)
        )
    shown = content(proposed)
    row = EquityWriteDownTable(
        number=proposed.number,
        firm=proposed.firm,
        unit=proposed.unit,
        amount_fen=proposed.amount_fen,
        document_number=proposed.document_number,
        reason=proposed.reason,
        proposed_on=today,
        maker=command.actor,
    )
    request = request_rows(
        WRITE_DOWN, proposed.number, shown, command.actor, STAGES, concerns={proposed.firm, proposed.unit}
    )
    return Effects(
        {
            "write_down": proposed.number,
            "approval": {"kind": WRITE_DOWN, "subject": proposed.number, "content_hash": content_hash(shown)},
        },
        entries=(set_apart_entry(proposed, today),),
        rows=(row, *request),
    )


def content(proposed: WriteDown) -> Json:
    """What the department and finance are shown, and sign."""
    return {
        "write_down": proposed.number,
        "firm": proposed.firm,
        "unit": proposed.unit,
        "amount_fen": proposed.amount_fen,
        "document_number": proposed.document_number,
        "reason": proposed.reason,
    }


def content_of(reader: Reader, number: str) -> Json:
    """The content of a write-down as it was proposed."""
    return content(WRITE_DOWNS.load(reader, [number])[number])


def answer_reads(command: Approve | Reject) -> Keys:
    return WRITE_DOWNS.keys(command.subject) if command.subject_kind == WRITE_DOWN else frozenset()


def approved(event: ApprovalGiven, command: Approve, state: State, _policies: Policies, today: date) -> Effects:
    if event.subject_kind != WRITE_DOWN:
        return Effects({})
    proposed = state.one(WRITE_DOWNS, event.subject)
    return Effects(
        {"write_down": proposed.number, "outcome": "approved"},
        entries=(write_down_entry(proposed, today),),
        rows=(_end(proposed, "approved", today, command.actor, ""),),
    )


def refused(event: ApprovalRefused, command: Reject, state: State, _policies: Policies, today: date) -> Effects:
    """It is an investment again."""
    if event.subject_kind != WRITE_DOWN:
        return Effects({})
    proposed = state.one(WRITE_DOWNS, event.subject)
    return Effects(
        {"write_down": proposed.number, "outcome": "refused"},
        entries=(set_apart_entry(proposed, today, back=True),),
        rows=(_end(proposed, "refused", today, command.actor, event.reason),),
    )


def _end(proposed: WriteDown, outcome: str, today: date, person: str, reason: str) -> EquityWriteDownEndTable:
    return EquityWriteDownEndTable(
        write_down=proposed.number, outcome=outcome, reason=reason, ended_on=today, person=person
    )


USE_CASE = UseCase(ProposeWriteDown, reads, decide)
REACTIONS = (
    Reaction(ApprovalGiven, Approve, answer_reads, approved),
    Reaction(ApprovalRefused, Reject, answer_reads, refused),
)
