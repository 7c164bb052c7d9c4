"""Lift a flag before its time: the appeal was right, or the reason is gone; a second person signs."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ledger.approvals.approve import Approve
from ledger.approvals.events import ApprovalGiven
from ledger.errors import NotFound
from ledger.executor.commands import Command, Effects, Keys, Reaction, State, UseCase
from ledger.registry.flags import PartyFlagEndTable
from ledger.registry.rules import require_role
from ledger.registry.store import PARTIES, PEOPLE
from ledger.registry.text import TEXT_LENGTH_MAX, checked_name, readable
from ledger.registry.values import Flag, Party, Role
from ledger.vouchers import proposals
from policies.kernel.policies import Policies

KIND = "voucher.flag-lift"
"""Kind of subject under which the lifting of a flag is approved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeLift(Command):
    kind: ClassVar[str] = "voucher.lift-flag"

    holder: str
    flag: str
    """Number of the flag, `FL-…`."""
    decision_number: str
    """Of the decision that lifts it."""
    reason: str


def reads(command: ProposeLift) -> Keys:
    return readable(command, PARTIES.keys(command.holder) | PEOPLE.keys(command.actor))


def decide(command: ProposeLift, state: State, _policies: Policies, today: date) -> Effects:
    holder = state.one(PARTIES, command.holder)
    flag = standing(holder, command.flag)
    require_role(state, command.actor, Role.OPERATOR, flag.operator)
    content = {
        "flag": flag.number,
        "flagged_by": flag.decision_number,
        "decision_number": checked_name(command.decision_number, "决定书文号", "number of the decision"),
        "reason": checked_name(command.reason, "理由", "reason", TEXT_LENGTH_MAX),
    }
    return proposals.proposed(command, KIND, content, operator=flag.operator, holder=holder, voucher=None, today=today)


def post(event: ApprovalGiven, command: Approve, state: State, _policies: Policies, today: date) -> Effects:
    """From today the holder may apply and reserve again, if no other flag stands."""
    if event.subject_kind != KIND:
        return Effects({})
    proposal = proposals.signed(command, state)
    flag = standing(state.one(PARTIES, proposal.holder), proposal.word("flag"))
    row = PartyFlagEndTable(
        flag=flag.number,
        party=proposal.holder,
        decision_number=proposal.word("decision_number"),
        reason=proposal.word("reason"),
        lifted_on=today,
        person=command.actor,
    )
    return Effects(
        {"proposal": proposal.number, "holder": proposal.holder, "flag": flag.number, "lifted_on": today},
        rows=(row, proposals.posted_row(proposal, command.actor, today)),
    )


def standing(holder: Party, number: str) -> Flag:
    """The flag of this holder that nobody has lifted."""
    found = next((flag for flag in holder.flags if flag.number == number), None)
    if found is None:
        raise NotFound("标记/flag", number)
    return found


USE_CASE = UseCase(ProposeLift, reads, decide)
REACTIONS = (Reaction(ApprovalGiven, Approve, proposals.reads(KIND), post), proposals.refusal(KIND))
