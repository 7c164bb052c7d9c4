"""Write off: a unit gives up what the payer of a bill does not pay. One officer proposes it, another signs."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.amounts import whole_amount
from ledger.approvals.approve import Approve
from ledger.approvals.content import content_hash
from ledger.approvals.events import ApprovalGiven, ApprovalRefused
from ledger.approvals.reject import Reject
from ledger.approvals.requests import request_rows
from ledger.approvals.values import second_pair
from ledger.errors import Refused
from ledger.executor.commands import Command, Effects, Keys, Reaction, State, UseCase
from ledger.executor.reading import Reader
from ledger.fees.postings import write_off_entry
from ledger.fees.rules import check_write_off
from ledger.fees.store import BILLS, WRITE_OFFS, FeeWriteOffEndTable, FeeWriteOffTable, WriteOff
from ledger.journal.attestation import Json
from ledger.registry.rules import require_own
from ledger.registry.store import PEOPLE
from ledger.registry.text import TEXT_LENGTH_MAX, checked_name, readable
from ledger.registry.values import Role
from policies.kernel.policies import Policies

KIND = "fee.write-off"
"""Kind of subject under which a write-off is approved."""


class WriteOffDecided(Refused):
    zh = "核销 {number} 已经{outcome_zh}。"
    en = "Write-off {number} was {outcome} already."


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeWriteOff(Command):
    """By an officer of the unit itself. To take it back, its entry is reversed: the payer pays after all."""

    kind: ClassVar[str] = "fee.propose-write-off"

    bill: str
    amount_fen: int
    decision_number: str
    """Of the unit's own decision."""
    reason: str


def reads(command: ProposeWriteOff) -> Keys:
    return readable(command, BILLS.keys(command.bill) | PEOPLE.keys(command.actor))


def decide(command: ProposeWriteOff, state: State, _policies: Policies, today: date) -> Effects:
    amount_fen = whole_amount(command.amount_fen)
    bill = state.one(BILLS, command.bill)
    require_own(state, command.actor, Role.UNIT_OFFICER, bill.unit)
    check_write_off(bill, amount_fen)
    proposed = WriteOff(
        number=command.number("WO"),
        bill=bill.number,
        unit=bill.unit,
        payer=bill.payer,
        amount_fen=amount_fen,
        decision_number=checked_name(command.decision_number, "决定文号", "number of the decision"),
        reason=checked_name(command.reason, "理由", "reason", TEXT_LENGTH_MAX),
        outcome=None,
    )
    shown = content(proposed)
    row = FeeWriteOffTable(
        number=proposed.number,
        bill=bill.number,
        amount_fen=amount_fen,
        decision_number=proposed.decision_number,
        reason=proposed.reason,
        maker=command.actor,
        proposed_on=today,
    )
    request = request_rows(
        KIND, proposed.number, shown, command.actor, second_pair(Role.UNIT_OFFICER), concerns={bill.payer}
    )
    return Effects(
        {
            "write_off": proposed.number,
            "bill": bill.number,
            "approval": {"kind": KIND, "subject": proposed.number, "content_hash": content_hash(shown)},
        },
        rows=(row, *request),
    )


def content(proposed: WriteOff) -> Json:
    """What the second officer is shown, and signs."""
    return {
        "write_off": proposed.number,
        "bill": proposed.bill,
        "unit": proposed.unit,
        "payer": proposed.payer,
        "amount_fen": proposed.amount_fen,
        "decision_number": proposed.decision_number,
        "reason": proposed.reason,
    }


def content_of(reader: Reader, number: str) -> Json:
    """The content of a write-off as it was proposed."""
    return content(WRITE_OFFS.load(reader, [number])[number])


# -- signed, or refused ------------------------------------------------------------------------------------------------


def answer_reads(command: Approve | Reject) -> Keys:
    return WRITE_OFFS.keys(command.subject) if command.subject_kind == KIND else frozenset()


def post(event: ApprovalGiven, command: Approve, state: State, _policies: Policies, today: date) -> Effects:
    """The second signature stands, if as much is still open."""
    if event.subject_kind != KIND:
        return Effects({})
    proposed = _waiting(state, event.subject)
    require_own(state, command.actor, Role.UNIT_OFFICER, proposed.unit)
    bill = state.one(BILLS, proposed.bill)
    check_write_off(bill, proposed.amount_fen)
    return Effects(
        {
            "write_off": proposed.number,
            "bill": bill.number,
            "open_fen": bill.open_fen - proposed.amount_fen,
        },
        entries=(write_off_entry(bill, proposed.amount_fen, today, proposed.decision_number),),
        rows=(_end(proposed, "posted", today, command.actor, ""),),
    )


def refuse(event: ApprovalRefused, command: Reject, state: State, _policies: Policies, today: date) -> Effects:
    if event.subject_kind != KIND:
        return Effects({})
    proposed = _waiting(state, event.subject)
    require_own(state, command.actor, Role.UNIT_OFFICER, proposed.unit)
    return Effects(
        {"write_off": proposed.number, "outcome": "refused"},
        rows=(_end(proposed, "refused", today, command.actor, event.reason),),
    )


def _waiting(state: State, number: str) -> WriteOff:
    proposed = state.one(WRITE_OFFS, number)
    if proposed.outcome is not None:
        zh = {"posted": "入账", "refused": "被驳回"}[proposed.outcome]
        raise WriteOffDecided(number=number, outcome=proposed.outcome, outcome_zh=zh)
    return proposed


def _end(proposed: WriteOff, outcome: str, today: date, person: str, reason: str) -> FeeWriteOffEndTable:
    return FeeWriteOffEndTable(write_off=proposed.number, outcome=outcome, ended_on=today, person=person, reason=reason)


USE_CASE = UseCase(ProposeWriteOff, reads, decide)
REACTIONS = (
    Reaction(ApprovalGiven, Approve, answer_reads, post),
    Reaction(ApprovalRefused, Reject, answer_reads, refuse),
)
