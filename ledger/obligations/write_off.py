"""Write off: by a decision with its reason, a part or the rest will not be had."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.amounts import whole_amount
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.obligations.postings import write_off_entry
from ledger.obligations.rules import check_open, require_bureau
from ledger.obligations.steps import Posting, Signed, proposed
from ledger.obligations.store import OBLIGATIONS
from ledger.obligations.values import Step, StepKind
from ledger.registry.store import PEOPLE
from ledger.registry.text import TEXT_LENGTH_MAX, checked_name, readable
from policies.kernel.policies import Policies


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteOffRecovery(Command):
    kind: ClassVar[str] = "obligation.write-off"

    obligation: str
    amount_fen: int
    decision_number: str
    reason: str


def reads(command: WriteOffRecovery) -> Keys:
    return readable(command, OBLIGATIONS.keys(command.obligation) | PEOPLE.keys(command.actor))


def decide(command: WriteOffRecovery, state: State, _policies: Policies, today: date) -> Effects:
    obligation = state.one(OBLIGATIONS, command.obligation)
    person = require_bureau(state, command.actor, obligation)
    amount_fen = whole_amount(command.amount_fen)
    check_open(obligation, amount_fen)

    step = Step(
        number=command.number("OS"),
        obligation=obligation.number,
        creditor=obligation.creditor,
        kind=StepKind.WRITE_OFF,
        amount_fen=amount_fen,
        reference=checked_name(command.decision_number, "决定文号", "number of the decision"),
        reason=checked_name(command.reason, "理由", "reason", TEXT_LENGTH_MAX),
        maker=person.code,
    )
    return proposed(obligation, step, today)


def effect(signed: Signed) -> Posting:
    parts = signed.obligation.parts_of(signed.step.amount_fen, signed.terms.settles_first)
    return Posting(write_off_entry(signed.obligation, parts, signed.ground()), parts)


USE_CASE = UseCase(WriteOffRecovery, reads, decide)
