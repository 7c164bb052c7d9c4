"""Offset: a part of what the debtor is to be paid is kept instead, by a decision; the bank pays it the rest."""

from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar

from ledger.amounts import whole_amount
from ledger.errors import Refused
from ledger.executor.commands import Command, Effects, Keys, State, UseCase
from ledger.obligations.events import AwardOffset
from ledger.obligations.postings import offset_entry
from ledger.obligations.receive import came_back
from ledger.obligations.rules import check_open, require_bureau
from ledger.obligations.steps import Posting, Signed, proposed
from ledger.obligations.store import OBLIGATIONS
from ledger.obligations.values import Step, StepKind
from ledger.payments.payables import offset_row
from ledger.payments.rules import check_offset
from ledger.payments.store import PAYABLES
from ledger.registry.store import PEOPLE
from ledger.registry.text import TEXT_LENGTH_MAX, checked_name, readable
from policies.kernel.policies import Policies


class PayableOfAnother(Refused):
    zh = "{payable} 由 {payer} 付给 {payee}，而 {obligation} 是 {debtor} 欠 {creditor} 的款项，不能相互抵扣。"
    en = (
        "{payable} is paid by {payer} to {payee}, and {obligation} is owed by {debtor} to {creditor}: "
        "the one cannot be set off against the other."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class OffsetRecovery(Command):
    """Against something approved for payment that is in no batch yet."""

    kind: ClassVar[str] = "obligation.offset"

    obligation: str
    payable: str
    amount_fen: int
    """At most what is open of the one and still to be paid of the other."""
    decision_number: str
    reason: str


def reads(command: OffsetRecovery) -> Keys:
    return readable(
        command,
        OBLIGATIONS.keys(command.obligation) | PAYABLES.keys(command.payable) | PEOPLE.keys(command.actor),
    )


def decide(command: OffsetRecovery, state: State, _policies: Policies, today: date) -> Effects:
    obligation = state.one(OBLIGATIONS, command.obligation)
    person = require_bureau(state, command.actor, obligation)
    amount_fen = whole_amount(command.amount_fen)
    payable = state.one(PAYABLES, command.payable)
    if (payable.payee, payable.payer) != (obligation.debtor, obligation.creditor):
        raise PayableOfAnother(
            payable=payable.number,
            payer=payable.payer,
            payee=payable.payee,
            obligation=obligation.number,
            debtor=obligation.debtor,
            creditor=obligation.creditor,
        )
    check_open(obligation, amount_fen)
    check_offset(payable, amount_fen)

    step = Step(
        number=command.number("OS"),
        obligation=obligation.number,
        creditor=obligation.creditor,
        kind=StepKind.OFFSET,
        amount_fen=amount_fen,
        reference=checked_name(command.decision_number, "决定文号", "number of the decision"),
        payable=payable.number,
        reason=checked_name(command.reason, "理由", "reason", TEXT_LENGTH_MAX),
        maker=person.code,
    )
    return proposed(obligation, step, today)


def effect(signed: Signed) -> Posting:
    """What was frozen in a batch meanwhile is refused here: the bank pays exactly what was signed."""
    step, obligation = signed.step, signed.obligation
    payable = signed.state.one(PAYABLES, str(step.payable))
    check_offset(payable, step.amount_fen)
    parts = obligation.parts_of(step.amount_fen, signed.terms.settles_first)
    ground = signed.ground()
    after = replace(payable, offsets=payable.offsets + 1, offset_fen=payable.offset_fen + step.amount_fen)
    return Posting(
        offset_entry(obligation, payable, parts, ground),
        parts,
        rows=(offset_row(payable, step.amount_fen, step.number, ground.on),),
        events=(
            *came_back(signed, parts.principal_fen, ground.on),
            AwardOffset(obligation, after, step.amount_fen, ground.on, ground.memo),
        ),
    )


USE_CASE = UseCase(OffsetRecovery, reads, decide)
